"""SQL over rows on their way into the store: raw reading with the place of every row, typing, parts and order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dauhieu.engines.base import Engine
from dauhieu.warehouse.contract import Table

NO_PART = "none"


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def stored_type(sql_type: str) -> str:
    """Delta has no time of day; it is kept as text."""
    return "VARCHAR" if sql_type == "TIME" else sql_type


def register_raw(engine: Engine, name: str, columns: dict[str, str], files: Sequence[Path]) -> None:
    """Files as they are, with `_file` and `_row`; columns which no file has are NULL."""
    empty = ", ".join(f'CAST(NULL AS {kind}) AS "{column}"' for column, kind in columns.items())
    empty = f"SELECT {empty}, CAST(NULL AS VARCHAR) AS _file, CAST(NULL AS BIGINT) AS _row WHERE false"
    sql = empty
    if files:
        listed = ", ".join(text(str(path.resolve())) for path in files)
        sql = (
            f"{empty} UNION ALL BY NAME SELECT * RENAME (file_row_number AS _row) FROM read_parquet([{listed}], "
            "union_by_name = true, hive_partitioning = false, filename = '_file', file_row_number = true)"
        )
    typed = ", ".join(f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in columns.items())
    engine.register_view(name, f"SELECT {typed}, _file, _row FROM ({sql})")


def register_placed(engine: Engine, name: str, columns: dict[str, str], files: Sequence[Path]) -> None:
    """Staged files with `_place`: one number which orders all their rows as delivered."""
    register_raw(engine, f"raw_{name}", columns, files)
    # Without files there are no rows, but the list of files may not be empty.
    paths = [str(path.resolve()) for path in files] or [""]
    places = ", ".join(f"({text(path)}, {at << 40})" for at, path in enumerate(paths))
    engine.register_view(
        name,
        "SELECT r.* EXCLUDE (_file, _row), f._begins + r._row AS _place "
        f"FROM raw_{name} AS r JOIN (VALUES {places}) AS f(_file, _begins) USING (_file)",
    )


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
