"""Staged rows with codes become prepared rows with ids: typed, clocked, in the order in which they will be stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dauhieu.engines.base import Engine
from dauhieu.errors import DeliveryError, Fault
from dauhieu.warehouse.contract import Contract, Table
from dauhieu.warehouse.keys import Staged, codes_view
from dauhieu.warehouse.rows import order_of, part_of, register_placed, stored_type
from dauhieu.warehouse.writer import Writer
from dauhieu.yamlfile import suggestion

# Every number of a person's identity row is a code of that person.
NUMBERS = ("si_number", "national_number", "old_id_number", "passport_number")


def _columns(table: Table, coded: frozenset[str]) -> dict[str, str]:
    """The columns at the door and their types."""
    columns = {
        column.delivered_as if column.name in coded else column.name: "VARCHAR"
        if column.name in coded
        else column.sql_type
        for column in table.columns
    }
    return columns | {"recorded_at": "TIMESTAMP"} if table.clocked else columns


def stage(engine: Engine, table: Table, files: Sequence[Path]) -> Staged:
    """Staged Parquet files of a delivered table."""
    coded = frozenset(column.name for column in table.columns if column.kind)
    _check_columns(table, _columns(table, coded), files)
    register_placed(engine, f"staged_{table.name}", _columns(table, coded), files)
    return Staged(table, f"staged_{table.name}", coded)


def _check_columns(table: Table, columns: Mapping[str, str], files: Sequence[Path]) -> None:
    key = {table.column(name).delivered_as for name in table.key}
    faults = []
    for path in files:
        names = set(pq.read_schema(path).names)
        for name in sorted(names - set(columns)):
            faults.append(Fault(path, 0, f"Table '{table.name}' has no column '{name}'.{suggestion(name, columns)}"))
        for name in sorted(key - names):
            faults.append(Fault(path, 0, f"Column '{name}' is missing; it is part of the key of '{table.name}'."))
    if faults:
        raise DeliveryError(faults=faults)


def stage_rows(engine: Engine, table: Table, rows: pa.Table) -> Staged:
    """Rows in memory of a table which the product writes; ids may come as ids or as codes."""
    names = set(rows.column_names)
    coded = frozenset(column.name for column in table.columns if column.kind and column.delivered_as in names)
    placed = rows.append_column("_place", pa.array(range(len(rows)), pa.int64()))
    engine.register(f"rows_{table.name}", placed)
    columns = ", ".join(
        f'CAST({_quoted(name) if name in names else "NULL"} AS {kind}) AS "{name}"'
        for name, kind in _columns(table, coded).items()
    )
    # A table of the engine's own, which its other hands see too.
    engine.materialise(f"staged_{table.name}", f"SELECT {columns}, _place FROM rows_{table.name}")
    return Staged(table, f"staged_{table.name}", coded)


def _quoted(name: str) -> str:
    return f'"{name}"'


def derived(engine: Engine, contract: Contract, sources: Sequence[Staged]) -> list[Staged]:
    """Add what the delivery says about persons with several codes, as rows of `person_link`."""
    by_name = {source.table.name: source for source in sources}
    links = []
    if "person_identity" in by_name:
        for place, number in enumerate(NUMBERS):
            links.append(
                f"SELECT {number} AS person_code, person_code AS same_as_person_code, '{number}' AS reason, "
                f"recorded_at, 1152921504606846976 + _place * 8 + {place} AS _place FROM staged_person_identity "
                f"WHERE {number} <> '' AND {number} <> person_code"
            )
    if "person" in by_name and any(
        column.name == "merged_into_person_id" for column in contract.table("person").columns
    ):
        links.append(
            "SELECT person_code, merged_into_person_code AS same_as_person_code, 'merged' AS reason, recorded_at, "
            "2305843009213693952 + _place AS _place FROM staged_person "
            "WHERE merged_into_person_code <> '' AND merged_into_person_code <> person_code"
        )
    if not links:
        return list(sources)
    table = contract.table("person_link")
    if "person_link" in by_name:
        links.append("SELECT * FROM staged_person_link")
    coded = frozenset(column.name for column in table.columns if column.kind)
    columns = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in _columns(table, coded).items())
    engine.register_view(
        "linked",
        f"SELECT {columns}, CAST(NULL AS BIGINT) AS _place WHERE false UNION ALL BY NAME "
        + " UNION ALL BY NAME ".join(links),
    )
    others = [source for source in sources if source.table.name != "person_link"]
    return [*others, Staged(table, "linked", coded)]


def prepare(engine: Engine, writer: Writer, source: Staged) -> str:
    """Resolve codes to ids and sort once; returns the name of the prepared rows (`_part`, `_place` added).

    The engine keeps them, and spills what its memory cannot hold: many statements read them, and a file would be opened
    and planned anew by each.
    """
    table = source.table
    moment = f"TIMESTAMP '{writer.moment:%Y-%m-%d %H:%M:%S.%f}'"
    filled = {"delivery_no": str(writer.number), "loaded_at": moment}
    values, joins = [], []
    for place, column in enumerate(table.columns):
        value = f's."{column.name}"'
        if column.name in source.coded:
            joins.append(
                f'LEFT JOIN {codes_view(column.kind or "")} AS k{place} ON k{place}.code = s."{column.delivered_as}"'
            )
            value = f"k{place}.id"
        elif not table.clocked and column.name in filled:
            value = f"coalesce({value}, {filled[column.name]})"
        values.append(f'CAST({value} AS {stored_type(column.sql_type)}) AS "{column.name}"')
    if table.clocked:
        # Nothing can be known later than it was loaded: a source's clock running ahead must not hide its rows.
        values.append(f"least(coalesce(s.recorded_at, {moment}), {moment}) AS recorded_at")
    ordered = ", ".join(f'"{name}"' for name in order_of(table))
    clock = ", recorded_at" if table.clocked else ""
    engine.materialise(
        f"new_{table.name}",
        f"SELECT *, {part_of(table)} AS _part "
        f"FROM (SELECT {', '.join(values)}, _place FROM {source.view} AS s {' '.join(joins)}) "
        f"ORDER BY _part, {ordered}{clock}, _place",
    )
    return f"new_{table.name}"
