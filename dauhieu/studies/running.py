"""Chosen signs run as of one month, with the engine of a scan; nothing lands in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.compiler.readiness import Readiness
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine, EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.findings.report import SignResult
from dauhieu.law.law import Law
from dauhieu.scan import PLACE, Run, in_order
from dauhieu.warehouse.sight import Sight, store_source
from dauhieu.warehouse.store import Store

# The place of a subject changes nothing of what is found, and is dear.
NO_PLACE = (
    "SELECT CAST(NULL AS VARCHAR) AS subject_kind, CAST(NULL AS BIGINT) AS subject_id, CAST(NULL AS DATE) AS "
    "valid_from, CAST(NULL AS DATE) AS valid_to, CAST(NULL AS VARCHAR) AS area_code, CAST(NULL AS VARCHAR) AS "
    "org_code, CAST(NULL AS VARCHAR) AS block_code WHERE false"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a run sees: the rows of a version of the store, dated up to `as_of`, known at `known_at`."""

    as_of: date
    version: int
    known_at: datetime | None = None


@dataclass(frozen=True)
class Ground:
    """What runs share: the store, the catalogue, a work folder outside the store, and the bounds of the engine."""

    store: Store
    catalogue: Catalogue
    work: Path
    memory: str = "4GB"
    threads: int = 2

    def options(self, folder: Path) -> EngineOptions:
        folders = (self.store.path / "tables", folder)
        return EngineOptions(self.memory, self.threads, folders, temporary=folder / "spill")


def sight_at(ground: Ground, law: Law, engine: Engine, moment: Moment) -> Sight:
    source = store_source(ground.store, ground.store.version(moment.version), law)
    return Sight(engine, ground.store.contract, source, moment.as_of, moment.known_at)


def run_signs(ground: Ground, law: Law, moment: Moment, signs: Iterable[str]) -> Mapping[str, SignResult]:
    """The results of the named signs and of those they need; findings are files without a place and without a past."""
    named = sorted(signs)
    if not named:
        return {}  # to a catalogue no name means all signs
    wanted = in_order(ground.catalogue, named)
    folder = ground.work / f"run{len(list(ground.work.iterdir()))}"
    folder.mkdir()
    done: dict[str, SignResult] = {}
    with DuckDBEngine(ground.options(folder)) as engine:
        bench = Workbench(sight_at(ground, law, engine, moment), ground.catalogue, law)
        engine.materialise(PLACE, NO_PLACE)
        run = Run(engine, bench, ground.store, folder, moment.as_of, Readiness(bench))
        for sign in wanted:
            done[sign.id] = run.sign(sign, done)
    return done
