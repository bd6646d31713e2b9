"""Mapping files: a sender's own layout becomes the contract's, and every mistake in the file is told with its line."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.deliveries.mapping_file import refusal
from dauhieu.deliveries.report import Count
from dauhieu.errors import DeliveryError
from dauhieu.warehouse.store import Store
from tests.deliveries.rooms import deliver, stored, wages

MAPPING = """\
table: contribution_month
decimal: comma
columns:
  person_code: Mã số BHXH
  employer_code: Mã đơn vị
  month: {sql: "make_date(CAST(\\"Năm\\" AS INTEGER), CAST(\\"Tháng\\" AS INTEGER), 1)"}
  scheme: {from: Loại, values: {BB: compulsory, TN: voluntary}}
  wage_base: Mức đóng
  entered_at: {from: Ngày nhập, date_format: mm/dd/yyyy}
  si_flag: {value: true}
  ui_flag: {value: true}
  hi_flag: {value: true}
  oad_flag: {sql: "\\"Loại\\" = 'BB'"}
  month_status: {value: working}
  is_paid: {value: 1}
"""
HEADER = ("Mã số BHXH", "Mã đơn vị", "Năm", "Tháng", "Loại", "Mức đóng", "Ngày nhập")
ROW = ("P1", "E1", "2026", "1", "BB", "5.000,00", "12/31/2025")


def mapping(folder: Path, text: str = MAPPING) -> Path:
    path = folder / "m.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def foreign(folder: Path, *rows: tuple[str, ...]) -> Path:
    path = folder / "so lieu.csv"
    path.write_text("\n".join(";".join(row) for row in (HEADER, *rows)), encoding="utf-8")
    return path


def test_a_foreign_layout_lands_in_the_contract(store: Store, tmp_path: Path) -> None:
    deliver(store, foreign(tmp_path, ROW), mapping=mapping(tmp_path))
    found = stored(
        store,
        "SELECT month::VARCHAR, scheme, wage_base, entered_at::VARCHAR, oad_flag FROM contribution_month",
        "contribution_month",
    )
    assert found == [("2026-01-01", "compulsory", 5000, "2025-12-31 00:00:00", True)]


def test_faults_carry_the_names_of_the_sender(store: Store, tmp_path: Path) -> None:
    bad = (*ROW[:5], "nhiều", ROW[6])
    report = deliver(store, foreign(tmp_path, ROW, bad), mapping=mapping(tmp_path), max_set_aside=500_000)
    assert (report.rows, report.first[0].column, report.first[0].row) == (Count(2, 1, 1), "Mức đóng", 3)


def test_a_workbook_with_a_title_above_its_header_is_read(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Số liệu")
    for row in (("BẢNG KÊ",), (), HEADER, ROW):
        sheet.append(row)
    book.save(tmp_path / "so lieu.xlsx")
    text = "sheet: Số liệu\nheader_row: 3\n" + MAPPING
    deliver(store, tmp_path / "so lieu.xlsx", mapping=mapping(tmp_path, text))
    assert wages(store) == [5000]


def test_a_key_is_made_of_the_senders_columns(store: Store, tmp_path: Path) -> None:
    text = "table: household\nkey: [Xã, Số sổ]\ncolumns:\n  admin_code: Xã\n"
    file = tmp_path / "ho.csv"
    file.write_text("Xã,Số sổ\n00001,7\n", encoding="utf-8")
    deliver(store, file, mapping=mapping(tmp_path, text))
    assert stored(store, "SELECT code FROM key_household", "key_household") == [("00001/7",)]


@pytest.mark.parametrize(
    ("old", "new", "line", "match"),
    [
        ("table: contribution_month", "table: contribution_months", 1, "Did you mean 'contribution_month'"),
        ("decimal: comma", "decimals: comma", 2, "Unknown word 'decimals'"),
        ("  wage_base: Mức đóng", "  wage_bases: Mức đóng", 8, "Did you mean 'wage_base'"),
        ("  wage_base: Mức đóng", "  wage_base: Mức đống", 8, "Did you mean 'Mức đóng'"),
        ("{value: working}", "{values: working}", 14, "needs one of"),
        ('"\\"Loại\\" = \'BB\'"', "(SELECT 1)", 13, "cannot use 'SELECT'"),
        ('"\\"Loại\\" = \'BB\'"', "sum(1)", 13, "cannot be evaluated"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    store: Store, tmp_path: Path, old: str, new: str, line: int, match: str
) -> None:
    assert old in MAPPING
    with pytest.raises(DeliveryError, match=match) as refused:
        deliver(store, foreign(tmp_path, ROW), mapping=mapping(tmp_path, MAPPING.replace(old, new)))
    assert line in [fault.line for fault in refused.value.faults]


@pytest.mark.parametrize(
    "expression",
    [
        "1; DROP TABLE x",
        "1 -- comment",
        "1 /* comment */",
        "(select 1)",
        "EXISTS(FROM x)",
        "random()",
        "now()",
        "row_number() OVER ()",
        "unnest([1, 2])",
        "$$x$$",
        "read_text('/etc/passwd')",
    ],
)
def test_what_is_no_plain_value_is_refused(expression: str) -> None:
    assert refusal(expression) != ""


@pytest.mark.parametrize(
    "expression", ["a || '; select -- x'", '"select" + 1', "CASE WHEN a > 1 THEN b ELSE 'from' END"]
)
def test_words_inside_quotes_are_left_alone(expression: str) -> None:
    assert refusal(expression) == ""


@given(st.text(max_size=30), st.sampled_from([";", " SELECT 1", " from x", "--"]))
def test_nothing_before_hides_a_refused_word(before: str, word: str) -> None:
    quoted = before.replace("'", "").replace('"', "")
    assert refusal(f"{quoted}{' ' if word[0].isalpha() else ''}{word}") != ""


def test_the_first_layout_of_the_manual_works_as_it_stands(store: Store, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "map-a-foreign-layout.md").read_text(encoding="utf-8")
    text = page.split("```yaml\n")[1].split("```")[0]
    book = openpyxl.Workbook()
    for row in (("Báo cáo",), ("Năm 2026",), HEADER, ROW):
        book.active.append(row)
    book.save(tmp_path / "so-lieu.xlsx")
    report = deliver(store, tmp_path / "so-lieu.xlsx", mapping=mapping(tmp_path, text))
    assert (report.rows, wages(store)) == (Count(1, 1, 0), [5000])
