"""The law as the contract's table `statutory_parameter`, for people who read the store with other tools."""

from __future__ import annotations

import json

import pyarrow as pa

from dauhieu.law.law import Law
from dauhieu.law.parameter import Key, Parameter

STATUTORY_SCHEMA = pa.schema(
    [
        pa.field("name", pa.string(), nullable=False),
        pa.field("dimensions", pa.string()),
        pa.field("value", pa.string()),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("valid_from", pa.date32(), nullable=False),
        pa.field("valid_to", pa.date32()),
        pa.field("legal_basis", pa.string(), nullable=False),
    ]
)


def statutory_parameters(law: Law) -> pa.Table:
    """One row for each value; dimensions are JSON, such as {"region": "I"}, or null; an unknown value is null."""
    rows = [
        {
            "name": parameter.name,
            "dimensions": _dimensions(parameter, key),
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


def _dimensions(parameter: Parameter, key: Key) -> str | None:
    names = [dimension.name for dimension in parameter.dimensions]
    return json.dumps(dict(zip(names, key, strict=True))) if names else None
