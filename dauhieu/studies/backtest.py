"""A back-test: what a sign would have found, month by month, and how that compares.

It stands on the same engine, law and catalogue as a scan and writes nothing into the store. What nobody has judged
gets no precision.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.parts import binding_digest
from dauhieu.catalogue.sign import Sign
from dauhieu.engines.base import Engine
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.findings.stored import finding_files, findings_input
from dauhieu.law.law import Law
from dauhieu.scan import pinned
from dauhieu.studies.judged import Judged, judged
from dauhieu.studies.months import Past, Ran, Span, Tell
from dauhieu.studies.named import named_sql
from dauhieu.studies.running import Ground
from dauhieu.warehouse.sight import Sight, store_source
from dauhieu.warehouse.store import Store

SAMPLES = 10
OWN, AGAINST = "own", "against"


@dataclass(frozen=True, slots=True)
class Month:
    """One month; figures are None where the sign did not run.

    `active` units of the subject's kind are those named in `active_in` in that month; `active_subjects` are the
    subjects found among them, so `flag_rate` is a share of the active. `excepted` findings are among the others: the
    agency knows them to be in order.
    """

    as_of: date
    known_at: datetime
    state: str
    reason: str
    findings: int | None = None
    subjects: int | None = None
    active: int | None = None
    active_subjects: int | None = None
    active_in: tuple[str, ...] = ()
    amount: int | None = None
    new: int | None = None
    continuing: int | None = None
    gone: int | None = None
    excepted: int | None = None
    gained: int | None = None
    lost: int | None = None

    @property
    def flag_rate(self) -> float | None:
        return self.active_subjects / self.active if self.active and self.active_subjects is not None else None


@dataclass(frozen=True, slots=True)
class Shared:
    """How many of the subjects another sign names too, in the same month as the store's scans found it."""

    sign_id: str
    subjects: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Of `subjects` in the `months` of which the store has findings of other signs, `with_any` are named by some."""

    months: tuple[date, ...]
    subjects: int
    with_any: int
    by_sign: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Findings which only this version has (`gained`) and which only the other has (`lost`), with the first of each."""

    version: int
    digest: str
    file: str
    gained: int
    lost: int
    gained_first: tuple[Mapping[str, Any], ...]
    lost_first: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class BackTest:
    """All of it. `judged` counts different findings of all months."""

    sign: Sign
    span: Span
    store_version: int
    months: tuple[Month, ...]
    findings: int
    overlap: Overlap
    judged: Judged
    difference: Difference | None = field(default=None)

    def as_json(self) -> dict[str, Any]:
        sign = self.sign
        verdict = asdict(self.judged.confirmed) if self.judged.findings else None
        return {
            "sign_id": sign.id,
            "sign_version": sign.version,
            "digest": sign.digest,
            "text": binding_digest(sign),
            "subject_kind": sign.subject,
            "amount_kind": sign.amount_kind,
            "from": self.span.first,
            "to": self.span.last,
            "known": {"at": self.span.known_at} if self.span.known_at else {"days_after_month_end": self.span.lag},
            "store_version": self.store_version,
            "months": [asdict(month) | {"flag_rate": month.flag_rate} for month in self.months],
            "findings": self.findings,
            "overlap": asdict(self.overlap),
            "judged": {"findings": self.judged.findings, "confirmed": verdict} if verdict else "not judged",
            "against": asdict(self.difference) if self.difference else None,
        }


def backtest(
    store: Store,
    catalogue: Catalogue,
    law: Law,
    sign: Sign,
    span: Span,
    *,
    now: datetime,
    against: Sign | None = None,
    tell: Tell = lambda what, done: None,
) -> BackTest:
    """Run the sign (and the version to compare it with) over the months and add up."""
    signs = {OWN: sign} | ({AGAINST: against} if against else {})
    room = store.path / "work"
    room.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=room, prefix="backtest-") as name:
        ground = Ground(store, catalogue, Path(name), span.memory, span.threads)
        ran = list(Past(ground, law, span).run(signs, tell))
        tell("sums", 1.0)
        with DuckDBEngine(ground.options(ground.work)) as engine:
            for which in (OWN, AGAINST):
                files = [found[which].result.file for found in ran if which in found]
                engine.register(which, findings_input(store, [file for file in files if file]))
            months = tuple(_month(engine, store, found) for found in ran)
            engine.materialise(
                "once",
                f"SELECT * FROM {OWN} QUALIFY row_number() OVER (PARTITION BY finding_id ORDER BY as_of DESC) = 1",
            )
            sight = Sight(engine, store.contract, store_source(store, pinned(store, None), law), now.date())
            return BackTest(
                sign,
                span,
                pinned(store, None).number,
                months,
                _count(engine, "SELECT count(*) FROM once"),
                _overlap(engine, store, sign, [month.as_of for month in months]),
                judged(sight, "once", sign.subject, sign.violation),
                _difference(engine, against) if against else None,
            )


def _month(engine: Engine, store: Store, found: Mapping[str, Ran]) -> Month:
    ran = found[OWN]
    result = ran.result
    if not result.file or not result.gone:
        return Month(ran.as_of, ran.known_at, result.state, result.reason)
    engine.register("month", findings_input(store, [result.file]))
    engine.register("month_gone", findings_input(store, [result.gone]))
    amount, new, continuing, excepted = engine.rows(
        "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT), count(*) FILTER (state = 'new'), "
        "count(*) FILTER (state = 'continuing'), count(exception_id) FROM month"
    )[0]
    gained = lost = None
    other = found.get(AGAINST)
    if other and other.result.file:
        engine.register("month_other", findings_input(store, [other.result.file]))
        gained = _count(engine, _only("month", "month_other"))
        lost = _count(engine, _only("month_other", "month"))
    return Month(
        ran.as_of,
        ran.known_at,
        result.state,
        result.reason,
        result.findings,
        ran.subjects,
        ran.active.units if ran.active else None,
        ran.active_subjects if ran.active else None,
        ran.active.tables if ran.active else (),
        int(str(amount)),
        int(str(new)),
        int(str(continuing)),
        _count(engine, "SELECT count(*) FROM month_gone"),
        int(str(excepted)),
        gained,
        lost,
    )


def _only(one: str, other: str) -> str:
    return f"SELECT count(DISTINCT finding_id) FROM {one} WHERE finding_id NOT IN (SELECT finding_id FROM {other})"


def _overlap(engine: Engine, store: Store, sign: Sign, months: Sequence[date]) -> Overlap:
    """Compared with the store's findings of other signs, also where they roll up to the subject."""
    version = store.version()
    scanned = [month for month in months if finding_files(store, version, month)]
    engine.register(
        "others", findings_input(store, [f for month in scanned for f in finding_files(store, version, month)])
    )
    listed = ", ".join(f"DATE '{month}'" for month in scanned) or "NULL"
    engine.materialise("unit", f"SELECT DISTINCT as_of, subject_code AS code FROM {OWN} WHERE as_of IN ({listed})")
    engine.materialise(
        "shared",
        f"SELECT DISTINCT u.code, n.sign_id FROM unit AS u JOIN ({named_sql('others')}) AS n ON n.as_of = u.as_of "
        f"AND n.code = u.code AND n.kind = '{sign.subject}' WHERE n.sign_id <> '{sign.id}'",
    )
    rows = engine.rows("SELECT sign_id, count(*) AS n FROM shared GROUP BY sign_id ORDER BY n DESC, sign_id")
    return Overlap(
        tuple(scanned),
        _count(engine, "SELECT count(DISTINCT code) FROM unit"),
        _count(engine, "SELECT count(DISTINCT code) FROM shared"),
        tuple(Shared(str(other), int(str(count))) for other, count in rows),
    )


def _difference(engine: Engine, against: Sign) -> Difference:
    return Difference(
        against.version,
        against.digest,
        against.path.name,
        _count(engine, _only(OWN, AGAINST)),
        _count(engine, _only(AGAINST, OWN)),
        _first(engine, OWN, AGAINST),
        _first(engine, AGAINST, OWN),
    )


def _first(engine: Engine, one: str, other: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        engine.table(
            "SELECT finding_id, max(as_of) AS as_of, max(subject_code) AS subject_code, max(item) AS item, "
            f"max(period_from) AS period_from, max(period_to) AS period_to, max(amount) AS amount FROM {one} "
            f"WHERE finding_id NOT IN (SELECT finding_id FROM {other}) GROUP BY finding_id "
            f"ORDER BY finding_id LIMIT {SAMPLES}"
        ).to_pylist()
    )


def _count(engine: Engine, sql: str) -> int:
    return int(str(engine.rows(sql)[0][0]))
