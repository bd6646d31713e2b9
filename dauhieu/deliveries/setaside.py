"""The report to the sender: their own rows back, with a comment in Vietnamese on each bad cell.

A single workbook comes back as it was sent, commented. Of other files the rows set aside come back, a sheet a table,
under the sender's own column names; mended, the workbook can be delivered as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pyarrow as pa
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from dauhieu.deliveries.messages import message
from dauhieu.deliveries.reading import Again
from dauhieu.deliveries.source import DOCUMENT, ROW_NO, ReadFault
from dauhieu.deliveries.taking import Faults, Placed
from dauhieu.warehouse.contract import Contract

SHEET_ROWS = 1_048_000
NOTES = "Ghi chú"
AUTHOR = "Dauhieu"
_RED = "FFC7CE"

Reread = Callable[[Path, Callable[[ReadFault], None]], Iterator[Again]]


@dataclass
class _Sheet:
    """Rows going back under one name: each a mapping of the sender's columns, with its comments."""

    columns: list[str] = field(default_factory=list)
    rows: list[tuple[Mapping[str, object], Mapping[str, str]]] = field(default_factory=list)


def comment(contract: Contract, placed: Placed) -> str:
    return message(placed.fault.code, "vi", placed.allowed(contract))


def write_report(
    path: Path, files: Sequence[Path], faults: Faults, contract: Contract, reread: Reread, row: int
) -> None:
    """Write the report; `row` is the header row of workbooks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if len(files) == 1 and files[0].suffix.lower() == ".xlsx":
        _comment_own(path, files[0], faults, contract, row)
    else:
        _write_rows(path, _sheets(files, faults, contract, reread), faults, contract)


def _comment_own(path: Path, file: Path, faults: Faults, contract: Contract, header_row: int) -> None:
    book = openpyxl.load_workbook(file)
    headers: dict[str, dict[str, int]] = {}
    fill = PatternFill("solid", fgColor=_RED)
    for placed in faults.kept:
        sheet = book[placed.place]
        if placed.place not in headers:
            headers[placed.place] = _header(sheet, header_row)
        cell = sheet.cell(placed.fault.row_no, _place(headers[placed.place], placed.fault.column))
        before = f"{cell.comment.text}\n" if cell.comment else ""
        cell.comment = Comment(before + comment(contract, placed), AUTHOR, width=360, height=120)
        cell.fill = fill
    book.save(path)


def _place(header: Mapping[str, int], column: str) -> int:
    """The column of a name in the header, or of a letter where the format tells letters; else the first."""
    if column not in header and re.fullmatch("[A-Z]{1,2}", column):
        return int(column_index_from_string(column))
    return header.get(column, 1)


def _header(sheet: Worksheet, header_row: int) -> dict[str, int]:
    for row in sheet.iter_rows(min_row=header_row):
        names = {str(cell.value).strip(): int(cell.column) for cell in row if cell.value is not None}
        if names:
            return names
    return {}


def _sheets(files: Sequence[Path], faults: Faults, contract: Contract, reread: Reread) -> dict[str, _Sheet]:
    by_row: dict[tuple[Path, str, int], list[Placed]] = {}
    for placed in faults.kept:
        by_row.setdefault((placed.file, placed.place, placed.fault.row_no), []).append(placed)
    sheets: dict[str, _Sheet] = {}
    for file in files:
        unread: list[ReadFault] = []
        for again in reread(file, unread.append):
            sheet = sheets.setdefault(again.source.table, _Sheet())
            for batch in again.source.batches:
                _add_rows(sheet, batch, again, by_row, contract)
            for fault in unread:
                if fault.raw:
                    values = dict(zip([*sheet.columns, *map(str, range(len(fault.raw)))], fault.raw, strict=False))
                    sheet.rows.append((values, {next(iter(values)): message(fault.code, "vi")}))
            unread.clear()
    return sheets


def _add_rows(
    sheet: _Sheet,
    batch: pa.RecordBatch,
    again: Again,
    by_row: Mapping[tuple[Path, str, int], list[Placed]],
    contract: Contract,
) -> None:
    names = [name for name in batch.schema.names if name not in (ROW_NO, DOCUMENT)]
    sheet.columns += [name for name in names if name not in sheet.columns]
    followers, source = again.followers(batch), again.source
    for at, number in enumerate(batch.column(ROW_NO).to_pylist()):
        found = [one for one in by_row.get((source.file, source.place, number), ()) if one.table in again.tables]
        if not found and number not in followers:
            continue
        values = {name: batch.column(name)[at].as_py() for name in names}
        comments: dict[str, str] = {}
        for one in found:
            place, said = one.fault.column if one.fault.column in values else names[0], comment(contract, one)
            before = comments.get(place, "")
            comments[place] = before if said in before else f"{before}\n{said}".strip()
        sheet.rows.append((values, comments or {names[0]: message("document_set_aside", "vi")}))


def _write_rows(path: Path, sheets: Mapping[str, _Sheet], faults: Faults, contract: Contract) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        plain, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        bad = book.add_format({"num_format": "@", "bg_color": f"#{_RED}"})
        for name, sheet in sheets.items():
            if not sheet.rows:
                continue
            page = book.add_worksheet(name[:31])
            page.freeze_panes(1, 0)
            extra = [key for values, _ in sheet.rows for key in values if key not in sheet.columns]
            columns = [*sheet.columns, *dict.fromkeys(extra)]
            for place, column in enumerate(columns):
                page.write_string(0, place, column, bold)
            for at, (values, comments) in enumerate(sheet.rows[:SHEET_ROWS], 1):
                for place, column in enumerate(columns):
                    value = values.get(column)
                    page.write_string(
                        at, place, "" if value is None else str(value), bad if column in comments else plain
                    )
                    if column in comments:
                        page.write_comment(at, place, comments[column], {"author": AUTHOR, "x_scale": 3})
        _write_notes(book.add_worksheet(NOTES), faults, contract, bold)


def _write_notes(page: xlsxwriter.worksheet.Worksheet, faults: Faults, contract: Contract, bold: object) -> None:
    for place, name in enumerate(("Tệp", "Trang, bảng", "Dòng", "Cột", "Lỗi và cách sửa")):
        page.write_string(0, place, name, bold)
    for at, one in enumerate(faults.kept, 1):
        for place, word in enumerate((one.file.name, one.place or one.table, one.fault.row_no, one.fault.column)):
            page.write(at, place, word)
        page.write_string(at, 4, comment(contract, one))
    missing = sum(faults.counts.values()) - len(faults.kept)
    if missing > 0:
        page.write_string(
            len(faults.kept) + 1, 4, f"Còn {missing} lỗi nữa không ghi ở đây. Hãy sửa theo mẫu trên rồi gửi lại."
        )
