"""Tables for Excel: typed cells, a row of filters, and a sheet which says what it is, so that a file explains itself.

What comes from data is only ever text or a number. Text which Excel would take for a formula is marked as text, so that
it stays text also for somebody who edits the cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Literal
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from dauhieu.web.practice.words import file_name, practice_mark

Kind = Literal["text", "count", "vnd", "date", "month", "moment"]
FORMATS: Mapping[str, str] = {
    "text": "@",
    "count": "#,##0",
    "vnd": '#,##0 "₫"',
    "date": "dd/mm/yyyy",
    "month": "mm/yyyy",
    "moment": "dd/mm/yyyy hh:mm",
}
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What begins so is a formula for one spreadsheet or another.
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Rows of one export; what is more is told on the sheet about it.
MOST_ROWS = 50_000
TOLD_EVERY = 2_000
LONGEST_TEXT = 32_000
LONGEST_SHEET = 31
MARK_COLOUR = "#6B2FA0"
HEAD = {"bold": True, "bg_color": "#E9EFF7", "text_wrap": True, "valign": "top"}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    title: str
    kind: Kind = "text"
    width: int = 18


@dataclass(frozen=True, slots=True)
class Sheet:
    """`about` tells by whom, from what, and for which filters; `cautions` what a reader must bear in mind."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    about: Iterable[tuple[str, str]]
    cautions: Iterable[str]


def workbook(sheet: Sheet, tell: Callable[[float], None] = lambda share: None) -> bytes:
    """`tell` is told now and then which share of the rows is written."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        _write_rows(book, sheet, tell)
        _write_about(book, sheet)
    return file.getvalue()


def _write_rows(book: Any, sheet: Sheet, tell: Callable[[float], None]) -> None:
    page = book.add_worksheet(sheet.title[:LONGEST_SHEET])
    top = _write_mark(book, page, len(sheet.columns))
    forms = {kind: book.add_format({"num_format": form, "valign": "top"}) for kind, form in FORMATS.items()}
    quoted = book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True})
    head = book.add_format(HEAD)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(top, place, column.title, head)
    rows = sheet.rows[:MOST_ROWS]
    for at, row in enumerate(rows, top + 1):
        if at % TOLD_EVERY == 0:
            tell(min(1.0, at / len(rows)))
        for place, column in enumerate(sheet.columns):
            _write(page, at, place, row.get(column.name), forms[column.kind], quoted)
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, top + max(1, min(len(sheet.rows), MOST_ROWS)), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, top)


def _write_mark(book: Any, page: Any, columns: int) -> int:
    """The mark of practice over everything else, also on paper; returns in which row the table begins."""
    mark = practice_mark()
    if not mark:
        return 0
    form = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": MARK_COLOUR})
    for place in range(columns):
        page.write_string(0, place, mark if place == 0 else "", form)
    page.set_tab_color(MARK_COLOUR)
    page.set_header(f"&C&B{mark}")
    return 1


def _write(page: Any, row: int, place: int, value: Any, form: Any, quoted: Any) -> None:
    if value is None:
        page.write_blank(row, place, None, form)
    elif isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        page.write_datetime(row, place, local.replace(tzinfo=None), form)
    elif isinstance(value, date):
        page.write_datetime(row, place, value, form)
    elif isinstance(value, int) and not isinstance(value, bool):
        page.write_number(row, place, value, form)
    else:
        text = str(value)[:LONGEST_TEXT]
        page.write_string(row, place, text, quoted if text.startswith(STARTS_FORMULA) else form)


def _write_about(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(_("About"))
    bold, plain = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 90)
    cautions = list(sheet.cautions)
    if len(sheet.rows) > MOST_ROWS:
        cautions.insert(
            0, _("Only the first %(shown)s rows are in this file. Narrow the filters.") % {"shown": MOST_ROWS}
        )
    mark = practice_mark()
    if mark:
        cautions.insert(0, mark)
    lines = [(_("What"), sheet.title), *sheet.about, *((_("Bear in mind"), one) for one in cautions)]
    for at, (name, value) in enumerate(lines):
        page.write_string(at, 0, name, bold)
        page.write_string(at, 1, value[:LONGEST_TEXT], plain)
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def download(content: bytes, name: str, mime: str = MIME) -> HttpResponse:
    """A file to be kept, never shown by the browser itself."""
    response = HttpResponse(content, content_type=mime)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name(name))}"
    return response
