"""Rows of a result as a file: CSV, Excel or Parquet, by the ending of its name."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from dauhieu.errors import DauhieuError


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table; an unknown ending is an error."""
    if path.suffix == ".parquet":
        pq.write_table(table, path, compression="zstd")
    elif path.suffix in (".csv", ".xlsx"):
        write_rows(path, table.to_pylist(), table.column_names)
    else:
        raise DauhieuError(f"'{path.suffix}' is not a kind of file. Name a .csv, .xlsx or .parquet.", path=path)


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None) -> None:
    """Write rows of plain values."""
    names = list(columns or (rows[0] if rows else ()))
    if path.suffix == ".csv":
        # The byte-order mark makes Excel read Vietnamese letters.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(names)
            writer.writerows([["" if row[name] is None else row[name] for name in names] for row in rows])
    elif path.suffix == ".xlsx":
        _write_xlsx(path, rows, names)
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), path, compression="zstd")
    else:
        raise DauhieuError(f"'{path.suffix}' is not a kind of file. Name a .csv, .xlsx or .parquet.", path=path)


def _write_xlsx(path: Path, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    # A value which begins with '=' stays text: it may come from outside.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, names, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, [row[name] for name in names])
