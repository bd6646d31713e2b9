"""The catalogue as a workbook, as experts exchange it, and what an expert has changed in one that comes back.

Texts and thresholds can be edited there; every other column is for reading. A change names the place in the sign's
file which it is about, so that it can be put there without touching anything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.compound import THRESHOLDS
from dauhieu.catalogue.sign import Sign
from dauhieu.errors import Fault, SignError
from dauhieu.law.law import Law
from dauhieu.yamlfile import Key, suggestion

TEXTS = ("title", "rule", "explain", "reading")
LISTS = ("innocent_explanations", "ask_for")
LANGUAGES = ("vi", "en")
SIGN_FACTS = ("sign", "violation", "branch", "subject", "severity", "status", "version", "legal_basis")
SIGN_TEXTS = tuple(f"{text}_{language}" for text in TEXTS for language in LANGUAGES)
SHEETS: Mapping[str, tuple[str, ...]] = {
    "signs": (*SIGN_FACTS, *SIGN_TEXTS),
    "thresholds": ("sign", "name", "value", "unit", "why_vi", "why_en"),
    "lists": ("sign", "list", "number", *LANGUAGES),
    "violations": ("violation", "branch", "actor", "title_vi", "title_en", "legal_basis_vi", "legal_basis_en"),
    "parameters": ("parameter", "name_vi", "name_en", "key", "from", "to", "value", "source"),
}
# Columns which an expert may change; they are coloured.
EDITED: Mapping[str, tuple[str, ...]] = {
    "signs": SIGN_TEXTS,
    "thresholds": ("value", "unit", "why_vi", "why_en"),
    "lists": LANGUAGES,
}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One value which differs: `key` is its place in the file of the sign."""

    sign: Sign
    key: Key
    old: object
    new: object

    def told(self) -> str:
        return f"{self.sign.id} {'.'.join(map(str, self.key))}: {self.old!s} -> {self.new!s}"


def write_workbook(path: Path, catalogue: Catalogue, law: Law) -> None:
    """Write all sheets to one new workbook."""
    rows = {
        "signs": [_sign_row(sign) for sign in catalogue.signs.values()],
        "thresholds": [row for sign in catalogue.signs.values() for row in _threshold_rows(sign)],
        "lists": [row for sign in catalogue.signs.values() for row in _list_rows(sign)],
        "violations": list(_violation_rows(catalogue)),
        "parameters": list(_parameter_rows(law)),
    }
    options = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(path), options) as book:
        head, edited = book.add_format({"bold": True}), book.add_format({"bold": True, "bg_color": "#FFF2CC"})
        for name, columns in SHEETS.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 2)
            sheet.autofilter(0, 0, max(len(rows[name]), 1), len(columns) - 1)
            for place, column in enumerate(columns):
                sheet.write(0, place, column, edited if column in EDITED.get(name, ()) else head)
                sheet.set_column(place, place, 60 if column.endswith(LANGUAGES) else 16)
            for number, row in enumerate(rows[name], start=1):
                sheet.write_row(number, 0, [row[column] for column in columns])


def read_changes(path: Path, catalogue: Catalogue) -> tuple[Change, ...]:
    """What the workbook says differently; rows and columns which are not there change nothing. All faults at once."""
    faults: list[Fault] = []
    changes = [
        change
        for name, edited in EDITED.items()
        for number, row in _rows(path, name)
        for change in _row_changes(path, name, number, row, edited, catalogue, faults)
    ]
    if faults:
        raise SignError(faults=faults)
    return tuple(changes)


def _sign_row(sign: Sign) -> Row:
    basis = "; ".join(
        f"{one.instrument} {one.article} ({one.valid_from} – {one.valid_to or ''})" for one in sign.legal_basis
    )
    facts = (sign.id, sign.violation, sign.branch, sign.subject, sign.severity, sign.status, sign.version, basis)
    return dict(zip(SIGN_FACTS, facts, strict=True)) | {name: _text(sign, name) for name in SIGN_TEXTS}


def _text(sign: Sign, column: str) -> str | None:
    text, language = column.rsplit("_", 1)
    both = getattr(sign, text)
    return None if both is None else str(getattr(both, language))


def _threshold_rows(sign: Sign) -> Iterator[Row]:
    for name, one in sign.tuning.items():
        row = {"sign": sign.id, "name": name, "value": _shown(one.value), "unit": one.unit}
        yield row | {"why_vi": one.why.vi, "why_en": one.why.en}


def _shown(value: object) -> object:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return value if isinstance(value, bool | int) else str(value)


def _list_rows(sign: Sign) -> Iterator[Row]:
    for name in LISTS:
        texts = getattr(sign, name)
        for number, (vi, en) in enumerate(zip(texts.vi, texts.en, strict=True), start=1):
            yield {"sign": sign.id, "list": name, "number": number, "vi": vi, "en": en}


def _violation_rows(catalogue: Catalogue) -> Iterator[Row]:
    for one in catalogue.violations.values():
        yield {
            "violation": one.id,
            "branch": one.branch,
            "actor": one.actor,
            "title_vi": one.title.vi,
            "title_en": one.title.en,
            "legal_basis_vi": one.legal_basis.vi,
            "legal_basis_en": one.legal_basis.en,
        }


def _parameter_rows(law: Law) -> Iterator[Row]:
    for parameter in law.parameters.values():
        for span in parameter.spans:
            for key, value in span.values.items():
                yield {
                    "parameter": parameter.name,
                    "name_vi": parameter.vi,
                    "name_en": parameter.en,
                    "key": ", ".join(map(str, key)),
                    "from": str(span.valid_from),
                    "to": str(span.valid_to or ""),
                    "value": None if value is None else _shown(value),
                    "source": span.source,
                }


def _rows(path: Path, sheet: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The filled rows of a sheet by column name, with their numbers in the sheet."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise SignError("This is no Excel workbook which can be read. Save it as .xlsx.", path=path) from error
    if sheet not in book.sheetnames:
        return
    rows = book[sheet].iter_rows(values_only=True)
    names = [str(cell) for cell in next(rows, ())]
    for number, cells in enumerate(rows, start=2):
        if any(cell is not None for cell in cells):
            yield number, dict(zip(names, cells, strict=False))


def _row_changes(
    path: Path,
    sheet: str,
    number: int,
    row: Row,
    edited: Sequence[str],
    catalogue: Catalogue,
    faults: list[Fault],
) -> Iterator[Change]:
    identifier = str(row.get("sign") or "")
    sign = catalogue.signs.get(identifier)
    if sign is None:
        hint = suggestion(identifier, catalogue.signs)
        faults.append(Fault(path, number, f"Sheet '{sheet}': there is no sign '{identifier}'.{hint}"))
        return
    known = _known(sign, sheet, row)
    if known is None:
        faults.append(Fault(path, number, f"Sheet '{sheet}': {identifier} has no such row. Rows are not added here."))
        return
    for column in edited:
        if column not in row or column not in known:
            continue
        key, old = known[column]
        try:
            new = _like(old, row[column])
        except ValueError:
            message = f"Sheet '{sheet}': column '{column}' holds {row[column]!r}, which is no {type(old).__name__}."
            faults.append(Fault(path, number, message))
            continue
        if new != old and key is None:
            message = f"Sheet '{sheet}': '{column}' of what a compound sign counts is not changed here, its value is."
            faults.append(Fault(path, number, message))
        elif new != old and key is not None:
            yield Change(sign, key, old, new)


def _known(sign: Sign, sheet: str, row: Row) -> dict[str, tuple[Key | None, Any]] | None:
    """Edited column -> its place in the sign's file, if it stands there, and its value now; None if the sign has no
    such row."""
    if sheet == "signs":
        texts = {column: _text(sign, column) for column in SIGN_TEXTS}
        return {column: (tuple(column.rsplit("_", 1)), text) for column, text in texts.items() if text is not None}
    if sheet == "thresholds":
        name = str(row.get("name"))
        if name not in sign.tuning:
            return None
        one = sign.tuning[name]
        if sign.counts and name in THRESHOLDS:
            # The product writes their units and reasons.
            made = {"unit": one.unit, "why_vi": one.why.vi, "why_en": one.why.en}
            return {"value": (("compound", name), one.value)} | {column: (None, text) for column, text in made.items()}
        at = ("tuning", name)
        return {
            "value": ((*at, "value"), one.value),
            "unit": ((*at, "unit"), one.unit),
            "why_vi": ((*at, "why", "vi"), one.why.vi),
            "why_en": ((*at, "why", "en"), one.why.en),
        }
    kind, place = str(row.get("list")), row.get("number")
    if kind not in LISTS or not isinstance(place, int) or not 1 <= place <= len(getattr(sign, kind).vi):
        return None
    texts_of = getattr(sign, kind)
    return {language: ((kind, language, place - 1), getattr(texts_of, language)[place - 1]) for language in LANGUAGES}


def _like(old: Any, cell: Any) -> Any:
    """A cell as a value of the kind which stands there now; ValueError when it is none."""
    if isinstance(old, bool):
        words = {"true": True, "1": True, "false": False, "0": False}
        if str(cell).strip().lower() not in words:
            raise ValueError(cell)
        return words[str(cell).strip().lower()]
    if isinstance(old, int):
        if isinstance(cell, float) and not cell.is_integer():
            raise ValueError(cell)
        return int(cell)
    if isinstance(old, date):
        return cell.date() if isinstance(cell, datetime) else date.fromisoformat(str(cell).strip())
    if isinstance(old, tuple):
        parts = [part.strip() for part in str(cell).split(",")]
        return tuple(_like(old[0], part) if old else part for part in parts if part)
    text = " ".join(str(cell or "").split())
    if not text:
        raise ValueError(cell)
    # Line breaks of the file are no change.
    return old if text == " ".join(str(old).split()) else text
