"""What the pages say of the store of the tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from dauhieu.looking import looking
from dauhieu.scoring.rank import RankRequest, rank
from dauhieu.web.accounts.scope import system_scope
from dauhieu.web.radar import lake as module
from dauhieu.web.radar import queries
from dauhieu.web.radar.filters import read_filters
from dauhieu.web.radar.lake import lake
from dauhieu.web.radar.names import column_title
from dauhieu.web.radar.picture import class_bounds, picture
from tests.thin import OCTOBER
from tests.web.conftest import NORTH, SOUTH

SCOPE = system_scope("test")


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_points_and_money_are_those_of_the_ranking(site: Any, rf: Any) -> None:
    found = lake()
    shown = queries.units(found, SCOPE, read_filters(rf.get("/").GET, found)).rows
    with looking(found.store, OCTOBER) as (engine, sight):
        ranking = rank(
            engine, sight, found.store, found.store.version(), RankRequest("employer", top=None, everybody=True)
        )
    assert {row["subject_code"]: (row["points"], row["recoverable"]) for row in shown} == {
        row.subject_code: (row.points, row.money) for row in ranking.rows
    }


def test_home_says_who_made_it_worse(signed_in: Callable[..., Client]) -> None:
    page = text(signed_in("leader"), "/")
    worse = page[page.index("Đơn vị làm xấu đi") :]
    assert worse.index("Công ty Đường Sắt") < worse.index("Đề nghị kiểm tra")


def test_home_proposes_no_unit_which_is_gone(signed_in: Callable[..., Client]) -> None:
    page = text(signed_in("leader"), "/")
    proposed = page[page.index('id="visit"') : page.index('id="owed"')]
    assert NORTH in proposed
    assert "GONE-0003" not in proposed


def test_the_first_figure_of_home_is_not_a_count_of_findings(signed_in: Callable[..., Client]) -> None:
    page = text(signed_in("leader"), "/")
    assert "Tỉnh, thành xấu đi" in page[page.index('class="tile"') :].split("</div>")[0]


@pytest.mark.parametrize(("provinces", "number"), [("34", 34), ("63", 63)])
def test_the_map_has_every_province_and_both_archipelagos(
    signed_in: Callable[..., Client], provinces: str, number: int
) -> None:
    page = text(signed_in("leader"), f"/map?provinces={provinces}")
    assert len(re.findall(r'<path class="(?:s\d|none)"', page)) == number
    assert "Quần đảo Hoàng Sa" in page
    assert "Quần đảo Trường Sa" in page


def test_each_archipelago_is_drawn_as_islets() -> None:
    shapes = {shape.code: shape for shape in picture("34", ()).shapes}
    assert len(shapes["48"].islets) > 30
    assert len(shapes["56"].islets) > 100


def test_the_map_says_in_its_table_what_it_shows(site: Any, rf: Any) -> None:
    found = lake()
    rows = queries.places(found, SCOPE, read_filters(rf.get("/").GET, found))
    drawn = {shape.code: shape.row for shape in picture("34", rows).shapes if shape.row}
    assert set(drawn) == {row.code for row in rows} == {"01", "79"}


def test_a_former_province_is_on_the_former_map_alone(site: Any, rf: Any) -> None:
    found = lake()
    former = queries.places(found, SCOPE, read_filters(rf.get("/?provinces=63").GET, found))
    assert {row.name for row in former if row.warned} == {"Hà Nội", "Bình Dương"}


def test_classes_of_the_map_are_round_and_rise() -> None:
    assert class_bounds([3, 147, 288, 512, 1043, 1999]) == (150, 290, 510, 1000)
    assert class_bounds([]) == ()


@pytest.mark.parametrize("search", ["duong sat", "ĐƯỜNG", "hanoi-0001", "Đường Sắt"])
def test_a_unit_is_found_without_minding_accents(signed_in: Callable[..., Client], search: str) -> None:
    page = signed_in("leader").get("/units", {"q": search}).content.decode()
    assert NORTH in page
    assert SOUTH not in page


def test_a_search_without_a_hit_says_what_to_do(signed_in: Callable[..., Client]) -> None:
    assert "Bỏ mọi bộ lọc" in text(signed_in("leader"), "/units?q=zzz")


@pytest.mark.parametrize("query", ["month=x&branch=y&block=z&kind=q&order=DROP&page=-3&provinces=99", "page=99999"])
def test_what_is_not_known_is_as_if_not_asked(signed_in: Callable[..., Client], query: str) -> None:
    assert NORTH in text(signed_in("leader"), f"/units?{query}")


def test_an_update_by_htmx_is_the_list_alone(signed_in: Callable[..., Client]) -> None:
    part = signed_in("leader").get("/units", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert NORTH in part


def test_an_employer_shows_its_months_and_why(signed_in: Callable[..., Client]) -> None:
    page = text(signed_in("inspector"), f"/units/employer/{NORTH}")
    assert "Mức đóng thấp hơn" in page or "SI-EMP-05-S1" in page
    assert "1320000" in page


def test_codes_of_persons_are_masked_in_evidence(signed_in: Callable[..., Client]) -> None:
    client = signed_in("inspector")
    unit = text(client, f"/units/employer/{NORTH}")
    evidence = unit.split('href="/findings/')[1].split('"')[0]
    page = text(client, f"/findings/{evidence}")
    assert "•••P" in page
    assert "<td>P1</td>" not in page
    assert "<td>P2</td>" not in page


@pytest.mark.parametrize(
    ("column", "title"),
    [
        ("wage_base", "insured wage"),
        ("employer_code", "an employer"),
        ("scheme", "scheme"),
        ("of_the_sign_alone", "of_the_sign_alone"),
    ],
)
def test_columns_of_evidence_are_called_as_the_contract_means_them(column: str, title: str) -> None:
    with translation.override("en"):
        assert column_title(column, ["contribution_month"]) == title


def test_a_leader_reads_no_evidence(signed_in: Callable[..., Client]) -> None:
    assert "/findings/" not in text(signed_in("leader"), f"/units/employer/{NORTH}")


def test_answers_are_kept_for_the_version_they_are_of(site: Any) -> None:
    found = lake()
    before = found.ask(SCOPE, "SELECT count(*) AS n FROM reason")
    assert found.ask(SCOPE, "SELECT count(*) AS n FROM reason") is before
    assert lake() is found


def test_while_a_new_version_is_opened_the_one_before_answers(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = lake()
    monkeypatch.setattr(module, "_newest", lambda store: before.number + 1)
    with module._opening:
        assert lake() is before


def test_the_language_is_vietnamese_until_another_is_chosen(signed_in: Callable[..., Client]) -> None:
    client = signed_in("leader")
    assert "Tổng quan" in client.get("/", headers={"accept-language": "en"}).content.decode()
    client.post("/look", {"language": "en", "next": "/"})
    assert "Overview" in text(client, "/")


def test_choosing_a_look_leads_nowhere_else(signed_in: Callable[..., Client]) -> None:
    answer = signed_in("leader").post("/look", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_speaks_both_languages(signed_in: Callable[..., Client], language: str) -> None:
    client = signed_in("inspector")
    client.cookies["django_language"] = language
    with translation.override(language):
        for path in (
            "/",
            "/map",
            "/units",
            f"/units/employer/{NORTH}",
            "/signs",
            "/signs/SI-EMP-05-S1",
            "/account/2fa/",
        ):
            assert f'<html lang="{language}"' in text(client, path)


def test_somebody_starts_at_the_first_place_of_the_role(signed_in: Callable[..., Client]) -> None:
    assert signed_in("auditor").get("/start").headers["Location"] == "/work"
    assert "chưa có vai trò" in text(signed_in(None), "/start")
