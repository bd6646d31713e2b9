"""The law as the contract's table `statutory_parameter`, for people who read the store with other tools."""

from __future__ import annotations

import pyarrow as pa

from dauhieu.law.law import Law
from dauhieu.law.parameter import Key, Parameter

STATUTORY_SCHEMA = pa.schema(
    [
        pa.field("name", pa.string(), nullable=False),
        pa.field("value", pa.string()),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("valid_from", pa.date32(), nullable=False),
        pa.field("valid_to", pa.date32()),
        pa.field("legal_basis", pa.string(), nullable=False),
    ]
)


def statutory_parameters(law: Law) -> pa.Table:
    """One row for each value; a value of a dimension is named as a sign asks for it; an unknown value is null."""
    rows = [
        {
            "name": _asked(parameter, key),
            "value": None if value is None else str(value),
            "unit": parameter.type,
            "valid_from": span.valid_from,
            "valid_to": span.valid_to,
            "legal_basis": span.source,
        }
        for parameter in law.parameters.values()
        for span in parameter.spans
        for key, value in span.values.items()
    ]
    return pa.Table.from_pylist(rows, schema=STATUTORY_SCHEMA)


def _asked(parameter: Parameter, key: Key) -> str:
    parts = [f"{dimension.name} => {part}" for dimension, part in zip(parameter.dimensions, key, strict=True)]
    return f"{parameter.name}({', '.join(parts)})" if parts else parameter.name
