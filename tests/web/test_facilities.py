"""What the page of a health facility says of visits, cost, people in two places and practitioners."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.template.loader import render_to_string

from dauhieu.web.accounts.scope import Reach, Scope, TerritoryKind, system_scope
from dauhieu.web.radar.care import KEPT
from dauhieu.web.radar.facilities import Facility, facility_page
from dauhieu.web.radar.lake import lake
from dauhieu.web.radar.papers import course
from tests.thin import OCTOBER, SEPTEMBER

SCOPE = system_scope("test")
SOUTH = Scope(frozenset({Reach(TerritoryKind.PROVINCE, "79")}), "test", sees_persons=True)
SOCIAL = Scope(frozenset({Reach(TerritoryKind.NATION, "", "social")}), "test", sees_persons=True)


def north(scope: Scope = SCOPE, month: Any = OCTOBER) -> Facility | None:
    found = lake()
    number = found.reference("SELECT facility_id AS id FROM stored_facility WHERE name_vi = 'Bệnh viện Bắc'")[0]["id"]
    return facility_page(found, scope, month, number, "01001", "01")


@pytest.fixture
def page(site: Any) -> Facility:
    found = north()
    assert found is not None
    return found


def values(chart: Any) -> list[Any]:
    return [one["values"] for one in chart["series"]]


def test_visits_are_counted_by_month_without_rejected_claims(page: Facility) -> None:
    assert values(page.visits) == [[2, 0], [0, 1]]


def test_an_outpatient_visit_is_compared_with_the_median_of_peers(page: Facility) -> None:
    # Too few peers in the province, and alone in the country with outpatients: the median is its own mean.
    assert values(page.cost) == [[300_000, None], [300_000, None]]
    assert page.peers == "cơ sở cùng cấp chuyên môn cả nước"


def test_visits_and_cost_stand_on_paper_beside_their_months(page: Facility) -> None:
    (grid,) = course(None, page, all_counts=True)
    assert grid.rows == [("09/2026", "2", "0", "300.000", "300.000"), ("10/2026", "0", "1", "–", "–")]
    assert grid.note == ""
    (held_back,) = course(None, page, all_counts=False)
    assert held_back.note


def test_a_day_shows_who_was_here_and_elsewhere(page: Facility) -> None:
    days = {
        one.day.isoformat(): (one.practitioners, one.patients) for _, row in page.calendar for one in row if one.some
    }
    assert days == {"2026-09-08": (1, 1)}
    assert len(page.calendar) == 6
    assert [len(row) for _, row in page.calendar[-2:]] == [30, 31]


def test_practitioners_are_those_registered_at_the_time(site: Any) -> None:
    september = north(month=SEPTEMBER)
    assert september is not None
    assert [(one.name, one.is_valid, one.days, one.elsewhere) for one in september.staff] == [
        ("L. T. Cúc", False, 2, 1)
    ]
    assert september.staff_total == 1


def test_outside_the_scope_there_is_nothing(site: Any) -> None:
    assert north(SOUTH) is None
    assert north(SOCIAL) is None


def test_who_may_not_see_persons_is_told_of_no_few(site: Any) -> None:
    without = north(replace(SCOPE, sees_persons=False))
    assert without is not None
    assert values(without.visits) == [[None, None], [None, None]]
    assert values(without.cost)[0] == [None, None]
    assert without.staff == ()
    assert [(one.practitioners, one.patients) for _, row in without.calendar for one in row if one.some] == [
        (None, None)
    ]


def test_the_page_is_written_with_and_without_practitioners(page: Facility) -> None:
    told = render_to_string(
        "radar/_facility.html", {"facility": page, "may_see_persons": True, "month_days": range(1, 32)}
    )
    assert "L. T. Cúc" in told
    assert 'title="08/09/2026: 1 người hành nghề, 1 người bệnh"' in told
    assert "L. T. Cúc" not in render_to_string("radar/_facility.html", {"facility": page})


def test_what_is_kept_for_all_facilities_is_what_a_look_at_them_gives(page: Facility) -> None:
    found = lake()
    found.keep_care()
    for name, plain in KEPT.items():
        kept = found.engine.rows(f"SELECT * FROM kept_{name} ORDER BY ALL")
        assert kept
        assert kept == found.engine.rows(f"SELECT * FROM ({plain}) ORDER BY ALL")
        assert kept == found.engine.rows(f"SELECT * FROM {name} ORDER BY ALL")
