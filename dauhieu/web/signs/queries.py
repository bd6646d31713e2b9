from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from dauhieu.catalogue.budget import BUDGETS, Budget, read_budgets
from dauhieu.catalogue.catalogue import read_sign_examples
from dauhieu.catalogue.citation import citation
from dauhieu.catalogue.example import ORDINARY, Example
from dauhieu.catalogue.parts import binding_digest
from dauhieu.catalogue.record import Promotion, Proved, read_record
from dauhieu.catalogue.sign import LegalBasis, Sign, Tuning
from dauhieu.catalogue.violation import Violation
from dauhieu.errors import DauhieuError
from dauhieu.findings.evidence import LawInForce
from dauhieu.law.law import Law
from dauhieu.law.parameter import Parameter
from dauhieu.law.read import law
from dauhieu.warehouse.contract import contract
from dauhieu.web.signs.models import SignVersion
from dauhieu.web.signs.names import TONES, age_name, status_name, subject_name, threshold_value, unit_name
from dauhieu.web.signs.shelf import catalogue, plain, shelf
from dauhieu.web.signs.shelf import sign as find_sign
from dauhieu.web.ui.words import language

# Of drawn tables with many alike rows the first show enough.
ROWS_SHOWN = 12
NAMED_LAW = re.compile(r"\blaw\.(\w+)\s*\(")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which signs a page is asked for; what is empty is not asked."""

    branch: str = ""
    subject: str = ""
    severity: str = ""
    status: str = ""
    violation: str = ""
    q: str = ""


def asked(query: QueryDict) -> Asked:
    return Asked(**{name: query.get(name, "").strip()[:80] for name in Asked.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class SignRow:
    sign: Sign
    title: str
    violation: str
    subject: str
    status: str
    tone: str


def signs(wanted: Asked) -> tuple[SignRow, ...]:
    """By id; every word searched for must stand somewhere in the texts of the sign, without minding case or accents."""
    words = plain(wanted.q).split()
    known = shelf()
    return tuple(
        _row(one)
        for one in known.catalogue.signs.values()
        if _fits(one, wanted) and all(word in known.words[one.id] for word in words)
    )


def _fits(sign: Sign, wanted: Asked) -> bool:
    names = ("branch", "subject", "status", "violation")
    same = all(getattr(wanted, name) in ("", getattr(sign, name)) for name in names)
    return same and wanted.severity in ("", str(sign.severity))


def _row(sign: Sign) -> SignRow:
    violation = catalogue().violations[sign.violation]
    return SignRow(
        sign,
        getattr(sign.title, language()),
        getattr(violation.title, language()),
        subject_name(sign.subject),
        status_name(sign.status),
        TONES[sign.status],
    )


def subjects_in_use() -> set[str]:
    return {sign.subject for sign in catalogue().signs.values()}


def violation_options() -> list[tuple[str, str]]:
    used = {sign.violation for sign in catalogue().signs.values()}
    return [
        (name, f"{name} {getattr(one.title, language())}")
        for name, one in catalogue().violations.items()
        if name in used
    ]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold; `local` is the value which the agency has set over the shipped one, with who set it and why."""

    name: str
    value: str
    unit: str
    why: str
    local: str = ""
    local_why: str = ""


@dataclass(frozen=True, slots=True)
class LawValue:
    """A statutory value which the SELECT reads, with all its times of force."""

    name: str
    meaning: str
    spans: tuple[tuple[date, date | None, str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A drawn table; `columns` are names with their meaning, `more` rows are not shown."""

    name: str
    meaning: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    more: int


@dataclass(frozen=True, slots=True)
class ShownExample:
    title: str
    as_of: date
    tables: tuple[ShownTable, ...]
    finds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignPage:
    row: SignRow
    violation: Violation
    rule: str
    reading: str
    violation_words: tuple[str, ...]
    articles: tuple[tuple[str, LegalBasis], ...]
    thresholds: tuple[Threshold, ...]
    law: tuple[LawValue, ...]
    needs: tuple[tuple[str, str, str], ...]
    innocent: tuple[str, ...]
    ask_for: tuple[str, ...]
    examples: tuple[ShownExample, ...]
    proofs: tuple[tuple[Proved, bool], ...]
    promotions: tuple[Promotion, ...]
    budget: Budget | None
    versions: tuple[SignVersion, ...]


def sign(sign_id: str) -> SignPage | None:
    found = find_sign(sign_id)
    if found is None:
        return None
    violation = catalogue().violations[found.violation]
    spoken = language()
    words = (violation.description, violation.legal_basis, violation.sanction)
    proofs, promotions = _proof(found)
    return SignPage(
        _row(found),
        violation,
        getattr(found.rule, spoken),
        getattr(found.reading, spoken) if found.reading else "",
        tuple(getattr(one, spoken) for one in words),
        tuple((citation(one, spoken), one) for one in found.legal_basis),
        tuple(_threshold(name, one) for name, one in found.tuning.items()),
        law_values(found.sql + found.evidence, law()),
        tuple((table, table_meaning(table), age_name(age)) for table, age in found.needs.required.items()),
        getattr(found.innocent_explanations, spoken),
        getattr(found.ask_for, spoken),
        examples(found),
        proofs,
        promotions,
        read_budgets(BUDGETS, catalogue()).get(found.id) if not found.site else None,
        tuple(SignVersion.objects.filter(sign_id=found.id)),
    )


def table_meaning(name: str) -> str:
    table = contract().tables.get(name)
    return str(getattr(table.meaning, language())) if table else ""


def _threshold(name: str, one: Tuning) -> Threshold:
    why, unit = getattr(one.why, language()), unit_name(one.unit)
    if one.local is None:
        return Threshold(name, threshold_value(one.value), unit, why)
    told = f"{one.local.why} ({one.local.by})"
    return Threshold(name, threshold_value(one.value), unit, why, threshold_value(one.local.value), told)


def law_values(sql: str, known: Law) -> tuple[LawValue, ...]:
    """The statutory values which a text names, in the order of their first naming."""
    names = [name for name in dict.fromkeys(NAMED_LAW.findall(sql)) if name in known.parameters]
    return tuple(law_value(known.parameters[name]) for name in names)


def law_value(parameter: Parameter) -> LawValue:
    spans = []
    for span in parameter.spans:
        values = {" ".join(map(str, key)): value for key, value in span.values.items()}
        shown = LawInForce(parameter, values, span.source).shown(language())
        spans.append((span.valid_from, span.valid_to, shown, span.source))
    return LawValue(parameter.name, getattr(parameter, language()), tuple(spans))


def examples(sign: Sign) -> tuple[ShownExample, ...]:
    """The examples as tables; none where their file cannot be read, which the check tells."""
    try:
        return tuple(_example(one) for one in read_sign_examples(sign, contract()))
    except DauhieuError:
        return ()


def _example(one: Example) -> ShownExample:
    finds = tuple(", ".join(f"{name} = {value}" for name, value in found.items()) for found in one.finds)
    tables = []
    for name, drawn in one.tables.items():
        rows = tuple(tuple(_cell(cell) for cell in row) for row in drawn.rows[:ROWS_SHOWN])
        columns = tuple((column, column_meaning(name, column)) for column in drawn.columns)
        tables.append(ShownTable(name, table_meaning(name), columns, rows, max(0, len(drawn.rows) - ROWS_SHOWN)))
    return ShownExample(one.title, one.as_of, tuple(tables), finds)


def _cell(cell: str | None) -> str:
    return "∅" if cell is None else "·" if cell == ORDINARY else cell


def column_meaning(table: str, column: str) -> str:
    found = contract().tables.get(table)
    known = {one.name: one for one in found.columns} if found else {}
    return str(getattr(known[column].meaning, language())) if column in known else ""


def _proof(found: Sign) -> tuple[tuple[tuple[Proved, bool], ...], tuple[Promotion, ...]]:
    """Each proof, and whether it is of the text as it is now."""
    try:
        record = read_record(found.id, found.path)
    except DauhieuError:
        return (), ()
    now = binding_digest(found)
    return tuple((one, one.text == now) for one in record.proofs), record.promotions
