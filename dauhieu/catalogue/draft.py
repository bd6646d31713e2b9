"""The first text of a new sign, from what its author answers: a pair of files which passes the ladder as it is.

The SELECT counts the rows of a table which name one subject; the author replaces it by the rule, step by step, with
examples which fire and stay silent from the first minute on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dauhieu.catalogue.catalogue import EXAMPLES, Catalogue
from dauhieu.catalogue.sign import LegalBasis, Tuning
from dauhieu.catalogue.writing import write_whole, yaml_text
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import Contract, Table, Text
from dauhieu.yamlfile import suggestion

WORDS = re.compile(r"[^a-z0-9]+")
LEAST_ROWS = "least_rows"
WHY_LEAST = Text("của bản nháp đầu tiên; bỏ đi cùng phép đếm", "of the first draft; it goes with the count")
FACT = "rows_found"
PERIOD = ("{period_from:date}", "{period_to:date}")
AS_OF = date(2026, 10, 31)
# Signs of a site are numbered from here on, so that an update with new shipped ones does not take their ids.
FIRST_OF_SITE = 51


@dataclass(frozen=True, slots=True)
class Draft:
    """What the author of a new sign answers; the first table is the one whose rows are counted."""

    violation: str
    branch: str
    subject: str
    title: Text
    rule: Text
    severity: int
    amount_kind: str
    legal_basis: tuple[LegalBasis, ...]
    tables: tuple[str, ...]
    thresholds: Mapping[str, Tuning]

    @property
    def stem(self) -> str:
        """The name of the files, after the English title."""
        return WORDS.sub("_", self.title.en.lower()).strip("_")


def next_id(violation: str, catalogue: Catalogue) -> str:
    """The first free number among the signs of a violation."""
    taken = {*catalogue.signs, *(broken.name for broken in catalogue.broken)}
    number = FIRST_OF_SITE if catalogue.site else 1
    while f"{violation}-S{number}" in taken:
        number += 1
    return f"{violation}-S{number}"


def countable_tables(contract: Contract, subject: str) -> tuple[str, ...]:
    """Tables whose rows have a date and name a subject of this kind."""
    return tuple(
        table.name
        for table in contract.tables.values()
        if table.happens and table.clocked and any(column.kind == subject for column in table.columns)
    )


def draft_texts(identifier: str, draft: Draft, contract: Contract) -> tuple[str, str]:
    """The texts of the sign and of its examples."""
    usable = countable_tables(contract, draft.subject)
    main = draft.tables[0]
    if main not in usable:
        known = f"Name one of {', '.join(usable)} first." if usable else "Copy a sign with such a subject instead."
        raise SignError(f"'{main}' has no dated rows which name a {draft.subject}.{suggestion(main, usable)} {known}")
    table = contract.table(main)
    examples = _examples(table, draft.subject, _least(table, draft.subject))
    return yaml_text(_sign(identifier, draft, table)), examples


def write_draft(folder: Path, identifier: str, draft: Draft, contract: Contract) -> tuple[Path, Path]:
    """Write the pair under `folder`, the signs of a catalogue; nothing is ever overwritten."""
    sign_text, examples_text = draft_texts(identifier, draft, contract)
    sign = folder / draft.branch / f"{draft.stem}.yaml"
    examples = sign.with_name(sign.stem + EXAMPLES)
    for path in (sign, examples):
        if path.exists():
            raise SignError("The file is there already. Give the sign another English title.", path=path)
    write_whole(examples, examples_text)
    write_whole(sign, sign_text)
    return sign, examples


def _subject_column(table: Table, subject: str) -> str:
    named = [column.name for column in table.columns if column.kind == subject]
    return f"{subject}_id" if f"{subject}_id" in named else named[0]


def _least(table: Table, subject: str) -> int:
    """A subject which is the key has one row."""
    return 1 if table.key == (_subject_column(table, subject),) else 2


def _sign(identifier: str, draft: Draft, table: Table) -> dict[str, Any]:
    column = _subject_column(table, draft.subject)
    named = "" if column == f"{draft.subject}_id" else f" AS {draft.subject}_id"
    given = draft.thresholds.items()
    least = {"value": _least(table, draft.subject), "unit": "rows", "why": _both(WHY_LEAST)}
    own = {name: {"value": item.value, "unit": item.unit, "why": _why(item.why)} for name, item in given}
    # A threshold which no step uses would be a fault; these wait beside the place where they belong.
    notes = {name: " ".join(f"{item.unit}; {item.why.told()}".split()) for name, item in given}
    waiting = "".join(f"\n  -- ${name}: {note}" for name, note in notes.items())
    return {
        "id": identifier,
        "version": 1,
        "status": "draft",
        "violation": draft.violation,
        "subject": draft.subject,
        "severity": draft.severity,
        "amount_kind": draft.amount_kind,
        "title": _both(draft.title),
        "rule": _both(draft.rule),
        "explain": {
            "vi": f"Từ {PERIOD[0]} đến {PERIOD[1]} có {{{FACT}:count}} dòng dữ liệu ({table.meaning.vi}).",
            "en": f"From {PERIOD[0]} to {PERIOD[1]} there are {{{FACT}:count}} rows of {table.meaning.en}.",
        },
        "legal_basis": [_article(basis) for basis in draft.legal_basis],
        "needs": {"required": dict.fromkeys(draft.tables, "any")}
        | ({"identity": True} if table.name.endswith("_identity") else {}),
        "innocent_explanations": {
            "vi": ["Nguồn gửi dữ liệu ghi nhầm hoặc gửi trùng."],
            "en": ["The source recorded the rows wrongly or sent them twice."],
        },
        "ask_for": {
            "vi": ["Hồ sơ gốc của các dòng dữ liệu nêu trên."],
            "en": ["The original papers of the rows named."],
        },
        "tuning": {LEAST_ROWS: least} | own,
        "sql": (
            f"SELECT t.{column} AS subject_id, CAST(NULL AS VARCHAR) AS item,\n"
            f"       CAST(min(t.{table.happens}) AS DATE) AS period_from,\n"
            f"       CAST(max(t.{table.happens}) AS DATE) AS period_to,\n"
            f"       CAST(NULL AS BIGINT) AS amount, count(*) AS {FACT}\n"
            f"FROM {table.name} AS t\n"
            f"WHERE t.{column} IS NOT NULL{waiting}\n"
            f"GROUP BY t.{column}\n"
            f"HAVING count(*) >= ${LEAST_ROWS}\n"
        ),
        "evidence": (
            f"SELECT t.{column}{named}, t.{table.happens}, t.recorded_at\n"
            f"FROM {table.name} AS t\n"
            f"WHERE t.{column} = $subject_id AND CAST(t.{table.happens} AS DATE) BETWEEN $period_from AND $period_to\n"
            f"ORDER BY t.{table.happens}\n"
        ),
    }


def _why(text: Text) -> str | dict[str, str]:
    return text.vi if text.vi == text.en else _both(text)


def _both(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}


def _article(basis: LegalBasis) -> dict[str, Any]:
    found = {"instrument": basis.instrument, "article": basis.article, "from": basis.valid_from}
    return found | ({"to": basis.valid_to} if basis.valid_to else {})


def _examples(table: Table, subject: str, least: int) -> str:
    """At the threshold, above it, below it, without the subject, and after the month scanned."""

    def drawn(label: str, rows: int, year: int = 2026) -> str:
        column = _subject_column(table, subject).removesuffix("_id")
        lines = (f"{label:{len(column)}} | {year}-{month:02}-01" for month in range(1, rows + 1))
        return "\n".join([f"{column} | {table.happens}", *lines]) + "\n"

    def found(rows: int) -> list[dict[str, Any]]:
        return [{"subject": "A1", "period_from": date(2026, 1, 1), "period_to": date(2026, rows, 1), FACT: rows}]

    more = least if least == 1 else least + 1
    shown = [
        ("as many rows as the threshold are found", drawn("A1", least), found(least)),
        ("others beside it change nothing", drawn("A1", more) + drawn("", 1).splitlines()[1] + "\n", found(more)),
        ("one row fewer than the threshold is silent", drawn("A1", least - 1), []),
        ("rows which name nobody are silent", drawn("", least), []),
        ("rows after the month scanned do not exist", drawn("A1", least, year=2027), []),
    ]
    return yaml_text(
        [{"example": title, "as_of": AS_OF, table.name: text, "finds": finds} for title, text, finds in shown]
    )
