"""What the product itself writes: findings, warnings and scans replace their parts, or are appended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace as with_changes
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dauhieu.engines.base import Engine, EngineOptions, quoted
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.contract import Table
from dauhieu.warehouse.keys import mint
from dauhieu.warehouse.landing import Landing, land
from dauhieu.warehouse.rows import order_of, register_placed, stored_type
from dauhieu.warehouse.staged import prepare, stage_rows
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version
from dauhieu.warehouse.writer import Seam, Writer, no_seam, writing

Parts = Mapping[str, Path | None]


def write_records(
    store: Store,
    moment: datetime,
    *,
    replace: Mapping[str, Parts] | None = None,
    append: Mapping[str, pa.Table] | None = None,
    cites: Sequence[int] = (),
    note: str = "",
    options: EngineOptions | None = None,
    seam: Seam = no_seam,
) -> Version:
    """Write product tables as one new version which keeps the versions it `cites`.

    `replace`: table -> part (any text) -> Parquet file in the table's columns, or None for a part without rows.
    """
    replace, append = replace or {}, append or {}
    files = [path for parts in replace.values() for path in parts.values() if path]
    with writing(store, moment, seam) as writer:
        folders = sorted({path.resolve().parent for path in files})
        bounds = with_changes(
            options or EngineOptions(), folders=(store.path, *folders), temporary=writer.staging / "spill"
        )
        with DuckDBEngine(bounds) as engine:
            for name, parts in sorted(replace.items()):
                for part, path in sorted(parts.items()):
                    _replace_part(engine, writer, store.contract.table(name), part, path)
            added = [stage_rows(engine, store.contract.table(name), rows) for name, rows in sorted(append.items())]
            marks = mint(engine, writer, added)
            for source in added:
                land(Landing(engine, writer, prepare(engine, writer, source), source.table), "adds", ())
        return writer.commit("scan", note=note, cites=cites, water_marks=marks)


def _replace_part(engine: Engine, writer: Writer, table: Table, part: str, path: Path | None) -> None:
    old = [file for file in writer.files(table.name) if file.part == part]
    columns = {name: stored_type(kind) for name, kind in table.sql_columns().items()}
    if path is None or not pq.read_metadata(path).num_rows:
        writer.remove(table.name, old)
        return
    register_placed(engine, "replacement", columns, [path])
    rows = f"SELECT {quoted(list(columns))} FROM replacement ORDER BY {quoted(order_of(table))}, _place"
    writer.write(engine, table.name, part, rows, order_of(table), old)
