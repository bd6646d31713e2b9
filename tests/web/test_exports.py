"""What is handed out as a file: only what its receiver may see, as text and numbers alone, and told in the trail."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.roles import ROLES
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.ui.workbook import Column, Sheet, workbook
from tests.web.conftest import NORTH, NORTH_OFFICE, SOUTH
from tests.web.test_rights import TERRITORIES

Browser = Callable[..., Client]


def cells(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(BytesIO(content))
    return {page.title: list(page.iter_rows(values_only=True)) for page in book}


def everything(content: bytes) -> str:
    return str(cells(content))


def made(rows: list[dict[str, Any]]) -> Any:
    columns = (Column("name", "Tên"), Column("sum", "Số tiền", "vnd"), Column("day", "Ngày", "date"))
    return openpyxl.load_workbook(BytesIO(workbook(Sheet("Đơn vị", columns, rows, [("Tháng", "10/2026")], ["Chú ý"]))))


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "\r=1"])
def test_a_formula_stays_text(text: str) -> None:
    cell = made([{"name": text, "sum": 1, "day": None}])["Đơn vị"]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_no_text_becomes_anything_else(text: str) -> None:
    cell = made([{"name": text, "sum": 1, "day": None}])["Đơn vị"]["A2"]
    assert cell.data_type == "s"


def test_sums_are_numbers_and_days_are_days() -> None:
    row = made([{"name": "a", "sum": 12_345_678, "day": date(2026, 10, 31)}])["Đơn vị"][2]
    assert [cell.value for cell in row][1] == 12_345_678
    assert row[1].number_format == '#,##0 "₫"'
    assert row[2].value.date() == date(2026, 10, 31)
    assert row[2].number_format == "dd/mm/yyyy"


def test_a_file_says_what_it_is(signed_in: Browser) -> None:
    answer = signed_in("leader", "province", "01", name="lan").get("/exports/units?branch=social&q=hanoi")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    about = dict(row[:2] for row in cells(answer.content)["Giới thiệu"])
    assert about["Tháng"] == "10/2026"
    assert "BHXH" in about["Bộ lọc"]
    assert "hanoi" in about["Bộ lọc"]
    assert "Hà Nội" in about["Phạm vi"]
    assert about["Người xuất"] == "lan (lan)"
    assert about["Phiên bản kho"].split()[0].isdecimal()


def test_an_export_is_told_without_what_was_searched_for(signed_in: Browser) -> None:
    signed_in("leader", name="lan").get("/exports/units?q=Nguyen+Van+An")
    entry = Entry.objects.get(act=Act.EXPORTED)
    assert (entry.actor, entry.subject) == ("lan", "units")
    assert json.loads(entry.details)["rows"] == 0
    assert "Nguyen" not in entry.details


def test_the_files_say_the_same_as_the_pages(signed_in: Browser) -> None:
    browser = signed_in("inspector")
    units = next(iter(cells(browser.get("/exports/units").content).values()))
    assert {row[0] for row in units[1:]} == {NORTH, SOUTH, "GONE-0003"}
    places = next(iter(cells(browser.get("/exports/map").content).values()))
    assert {row[1] for row in places[1:]} == {"Hà Nội", "Hồ Chí Minh"}
    findings = next(iter(cells(browser.get(f"/exports/unit/employer/{NORTH}").content).values()))
    page = browser.get(f"/units/employer/{NORTH}").content.decode()
    assert len(findings) > 1
    assert all(row[0] in page for row in findings[1:])


@pytest.mark.parametrize("territory", TERRITORIES, ids=lambda one: "-".join(filter(None, one)))
def test_no_file_reaches_over_the_border(territory: tuple[str, str, str], signed_in: Browser) -> None:
    sees_north, sees_south = TERRITORIES[territory]
    browser = signed_in("inspector", *territory)
    for path in ("/exports/units", "/exports/units?order=rise&provinces=63", "/exports/units?q=a", "/exports/map"):
        told = everything(browser.get(path).content)
        assert SOUTH not in told or sees_south, path
        assert NORTH not in told or sees_north, path
        assert "Công ty Đường Sắt" not in told or sees_north, path
    for code, sees in ((NORTH, sees_north), (SOUTH, sees_south)):
        assert browser.get(f"/exports/unit/employer/{code}").status_code == (200 if sees else 404)


QUERY = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(["", "a", SOUTH, "may mac", "%", "' OR '1'='1", "_", "\\"]),
        "order": st.sampled_from(["points", "recoverable", "rise", "subject_code; --"]),
        "branch": st.sampled_from(["", "social", "health", "x"]),
        "kind": st.sampled_from(["", "employer", "facility"]),
        "provinces": st.sampled_from(["34", "63"]),
        "place": st.sampled_from(["", "01", "79", "74"]),
        "office": st.sampled_from(["", NORTH_OFFICE, "C79001"]),
        "month": st.sampled_from(["", "2026-09", "2026-10"]),
        "page": st.sampled_from(["0", "1", "2", "-1"]),
    },
)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(QUERY)
def test_whatever_is_asked_nothing_from_outside_is_in_the_list_or_the_file(
    signed_in: Browser, query: dict[str, str]
) -> None:
    browser = signed_in("inspector", "province", "01")
    page = browser.get("/units", query).content.decode()
    rows = page.split("<tbody>")[1] if "<tbody>" in page else ""
    file = cells(browser.get("/exports/units", query).content)
    for told in (rows, str(next(iter(file.values())))):
        assert SOUTH not in told
        assert "May Mặc" not in told


def test_whoever_may_export_may_see_what_he_exports() -> None:
    for role in ROLES.values():
        for export, see in (
            (Permission.EXPORT_OVERVIEW, Permission.SEE_OVERVIEW),
            (Permission.EXPORT_UNITS, Permission.SEE_UNITS),
            (Permission.EXPORT_TRAIL, Permission.SEE_TRAIL),
        ):
            assert export not in role.permissions or see in role.permissions, role.name


def test_the_trail_is_handed_out_with_its_seals(signed_in: Browser) -> None:
    browser = signed_in("auditor", name="binh")
    browser.get("/trail")
    rows = next(iter(cells(browser.get("/exports/trail").content).values()))
    entry = Entry.objects.get(act=Act.TRAIL_READ)
    assert rows[1][0] == entry.number
    assert rows[1][-1] == entry.digest
