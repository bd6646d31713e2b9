"""XLSX: sheets as text columns. A sheet named after a table is that table; else the first sheet is the one named."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
from openpyxl.utils.exceptions import InvalidFileException

from dauhieu.deliveries.archive import check_workbook
from dauhieu.deliveries.source import ReadFault, ReadOptions, SourceRows, with_place
from dauhieu.errors import DeliveryError

SHEET_ROWS = 10_000
CELL_ERRORS = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})


def read(path: Path, options: ReadOptions) -> Iterator[SourceRows]:
    """One stream a sheet; rows are numbered as Excel numbers them."""
    check_workbook(path)
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as fault:
        raise DeliveryError("The workbook is damaged or not an XLSX file. Save it again as XLSX.", path=path) from fault
    try:
        for sheet, table in _sheets(book.worksheets, options, path):
            sheet.reset_dimensions()
            yield SourceRows(table, path, sheet.title, _batches(sheet, table, path, options))
    finally:
        book.close()


def _sheets(sheets: Sequence[Any], options: ReadOptions, path: Path) -> list[tuple[Any, str]]:
    table = options.table or ""
    if options.sheet:
        found = [sheet for sheet in sheets if sheet.title == options.sheet]
        if not found:
            names = ", ".join(f"'{sheet.title}'" for sheet in sheets)
            raise DeliveryError(f"There is no sheet '{options.sheet}'. The workbook has {names}.", path=path)
        return [(found[0], table)]
    named = [(sheet, sheet.title) for sheet in sheets if sheet.title in options.tables]
    return named or [(sheets[0], table)]


def _batches(sheet: Any, table: str, path: Path, options: ReadOptions) -> Iterator[pa.RecordBatch]:
    rows = ((number, row) for number, row in enumerate(sheet.iter_rows(values_only=True), 1))
    rows = ((number, row) for number, row in rows if number >= options.header_row and any(map(_filled, row)))
    _, first = next(rows, (0, ()))
    header = _header(first)
    if not header:
        raise DeliveryError(f"Sheet '{sheet.title}' is empty. Send it with a header and rows.", path=path)
    kept: list[tuple[str | None, ...]] = []
    numbers: list[int] = []
    for number, row in rows:
        wrong = [name for name, value in zip(header, row, strict=False) if value in CELL_ERRORS]
        for place, name in enumerate(wrong):
            fault = ReadFault(path, sheet.title, number, name, "cell_error", whole=place == 0, table=table)
            options.collect(fault)
        if not wrong:
            kept.append(tuple(_text(value, options.decimal) for value in row[: len(header)]))
            numbers.append(number)
        if len(kept) >= SHEET_ROWS:
            yield _batch(header, kept, numbers)
            kept, numbers = [], []
    if kept:
        yield _batch(header, kept, numbers)


def _header(row: Sequence[object]) -> list[str]:
    names = [str(value).strip() if _filled(value) else "" for value in row]
    while names and not names[-1]:
        names.pop()
    return [name or f"(column {place})" for place, name in enumerate(names, 1)]


def _batch(header: list[str], rows: list[tuple[str | None, ...]], numbers: list[int]) -> pa.RecordBatch:
    columns = [
        pa.array([row[place] if place < len(row) else None for row in rows], pa.string())
        for place in range(len(header))
    ]
    return with_place(pa.RecordBatch.from_arrays(columns, names=header), pa.array(numbers, pa.int64()))


def _filled(value: object) -> bool:
    return value is not None and str(value).strip() != ""


def _text(value: object, decimal: str | None) -> str | None:
    """A cell as text; a fraction gets six decimals, so that it can never be taken for a grouped number."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case float():
            if value.is_integer():
                return str(int(value))
            return f"{value:.6f}".replace(".", "," if decimal == "comma" else ".")
        case datetime():
            return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M:%S}"
        case date():
            return f"{value:%Y-%m-%d}"
        case time():
            return f"{value:%H:%M:%S}"
    return str(value)
