"""What is handed out on paper: only what its receiver may see, names as they are written, and told in the trail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from dauhieu.web.accounts.scope import Reach, Scope, system_scope
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.radar.amounts import found, owed
from dauhieu.web.radar.lake import lake
from dauhieu.web.ui.paper import Beside, Facts, Grid, Paper, Points, Tiles, Warn, pdf
from tests.thin import OCTOBER
from tests.web.conftest import NORTH, SOUTH, pdf_pages
from tests.web.test_rights import TERRITORIES

Browser = Callable[..., Client]
PATHS = (
    "/papers/summary",
    "/papers/units",
    "/papers/units?q=a&order=rise&provinces=63",
    "/papers/summary?provinces=63",
)


def words(content: bytes) -> str:
    """All that is written, on one line."""
    return " ".join(" ".join(pdf_pages(content)).split())


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        "$x^2$",
        "*A* _B_",
        "[A] {B}",
        "<A> @B",
        "// A /* B */",
        "`A` = B",
        "\\ A \\n",
        '#read("paper.typ")',
        "- A + B / C",
        "Đặng Thị Ưỡn",
    ],
)
def test_a_name_stays_a_name(name: str) -> None:
    parts = [
        Warn(f"1 {name} 1"),
        Tiles([(f"2 {name} 2", "7", "")]),
        Beside([Grid(f"3 {name} 3", [("A", 1)], [[f"4 {name} 4"]])], [Points("", [f"5 {name} 5"])]),
        Facts("", [(f"6 {name} 6", f"7 {name} 7")]),
    ]
    told = words(pdf(Paper(f"8 {name} 8", f"9 {name} 9", f"0 {name} 0", parts)))
    assert [place for place in range(10) if f"{place} {name} {place}" not in told] == []


@pytest.mark.parametrize("name", ["有限公司", "Nhà máy 😀", "a\x01b", "\U000f22f8"])
def test_letters_which_the_fonts_lack_are_boxes(name: str) -> None:
    told = words(pdf(Paper(f"Đơn vị {name}", "", "", [Points("", [name])])))
    assert "Đơn vị" in told
    assert "□" in told


def test_paper_is_tagged_and_says_its_language() -> None:
    with translation.override("vi"):
        content = pdf(Paper("Tình hình", "", "", [Points("", ["a"])]))
    assert b"/MarkInfo" in content
    assert b"/Lang(vi)" in content
    assert b"pdfuaid" in content


def test_the_dossier_says_what_the_page_says(signed_in: Browser) -> None:
    browser = signed_in("inspector", name="lan")
    answer = browser.get(f"/papers/unit/employer/{NORTH}")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    told, count = words(answer.content), len(pdf_pages(answer.content))
    for text in ("Công ty Đường Sắt", NORTH, "SI-EMP-05-S1", "1.320.000", "880.000", "(lan)"):
        assert text in told
    assert count <= 2


def test_counts_of_few_are_not_on_paper_for_who_may_not_see_persons(signed_in: Browser) -> None:
    """In September the employer had two workers, in October three."""
    path = f"/papers/unit/employer/{NORTH}"
    all_told = words(signed_in("inspector").get(path).content)
    few_held = words(signed_in("leader").get(path).content)
    assert "10/2026 1.320.000 0 6.000.000 3" in all_told
    assert "10/2026 1.320.000 0 – –" in few_held


def test_paper_is_in_the_language_of_its_reader(signed_in: Browser) -> None:
    browser = signed_in("leader")
    assert "Đơn vị làm xấu đi" in words(browser.get("/papers/summary").content)
    browser.cookies["django_language"] = "en"
    assert "Who made it worse" in words(browser.get("/papers/summary").content)


def test_a_leader_of_one_province_gets_its_offices(signed_in: Browser) -> None:
    told = words(signed_in("leader", "province", "01").get("/papers/summary").content)
    assert "Hà Nội: 10/2026" in told
    assert "BHXH cơ sở Bắc" in told
    assert "BHXH cơ sở Nam" not in told


@pytest.mark.parametrize("territory", TERRITORIES, ids=lambda one: "-".join(filter(None, one)))
def test_no_paper_reaches_over_the_border(territory: tuple[str, str, str], signed_in: Browser) -> None:
    sees_north, sees_south = TERRITORIES[territory]
    browser = signed_in("inspector", *territory)
    for path in PATHS:
        told = words(browser.get(path).content)
        assert (SOUTH in told) <= sees_south, path
        assert (NORTH in told) <= sees_north, path
    for code, sees in ((NORTH, sees_north), (SOUTH, sees_south)):
        assert browser.get(f"/papers/unit/employer/{code}").status_code == (200 if sees else 404)


def test_the_list_holds_the_units(signed_in: Browser) -> None:
    told = words(signed_in("inspector").get("/papers/units").content)
    assert NORTH in told
    assert SOUTH in told


def test_paper_is_told_in_the_trail(signed_in: Browser) -> None:
    signed_in("leader", name="lan").get(f"/papers/unit/employer/{NORTH}")
    entry = Entry.objects.get(act=Act.EXPORTED)
    assert (entry.actor, entry.subject) == ("lan", f"employer:{NORTH}")
    assert json.loads(entry.details)["form"] == "pdf"


def of_north(branch: str = "", *, sees_persons: bool = True) -> Scope:
    return Scope(frozenset({Reach("province", "01", branch)}), "test", sees_persons)


def employer_id() -> Any:
    sql = f"SELECT subject_id FROM reason WHERE subject_code = '{NORTH}'"
    return lake().ask(system_scope("test"), sql)[0]["subject_id"]


def test_what_is_owed_keeps_to_the_branch(site: Any) -> None:
    assert [sum(sums) for _month, sums in owed(lake(), of_north("social"), OCTOBER, employer_id()).months] == [
        880_000,
        1_320_000,
    ]
    assert owed(lake(), of_north("health"), OCTOBER, employer_id()).months == ()


def test_sums_of_persons_have_no_month_for_who_may_not_see_persons(site: Any) -> None:
    assert found(lake(), of_north(), OCTOBER, "employer", NORTH).months
    assert found(lake(), of_north(sees_persons=False), OCTOBER, "employer", NORTH).months == ()
