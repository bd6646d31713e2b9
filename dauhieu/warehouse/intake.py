"""Landing a delivery: mint ids, merge every table by key, and commit all of it as one version of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import pyarrow as pa

from dauhieu.engines.base import SIDE_BY_SIDE, Engine, EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.contract import Table
from dauhieu.warehouse.keys import Staged, mint
from dauhieu.warehouse.landing import Counts, Landing, land
from dauhieu.warehouse.merge import find_resent
from dauhieu.warehouse.rows import register_raw, stored_type
from dauhieu.warehouse.staged import derived, prepare, stage, stage_rows
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.writer import Seam, Writer, no_seam, writing

Mode = Literal["adds", "replaces", "whole"]


@dataclass(frozen=True, slots=True)
class Intake:
    """One delivery, staged as Parquet: contract columns with `x_code` in place of `x_id`, optionally `recorded_at`.

    `digest` identifies the content; `records` are rows of tables the product writes, landing in the same version
    (an absent `delivery_no` or `loaded_at` is filled in). `after` is the version which made the same content worth
    another try.
    """

    tables: Mapping[str, tuple[Path, ...]]
    mode: Mode
    source: str
    digest: str
    moment: datetime
    months: tuple[date, ...] = ()
    records: Mapping[str, pa.Table] = field(default_factory=dict)
    after: int | None = None

    @property
    def content(self) -> str:
        """What makes a delivery the same as an earlier one."""
        after = () if self.after is None else (f"after {self.after}",)
        return "/".join((self.digest, self.mode, *(f"{month:%Y-%m}" for month in sorted(self.months)), *after))


@dataclass(frozen=True, slots=True)
class Landed:
    """`number` is the new version, None if nothing changed; `earlier` the version which landed this very content."""

    number: int | None
    tables: Mapping[str, Counts]
    earlier: int | None = None


def apply(store: Store, intake: Intake, *, options: EngineOptions | None = None, seam: Seam = no_seam) -> Landed:
    """Land a delivery whole or not at all. Content which has landed before changes nothing."""
    for name in (*intake.tables, *intake.records):
        store.contract.table(name)
    with writing(store, intake.moment, seam) as writer:
        earlier = store.landed(intake.content)
        if earlier is not None:
            return Landed(None, {}, earlier)
        folders = {path.resolve().parent for paths in intake.tables.values() for path in paths}
        bounds = replace(
            options or EngineOptions(), folders=(store.path, *sorted(folders)), temporary=writer.staging / "spill"
        )
        with DuckDBEngine(bounds) as engine:
            rows = [stage(engine, store.contract.table(name), files) for name, files in sorted(intake.tables.items())]
            rows = derived(engine, store.contract, rows)
            records = [
                stage_rows(engine, store.contract.table(name), found) for name, found in sorted(intake.records.items())
            ]
            marks = mint(engine, writer, [*rows, *records])
            counts = _land_all(engine, writer, rows, intake)
            if not any(count.changed for count in counts.values()):
                return Landed(None, counts)
            for source in records:
                landing = Landing(engine, writer, prepare(engine, writer, source), source.table)
                counts[source.table.name] = land(landing, "adds", ())
        version = writer.commit("delivery", note=intake.source, landed=intake.content, water_marks=marks)
        return Landed(version.number, counts)


def _land_all(engine: Engine, writer: Writer, rows: Sequence[Staged], intake: Intake) -> dict[str, Counts]:
    """Land every table; tables which have nothing to do with each other side by side."""
    families: dict[str, list[Staged]] = {}
    # A head comes before the tables of its lines.
    for source in sorted(rows, key=lambda source: (source.table.head or "", source.table.name)):
        families.setdefault(source.table.head or source.table.name, []).append(source)

    def family(sources: Sequence[Staged]) -> dict[str, Counts]:
        with engine.beside() as hand:
            return _land_family(hand, writer, sources, intake)

    with ThreadPoolExecutor(SIDE_BY_SIDE) as hands:
        landed = list(hands.map(family, families.values()))
    return {table: counts for of_family in landed for table, counts in of_family.items()}


def _land_family(engine: Engine, writer: Writer, sources: Sequence[Staged], intake: Intake) -> dict[str, Counts]:
    counts: dict[str, Counts] = {}
    resent = False
    for source in sources:
        table = source.table
        new = prepare(engine, writer, source)
        if len(sources) > 1 and not table.head:
            resent = _find_resent(engine, writer, table, new)
        landing = Landing(engine, writer, new, table, resent=bool(table.head) and resent)
        mode = intake.mode if table.name in intake.tables else "adds"
        counts[table.name] = land(landing, mode, intake.months)
    return counts


def _find_resent(engine: Engine, writer: Writer, head: Table, new: str) -> bool:
    """Lines which come with their heads replace the lines of those documents; lines alone are just added."""
    columns = {name: stored_type(kind) for name, kind in head.sql_columns().items()}
    files = writer.paths(writer.files(head.name))
    if not files:
        return False
    register_raw(engine, "stored_heads", columns, files)
    return bool(find_resent(engine, head, new, "stored_heads"))
