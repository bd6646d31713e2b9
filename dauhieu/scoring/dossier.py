"""The dossier of one unit, for one sheet of A4: what stands out, the amounts, the law, what the unit may answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.sign import RANKING, Sign
from dauhieu.compiler.workbench import Workbench
from dauhieu.findings.evidence import LawInForce, articles, law_in_force
from dauhieu.findings.explain import FORMATS, sentence
from dauhieu.findings.read import Subject, findings_table
from dauhieu.findings.thresholds import thresholds
from dauhieu.law.law import Law
from dauhieu.scoring.points import WEIGHTS
from dauhieu.scoring.warnings import AMOUNT_KINDS, ROLLED_TO
from dauhieu.warehouse.contract import Text
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

T = TypeVar("T")

SENTENCES = 5
# What fits on a sheet beside the sentences.
LINES = 12
FUNDS = ("retirement", "sickness_maternity", "oad", "ui", "hi")
COLUMNS = {
    "retirement": Text("hưu trí, tử tuất", "retirement"),
    "sickness_maternity": Text("ốm đau, thai sản", "sickness, maternity"),
    "oad": Text("TNLĐ, BNN", "accident, disease"),
    "ui": Text("BHTN", "unemployment"),
    "hi": Text("BHYT", "health"),
    "arrears": Text("chậm đóng, trốn đóng", "arrears"),
    "undue_benefit": Text("hưởng sai", "undue benefit"),
    "refused_cost": Text("chi phí KCB", "health cost"),
    "exposure": Text("rủi ro", "exposure"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Month:
    """Money of one month: for an employer what is due and unpaid by fund, for others the amounts found by kind."""

    month: date
    amounts: Mapping[str, int]


@dataclass(frozen=True)
class Dossier:
    """Everything the sheet says."""

    subject: Subject
    as_of: date
    points: int
    findings: int
    reasons: tuple[Mapping[str, Any], ...]
    sentences: tuple[Words, ...]
    columns: tuple[str, ...]
    months: tuple[Month, ...]
    articles: tuple[str, ...]
    law: tuple[Words, ...]
    local: tuple[Words, ...]
    answers: tuple[Words, ...]
    ask_for: tuple[Words, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def dossier(
    bench: Workbench, store: Store, version: Version, catalogue: Catalogue, law: Law, subject: Subject
) -> Dossier:
    """Gather the findings on a unit, and those on persons which weigh on it; none of signs on trial or excepted."""
    engine, as_of = bench.sight.engine, bench.sight.as_of
    rows = findings_table(
        engine, store, version, as_of, subject=subject, roll_fact=ROLLED_TO.get(subject.kind)
    ).to_pylist()
    rows = [row for row in rows if row["sign_status"] in (None, *RANKING) and not row["exception_id"]]
    for row in rows:
        row["facts"] = json.loads(row["facts"])
    rows.sort(key=lambda row: _weight(row, catalogue), reverse=True)
    signs = [catalogue.signs[name] for name in _distinct(row["sign_id"] for row in rows) if name in catalogue.signs]
    columns, months = _months(bench, subject, rows)
    warning = _warning(bench, store, version, subject)
    first = min((row["period_from"] for row in rows), default=as_of)
    return Dossier(
        subject=subject,
        as_of=as_of,
        points=warning.get("points", 0),
        findings=len(rows),
        reasons=tuple(json.loads(warning.get("reasons", "[]"))),
        sentences=tuple(_sentence(row, catalogue) for row in _one_a_violation(rows)[:SENTENCES]),
        columns=columns,
        months=months,
        articles=_distinct(f"{a.instrument} {a.article}" for sign in signs for a in articles(sign, first, as_of))[
            :LINES
        ],
        law=_law(bench, signs, law, as_of)[:LINES],
        local=tuple(
            Words(f"{sign.id} {one.told().vi}", f"{sign.id} {one.told().en}")
            for sign in signs
            for one in thresholds(sign, as_of)
            if one.by
        )[:LINES],
        answers=_distinct(
            Words(vi, en)
            for sign in signs
            for vi, en in zip(sign.innocent_explanations.vi, sign.innocent_explanations.en, strict=True)
        )[:LINES],
        ask_for=_distinct(
            Words(vi, en) for sign in signs for vi, en in zip(sign.ask_for.vi, sign.ask_for.en, strict=True)
        )[:LINES],
    )


def _distinct(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))


def _weight(row: Mapping[str, Any], catalogue: Catalogue) -> tuple[int, int]:
    sign = catalogue.signs.get(row["sign_id"])
    strength = row["strength"] or WEIGHTS.ordinary_strength
    return (WEIGHTS.severity[sign.severity] * strength if sign else 0), row["amount"] or 0


def _one_a_violation(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The heaviest finding of each violation."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row["violation_id"], row)
    return list(found.values())


def _sentence(row: Mapping[str, Any], catalogue: Catalogue) -> Words:
    sign = catalogue.signs[row["sign_id"]]
    always = ("subject_code", "item", "period_from", "period_to", "amount")
    facts = row["facts"] | {name: row[name] for name in always}
    return Words(
        f"{sign.title.vi}: {sentence(sign.explain.vi, facts, 'vi')}",
        f"{sign.title.en}: {sentence(sign.explain.en, facts, 'en')}",
    )


def _warning(bench: Workbench, store: Store, version: Version, subject: Subject) -> dict[str, Any]:
    engine = bench.sight.engine
    engine.register("warning", store.input(version, "warning"))
    code = subject.code.replace("'", "''")
    rows = engine.table(
        f"SELECT points, reasons FROM warning WHERE as_of = DATE '{bench.sight.as_of}' "
        f"AND subject_kind = '{subject.kind.replace(chr(39), '')}' AND subject_code = '{code}'"
    ).to_pylist()
    return rows[0] if rows else {}


def _months(
    bench: Workbench, subject: Subject, rows: Iterable[Mapping[str, Any]]
) -> tuple[tuple[str, ...], tuple[Month, ...]]:
    """For an employer the open amounts by fund and month; for other subjects the amounts found by kind."""
    if subject.kind == "employer":
        owed = _open_amounts(bench, subject)
        if owed:
            return FUNDS, owed
    found: dict[date, dict[str, int]] = {}
    for row in rows:
        month = found.setdefault(row["period_from"].replace(day=1), {})
        month[row["amount_kind"]] = month.get(row["amount_kind"], 0) + (row["amount"] or 0)
    months = [Month(month, amounts) for month, amounts in sorted(found.items()) if any(amounts.values())]
    return AMOUNT_KINDS, tuple(months[-LINES:])


def _open_amounts(bench: Workbench, subject: Subject) -> tuple[Month, ...]:
    bench.compute(["open_due"])
    bench.sight.show(keys=["employer"])
    code = subject.code.replace("'", "''")
    rows = bench.sight.engine.rows(
        "SELECT o.month, o.fund, CAST(sum(o.amount_open) AS BIGINT) FROM open_due AS o "
        f"JOIN keys__employer AS k ON k.id = o.employer_id WHERE k.code = '{code}' AND o.amount_open > 0 "
        "GROUP BY o.month, o.fund ORDER BY o.month"
    )
    found: dict[date, dict[str, int]] = {}
    for month, fund, amount in rows:
        if isinstance(month, date):
            found.setdefault(month, {})[str(fund)] = int(str(amount))
    return tuple(Month(month, amounts) for month, amounts in found.items())[-LINES:]


def _law(bench: Workbench, signs: Iterable[Sign], law: Law, as_of: date) -> tuple[Words, ...]:
    values: dict[str, LawInForce] = {}
    for sign in signs:
        for value in law_in_force(bench, sign, law, as_of):
            values[value.parameter.name] = value
    return tuple(
        Words(
            f"{value.parameter.vi}: {value.shown('vi')} ({value.source})",
            f"{value.parameter.en}: {value.shown('en')}",
        )
        for value in values.values()
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("dauhieu.scoring", "."),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["vnd"] = lambda value: FORMATS["count"](value, "vi")
    environment.filters["month"] = lambda value: FORMATS["month"](value, "vi")
    return environment


def as_html(found: Dossier, titles: Mapping[str, Text]) -> str:
    """The sheet as one HTML page without any address outside it; `titles` name violations."""
    return _environment().get_template("dossier.html").render(dossier=found, titles=titles, columns=COLUMNS)
