"""Planted truth: how much of what was planted in a synthetic country the signs find, and how much else they flag.

The truth names subject, violation, months and amount; look-alikes stand in it as innocent. A planted wrong is found
by a sign of its violation whose finding names the subject (or, for a finding on a person or practitioner, names it
as employer or facility) in months which touch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.parts import binding_digest
from dauhieu.engines.base import Engine
from dauhieu.errors import DauhieuError
from dauhieu.findings.stored import finding_files, findings_input, last_digests
from dauhieu.scoring.interval import Share, share
from dauhieu.scoring.rank import ORDERS, RankRequest, rank
from dauhieu.scoring.warnings import ROLLED_TO
from dauhieu.warehouse.sight import Sight
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

TRUTH_COLUMNS = {"subject_kind", "subject_code", "violation_id", "period_from", "period_to", "amount", "innocent"}
# Findings and truth name months by different ends of the same matter (a contribution, the payment after it).
SLACK_DAYS = 92
# Below this many planted subjects a recall says nothing.
PROVABLE = 5
RANKED_KINDS = ("employer", "facility")
FIRST_PERCENT = (1, 5)


@dataclass(frozen=True, slots=True)
class SignProof:
    """One sign against the truth of its violation; `innocent` are look-alikes it flagged.

    `text` is a digest of what its findings depend on, None when the sign is not as it was scanned.
    """

    sign_id: str
    violation_id: str
    subject: str
    findings: int
    flagged: int
    recall: Share
    precision: Share
    flag_rate: Share
    innocent: int
    text: str | None = None

    @property
    def provable(self) -> bool:
        return self.recall.of >= PROVABLE


@dataclass(frozen=True, slots=True)
class ViolationProof:
    """All signs of one violation together."""

    violation_id: str
    planted: int
    recall: Share


@dataclass(frozen=True, slots=True)
class RankProof:
    """Parts of the planted money (per cent of all) among the first units of a ranking."""

    kind: str
    by: str
    units: int
    money: int
    first: Mapping[int, float]


@dataclass(frozen=True)
class Proof:
    """The whole table."""

    as_of: date
    signs: tuple[SignProof, ...]
    violations: tuple[ViolationProof, ...]
    ranks: tuple[RankProof, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def prove(engine: Engine, sight: Sight, store: Store, version: Version, catalogue: Catalogue, truth: Path) -> Proof:
    """Compare the findings of the sight's month with a truth file."""
    planted = pq.read_table(truth)
    missing = TRUTH_COLUMNS - set(planted.column_names)
    if missing:
        raise DauhieuError(f"The truth file has no column {', '.join(sorted(missing))}.", path=truth)
    engine.register("truth", planted)
    engine.register("month_finding", findings_input(store, finding_files(store, version, sight.as_of)))
    engine.materialise("named", _named_sql())
    engine.materialise("hit", _hit_sql())
    people = population(engine, sight)
    scanned = last_digests(engine, store, version, sight.as_of)
    signs = tuple(
        replace(
            _sign(engine, sign.id, sign.violation, sign.subject, people),
            text=binding_digest(sign) if scanned.get(sign.id) == sign.digest else None,
        )
        for sign in catalogue.chosen()
    )
    violations = tuple(_violations(engine))
    ranks = tuple(
        _rank(engine, sight, store, version, kind, by, people[kind]) for kind in RANKED_KINDS for by in ORDERS
    )
    return Proof(sight.as_of, signs, violations, ranks)


def _named_sql() -> str:
    """Every subject a finding names, itself or through a fact."""
    through = " UNION ALL ".join(
        f"SELECT finding_id, sign_id, violation_id, '{kind}', json_extract_string(facts, '$.{fact}'), period_from, "
        f"period_to FROM month_finding WHERE json_extract_string(facts, '$.{fact}') IS NOT NULL"
        for kind, fact in ROLLED_TO.items()
    )
    return (
        "SELECT finding_id, sign_id, violation_id, subject_kind, subject_code, period_from, period_to "
        f"FROM month_finding UNION ALL {through}"
    )


def _hit_sql() -> str:
    return f"""
        SELECT DISTINCT n.sign_id, n.finding_id, t.violation_id, t.subject_kind, t.subject_code, t.innocent
        FROM named AS n
        JOIN truth AS t ON t.violation_id = n.violation_id AND t.subject_kind = n.subject_kind
                       AND t.subject_code = n.subject_code
        WHERE n.period_from <= t.period_to + {SLACK_DAYS} AND n.period_to >= t.period_from - {SLACK_DAYS}"""


def population(engine: Engine, sight: Sight) -> dict[str, int]:
    """How many subjects of each kind there are."""
    kinds = {kind.name: kind.table for kind in sight.contract.kinds.values() if kind.table}
    sight.show(kinds.values())
    return {
        kind: int(str(engine.rows(f'SELECT count(DISTINCT "{kind}_id") FROM "{table}"')[0][0]))
        for kind, table in kinds.items()
        if f"{kind}_id" in sight.contract.table(table).sql_columns()
    }


def _number(engine: Engine, sql: str) -> int:
    return int(str(engine.rows(sql)[0][0]))


def _sign(engine: Engine, sign: str, violation: str, subject: str, population: Mapping[str, int]) -> SignProof:
    own = f"sign_id = '{sign}'"
    findings, flagged = engine.rows(f"SELECT count(*), count(DISTINCT subject_code) FROM month_finding WHERE {own}")[0]
    planted = _number(
        engine,
        "SELECT count(*) FROM (SELECT DISTINCT subject_kind, subject_code FROM truth "
        f"WHERE violation_id = '{violation}' AND NOT innocent)",
    )
    found = _number(
        engine,
        f"SELECT count(*) FROM (SELECT DISTINCT subject_kind, subject_code FROM hit WHERE {own} AND NOT innocent)",
    )
    right = _number(engine, f"SELECT count(DISTINCT finding_id) FROM hit WHERE {own} AND NOT innocent")
    innocent = _number(engine, f"SELECT count(DISTINCT finding_id) FROM hit WHERE {own} AND innocent")
    total, subjects = int(str(findings)), int(str(flagged))
    return SignProof(
        sign,
        violation,
        subject,
        total,
        subjects,
        share(found, planted),
        share(right, total),
        share(min(subjects, population.get(subject, 0)), population.get(subject, 0)),
        innocent,
    )


def _violations(engine: Engine) -> list[ViolationProof]:
    rows = engine.rows(
        """
        WITH planted AS (
          SELECT DISTINCT violation_id, subject_kind, subject_code FROM truth WHERE NOT innocent),
        found AS (
          SELECT DISTINCT violation_id, subject_kind, subject_code FROM hit WHERE NOT innocent)
        SELECT p.violation_id, count(*), count(f.subject_code)
        FROM planted AS p
        LEFT JOIN found AS f USING (violation_id, subject_kind, subject_code)
        GROUP BY p.violation_id ORDER BY p.violation_id"""
    )
    return [ViolationProof(str(name), int(str(all_)), share(int(str(hit)), int(str(all_)))) for name, all_, hit in rows]


def _rank(engine: Engine, sight: Sight, store: Store, version: Version, kind: str, by: str, units: int) -> RankProof:
    request = RankRequest(kind, by, top=None, everybody=True)
    order = [row.subject_code for row in rank(engine, sight, store, version, request).rows]
    money = {
        str(code): int(str(amount))
        for code, amount in engine.rows(
            "SELECT subject_code, CAST(sum(amount) AS BIGINT) FROM truth "
            f"WHERE subject_kind = '{kind}' AND NOT innocent AND amount IS NOT NULL GROUP BY 1"
        )
    }
    total = sum(money.values())
    first = {
        percent: 100 * sum(money.get(code, 0) for code in order[: max(1, units * percent // 100)]) / total
        if total
        else 0
        for percent in FIRST_PERCENT
    }
    return RankProof(kind, by, units, total, first)
