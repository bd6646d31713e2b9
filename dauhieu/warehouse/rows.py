"""SQL over rows on their way into the store: raw reading with the place of every row, typing, parts and order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dauhieu.engines.base import Engine
from dauhieu.warehouse.contract import Table

NO_PART = "none"
# Rows of one file which `_place` can tell apart: two to this power.
FILE_BITS = 40


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def stored_type(sql_type: str) -> str:
    """Delta has no time of day; it is kept as text."""
    return "VARCHAR" if sql_type == "TIME" else sql_type


def register_raw(engine: Engine, name: str, columns: dict[str, str], files: Sequence[Path]) -> None:
    """Files as they are, with `_file` and `_row`; columns which no file has are NULL."""
    _register(engine, name, columns, files, {"_file": ("VARCHAR", "filename"), "_row": ("BIGINT", "file_row_number")})


def register_placed(engine: Engine, name: str, columns: dict[str, str], files: Sequence[Path]) -> None:
    """Staged files with `_place`: one number which orders all their rows as delivered."""
    place = ("BIGINT", f"(CAST(file_index AS BIGINT) << {FILE_BITS}) + file_row_number")
    _register(engine, name, columns, files, {"_place": place})


def _register(
    engine: Engine, name: str, columns: dict[str, str], files: Sequence[Path], origin: dict[str, tuple[str, str]]
) -> None:
    """`origin`: name -> type and value of what tells where a row stands."""
    kinds = {**columns, **{column: kind for column, (kind, _) in origin.items()}}
    empty = ", ".join(f'CAST(NULL AS {kind}) AS "{column}"' for column, kind in kinds.items())
    sql = f"SELECT {empty} WHERE false"
    if files:
        listed = ", ".join(text(str(path.resolve())) for path in files)
        added = ", ".join(f"{value} AS {column}" for column, (_, value) in origin.items())
        sql += (
            f" UNION ALL BY NAME SELECT *, {added} "
            f"FROM read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
        )
    typed = ", ".join(f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in kinds.items())
    engine.register_view(name, f"SELECT {typed} FROM ({sql})")


def part_of(table: Table, alias: str = "") -> str:
    """The part of a row: 'YYYY-MM', or the value itself where the column is no date; NULL for a table without parts."""
    if table.partition is None:
        return "CAST(NULL AS VARCHAR)"
    column = f'{alias}"{table.partition}"'
    dated = table.column(table.partition).sql_type in ("DATE", "TIMESTAMP")
    value = f"strftime({column}, '%Y-%m')" if dated else f"CAST({column} AS VARCHAR)"
    return f"coalesce({value}, '{NO_PART}')"


def order_of(table: Table) -> tuple[str, ...]:
    """Sort columns, then the key, so that the order is total up to the versions of one key."""
    return tuple(dict.fromkeys((*table.sort, *table.key)))


def same_key(table: Table, left: str, right: str) -> str:
    return " AND ".join(f'{left}."{name}" IS NOT DISTINCT FROM {right}."{name}"' for name in table.key)
