"""A dry run: what a sign finds in one month of a store, what that costs, and where it lies. Nothing lands."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.parts import binding_digest
from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.readiness import Readiness
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import Engine
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.findings.report import SignResult
from dauhieu.findings.stored import findings_input
from dauhieu.law.law import Law
from dauhieu.scan import PLACE, Run, in_order, pinned
from dauhieu.studies.active import Active, active
from dauhieu.studies.areas import label_areas
from dauhieu.studies.months import Tell
from dauhieu.studies.running import Ground, Moment, sight_at
from dauhieu.warehouse.store import Store


@dataclass(frozen=True, slots=True)
class Place:
    """What lies in one province; the code is empty for what lies in none."""

    code: str
    name: str
    findings: int
    subjects: int


@dataclass(frozen=True, slots=True)
class Trial:
    """One month; figures are None where the sign did not run, and `reason` says why.

    `active` units of the subject's kind are those named in `active_in` in that month, `active_subjects` those of them
    which are found; `seconds` is the time of the sign alone, without the views which a scan shares among signs.
    """

    sign_id: str
    text: str
    as_of: date
    store_version: int
    state: str
    reason: str
    seconds: float
    findings: int | None = None
    subjects: int | None = None
    amount: int | None = None
    excepted: int | None = None
    active: int | None = None
    active_subjects: int | None = None
    active_in: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def flag_rate(self) -> float | None:
        return self.active_subjects / self.active if self.active and self.active_subjects is not None else None

    def as_json(self) -> Mapping[str, Any]:
        return asdict(self) | {"as_of": self.as_of.isoformat(), "flag_rate": self.flag_rate}


def trial(
    store: Store,
    catalogue: Catalogue,
    law: Law,
    sign: Sign,
    as_of: date,
    *,
    memory: str = "4GB",
    threads: int = 2,
    tell: Tell = lambda what, done: None,
) -> Trial:
    """Run the sign, and those whose findings it reads, as a scan of the month would with what is known now."""
    room = store.path / "work"
    room.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=room, prefix="trial-") as name:
        ground = Ground(store, catalogue.with_sign(sign), Path(name), memory, threads)
        version = pinned(store, None).number
        with DuckDBEngine(ground.options(ground.work)) as engine:
            bench = Workbench(sight_at(ground, law, engine, Moment(as_of, version)), ground.catalogue, law)
            tell(PLACE, 0.0)
            bench.compute([PLACE])
            run = Run(engine, bench, store, ground.work, as_of, Readiness(bench))
            done: dict[str, SignResult] = {}
            needed = in_order(ground.catalogue, [sign.id])
            for number, other in enumerate(needed, start=1):
                tell(other.id, number / (len(needed) + 2))
                done[other.id] = run.sign(other, done)
            tell("places", 0.95)
            return _told(run, sign, done[sign.id], version)


def _told(run: Run, sign: Sign, result: SignResult, version: int) -> Trial:
    engine, bench, as_of = run.engine, run.bench, run.as_of
    seconds = round(result.seconds, 3)
    if not result.file:
        return Trial(sign.id, binding_digest(sign), as_of, version, result.state, result.reason, seconds)
    engine.register("trial__found", findings_input(run.store, [result.file]))
    units = active(bench.sight, sign.subject)
    label_areas(bench.sight, "trial__province", None)
    findings, subjects, amount, excepted = (
        int(str(value))
        for value in engine.rows(
            "SELECT count(*), count(DISTINCT subject_code), CAST(coalesce(sum(amount), 0) AS BIGINT), "
            "count(exception_id) FROM trial__found"
        )[0]
    )
    places = engine.rows(
        "SELECT coalesce(p.label, ''), coalesce(min(a.name), ''), count(*), count(DISTINCT t.subject_code) "
        "FROM trial__found AS t LEFT JOIN trial__province AS p ON p.code = t.area_code "
        "LEFT JOIN (SELECT admin_code, arg_max(name_vi, valid_from) AS name FROM admin_unit GROUP BY 1) AS a "
        "ON a.admin_code = p.label GROUP BY 1 ORDER BY 3 DESC, 1"
    )
    return Trial(
        sign.id,
        binding_digest(sign),
        as_of,
        version,
        result.state,
        result.reason,
        seconds,
        findings,
        subjects,
        amount,
        excepted,
        units.units if units else None,
        _named(engine, units) if units else None,
        units.tables if units else (),
        tuple(Place(str(code), str(name), int(str(found)), int(str(named))) for code, name, found, named in places),
    )


def _named(engine: Engine, units: Active) -> int:
    sql = f"SELECT count(DISTINCT subject_id) FROM trial__found WHERE subject_id IN (SELECT id FROM {units.relation})"
    return int(str(engine.rows(sql)[0][0]))
