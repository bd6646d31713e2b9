"""Merging small files, and dropping old versions which nobody cites, so that the store does not grow for ever."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dauhieu.engines.base import Engine, EngineOptions, quoted
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.disk import remove
from dauhieu.warehouse.rows import order_of, register_raw, stored_type
from dauhieu.warehouse.store import KEY_COLUMNS, Store
from dauhieu.warehouse.version import Dropped, StoredFile, Version, version_path
from dauhieu.warehouse.writer import Seam, Writer, no_seam, unlisted, writing

# Files below this are merged with their neighbours of the same part.
SMALL = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Compacted:
    """`number` is the new version, None if there was nothing to do."""

    number: int | None
    merged_files: int
    dropped: tuple[int, ...]
    deleted_files: int
    freed_bytes: int


def compact(
    store: Store,
    moment: datetime,
    *,
    keep: int = 10,
    cited: Collection[int] = (),
    options: EngineOptions | None = None,
    seam: Seam = no_seam,
) -> Compacted:
    """Keep the newest `keep` versions, those any version cites, and those in `cited` (by cases); drop the others."""
    with writing(store, moment, seam) as writer:
        versions = store.versions()
        if not versions:
            return Compacted(None, 0, (), 0, 0)
        cites = {number for version in versions for number in version.cites}
        keeps = {version.number for version in versions[-max(keep, 1) :]} | cites | set(cited)
        old = [version for version in versions if version.number not in keeps]
        bounds = replace(options or EngineOptions(), folders=(store.path,), temporary=writer.staging / "spill")
        with DuckDBEngine(bounds) as engine:
            merged = _merge_small(engine, writer, seam)
        if not merged and not old:
            return Compacted(None, 0, (), 0, 0)
        # What a dropped scan cited stays cited.
        inherited = sorted({number for version in old for number in version.cites})
        gone = {version.number: Dropped(version.moment) for version in old}
        version = writer.commit("compact", cites=inherited, dropped=gone)
        deleted, freed = _delete(store, old, seam)
        return Compacted(version.number, merged, tuple(gone), deleted, freed)


def _merge_small(engine: Engine, writer: Writer, seam: Seam) -> int:
    merged = 0
    for table in sorted(writer.latest.tables if writer.latest else ()):
        small = [file for file in writer.files(table) if file.bytes < SMALL]
        for part in sorted({file.part for file in small}, key=str):
            files = [file for file in small if file.part == part]
            if len(files) > 1:
                _merge_files(engine, writer, table, files)
                merged += len(files)
                seam("compact:file")
    return merged


def _merge_files(engine: Engine, writer: Writer, table: str, files: Sequence[StoredFile]) -> None:
    columns = {name: stored_type(kind) for name, kind in writer.store.columns(table).items()}
    register_raw(engine, "small", columns, writer.paths(files))
    if columns == KEY_COLUMNS:
        order: tuple[str, ...] = ("id",)
        total = order
    else:
        shape = writer.store.contract.table(table)
        order = order_of(shape)
        total = (*order, "recorded_at") if shape.clocked else order
    rows = f"SELECT {quoted(list(columns))} FROM small ORDER BY {quoted(total)}, _file, _row"
    writer.write(engine, table, files[0].part, rows, order, files)


def _delete(store: Store, old: Sequence[Version], seam: Seam) -> tuple[int, int]:
    for version in old:
        version_path(store.path, version.number).unlink(missing_ok=True)
        seam("compact:list")
    paths = unlisted(store)
    freed = 0
    for path in paths:
        freed += path.stat().st_size
        remove(path)
        seam("compact:delete")
    return len(paths), freed
