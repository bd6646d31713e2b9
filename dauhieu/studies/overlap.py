"""Conditional overlap: of the units one sign names, how many does another name too, and what follows for the catalogue.

Signs are compared on units of one kind: the subjects themselves, and the employer or facility a finding on a person or
practitioner rolls up to. Two signs share a unit when both name it in the same month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from dauhieu.engines.base import Engine
from dauhieu.findings.stored import finding_files, findings_input
from dauhieu.studies.active import ACTIVE_IN, active
from dauhieu.studies.named import named_sql
from dauhieu.warehouse.sight import Sight
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

# A sign is almost inside another when so many per cent of its units, and of no fewer than so many, are the other's too.
INSIDE_PERCENT, LEAST_UNITS = 95, 20
# A sign which ran so many months and never found anything says nothing, or lacks its data.
SILENT_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """Of `units` of kind `kind` which `sign` names, `shared` are named by `other` too.

    `lift` is how many times more that is than if the other's units were drawn by chance from the active ones.
    """

    kind: str
    sign: str
    other: str
    units: int
    shared: int
    other_units: int
    share: float
    lift: float | None


@dataclass(frozen=True, slots=True)
class Alone:
    """Units of its own kind which a sign names, and those of them which no other sign names in the month."""

    sign: str
    kind: str
    units: int
    alone: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person may decide about `sign`; `what` is inside, never_alone, nothing_found or did_not_run."""

    what: str
    sign: str
    other: str | None
    vi: str
    en: str


@dataclass(frozen=True)
class Overlaps:
    """The whole study; `population` is the number of active or named units of each kind, by which lift is told."""

    months: tuple[date, ...]
    population: dict[str, int]
    pairs: tuple[Pair, ...]
    alone: tuple[Alone, ...]
    proposals: tuple[Proposal, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def overlaps(sight: Sight, store: Store, version: Version, months: Sequence[date]) -> Overlaps:
    """Over the findings of `months`; the sight is of the latest of them."""
    engine = sight.engine
    files = [file for month in months for file in finding_files(store, version, month)]
    engine.register("study_finding", findings_input(store, files))
    engine.materialise(
        "named", f"SELECT DISTINCT as_of, sign_id, kind, code, itself FROM ({named_sql('study_finding')})"
    )
    engine.materialise("unit", "SELECT DISTINCT as_of, sign_id, kind, code FROM named")
    engine.materialise("size", "SELECT sign_id, kind, count(DISTINCT code) AS units FROM unit GROUP BY ALL")
    population = _population(sight)
    pairs = _pairs(engine, population)
    alone = _alone(engine)
    return Overlaps(
        tuple(months), population, pairs, alone, (*_from_pairs(pairs, alone), *_silent(engine, store, version, months))
    )


def _population(sight: Sight) -> dict[str, int]:
    """A unit may be named without being active, such as a dissolved employer: it counts as one to draw from."""
    found = {}
    for kind, units in sight.engine.rows("SELECT kind, count(DISTINCT code) FROM unit GROUP BY kind ORDER BY kind"):
        found[str(kind)] = int(str(units))
        running = active(sight, str(kind)) if kind in ACTIVE_IN else None
        if running and kind in sight.contract.kinds:
            sight.show(keys=[str(kind)])
            busy = f"SELECT k.code FROM {running.relation} AS a JOIN keys__{kind} AS k ON k.id = a.id"
            rows = sight.engine.rows(f"SELECT count(*) FROM ({busy} UNION SELECT code FROM unit WHERE kind = '{kind}')")
            found[str(kind)] = int(str(rows[0][0]))
    return found


def _pairs(engine: Engine, population: dict[str, int]) -> tuple[Pair, ...]:
    rows = engine.rows("""
        WITH both_named AS (
          SELECT a.kind, a.sign_id, b.sign_id AS other_id, count(DISTINCT a.code) AS shared
          FROM unit AS a
          JOIN unit AS b ON b.as_of = a.as_of AND b.kind = a.kind AND b.code = a.code AND b.sign_id <> a.sign_id
          GROUP BY ALL)
        SELECT t.kind, t.sign_id, t.other_id, s.units, t.shared, o.units
        FROM both_named AS t
        JOIN size AS s ON s.sign_id = t.sign_id AND s.kind = t.kind
        JOIN size AS o ON o.sign_id = t.other_id AND o.kind = t.kind
        ORDER BY t.shared / s.units DESC, t.shared DESC, t.kind, t.sign_id, t.other_id""")
    pairs = []
    for kind, sign, other, *counts in rows:
        units, shared, other_units = (int(str(count)) for count in counts)
        share = shared / units
        lift = share * population[str(kind)] / other_units if str(kind) in ACTIVE_IN else None
        pairs.append(Pair(str(kind), str(sign), str(other), units, shared, other_units, share, lift))
    return tuple(pairs)


def _alone(engine: Engine) -> tuple[Alone, ...]:
    rows = engine.rows("""
        WITH company AS (
          SELECT as_of, kind, code, count(DISTINCT sign_id) AS signs FROM unit GROUP BY ALL)
        SELECT n.sign_id, n.kind, count(DISTINCT n.code), count(DISTINCT n.code) FILTER (c.signs = 1)
        FROM named AS n JOIN company AS c USING (as_of, kind, code)
        WHERE n.itself GROUP BY n.sign_id, n.kind ORDER BY n.sign_id""")
    return tuple(Alone(str(sign), str(kind), int(str(units)), int(str(lone))) for sign, kind, units, lone in rows)


def _from_pairs(pairs: Sequence[Pair], alone: Sequence[Alone]) -> list[Proposal]:
    found = []
    for pair in pairs:
        if pair.units < LEAST_UNITS or pair.shared * 100 < INSIDE_PERCENT * pair.units:
            continue
        figures = f"{pair.shared}/{pair.units} {pair.kind}"
        found.append(
            Proposal(
                "inside",
                pair.sign,
                pair.other,
                f"{pair.sign} gần như nằm trong {pair.other} ({figures}): nhập làm một, hoặc để dấu hiệu này bổ trợ "
                "cho dấu hiệu kia.",
                f"{pair.sign} is almost inside {pair.other} ({figures}): merge them, or make one support the other.",
            )
        )
    for one in alone:
        if one.units >= LEAST_UNITS and one.alone == 0:
            figures = f"{one.units} {one.kind}"
            found.append(
                Proposal(
                    "never_alone",
                    one.sign,
                    None,
                    f"{one.sign} không bao giờ đứng một mình ({figures}): dùng làm dấu hiệu bổ trợ, hoặc bỏ.",
                    f"{one.sign} never fires alone ({figures}): let it support others, or retire it.",
                )
            )
    return found


def _silent(engine: Engine, store: Store, version: Version, months: Sequence[date]) -> list[Proposal]:
    """Signs which the last scans of the months ran, or could not run, without one finding."""
    engine.register("past_scan", store.input(version, "scan"))
    engine.register("past_scan_sign", store.input(version, "scan_sign"))
    listed = ", ".join(f"DATE '{month}'" for month in months)
    rows = engine.rows(f"""
        WITH last AS (
          SELECT r.sign_id, s.as_of, arg_max(r.state, s.finished_at) AS state,
                 arg_max(r.findings, s.finished_at) AS findings,
                 arg_max(coalesce(r.reason, ''), s.finished_at) AS reason
          FROM past_scan_sign AS r JOIN past_scan AS s ON s.scan_id = r.scan_id
          WHERE s.as_of IN ({listed}) GROUP BY r.sign_id, s.as_of)
        SELECT sign_id, count(*) FILTER (state = 'run'), count(*), arg_max(reason, as_of)
        FROM last GROUP BY sign_id HAVING sum(findings) = 0 ORDER BY sign_id""")
    found = []
    for sign, ran, all_months, reason in rows:
        ran_months, scanned = int(str(ran)), int(str(all_months))
        if ran_months >= SILENT_MONTHS:
            vi = f"{sign} không phát hiện gì trong {ran_months} tháng: bỏ, hoặc tìm xem thiếu dữ liệu gì."
            en = f"{sign} found nothing in {ran_months} months: retire it, or look for the data it lacks."
            found.append(Proposal("nothing_found", str(sign), None, vi, en))
        elif ran_months == 0 and scanned >= SILENT_MONTHS:
            vi = f"{sign} không chạy được trong {scanned} tháng ({reason}): tìm nguồn dữ liệu, hoặc bỏ."
            en = f"{sign} did not run in {scanned} months ({reason}): look for the data, or retire it."
            found.append(Proposal("did_not_run", str(sign), None, vi, en))
    return found
