"""The workers of one employer in a month, masked: a list which leads to the pages of persons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dauhieu.web.accounts.scope import Scope
from dauhieu.web.persons.names import month_status_name
from dauhieu.web.radar import queries
from dauhieu.web.radar.dossiers import mask
from dauhieu.web.radar.insured import listed_ids
from dauhieu.web.radar.lake import Lake, Rows, text
from dauhieu.web.radar.names import short_name

PAGE = 50


@dataclass(frozen=True, slots=True)
class Worker:
    """`number` is for finding a handle, never for showing: that is `masked`."""

    number: str
    masked: str
    name: str
    wage: int | None
    status: str
    since: date
    paid: bool
    findings: int


@dataclass(frozen=True, slots=True)
class WorkerList:
    employer: str
    month: date
    rows: tuple[Worker, ...]
    total: int
    page: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // PAGE))


def worker_list(lake: Lake, scope: Scope, code: str, month: date, page: int) -> WorkerList | None:
    """Of the month, or of the last one before it in which anybody was insured; None where the employer has no page."""
    known = lake.ask(
        scope,
        "SELECT DISTINCT subject_id AS id FROM reason "
        f"WHERE subject_kind = 'employer' AND subject_code = {text(code)} AND as_of = {text(month)}",
    )
    if not known:
        return None
    employer = known[0]["id"]
    mine = f"SELECT * FROM worker WHERE employer_id = {employer} AND month <= {text(month)}"
    latest = lake.ask(scope, f"SELECT max(month) AS month FROM ({mine})")[0]["month"]
    name = queries.unit_names(lake, [("employer", employer)]).get(("employer", employer)) or code
    if latest is None:
        return WorkerList(name, month, (), 0, 1)
    people = f"""
        SELECT person_id, max(wage_base) FILTER (month = {text(latest)}) AS wage,
               any_value(month_status) FILTER (month = {text(latest)}) AS status,
               bool_and(is_paid) FILTER (month = {text(latest)}) AS paid, min(month) AS since
        FROM ({mine}) GROUP BY person_id HAVING max(month) = {text(latest)}"""
    ordered = f"""
        SELECT p.*, CAST(count(*) OVER () AS INTEGER) AS total, coalesce(f.findings, 0) AS findings
        FROM ({people}) AS p
        LEFT JOIN (
          SELECT subject_id, CAST(count(DISTINCT finding_id) AS INTEGER) AS findings FROM finding
          WHERE as_of = {text(month)} AND subject_kind = 'person'
            AND unit_kind = 'employer' AND unit_code = {text(code)}
          GROUP BY 1) AS f ON f.subject_id = p.person_id
        ORDER BY findings DESC, wage NULLS FIRST, person_id"""
    rows = lake.ask(scope, f"{ordered} LIMIT {PAGE} OFFSET {(page - 1) * PAGE}")
    if not rows:
        page = max(1, -(-lake.ask(scope, f"SELECT count(*) AS total FROM ({people})")[0]["total"] // PAGE))
        rows = lake.ask(scope, f"{ordered} LIMIT {PAGE} OFFSET {(page - 1) * PAGE}")
    names = _names(lake, scope, employer, rows)
    return WorkerList(
        name,
        latest,
        tuple(
            Worker(
                names[row["person_id"]]["number"],
                mask(names[row["person_id"]]["number"]) or "",
                short_name(names[row["person_id"]]["full_name"]),
                row["wage"],
                month_status_name(row["status"]),
                row["since"],
                row["paid"],
                row["findings"],
            )
            for row in rows
        ),
        rows[0]["total"] if rows else 0,
        page,
    )


def _names(lake: Lake, scope: Scope, employer: int, rows: Rows) -> Mapping[int, Mapping[str, Any]]:
    """Of the workers of one page alone: to name all takes longer than to list them."""
    if not rows:
        return {}
    found = lake.ask(
        scope,
        f"SELECT DISTINCT person_id, number, full_name FROM worker_name WHERE employer_id = {employer} "
        f"AND person_id IN ({listed_ids(row['person_id'] for row in rows)}) ORDER BY person_id",
    )
    return {row["person_id"]: row for row in found}
