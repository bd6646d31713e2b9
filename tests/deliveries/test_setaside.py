"""The report to the sender: their own rows with comments, which land once they are mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dauhieu.deliveries.messages import MESSAGES
from dauhieu.deliveries.report import SetAsideError
from dauhieu.warehouse.store import Store
from tests.deliveries.rooms import CLAIM, CONTRIBUTION, SERVICE, contributions, csv_file, deliver, wages
from tests.deliveries.test_formats import CELLS, workbook
from tests.deliveries.test_mapping import ROW, foreign, mapping

BAD = CONTRIBUTION | {"person_code": "P9", "wage_base": "=1+much"}


def column(sheet: Any, name: str) -> int:
    return next(int(cell.column) for cell in sheet[1] if cell.value == name)


def test_rows_of_csv_come_back_commented_in_vietnamese(store: Store, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    deliver(store, csv_file(tmp_path, [*contributions(2), BAD]), max_set_aside=500_000, set_aside=report)
    sheet = openpyxl.load_workbook(report)["contribution_month"]
    cell = sheet.cell(2, column(sheet, "wage_base"))
    assert (sheet.max_row, cell.value, cell.comment.text) == (2, "=1+much", MESSAGES["not_whole"].vi)


def test_what_comes_back_lands_once_mended(store: Store, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    deliver(store, csv_file(tmp_path, [*contributions(2), BAD]), max_set_aside=500_000, set_aside=report)
    book = openpyxl.load_workbook(report)
    sheet = book["contribution_month"]
    sheet.cell(2, column(sheet, "wage_base")).value = 7_000_000
    book.save(report)
    deliver(store, report)
    assert wages(store) == [5_000_000, 5_000_000, 7_000_000]


def test_a_workbook_comes_back_as_it_was_sent(store: Store, tmp_path: Path) -> None:
    file = workbook(tmp_path / "contribution_month.xlsx", [CELLS, CELLS | {"person_code": "P2", "wage_base": "much"}])
    report = tmp_path / "report.xlsx"
    deliver(store, file, max_set_aside=500_000, set_aside=report)
    book = openpyxl.load_workbook(report)
    sheet = book.worksheets[0]
    cell = sheet.cell(3, column(sheet, "wage_base"))
    assert (book.sheetnames, sheet.max_row, cell.comment.text) == (["Sheet1"], 3, MESSAGES["not_whole"].vi)
    cell.value = 6_000_000
    book.save(tmp_path / "contribution_month.xlsx")
    deliver(store, tmp_path / "contribution_month.xlsx")
    assert wages(store) == [5_000_000, 6_000_000]


def test_a_refused_delivery_gets_its_report_too(store: Store, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    with pytest.raises(SetAsideError):
        deliver(store, csv_file(tmp_path, [BAD]), set_aside=report)
    assert openpyxl.load_workbook(report).sheetnames == ["contribution_month", "Ghi chú"]


def test_the_closed_set_is_told_in_the_comment(store: Store, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    with pytest.raises(SetAsideError):
        deliver(store, csv_file(tmp_path, contributions(1, scheme="x")), set_aside=report)
    sheet = openpyxl.load_workbook(report)["contribution_month"]
    assert "compulsory, voluntary" in sheet.cell(2, column(sheet, "scheme")).comment.text


def test_good_rows_of_a_document_set_aside_come_back_with_it(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "claims"
    folder.mkdir()
    csv_file(folder, [CLAIM, CLAIM | {"ma_lk": "L2"}], "hi_claim")
    csv_file(folder, [SERVICE, SERVICE | {"line_no": "x"}, SERVICE | {"ma_lk": "L2"}], "hi_claim_service")
    report = tmp_path / "report.xlsx"
    deliver(store, folder, max_set_aside=500_000, set_aside=report)
    book = openpyxl.load_workbook(report)
    assert (book["hi_claim"].max_row, book["hi_claim_service"].max_row) == (2, 3)
    sheet = book["hi_claim_service"]
    sheet.cell(3, column(sheet, "line_no")).value = "2"
    book.save(report)
    assert deliver(store, report).rows.accepted == 3


def test_a_mapped_file_comes_back_in_the_senders_columns(store: Store, tmp_path: Path) -> None:
    report = tmp_path / "report.xlsx"
    layout = mapping(tmp_path)
    bad = ("P2", *ROW[1:5], "nhiều", ROW[6])
    deliver(store, foreign(tmp_path, ROW, bad), mapping=layout, max_set_aside=500_000, set_aside=report)
    book = openpyxl.load_workbook(report)
    sheet = book.worksheets[0]
    cell = sheet.cell(2, column(sheet, "Mức đóng"))
    assert cell.comment is not None
    cell.value = 9000
    book.save(report)
    deliver(store, report, mapping=layout)
    assert wages(store) == [5000, 9000]


def test_a_ragged_row_comes_back_with_its_cells(store: Store, tmp_path: Path) -> None:
    file = csv_file(tmp_path, contributions(2))
    file.write_text(file.read_text() + "P9,E9\n")
    report = tmp_path / "report.xlsx"
    deliver(store, file, max_set_aside=500_000, set_aside=report)
    sheet = openpyxl.load_workbook(report)["contribution_month"]
    assert [cell.value for cell in sheet[2]][:2] == ["P9", "E9"]


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_fault_is_told_in_both_languages(code: str) -> None:
    assert MESSAGES[code].vi.strip().endswith(".")
    assert MESSAGES[code].en.strip().endswith(".")
