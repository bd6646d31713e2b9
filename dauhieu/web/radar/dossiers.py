"""All there is on one unit, and on one finding."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from dauhieu.catalogue.citation import citation
from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.workbench import Workbench
from dauhieu.errors import SignError
from dauhieu.findings.evidence import LawInForce, articles, law_in_force
from dauhieu.findings.evidence import evidence as evidence_rows
from dauhieu.findings.explain import sentence
from dauhieu.law.read import law
from dauhieu.looking import looking
from dauhieu.warehouse.contract import contract
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.radar import queries
from dauhieu.web.radar.facilities import Facility, facility_page
from dauhieu.web.radar.few import hidden
from dauhieu.web.radar.filters import Filters
from dauhieu.web.radar.lake import Lake, text
from dauhieu.web.radar.names import column_title
from dauhieu.web.signs.shelf import catalogue
from dauhieu.web.signs.shelf import sign as find_sign
from dauhieu.web.ui.words import NOTHING, language, written

REGISTERS = {"employer": ("stored_employer", "employer_id"), "facility": ("stored_facility", "facility_id")}
# Whose names stand in the registers of the agency are units, not persons.
PUBLIC_NAMES = "employer_identity"
SHOWN_FINDINGS = 5
SHOWN_ROWS = 200
SHOWN_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Found:
    """One finding in words."""

    id: str
    sentence: str
    amount: int | None
    state: str


@dataclass(frozen=True, slots=True)
class BySign:
    """What one sign found on a unit; the findings with most money first.

    Findings on persons are counted alone, and few of them not even that, for who may not see persons.
    """

    sign: Sign
    title: str
    violation: str
    count: int | None
    amount: int | None
    amount_kind: str
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as its page shows it; `reasons` are the parts of its points, `chart` its months."""

    kind: str
    code: str
    name: str
    office: str
    province: str
    province_code: str
    points: int
    points_before: int | None
    recoverable: int
    exposure: int
    hidden: str | None
    known: Mapping[str, Any]
    reasons: tuple[Mapping[str, Any], ...]
    signs: tuple[BySign, ...]
    chart: Mapping[str, Any] | None
    facility: Facility | None
    innocent: tuple[str, ...]
    ask_for: tuple[str, ...]
    articles: tuple[str, ...]


def unit_page(lake: Lake, scope: Scope, filters: Filters, kind: str, code: str) -> Unit | None:
    """None where there is nothing on such a unit in the scope."""
    mine = f"subject_kind = {text(kind)} AND subject_code = {text(code)}"
    rows = lake.ask(scope, f"SELECT * FROM reason WHERE {mine} ORDER BY points DESC, violation")
    now = tuple(row for row in rows if row["as_of"] == filters.month)
    if not now:
        return None
    before = [row for row in rows if row["as_of"] == filters.before]
    head = now[0]
    names = queries.unit_names(lake, [(kind, head["subject_id"])])
    signs = _found_on(lake, scope, filters.month, kind, code)
    return Unit(
        kind=kind,
        code=code,
        name=names.get((kind, head["subject_id"])) or code,
        office=queries.office_names(lake).get(head["org_code"], ""),
        province=queries.province_names(lake, "34").get(head["province"], ""),
        province_code=head["province"] or "",
        points=_points(now),
        points_before=_points(before) if filters.before else None,
        recoverable=sum(row["recoverable"] for row in now),
        exposure=sum(row["exposure"] for row in now),
        hidden=lake.hidden.get((kind, code)),
        known=_known(lake, scope, kind, head["subject_id"]),
        reasons=tuple({**row, "title": queries.violation_title(row["violation"])} for row in now),
        signs=signs,
        chart=_chart(lake, scope, filters.month, head["subject_id"]) if kind == "employer" else None,
        facility=_facility(lake, scope, filters.month, head) if kind == "facility" else None,
        innocent=_distinct(getattr(one.sign.innocent_explanations, language()) for one in signs),
        ask_for=_distinct(getattr(one.sign.ask_for, language()) for one in signs),
        articles=_distinct(
            [citation(basis, language()) for basis in articles(one.sign, head["period_from"], filters.month)]
            for one in signs
        ),
    )


def _facility(lake: Lake, scope: Scope, month: date, head: Mapping[str, Any]) -> Facility | None:
    if head["subject_id"] is None:
        return None
    return facility_page(lake, scope, month, head["subject_id"], head["subject_code"], head["province"] or "")


def _points(rows: Sequence[Mapping[str, Any]]) -> int:
    """Those of the warning where all its parts are in view: they are added up before they are rounded."""
    if rows and len(rows) == rows[0]["warning_violations"]:
        return int(rows[0]["warning_points"])
    return sum(row["points"] for row in rows)


def _distinct(lists: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for one in lists for item in one))


def _known(lake: Lake, scope: Scope, kind: str, subject_id: int | None) -> Mapping[str, Any]:
    """What the registers say of the unit."""
    if subject_id is None:
        return {}
    stored, column = REGISTERS[kind]
    rows = lake.ask(
        scope,
        f"SELECT s.* FROM {stored} AS s JOIN unit AS u ON u.subject_kind = {text(kind)} AND u.subject_id = s.{column} "
        f"WHERE s.{column} = {subject_id} AND s.superseded_at IS NULL",
    )
    return rows[0] if rows else {}


def _found_on(lake: Lake, scope: Scope, month: date, kind: str, code: str) -> tuple[BySign, ...]:
    rows = lake.ask(
        scope,
        f"SELECT * FROM finding WHERE as_of = {text(month)} AND unit_kind = {text(kind)} AND unit_code = {text(code)} "
        "ORDER BY amount DESC NULLS LAST, period_from, finding_id",
    )
    return by_sign(rows)


def by_sign(rows: Iterable[Mapping[str, Any]]) -> tuple[BySign, ...]:
    """Findings in words under their signs, the gravest first; those of a sign stay in their order."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["sign_id"], []).append(row)
    faceless = [name for name, findings in grouped.items() if any(map(_is_faceless, findings))]
    few = {faceless[place] for place in hidden([len(grouped[name]) for name in faceless])}
    found = []
    for name, findings in grouped.items():
        sign = find_sign(name)
        if sign is None:
            continue
        shown = () if name in faceless else findings[:SHOWN_FINDINGS]
        found.append(
            BySign(
                sign,
                getattr(sign.title, language()),
                queries.violation_title(sign.violation),
                None if name in few else len(findings),
                None if name in few else sum(row["amount"] or 0 for row in findings),
                sign.amount_kind,
                tuple(_told(sign, row) for row in shown),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.sign.severity, -(one.amount or 0), one.sign.id)))


def _is_faceless(row: Mapping[str, Any]) -> bool:
    """On a person whom this scope does not show."""
    return row["subject_code"] is None


def all_findings(lake: Lake, scope: Scope, month: date, kind: str, code: str) -> tuple[Mapping[str, Any], ...]:
    """Every finding on a unit in words, the gravest sign first: what its page shows the first of. Those on persons are
    one line a sign for who may not see persons."""
    rows = lake.ask(
        scope,
        f"SELECT * FROM finding WHERE as_of = {text(month)} AND unit_kind = {text(kind)} AND unit_code = {text(code)}",
    )
    told = [(sign, row) for row in rows if not _is_faceless(row) and (sign := find_sign(row["sign_id"]))]
    told.sort(key=lambda one: (-one[0].severity, one[0].id, -(one[1]["amount"] or 0), one[1]["finding_id"]))
    kept = ("finding_id", "period_from", "period_to", "amount")
    return (
        *({**_of_sign(sign, finding_sentence(sign, row)), **{name: row[name] for name in kept}} for sign, row in told),
        *(
            {**_of_sign(one.sign, _counted(one)), **dict.fromkeys(kept), "amount": one.amount}
            for one in by_sign(filter(_is_faceless, rows))
        ),
    )


def count_findings(lake: Lake, scope: Scope, month: date, kind: str, code: str) -> int:
    """Without those on persons whom this scope does not show."""
    where = f"as_of = {text(month)} AND unit_kind = {text(kind)} AND unit_code = {text(code)}"
    sql = f"SELECT count(*) AS total FROM finding WHERE {where} AND subject_code IS NOT NULL"
    total: int = lake.ask(scope, sql)[0]["total"]
    return total


def _of_sign(sign: Sign, words: str) -> dict[str, Any]:
    return {
        "sign": sign.id,
        "title": getattr(sign.title, language()),
        "sentence": words,
        "amount_kind": sign.amount_kind,
    }


def _counted(one: BySign) -> str:
    if one.count is None:
        return _("Findings on few persons")
    return _("%(count)s findings on persons") % {"count": written("count", one.count)}


def _told(sign: Sign, row: Mapping[str, Any]) -> Found:
    return Found(row["finding_id"], finding_sentence(sign, row), row["amount"], row["state"])


def finding_sentence(sign: Sign, row: Mapping[str, Any]) -> str:
    always = ("item", "period_from", "period_to", "amount")
    code = shown_code(row["subject_kind"], row["subject_code"])
    facts = json.loads(row["facts"]) | {name: row[name] for name in always} | {"subject_code": code}
    facts = {name: mask(value) if _is_personal(name) else value for name, value in facts.items()}
    if sign.item_kind and _is_person(sign.item_kind):
        facts["item"] = mask(row["item"])
    return sentence(getattr(sign.explain, language()), facts, language())


def shown_code(kind: str, code: str | None) -> str | None:
    """The code of a subject, that of a person masked."""
    return mask(code) if _is_person(kind) else code


def mask(code: str | None) -> str | None:
    """Enough to tell two apart, too little to look one up."""
    return f"•••{code[-3:]}" if code else code


def _is_person(kind: str) -> bool:
    known = contract().kinds.get(kind)
    return known is not None and known.personal


def _is_personal(column: str) -> bool:
    """`x_code` of a kind which is a person, or a thing of one person's own; names, addresses and the like."""
    return column.endswith(_personal_codes()) or column in _personal_columns()


@cache
def _personal_codes() -> tuple[str, ...]:
    return tuple(f"{kind}_code" for kind, one in contract().kinds.items() if one.personal)


@cache
def _personal_columns() -> frozenset[str]:
    return frozenset(
        column.name
        for table in contract().tables.values()
        if table.name != PUBLIC_NAMES
        for column in table.columns
        if column.personal in ("identity", "contact")
    )


def _chart(lake: Lake, scope: Scope, month: date, employer_id: int | None) -> Mapping[str, Any] | None:
    """Heads, insured payroll, due and paid, by month."""
    if employer_id is None:
        return None
    rows = lake.ask(
        scope,
        f"""
        SELECT d.month, d.heads, d.payroll, d.due, coalesce(p.paid, 0) AS paid
        FROM (SELECT month, CAST(max(headcount) AS INTEGER) AS heads, CAST(max(wage_fund) AS BIGINT) AS payroll,
                     CAST(sum(amount_due + coalesce(adjustment, 0)) AS BIGINT) AS due
              FROM due WHERE employer_id = {employer_id} AND month <= {text(month)} GROUP BY month) AS d
        LEFT JOIN (SELECT allocated_month AS month, CAST(sum(allocated_amount) AS BIGINT) AS paid
                   FROM paid WHERE employer_id = {employer_id} AND paid_at <= {text(month)} GROUP BY 1) AS p
        USING (month)
        ORDER BY month""",
    )[-SHOWN_MONTHS:]
    if not rows:
        return None
    series = (
        (_("Due (VND)"), "due", "bar", 0),
        (_("Paid (VND)"), "paid", "bar", 0),
        (_("Insured payroll (VND)"), "payroll", "line", 0),
        (_("Workers"), "heads", "line", 1),
    )
    return {
        "months": [written("month", row["month"]) for row in rows],
        "series": [
            {"name": name, "kind": kind, "axis": axis, "values": [row[column] for row in rows]}
            for name, column, kind, axis in series
        ],
    }


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """A finding with the rows which show it: `columns` are names and titles.

    `rows` is None where the sign can no longer show them.
    """

    row: Mapping[str, Any]
    sign: Sign
    title: str
    sentence: str
    articles: tuple[str, ...]
    law: tuple[tuple[str, str, str], ...]
    innocent: tuple[str, ...]
    ask_for: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...] | None
    total: int


def evidence_page(lake: Lake, scope: Scope, finding_id: str) -> EvidencePage | None:
    found = lake.ask(
        scope, f"SELECT * FROM finding WHERE finding_id = {text(finding_id)} ORDER BY as_of DESC, unit_kind LIMIT 1"
    )
    sign = find_sign(found[0]["sign_id"]) if found else None
    if sign is None:
        return None
    row = found[0]
    key = f"evidence {finding_id} {row['as_of']} {language()}"
    columns, rows, total, values = lake.keep(key, lambda: _evidence(lake, sign, row))
    return EvidencePage(
        row=row,
        sign=sign,
        title=getattr(sign.title, language()),
        sentence=finding_sentence(sign, row),
        articles=tuple(citation(one, language()) for one in articles(sign, row["period_from"], row["period_to"])),
        law=tuple((getattr(one.parameter, language()), one.shown(language()), one.source) for one in values),
        innocent=getattr(sign.innocent_explanations, language()),
        ask_for=getattr(sign.ask_for, language()),
        columns=columns,
        rows=rows,
        total=total,
    )


def _evidence(
    lake: Lake, sign: Sign, row: Mapping[str, Any]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, ...], ...] | None, int, tuple[LawInForce, ...]]:
    with looking(lake.store, row["as_of"]) as (_engine, sight):
        bench = Workbench(sight, catalogue(), law())
        try:
            table = evidence_rows(bench, sign, row)
            values = law_in_force(bench, sign, law(), row["period_to"])
        except SignError:
            # The contract may have moved on since the sign was retired; what was found is told all the same.
            return (), None, 0, ()
    tables = (*sign.needs.required, *sign.needs.helpful)
    columns = tuple((name, column_title(name, tables)) for name in table.column_names)
    shown = tuple(
        tuple(_cell(name, value) for name, value in line.items()) for line in table.slice(0, SHOWN_ROWS).to_pylist()
    )
    return columns, shown, table.num_rows, values


def _cell(column: str, value: Any) -> str:
    if value is None:
        return NOTHING
    if _is_personal(column):
        return mask(str(value)) or NOTHING
    if isinstance(value, date):
        return written("date", value)
    return written("count", value) if isinstance(value, int) and not isinstance(value, bool) else str(value)
