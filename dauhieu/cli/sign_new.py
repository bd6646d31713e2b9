"""`dauhieu sign new`: an interview which leaves a pair of files that passes the ladder. Answers are options too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated

import typer

from dauhieu.catalogue.catalogue import SIGNS_FOLDER, Catalogue, read_catalogue
from dauhieu.catalogue.draft import Draft, countable_tables, next_id, write_draft
from dauhieu.catalogue.sign import AMOUNT_KINDS, BRANCHES, LegalBasis, Tuning
from dauhieu.catalogue.site import named_site
from dauhieu.cli.catalogue import Site
from dauhieu.cli.terminal import out
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import Text, contract
from dauhieu.yamlfile import suggestion

SEVERITIES = ("1", "2", "3", "4", "5")
THRESHOLD = re.compile(r"^\s*(?P<name>[a-z][a-z0-9_]*)\s*=\s*(?P<value>-?\d+)\s+(?P<unit>[^:]+):\s*(?P<why>.+)$")
THRESHOLD_FORM = "'name = whole number unit: why', such as 'least_share = 30 percent: what the best tenth reach'"
LAW_FORM = "'instrument; article; from[; to]', such as 'SI Law 41/2024/QH15; Art. 39; 2025-07-01'"


def new(
    branch: Annotated[str | None, typer.Option(help="social, unemployment, health or cross.")] = None,
    violation: Annotated[str | None, typer.Option(help="Violation it points at.")] = None,
    subject: Annotated[str | None, typer.Option(help="Whom it names: person, employer, facility ...")] = None,
    title: Annotated[str | None, typer.Option(help="Title in Vietnamese.")] = None,
    title_en: Annotated[str | None, typer.Option(help="Title in English.")] = None,
    rule: Annotated[str | None, typer.Option(help="The sentence an expert signs, in Vietnamese.")] = None,
    rule_en: Annotated[str | None, typer.Option(help="The same in English.")] = None,
    tables: Annotated[str | None, typer.Option(help="Tables, commas between; the first has the rows.")] = None,
    law: Annotated[list[str] | None, typer.Option(help=f"Legal basis: {LAW_FORM}; repeat it.")] = None,
    threshold: Annotated[list[str] | None, typer.Option(help=f"Threshold: {THRESHOLD_FORM}; repeat it.")] = None,
    severity: Annotated[int | None, typer.Option(min=1, max=5, help="How grave the violation is, 1 to 5.")] = None,
    amount_kind: Annotated[str | None, typer.Option(help=f"One of {', '.join(AMOUNT_KINDS)}.")] = None,
    site: Site = None,
) -> None:
    """Ask what a sign needs, and write its first draft with examples. What is given as an option is not asked."""
    catalogue = read_catalogue(contract(), named_site(site) if site else None)
    chosen = _violation(catalogue, branch, violation)
    kind = _one_of("Đối tượng / Subject", subject, tuple(contract().kinds))
    draft = Draft(
        violation=chosen,
        branch=catalogue.violations[chosen].branch,
        subject=kind,
        title=Text(_text("Tiêu đề (vi)", title), _text("Title (en)", title_en)),
        rule=Text(_text("Quy tắc, một câu (vi)", rule), _text("Rule, one sentence (en)", rule_en)),
        severity=int(_one_of("Mức độ / Severity", str(severity) if severity else None, SEVERITIES)),
        amount_kind=_one_of("Loại số tiền / Kind of amount", amount_kind, AMOUNT_KINDS),
        legal_basis=_laws(law),
        tables=_tables(kind, tables),
        thresholds=_thresholds(threshold),
    )
    identifier = next_id(chosen, catalogue)
    folder = catalogue.site / "signs" if catalogue.site else SIGNS_FOLDER
    sign, examples = write_draft(folder, identifier, draft, contract())
    at = f" --site {site}" if site else ""
    lines = (
        f"{identifier}: {sign}",
        f"{' ' * len(identifier)}  {examples}",
        "It counts rows so far. Now, in this order:",
        "  1. Write what may explain it innocently and what to ask for.",
        "  2. Write an example for each side of every threshold and of every date of law.",
        "  3. Put the rule in place of the count, until the examples hold:",
        f"       dauhieu check {identifier}{at}",
        "  4. Let it run on trial:",
        f"       dauhieu sign promote {identifier} --to experimental{at}",
    )
    for line in lines:
        out.print(line, markup=False, highlight=False)


def _text(question: str, given: str | None) -> str:
    return given if given is not None else str(typer.prompt(question))


def _one_of(question: str, given: str | None, known: tuple[str, ...]) -> str:
    value = given if given is not None else str(typer.prompt(f"{question} ({', '.join(known)})"))
    if value not in known:
        raise SignError(f"'{value}' is none of {', '.join(known)}.{suggestion(value, known)}")
    return value


def _violation(catalogue: Catalogue, branch: str | None, given: str | None) -> str:
    """Who does not name a violation is shown those of a branch."""
    known = catalogue.violations
    if given is None:
        place = _one_of("Lĩnh vực / Branch", branch, BRANCHES)
        for name, violation in known.items():
            if violation.branch == place:
                out.print(f"  {name}  {violation.title.vi} / {violation.title.en}", markup=False, highlight=False)
        given = str(typer.prompt("Hành vi / Violation"))
    if given not in known:
        raise SignError(f"There is no violation '{given}'.{suggestion(given, known)}")
    if branch and known[given].branch != branch:
        raise SignError(f"Violation '{given}' is of the branch '{known[given].branch}', not '{branch}'.")
    return given


def _tables(subject: str, given: str | None) -> tuple[str, ...]:
    if given is None:
        usable = ", ".join(countable_tables(contract(), subject))
        out.print(f"  Bảng có thể đếm / Tables which can be counted: {usable}", markup=False, highlight=False)
        given = str(typer.prompt("Bảng / Tables"))
    names = tuple(name.strip() for name in given.split(",") if name.strip())
    return tuple(contract().table(name).name for name in names)


def _laws(given: list[str] | None) -> tuple[LegalBasis, ...]:
    written = given if given else [str(typer.prompt(f"Căn cứ pháp lý / Legal basis: {LAW_FORM}\n"))]
    return tuple(_law(text) for text in written)


def _law(text: str) -> LegalBasis:
    parts = [part.strip() for part in text.split(";")]
    try:
        days = [date.fromisoformat(part) for part in parts[2:]]
    except ValueError:
        days = []
    if not all(parts) or len(days) not in (1, 2) or len(parts) != 2 + len(days):
        raise SignError(f"'{text}' is no legal basis. Write {LAW_FORM}.")
    return LegalBasis(parts[0], parts[1], days[0], days[1] if len(days) == 2 else None)


def _thresholds(given: list[str] | None) -> Mapping[str, Tuning]:
    written = given
    if written is None:
        written = []
        question = f"Ngưỡng / Threshold: {THRESHOLD_FORM} (Enter: hết / no more)\n"
        while text := str(typer.prompt(question, default="", show_default=False)):
            written.append(text)
    found: dict[str, Tuning] = {}
    for text in written:
        match = THRESHOLD.match(text)
        if not match:
            raise SignError(f"'{text}' is no threshold. Write {THRESHOLD_FORM}.")
        why = match["why"].strip()
        found[match["name"]] = Tuning(int(match["value"]), match["unit"].strip(), Text(why, why))
    return found
