"""Whom to look at first: the warnings of one kind of subject, in order, without those not to be checked now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dauhieu.engines.base import Engine, Input
from dauhieu.errors import StoreError
from dauhieu.findings.stored import finding_files, findings_input, month_part, scanned_months, show_ranking
from dauhieu.scoring.cases import CASES, target_column
from dauhieu.scoring.warnings import AMOUNT_KINDS, ROLLED_FROM, ROLLED_TO
from dauhieu.warehouse.sight import Sight
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

# By points (the score), by the money which is counted once, or by the plain sum of all amounts: the baseline
# beside which every better ranking must show itself.
ORDERS = ("points", "money", "amount")
HIDDEN = ("dissolved", "in_case", "checked")
GONE_STATUSES = ("dissolved", "bankrupt")
CHECKED_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Ranked:
    """One subject in its place; `hidden` says why a list of whom to check leaves it out."""

    place: int
    subject_code: str
    points: int
    money: int
    amount: int
    findings: int
    violations: int
    months: int
    reasons: tuple[Mapping[str, Any], ...]
    area_code: str | None
    org_code: str | None
    block_code: str | None
    hidden: str | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The list, and how many were left out for which reason."""

    as_of: date
    kind: str
    by: str
    rows: tuple[Ranked, ...]
    hidden: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RankRequest:
    """`area` may be a commune, district or province, and holds also the units it was made of; `everybody` shows the
    hidden too; `top` None is all.
    """

    kind: str
    by: str = "points"
    area: str | None = None
    block: str | None = None
    top: int | None = 20
    everybody: bool = False


def latest_scanned(version: Version) -> date:
    months = scanned_months(version)
    if not months:
        raise StoreError("No month has been scanned yet. Run 'dauhieu scan' first.")
    return months[-1]


def rank(engine: Engine, sight: Sight, store: Store, version: Version, request: RankRequest) -> Ranking:
    """Put the warnings of the sight's month in order; `version` holds them, the sight the data they came from."""
    as_of = sight.as_of
    _show(engine, sight, store, version)
    rows = engine.table(_rank_sql(sight, request)).to_pylist()
    hidden = {why: sum(row["hidden"] == why for row in rows) for why in HIDDEN}
    shown = [row for row in rows if request.everybody or not row["hidden"]]
    places = [_ranked(place, row) for place, row in enumerate(shown[: request.top], start=1)]
    return Ranking(as_of, request.kind, request.by, tuple(places), {why: n for why, n in hidden.items() if n})


def hidden_subjects(engine: Engine, sight: Sight, store: Store, version: Version, kind: str) -> dict[str, str]:
    """The subjects which a list of whom to check leaves out, by code, with the reason."""
    _show(engine, sight, store, version)
    ranked = _rank_sql(sight, RankRequest(kind))
    rows = engine.rows(f"SELECT subject_code, hidden FROM ({ranked}) WHERE hidden IS NOT NULL")
    return {str(code): str(why) for code, why in rows}


def _show(engine: Engine, sight: Sight, store: Store, version: Version) -> None:
    """Make readable what a ranking reads."""
    files = store.files(version, "warning")
    part = {store.path.resolve() / f.path for f in version.tables["warning"].files if f.part == month_part(sight.as_of)}
    engine.register("warning", Input(store.columns("warning"), tuple(file for file in files if file in part)))
    show_ranking(engine, "month_finding", findings_input(store, finding_files(store, version, sight.as_of)))
    sight.show(["admin_unit", "employer", CASES])


def _ranked(place: int, row: dict[str, Any]) -> Ranked:
    reasons = tuple(json.loads(row.pop("reasons")))
    return Ranked(place=place, reasons=reasons, **row)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _rank_sql(sight: Sight, request: RankRequest) -> str:
    as_of, target = sight.as_of, target_column(sight.contract, request.kind) or "CAST(NULL AS BIGINT)"
    kind = _text(request.kind)
    where = [f"w.subject_kind = {kind}"]
    if request.block:
        where.append(f"w.block_code = {_text(request.block)}")
    if request.area:
        where.append("w.area_code IN (SELECT code FROM inside)")
    money = " + ".join(f"w.{name}" for name in AMOUNT_KINDS if name != "exposure")
    own = f"subject_kind = {kind}"
    code = "subject_code"
    if request.kind in ROLLED_TO:
        fact = f"json_extract_string(facts, '$.{ROLLED_TO[request.kind]}')"
        from_kinds = ", ".join(_text(source) for source in ROLLED_FROM)
        own = f"({own} OR (subject_kind IN ({from_kinds}) AND {fact} IS NOT NULL))"
        code = f"CASE WHEN subject_kind = {kind} THEN subject_code ELSE {fact} END"
    return f"""
        WITH RECURSIVE inside AS (
          SELECT {_text(request.area or "")} AS code
          UNION
          SELECT u.admin_code FROM admin_unit AS u JOIN inside AS i ON i.code IN (u.parent_code, u.successor_code)),
        plain AS (
          SELECT {code} AS subject_code, CAST(coalesce(sum(amount), 0) AS BIGINT) AS amount
          FROM month_finding WHERE {own} GROUP BY 1),
        open_case AS (
          SELECT {target} AS subject_id, max(conclusion_date) AS concluded, max(period_to) AS period_to,
                 bool_or(conclusion_date IS NULL) AS is_open
          FROM {CASES} WHERE target_type = {kind} GROUP BY 1)
        SELECT w.subject_code, w.points, CAST({money} AS BIGINT) AS money, coalesce(p.amount, 0) AS amount,
               w.findings, w.violations, w.months, w.reasons, w.area_code, w.org_code, w.block_code,
               CASE WHEN e.status IN ({", ".join(_text(status) for status in GONE_STATUSES)}) THEN 'dissolved'
                    WHEN c.is_open THEN 'in_case'
                    WHEN c.concluded > DATE '{as_of}' - INTERVAL {CHECKED_MONTHS} MONTH AND NOT EXISTS (
                      SELECT 1 FROM unnest(from_json(w.reasons, '[{{"period_to":"DATE"}}]')) AS r(reason)
                      WHERE r.reason.period_to > c.period_to) THEN 'checked' END AS hidden
        FROM warning AS w
        LEFT JOIN plain AS p ON p.subject_code = w.subject_code
        LEFT JOIN employer AS e ON w.subject_kind = 'employer' AND e.employer_id = w.subject_id
        LEFT JOIN open_case AS c ON c.subject_id = w.subject_id
        WHERE {" AND ".join(where)}
        ORDER BY {request.by} DESC, points DESC, w.subject_code"""
