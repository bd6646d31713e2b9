"""The employer's list of workers (forms D02) as employers fill it in Excel: a head and its lines out of each sheet.

A sheet is a paper form: titles, the unit, a heading over several rows with merged cells, a row of column numbers,
sections, lines, totals, signatures. What the words are is data (`layouts/d02.yaml`); this module knows their places.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from dauhieu.deliveries.archive import check_workbook
from dauhieu.deliveries.columns import plain
from dauhieu.deliveries.d02_layout import Layout, layout
from dauhieu.deliveries.record_values import plain_name
from dauhieu.deliveries.source import DOCUMENT, ROW_NO, ReadFault, ReadOptions, SourceRows
from dauhieu.errors import DeliveryError

Cells = Sequence[Any]
HEADING_ROWS = 6
# Less than this is no wage in đồng but a coefficient of the state's scale.
LEAST_WAGE = 1000
OLD_DIGITS = 9

_SECTION = re.compile(r"^\(?(I{1,3}|IV|VI{0,3}|IX|X)(?:[.\s]*(\d+))?\s*[.):]?(?:\s+(.*))?$")
_COLUMN_NUMBER = re.compile(r"^\(?(\d{1,2}|[A-Z])\)?(\s*=.*)?$")
_MONTH = re.compile(r"(?:t|tháng)?\s*(\d{1,2})\s*[-/.]\s*(\d{4})", re.IGNORECASE)
_SIGNED = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_FOR_MONTH = re.compile(r"tháng\s+(\d{1,2})\s*(?:năm|/)\s*(\d{4})", re.IGNORECASE)


@dataclass(slots=True)
class _Line:
    """One worker's line as it stands in the sheet."""

    row_no: int
    section: str
    cells: Mapping[str, str]


@dataclass(slots=True)
class _Sheet:
    """What one sheet says."""

    name: str
    form: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    signed: str | None = None
    month: str | None = None
    columns: dict[str, int] = field(default_factory=dict)
    lines: list[_Line] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)


def read(path: Path, options: ReadOptions) -> Iterator[SourceRows]:
    """The declaration of every sheet which holds the form."""
    found = False
    for name, rows in _sheets(path):
        sheet = _read_sheet(name, rows, layout())
        if sheet.columns:
            found = True
            yield from _rows(sheet, path, options)
    if not found:
        heading = "', '".join(layout().heading)
        raise DeliveryError(f"No sheet holds a list of form D02 (a row with '{heading}').", path=path)


def is_d02(path: Path) -> bool:
    """Whether a workbook looks like this form: its heading stands in the first rows of a sheet."""
    for name, rows in _sheets(path):
        first = (row for row, _ in zip(rows, range(60), strict=False))
        if _read_sheet(name, first, layout()).columns:
            return True
    return False


def _sheets(path: Path) -> Iterator[tuple[str, Iterable[Cells]]]:
    check_workbook(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as fault:
        raise DeliveryError("The workbook cannot be opened. Save it again as .xlsx.", path=path) from fault
    try:
        for sheet in book.worksheets:
            # Some programs write a wrong extent; without it every row is read as long as it is.
            sheet.reset_dimensions()
            yield sheet.title, sheet.iter_rows(values_only=True)
    finally:
        book.close()


def _read_sheet(name: str, rows: Iterable[Cells], words: Layout) -> _Sheet:
    sheet = _Sheet(name)
    heading: list[list[str]] = []
    major = minor = ""
    ended = False
    for row_no, cells in enumerate(rows, 1):
        texts = [_text(cell) for cell in cells]
        if not any(texts):
            continue
        if not heading:
            if _starts_heading(texts, words):
                heading.append(texts)
            else:
                _read_fact(texts, sheet, words)
            continue
        if not sheet.columns:
            numbers = _is_column_numbers(texts)
            section = _section(texts)
            if not numbers and section is None and not texts[0].isdecimal() and len(heading) < HEADING_ROWS:
                heading.append(texts)
                continue
            sheet.columns = _columns(heading, words)
            if numbers:
                continue
        signed = next((found for text in texts if (found := _SIGNED.search(text))), None)
        if signed:
            sheet.signed = "-".join((signed[3], signed[2].zfill(2), signed[1].zfill(2)))
        ended = ended or bool(signed) or any(plain(text).startswith(words.ends) for text in texts if text)
        if ended:
            continue
        cut = _section(texts)
        if cut is not None:
            number, text = cut
            major, minor = (major, text) if number else (text, "")
            continue
        line = {field: texts[place] for field, place in sheet.columns.items() if place < len(texts) and texts[place]}
        if any(plain(text).startswith(words.totals) for text in texts[:3] if text):
            continue
        if "name" in line and line.keys() - {"number", "name"}:
            sheet.lines.append(_Line(row_no, plain(f"{major} {minor}"), line))
        else:
            sheet.unknown.append(row_no)
    return sheet


def _text(cell: Any) -> str:
    """A cell as text; a date as its ISO day, a number without the fraction it does not have."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return " ".join(str(cell).split())


def _starts_heading(texts: Sequence[str], words: Layout) -> bool:
    bare = [plain(text) for text in texts]
    return all(any(plain(word) in text for text in bare) for word in words.heading)


def _read_fact(texts: Sequence[str], sheet: _Sheet, words: Layout) -> None:
    """A row above the table: the form's code, the month, or a label with its value."""
    for place, text in enumerate(texts):
        if not text:
            continue
        sheet.form = sheet.form or next((form for form in words.forms if form in text.upper()), "")
        month = _FOR_MONTH.search(text)
        if month and not _SIGNED.search(text):
            sheet.month = sheet.month or f"{month[2]}-{month[1].zfill(2)}-01"
        label, _, value = text.partition(":")
        for fact, labels in words.head.items():
            if plain(label) in labels and fact not in sheet.facts:
                value = value.strip() or next((later for later in texts[place + 1 :] if later), "")
                if value:
                    sheet.facts[fact] = value


def _is_column_numbers(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text]
    return len(filled) > 2 and all(_COLUMN_NUMBER.match(text) for text in filled)


def _section(texts: Sequence[str]) -> tuple[str, str] | None:
    """(number below the Roman one, text) of a row which opens a section."""
    filled = [text for text in texts if text]
    found = _SECTION.match(filled[0]) if filled else None
    if found is None:
        return None
    text = found[3] or (filled[1] if len(filled) > 1 else "")
    return (found[2] or "", text) if text else None


def _columns(heading: Sequence[Sequence[str]], words: Layout) -> dict[str, int]:
    """Where each field stands. A merged cell holds its text in its first column alone: it is carried to the right
    over columns which have a heading of their own below."""
    width = max(map(len, heading))
    rows = [[*row, *[""] * (width - len(row))] for row in heading]
    paths = []
    for place in range(width):
        path = []
        for depth, row in enumerate(rows):
            text = row[place]
            below = any(lower[place] for lower in rows[depth + 1 :])
            if not text and below:
                text = next((row[left] for left in range(place, -1, -1) if row[left]), "")
            if text:
                path.append(plain(text))
        paths.append(path)
    columns: dict[str, int] = {}
    for name, choices in words.columns.items():
        found = next(
            (
                place
                for choice in choices
                for place, path in enumerate(paths)
                if place not in columns.values() and _fits(path, choice)
            ),
            None,
        )
        if found is not None:
            columns[name] = found
    return columns


def _fits(path: Sequence[str], choice: Sequence[str]) -> bool:
    """Whether the words of a choice stand in this order in a heading, the last of them in its lowest cell."""
    if not path or choice[-1] not in path[-1]:
        return False
    upper = iter(path[:-1])
    return all(any(word in text for text in upper) for word in choice[:-1])


def _rows(sheet: _Sheet, path: Path, options: ReadOptions) -> Iterator[SourceRows]:
    words = layout()
    lines = [_line(line, number, sheet, words) for number, line in enumerate(sheet.lines, 1)]
    months = sorted(line["from_month"] for line in lines if line["from_month"])
    month = sheet.month or (months[0] if months else None)
    form = sheet.form or words.forms[0]
    code = _code(sheet, form, month, lines)
    names = _names(sheet, words)
    for row_no in sheet.unknown:
        options.collect(ReadFault(path, sheet.name, row_no, "", "unknown_row", code))
    for line in sheet.lines:
        wage = _amount(line.cells.get("wage", ""))
        if isinstance(wage, Decimal) and 0 < wage < LEAST_WAGE:
            options.collect(ReadFault(path, sheet.name, line.row_no, names["wage_base"], "wage_coefficient", code))
    head = {
        "declaration_code": code,
        "dossier_no": sheet.facts.get("dossier_no"),
        "form_code": form,
        "employer_code": sheet.facts.get("employer_code"),
        "submitted_at": sheet.signed,
        "effective_month": month,
        **words.constants,
    }
    shared = {"declaration_code": code, "submitted_on": sheet.signed, "employer_code": head["employer_code"]}
    yield _source("si_declaration", path, sheet.name, [head], [1], code)
    if lines:
        row_numbers = [line.row_no for line in sheet.lines]
        persons = [_identity(line.cells, words) for line in sheet.lines]
        yield replace(_source("person_identity", path, sheet.name, persons, row_numbers, code), beside=True)
        rows = _source("si_declaration_line", path, sheet.name, [shared | line for line in lines], row_numbers, code)
        yield replace(rows, names=names)


def _names(sheet: _Sheet, words: Layout) -> dict[str, str]:
    """Where a person finds a column: by its letter, for the heading is spread over several rows."""
    fields = {
        "person_code": words.person,
        "job_title": ("job_title",),
        "position_code": tuple(words.position),
        "wage_base": ("wage",),
        "allowance": words.allowance,
        "from_month": ("from_month",),
        "to_month": ("to_month",),
        "reason_code": ("reason",),
        "note": ("note",),
    }
    found = {door: next((field for field in of if field in sheet.columns), None) for door, of in fields.items()}
    return {door: get_column_letter(sheet.columns[field] + 1) for door, field in found.items() if field}


def _line(line: _Line, number: int, sheet: _Sheet, words: Layout) -> dict[str, str | None]:
    cells = line.cells
    wage = _amount(cells.get("wage", ""))
    allowances = [_amount(cells.get(name, "")) for name in words.allowance]
    # A share in percent or a coefficient is no amount; text which is no number is told by the checks.
    money = [part for part in allowances if isinstance(part, Decimal) and part >= LEAST_WAGE]
    return {
        "line_no": str(number),
        "person_code": _number(cells, words.person),
        "action": words.action(line.section, plain(cells.get("note", ""))),
        "job_title": cells.get("job_title"),
        "position_code": next((code for name, code in words.position.items() if name in cells), None),
        "wage_base": _whole(wage) if not isinstance(wage, Decimal) or wage >= LEAST_WAGE else None,
        "allowance": _whole(sum(money, Decimal(0))) if money else None,
        "from_month": _month(cells.get("from_month")),
        "to_month": _month(cells.get("to_month")),
        "reason_code": cells.get("reason"),
        "note": cells.get("note"),
    }


def _identity(cells: Mapping[str, str], words: Layout) -> dict[str, str | None]:
    """Who the worker is; a number of nine digits is that of an old identity card."""
    national = _number(cells, ("national_number",))
    is_old = national is not None and len(national) == OLD_DIGITS
    return {
        "person_code": _number(cells, words.person),
        "si_number": _number(cells, ("si_number",)),
        "national_number": None if is_old else national,
        "old_id_number": national if is_old else None,
        "full_name": cells.get("name"),
        "name_norm": plain_name(cells.get("name", "")) or None,
    }


def _number(cells: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((cells[name].replace(" ", "") for name in names if name in cells), None)


def _amount(text: str) -> Decimal | str | None:
    """Money as people write it: 5.000.000 đ; the text itself where it is no number."""
    bare = re.sub(r"(đồng|vnđ|vnd|đ|\s)", "", text, flags=re.IGNORECASE)
    if not bare:
        return None
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", bare):
        return Decimal(re.sub(r"[.,]", "", bare))
    if re.fullmatch(r"\d+([.,]\d+)?", bare):
        return Decimal(bare.replace(",", "."))
    return text


def _whole(amount: Decimal | str | None) -> str | None:
    return f"{amount:f}" if isinstance(amount, Decimal) else amount


def _month(text: str | None) -> str | None:
    """The first day of a month written 05/2024; other text as it is, for the checks to judge."""
    found = _MONTH.fullmatch(text) if text else None
    return f"{found[2]}-{found[1].zfill(2)}-01" if found else text


def _code(sheet: _Sheet, form: str, month: str | None, lines: Sequence[Mapping[str, str | None]]) -> str:
    """The dossier's number; without one a code which the same list always gets again."""
    employer = sheet.facts.get("employer_code", "")
    if sheet.facts.get("dossier_no"):
        return "/".join(part for part in (employer, sheet.facts["dossier_no"]) if part)
    text = repr([sorted(line.items(), key=lambda item: item[0]) for line in lines])
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return "/".join(part for part in (employer, form, (month or "")[:7], digest) if part)


def _source(
    table: str, path: Path, place: str, rows: Sequence[Mapping[str, str | None]], row_numbers: Sequence[int], code: str
) -> SourceRows:
    arrays = [pa.array([row[name] for row in rows], pa.string()) for name in rows[0]]
    arrays += [pa.array(row_numbers, pa.int64()), pa.array([code] * len(rows), pa.string())]
    batch = pa.RecordBatch.from_arrays(arrays, names=[*rows[0], ROW_NO, DOCUMENT])
    return SourceRows(table, path, place, iter((batch,)))
