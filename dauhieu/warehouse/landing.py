"""Writing the rows of one table: part by part, each sorted, rewriting only parts in which an old row changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dauhieu.engines.base import Engine
from dauhieu.warehouse.contract import Table
from dauhieu.warehouse.merge import find_dropped, find_fates, find_gone
from dauhieu.warehouse.rows import order_of, part_of, register_raw, stored_type, text
from dauhieu.warehouse.version import StoredFile
from dauhieu.warehouse.writer import Writer


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one table: versions added, old ones which now end (or end earlier), rows which said nothing new."""

    added: int = 0
    closed: int = 0
    unchanged: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.added or self.closed)

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.added + other.added, self.closed + other.closed, self.unchanged + other.unchanged)


@dataclass(frozen=True, slots=True)
class Landing:
    """The prepared rows `new` of one table on their way."""

    engine: Engine
    writer: Writer
    new: str
    table: Table
    # The heads of these rows are delivered too and some were stored before: those stand in the relation `resent`.
    resent: bool = False

    @property
    def columns(self) -> dict[str, str]:
        return {name: stored_type(kind) for name, kind in self.table.sql_columns().items()}

    @property
    def own(self) -> str:
        return ", ".join(f'"{column.name}"' for column in self.table.columns)


def land(landing: Landing, mode: str, months: Sequence[date]) -> Counts:
    """Merge and write. Keys which hold the part column are merged part by part, others all at once."""
    table = landing.table
    delivered = landing.engine.rows(f"SELECT _part, count(*) FROM {landing.new} GROUP BY _part ORDER BY _part")
    parts = {_part(row[0]): int(str(row[1])) for row in delivered}
    if not table.clocked:
        for part in parts:
            _write(landing, part, _new_rows(landing, part), in_order=True)
        return Counts(added=sum(parts.values()))
    listed = _listed(landing, mode, months)
    files = landing.writer.files(table.name)
    if table.partition is None or table.partition not in table.key:
        return _merge(landing, parts, files, listed, True) if parts or listed or landing.resent else Counts()
    total = Counts()
    for part in sorted({*parts, *(file.part for file in files if file.part in listed)}, key=str):
        here = {part: parts[part]} if part in parts else {}
        total += _merge(landing, here, [file for file in files if file.part == part], listed, False)
    return total


def _part(value: object) -> str | None:
    return None if value is None else str(value)


def _listed(landing: Landing, mode: str, months: Sequence[date]) -> frozenset[str | None]:
    """The parts of which the delivery is a full list."""
    if mode == "whole":
        return frozenset(file.part for file in landing.writer.files(landing.table.name))
    if mode == "replaces" and landing.table.partition:
        return frozenset(f"{month:%Y-%m}" for month in months)
    return frozenset()


def _merge(
    landing: Landing,
    parts: dict[str | None, int],
    files: Sequence[StoredFile],
    listed: frozenset[str | None],
    across: bool,
) -> Counts:
    engine, table, writer = landing.engine, landing.table, landing.writer
    new = landing.new
    if not across:
        (part,) = parts or {files[0].part}
        engine.register_view("unit", f"SELECT * FROM {landing.new} WHERE _part IS NOT DISTINCT FROM {_text(part)}")
        new = "unit"
    meets = bool(files) and bool(parts) and _may_meet(landing, new)
    if files and (meets or listed or landing.resent):
        register_raw(engine, "stored", landing.columns, writer.paths(files))
    mixed = bool(parts) and find_fates(engine, table, new, "stored" if meets else None)
    if mixed:
        left_out = engine.rows(
            f"SELECT n._part, count(*) FROM {new} AS n JOIN (FROM fate WHERE fresh AND NOT kept) AS f "
            "ON f._place = n._place GROUP BY n._part"
        )
        repeated = {_part(row[0]): int(str(row[1])) for row in left_out}
    else:
        repeated = {}
    changed = _changed(landing, mixed, listed, new, files)
    added = {part: rows - repeated.get(part, 0) for part, rows in parts.items()}
    for part in sorted({*(part for part, rows in added.items() if rows), *changed}, key=str):
        rows = _new_rows(landing, part, mixed)
        if part in changed:
            gone = [file for file in files if file.part == part]
            register_raw(engine, "rewritten", landing.columns, writer.paths(gone))
            rows = f"{_old_rows(landing)} UNION ALL {rows}"
            _write(landing, part, rows, gone)
        else:
            _write(landing, part, rows, in_order=not mixed)
    return Counts(sum(added.values()), sum(changed.values()), sum(repeated.values()))


def _may_meet(landing: Landing, new: str) -> bool:
    """Whether a stored row may have the key of a new one: never where its id was minted for this very delivery."""
    marks = landing.writer.latest.water_marks if landing.writer.latest else {}
    minted = [
        f'"{name}" > {marks.get(kind, 0)}' for name in landing.table.key if (kind := landing.table.column(name).kind)
    ]
    known = f"NOT coalesce({' OR '.join(minted)}, false)" if minted else "true"
    return bool(landing.engine.rows(f"SELECT 1 FROM {new} WHERE {known} LIMIT 1"))


def _changed(
    landing: Landing, mixed: bool, listed: frozenset[str | None], new: str, files: Sequence[StoredFile]
) -> dict[str | None, int]:
    """Old rows which end, as `changed` (_file, _row, ends); returns their number in each part."""
    if not files:
        return {}
    engine = landing.engine
    queries = ["SELECT _file, _row, ends FROM fate WHERE NOT fresh"] if mixed else []
    here = {file.part for file in files} & listed
    if here:
        if None in here:
            among = "true"
        else:
            among = f"{part_of(landing.table)} IN ({', '.join(text(str(part)) for part in sorted(here, key=str))})"
        if find_gone(engine, landing.table, new, "stored", among):
            moment = f"TIMESTAMP '{landing.writer.moment:%Y-%m-%d %H:%M:%S.%f}'"
            queries.append(f"SELECT _file, _row, {moment} AS ends FROM gone")
    if landing.resent and find_dropped(engine, landing.table, new, "stored"):
        queries.append("SELECT _file, _row, ends FROM dropped")
    if not queries or not engine.materialise("changed", " UNION ALL ".join(queries)):
        return {}
    part_by_path = dict(zip(map(str, landing.writer.paths(files)), (file.part for file in files), strict=True))
    counts: dict[str | None, int] = {}
    for path, rows in engine.rows("SELECT _file, count(*) FROM changed GROUP BY _file"):
        part = part_by_path[str(path)]
        counts[part] = counts.get(part, 0) + int(str(rows))
    return counts


def _new_rows(landing: Landing, part: str | None, mixed: bool = False) -> str:
    table, writer = landing.table, landing.writer
    here = f"n._part IS NOT DISTINCT FROM {_text(part)}"
    if not table.clocked:
        return f"SELECT {landing.own}, 1 AS _age, '' AS _file, n._place AS _row FROM {landing.new} AS n WHERE {here}"
    ends, join = "CAST(NULL AS TIMESTAMP)", ""
    if mixed:
        ends, join = "f.ends", "LEFT JOIN (FROM fate WHERE fresh) AS f ON f._place = n._place"
        here += " AND coalesce(f.kept, true)"
    moment = f"TIMESTAMP '{writer.moment:%Y-%m-%d %H:%M:%S.%f}'"
    return (
        f"SELECT {landing.own}, recorded_at, {ends} AS superseded_at, {moment} AS loaded_at, "
        f"CAST({writer.number} AS BIGINT) AS delivery_no, 1 AS _age, '' AS _file, n._place AS _row "
        f"FROM {landing.new} AS n {join} WHERE {here}"
    )


def _old_rows(landing: Landing) -> str:
    return (
        f"SELECT {landing.own}, recorded_at, "
        "CASE WHEN c._file IS NULL THEN r.superseded_at ELSE c.ends END AS superseded_at, "
        "loaded_at, delivery_no, 0 AS _age, r._file, r._row "
        "FROM rewritten AS r LEFT JOIN changed AS c ON c._file = r._file AND c._row = r._row"
    )


def _write(
    landing: Landing, part: str | None, rows: str, removed: Sequence[StoredFile] = (), *, in_order: bool = False
) -> None:
    """Write one file; prepared rows which nothing was joined to stand in its order already."""
    table = landing.table
    clock = ", recorded_at" if table.clocked else ""
    order = ", ".join(f'"{name}"' for name in order_of(table)) + clock + ", _age, _file, _row"
    names = ", ".join(f'"{name}"' for name in landing.columns)
    sql = f"SELECT {names} FROM ({rows})" + ("" if in_order else f" ORDER BY {order}")
    landing.writer.write(landing.engine, table.name, part, sql, order_of(table), removed)


def _text(part: str | None) -> str:
    return "NULL" if part is None else text(part)
