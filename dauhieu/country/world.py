"""The nation while it is made: working tables of our own, and for each contract table the rows not yet delivered.

SQL of this room may hold `#stream` (the salt of a stream of chance), `$name` (a value of the shape) and the names
of working tables. `pending_<table>` has the contract's columns as delivered (`x_code` for `x_id`) and `recorded_at`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

import pyarrow as pa

from dauhieu.country.chance import MACROS, salt
from dauhieu.country.shape import Shape, month_after
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.contract import Contract, Table

_WORD = re.compile(r"#([a-z_0-9]+)|\$([a-z_]+)")


class World:
    """Engine, contract and shape of one nation in the making."""

    def __init__(self, engine: DuckDBEngine, contract: Contract, shape: Shape) -> None:
        self.engine = engine
        self.contract = contract
        self.shape = shape
        self._values: dict[str, str] = _values(shape)
        self._salt = cache(lambda stream: str(salt(shape.seed, stream)))
        for macro in MACROS:
            engine.rows(macro)
        for table in self.delivered_tables():
            columns = ", ".join(f'"{name}" {kind}' for name, kind in delivered_columns(table).items())
            engine.rows(f'CREATE TABLE "pending_{table.name}" ({columns})')

    def delivered_tables(self) -> tuple[Table, ...]:
        return tuple(table for table in self.contract.tables.values() if table.clocked)

    def sql(self, text: str) -> str:
        """The text with streams and values filled in."""
        return _WORD.sub(lambda found: self._salt(found[1]) if found[1] else self._values[found[2]], text)

    def set(self, name: str, value: date | int | str) -> None:
        """Give `$name` a value."""
        self._values[name] = _literal(value)

    def make(self, name: str, text: str) -> int:
        """Compute a working table."""
        return self.engine.materialise(name, self.sql(text))

    def wrong(self, rows: str, innocent: str = "false") -> str:
        """A SELECT of those who do wrong; in a nation where nobody does, only of its `innocent` rows."""
        return rows if self.shape.planted else f"SELECT * FROM ({rows}) AS wrong WHERE {innocent}"

    def view(self, name: str, text: str) -> None:
        self.engine.register_view(name, self.sql(text))

    def drop(self, *names: str) -> None:
        for name in names:
            self.engine.drop(name)

    def run(self, text: str) -> None:
        self.engine.rows(self.sql(text))

    def rows(self, text: str) -> list[tuple[object, ...]]:
        return self.engine.rows(self.sql(text))

    def add(self, table: str, text: str) -> None:
        """Rows of a contract table, by name; columns not named are null."""
        self.contract.table(table)
        self.run(f'INSERT INTO "pending_{table}" BY NAME\n{text}')

    def read(self, name: str, rows: pa.Table) -> None:
        """Keep a small table handed in."""
        self.engine.register("handed_in", rows)
        self.make(name, "SELECT * FROM handed_in")
        self.drop("handed_in")

    def slots(self, name: str, source: str, *, columns: str, weight: str, by: str = "0", size: int = 1000) -> None:
        """A table (grp, slot 0..size-1, columns): taking a random slot draws a row of `source` by its weight."""
        self.make(
            name,
            f"""
            WITH weighed AS (
              SELECT row_number() OVER () AS place, {by} AS grp, CAST(10 * ({weight}) AS BIGINT) AS weight, {columns}
              FROM {source}),
            summed AS (
              SELECT *, sum(weight) OVER (PARTITION BY grp ORDER BY place) AS upto,
                  sum(weight) OVER (PARTITION BY grp) AS total
              FROM weighed WHERE weight > 0)
            SELECT s.grp, CAST(n.slot AS INTEGER) AS slot, s.* EXCLUDE (place, grp, weight, upto, total)
            FROM summed AS s, range({size}) AS n(slot)
            WHERE n.slot * total >= (upto - weight) * {size} AND n.slot * total < upto * {size}
            ORDER BY s.grp, n.slot""",
        )


def delivered_columns(table: Table) -> Mapping[str, str]:
    """Column at the door -> SQL type; ids come as codes."""
    own = {c.delivered_as: "VARCHAR" if c.type == "id" else c.sql_type for c in table.columns}
    return own | {"recorded_at": "TIMESTAMP"}


def _values(shape: Shape) -> dict[str, str]:
    return {
        "persons": str(shape.persons),
        "employers": str(shape.employers),
        "facilities": str(shape.facilities),
        "agents": str(shape.agents),
        "months": str(shape.months),
        "first": _literal(shape.first_month),
        "last": _literal(shape.last_month),
        "end": _literal(month_after(shape.last_month, 1)),
        "first_claims": _literal(shape.first_claim_month),
        "before": f"TIMESTAMP '{month_after(shape.first_month, -1)} 08:00:00'",
        "floor": str(shape.floors.deeds),
    }


def _literal(value: date | int | str) -> str:
    return str(value) if isinstance(value, int) else f"DATE '{value}'" if isinstance(value, date) else f"'{value}'"
