"""The drawn tables of an example as stored tables: labels become ids, columns not named get their ordinary value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dauhieu.catalogue.example import ORDINARY, DrawnTable, Example
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import Column, Contract, Table

# Rows of an example are known from long ago unless they say otherwise.
RECORDED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)

ARROW_TYPES: Mapping[str, pa.DataType] = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "VARCHAR": pa.string(),
    "BOOLEAN": pa.bool_(),
    "DECIMAL(18,3)": pa.decimal128(18, 3),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "TIME": pa.time64("us"),
}


@dataclass(frozen=True)
class StoredExample:
    """`tables` as the store would hold them (with `key_<kind>`); `ids` label -> id of each kind."""

    tables: Mapping[str, pa.Table]
    ids: Mapping[str, Mapping[str, int]]

    def label(self, kind: str, identifier: int | None) -> str | None:
        return next((label for label, known in self.ids.get(kind, {}).items() if known == identifier), None)


def store_example(example: Example, contract: Contract) -> StoredExample:
    """All tables an example draws; SignError names the cell which does not fit its column."""
    ids: dict[str, dict[str, int]] = {}
    tables = {name: _arrow(contract.table(name), drawn, ids, example) for name, drawn in example.tables.items()}
    for kind in contract.kinds:
        known = ids.get(kind, {})
        tables[f"key_{kind}"] = pa.table(
            {"id": pa.array(known.values(), pa.int64()), "code": pa.array(known.keys(), pa.string())}
        )
    return StoredExample(tables, ids)


def empty_table(table: Table) -> pa.Table:
    """A stored table without rows."""
    fields = [pa.field(name, ARROW_TYPES[kind]) for name, kind in table.sql_columns().items()]
    return pa.schema(fields).empty_table()


def _arrow(table: Table, drawn: DrawnTable, ids: dict[str, dict[str, int]], example: Example) -> pa.Table:
    cells = {column: [row[place] for row in drawn.rows] for place, column in enumerate(drawn.columns)}
    arrays: dict[str, pa.Array] = {}
    for column in table.columns:
        written = cells.get(column.name, [ORDINARY] * len(drawn.rows))
        try:
            if column.name == "subject_id" and not column.kind:
                arrays[column.name] = _subject_ids(written, cells.get("subject_kind", []), ids)
            else:
                arrays[column.name] = _column_array(table, column, written, ids)
        except (pa.ArrowInvalid, ValueError) as error:
            raise SignError(
                f"Example '{example.title}', table '{table.name}', column '{column.name}': {error}",
                path=example.path,
                line=example.line,
            ) from error
    if table.clocked:
        rows = len(drawn.rows)
        recorded = [
            RECORDED if cell in (None, ORDINARY) else datetime.fromisoformat(str(cell))
            for cell in cells.get("recorded_at", [None] * rows)
        ]
        superseded = [
            None if cell in (None, ORDINARY) else datetime.fromisoformat(str(cell))
            for cell in cells.get("superseded_at", [None] * rows)
        ]
        arrays["recorded_at"] = pa.array(recorded, pa.timestamp("us"))
        arrays["superseded_at"] = pa.array(superseded, pa.timestamp("us"))
        arrays["loaded_at"] = arrays["recorded_at"]
        arrays["delivery_no"] = pa.array([1] * rows, pa.int64())
    return pa.table(arrays)


def _column_array(table: Table, column: Column, written: list[str | None], ids: dict[str, dict[str, int]]) -> pa.Array:
    if column.kind:
        labels = [_label(table, column, cell, row) for row, cell in enumerate(written)]
        known = ids.setdefault(column.kind, {})
        return pa.array(
            [None if label is None else known.setdefault(label, len(known) + 1) for label in labels], pa.int64()
        )
    values: list[Any] = [
        _ordinary(table, column, row) if cell == ORDINARY else cell for row, cell in enumerate(written)
    ]
    if column.values:
        for value in values:
            if value is not None and str(value) not in column.values:
                raise ValueError(f"'{value}' is not one of {', '.join(column.values)}")
    text = pa.array([None if value is None else str(value) for value in values], pa.string())
    kind = ARROW_TYPES[column.sql_type]
    if kind == pa.bool_():
        return pa.array([None if value is None else str(value).lower() == "true" for value in values], pa.bool_())
    if kind == pa.timestamp("us"):
        return pc.cast(pc.strptime(_with_time(text), "%Y-%m-%d %H:%M:%S", "us"), kind)
    if kind == pa.time64("us"):
        clock = [None if value is None else time.fromisoformat(str(value)) for value in values]
        return pa.array(clock, kind)
    return pc.cast(text, kind)


def _subject_ids(written: list[str | None], kinds: list[str | None], ids: dict[str, dict[str, int]]) -> pa.Array:
    """Subjects of findings: labels of the kind which stands in the same row."""
    found = []
    for label, kind in zip(written, kinds or [None] * len(written), strict=True):
        known = ids.setdefault(str(kind), {})
        found.append(None if label in (None, ORDINARY) else known.setdefault(str(label), len(known) + 1))
    return pa.array(found, pa.int64())


def _with_time(text: pa.Array) -> pa.Array:
    """'2026-01-05' and '2026-01-05 08:30' as full moments."""
    full = {10: " 00:00:00", 16: ":00"}
    return pa.array(
        [None if value is None else value + full.get(len(value), "") for value in text.to_pylist()], pa.string()
    )


def _label(table: Table, column: Column, cell: str | None, row: int) -> str | None:
    """Ids not named: a new one for each row in a key, else none."""
    if cell != ORDINARY:
        return cell
    return f"{table.name}#{row + 1}" if column.name in table.key else None


def _ordinary(table: Table, column: Column, row: int) -> Any:
    if column.ordinary is not None:
        return column.ordinary
    if column.name in table.key:
        if column.values:
            return column.values[row % len(column.values)]
        if column.sql_type in ("DATE", "TIMESTAMP"):
            return f"{RECORDED.year + row // 12}-{row % 12 + 1:02}-01"
        return str(row + 1) if column.sql_type in ("INTEGER", "BIGINT") else f"{column.name}{row + 1}"
    return None
