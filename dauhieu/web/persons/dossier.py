"""All there is on one person, by branch as far as the scope goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.audit.acts import ACT_TITLES, Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.identities.queries import known_handles
from dauhieu.web.persons.actions import subject_of
from dauhieu.web.persons.names import benefit_name, care_name, number_name, sex_name
from dauhieu.web.persons.ribbon import Ribbon, ribbon
from dauhieu.web.radar import queries
from dauhieu.web.radar.dossiers import BySign, by_sign, mask
from dauhieu.web.radar.insured import Insured
from dauhieu.web.radar.lake import Lake, listed, text

SHOWN_BENEFITS, SHOWN_CARE, SHOWN_READS = 20, 20, 20
NUMBERS = ("si_number", "national_number", "old_id_number", "passport_number")


@dataclass(frozen=True, slots=True)
class Employment:
    """A time at one employer; its page is linked where the scope reaches it."""

    name: str
    code: str
    first: date
    last: date
    wage: int | None
    linked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A benefit or a stay in one line."""

    title: str
    since: date
    until: date | None
    where: str
    amount: int
    paid: int | None


@dataclass(frozen=True, slots=True)
class Look:
    moment: Any
    who: str
    act: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Person:
    """`numbers` are names of numbers with what may be shown of them."""

    name: str
    numbers: tuple[tuple[str, str], ...]
    birth: str
    sex: str
    address: str
    died: date | None
    points: int
    reasons: tuple[Mapping[str, Any], ...]
    signs: tuple[BySign, ...]
    evidence: frozenset[str]
    ribbon: Ribbon | None
    employments: tuple[Employment, ...]
    benefits: tuple[Line, ...]
    benefits_paid: int
    pensions: tuple[Mapping[str, Any], ...]
    care: tuple[Line, ...]
    care_count: int
    care_cost: int
    looks: tuple[Look, ...]


def masked_number(person: Insured) -> str:
    return mask(person.number) or ""


def person_page(lake: Lake, scope: Scope, person: Insured, month: date, *, numbers: bool) -> Person:
    """`numbers` says whether they are shown in full, and with them the day of birth and the address."""

    def ask(sql: str) -> tuple[Mapping[str, Any], ...]:
        return lake.ask_of(scope, person, sql)

    identity = next(iter(ask("SELECT * FROM identity ORDER BY si_number NULLS LAST LIMIT 1")), {})
    register = next(iter(ask("SELECT * FROM register ORDER BY created_at NULLS LAST LIMIT 1")), {})
    reasons = ask(f"SELECT * FROM own_reason WHERE as_of = {text(month)} ORDER BY points DESC, violation")
    findings = ask(
        f"SELECT * FROM own_finding WHERE as_of = {text(month)} "
        "ORDER BY amount DESC NULLS LAST, period_from, finding_id"
    )
    contributions = ask(f"SELECT * FROM contribution WHERE month <= {text(month)} ORDER BY month, fund")
    benefits, benefits_paid = _benefits(ask)
    care, care_count, care_cost = _care(lake, ask)
    born = register.get("date_of_birth")
    return Person(
        name=identity.get("full_name") or "",
        numbers=tuple(
            (number_name(column), identity[column] if numbers else mask(identity[column]) or "")
            for column in NUMBERS
            if identity.get(column)
        ),
        birth=(f"{born:%d/%m/%Y}" if numbers else f"{born:%Y}") if born else "",
        sex=sex_name(register.get("sex") or ""),
        address=(identity.get("address") or "") if numbers else "",
        died=register.get("date_of_death"),
        points=sum(row["points"] for row in reasons),
        reasons=tuple({**row, "title": queries.violation_title(row["violation"])} for row in reasons),
        signs=by_sign(findings),
        evidence=_with_evidence(lake, scope, findings),
        ribbon=ribbon(month, contributions, ask("SELECT * FROM enrolment"), ask("SELECT * FROM voluntary")),
        employments=_employments(lake, scope, contributions),
        benefits=benefits,
        benefits_paid=benefits_paid,
        pensions=ask("SELECT * FROM pension ORDER BY start_month"),
        care=care,
        care_count=care_count,
        care_cost=care_cost,
        looks=looks_at(person),
    )


def _with_evidence(lake: Lake, scope: Scope, findings: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The findings whose rows stand on the page of a unit in the scope."""
    ids = [row["finding_id"] for row in findings]
    if not ids:
        return frozenset()
    rows = lake.ask(scope, f"SELECT DISTINCT finding_id FROM finding WHERE finding_id IN ({listed(ids)})")
    return frozenset(row["finding_id"] for row in rows)


def _employments(lake: Lake, scope: Scope, rows: Iterable[Mapping[str, Any]]) -> tuple[Employment, ...]:
    held: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["employer_id"] is not None:
            held.setdefault(row["employer_id"], []).append(row)
    if not held:
        return ()
    ids = ", ".join(map(str, sorted(held)))
    names = queries.unit_names(lake, (("employer", one) for one in held))
    codes = {
        row["id"]: row["code"]
        for row in lake.reference(f"SELECT id, code FROM stored_key_employer WHERE id IN ({ids})")
    }
    near = lake.ask(
        scope,
        "SELECT DISTINCT subject_id FROM reason WHERE subject_kind = 'employer' AND subject_id IN "
        f"({ids}) AND as_of = (SELECT max(as_of) FROM reason)",
    )
    seen = {row["subject_id"] for row in near}
    found = [
        Employment(
            names.get(("employer", one)) or codes.get(one, ""),
            codes.get(one, ""),
            min(row["month"] for row in months),
            max(row["month"] for row in months),
            months[-1]["wage_base"],
            one in seen,
        )
        for one, months in held.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.last, one.first), reverse=True))


def _benefits(ask: Any) -> tuple[tuple[Line, ...], int]:
    paid = {
        row["decision_id"]: row["paid"]
        for row in ask(
            "SELECT decision_id, CAST(sum(amount) AS BIGINT) AS paid FROM payment WHERE status = 'paid' GROUP BY 1"
        )
    }
    rows = ask("SELECT * FROM decision ORDER BY from_date DESC, decision_id")
    lines = tuple(
        Line(
            benefit_name(row["benefit_type"]),
            row["from_date"],
            row["to_date"],
            row["org_code"] or "",
            (row["amount"] or 0) + (row["one_off_amount"] or 0),
            paid.get(row["decision_id"], 0),
        )
        for row in rows[:SHOWN_BENEFITS]
    )
    return lines, sum(paid.values())


def _care(lake: Lake, ask: Any) -> tuple[tuple[Line, ...], int, int]:
    """Where and when, and what it cost; not of what somebody was ill."""
    whole = ask("SELECT count(*) AS stays, CAST(round(coalesce(sum(hi_amount), 0)) AS BIGINT) AS cost FROM care")[0]
    rows = ask(f"SELECT * FROM care ORDER BY admission_at DESC, hi_claim_id LIMIT {SHOWN_CARE}")
    names = queries.unit_names(lake, (("facility", row["facility_id"]) for row in rows))
    lines = tuple(
        Line(
            care_name(row["care_type"]),
            row["admission_at"].date(),
            row["discharge_at"].date() if row["discharge_at"] else None,
            names.get(("facility", row["facility_id"])) or "",
            round(row["total_hi"] or 0),
            round(row["hi_amount"] or 0),
        )
        for row in rows
    )
    return lines, whole["stays"], whole["cost"]


def looks_at(person: Insured) -> tuple[Look, ...]:
    """Who looked at this person or tried to, under whichever number; the newest first."""
    subjects = [subject_of(handle) for handle in known_handles(person.numbers)]
    names = dict(User.objects.values_list("username", "full_name"))
    return tuple(
        Look(entry.moment, names.get(entry.actor) or entry.actor, str(ACT_TITLES[Act(entry.act)]), entry.purpose)
        for entry in Entry.objects.filter(subject__in=subjects)[:SHOWN_READS]
    )
