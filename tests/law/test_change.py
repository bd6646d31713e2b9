"""A law which is not in force: what a person may write, and what it makes of the values."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.errors import LawError
from dauhieu.law.change import came_into_force, changed, held, read_change
from dauhieu.law.read import law

OCTOBER = date(2026, 10, 1)


def test_a_value_to_come_is_taken_to_hold_from_the_month_scanned() -> None:
    change = read_change(law(), "reference_level=2700000@2027-01-01")
    new = changed(law(), [change], OCTOBER)
    assert (change.before, change.value) == (2_530_000, 2_700_000)
    assert new.value("reference_level", OCTOBER) == 2_700_000
    assert new.value("reference_level", date(2026, 9, 30)) == 2_530_000


def test_a_value_of_the_past_holds_until_the_next_known_one() -> None:
    new = changed(law(), [read_change(law(), "reference_level=2000000@2026-03-01")], OCTOBER)
    values = [new.value("reference_level", date(2026, month, 1)) for month in (2, 3, 6, 7)]
    assert values == [2_340_000, 2_000_000, 2_000_000, 2_530_000]


def test_two_regions_may_change_on_one_day_and_the_others_stay() -> None:
    texts = ["min_wage[region=I]=5700000@2027-01-01", "min_wage[region=II]=5100000@2027-01-01"]
    new = changed(law(), [read_change(law(), text) for text in texts], OCTOBER)
    values = [new.value("min_wage", OCTOBER, region=region) for region in ("I", "II", "III")]
    assert values == [5_700_000, 5_100_000, 4_140_000]


def test_a_percentage_is_read_as_parts_per_million() -> None:
    rate = next(name for name, one in law().parameters.items() if one.type == "ppm" and not one.dimensions)
    assert read_change(law(), f"{rate}=17.5%@2027-01-01").value == 175_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("base_salry=2700000@2027-01-01", "base_salary"),
        ("base_salary=2700000", "NAME=VALUE@DATE"),
        ("base_salary=2.700.000@2027-01-01", "whole đồng"),
        ("base_salary=8%@2027-01-01", "whole đồng"),
        ("base_salary=2700000@2027-02-30", "not a date"),
        ("base_salary[region=I]=2700000@2027-01-01", "no dimension 'region'"),
        ("min_wage=5700000@2027-01-01", "needs 'region"),
        ("min_wage[region=V]=5700000@2027-01-01", "It knows: I, II, III, IV"),
        ("si_due_rule=due_whenever@2027-01-01", "no rule of 'si_due_rule'"),
    ],
)
def test_what_cannot_be_a_change_is_told_with_what_can(text: str, told: str) -> None:
    with pytest.raises(LawError, match="(?s)" + told.replace("[", r"\[")):
        read_change(law(), text)


@pytest.mark.parametrize(("value", "slip"), [(2700, True), (253_000_000, True), (2_700_000, False)])
def test_a_value_in_another_unit_is_noticed(value: int, slip: bool) -> None:
    assert read_change(law(), f"reference_level={value}@2027-01-01").slip is slip


def test_law_held_at_a_day_has_nothing_which_came_later() -> None:
    still = held(law(), date(2026, 6, 30))
    assert still.value("reference_level", date(2027, 1, 1)) == 2_340_000
    assert still.value("min_wage", OCTOBER, region="I") == law().value("min_wage", OCTOBER, region="I")
    came = came_into_force(law(), ["reference_level", "min_wage"], date(2026, 6, 30), OCTOBER)
    assert list(came) == ["reference_level"]


@given(
    st.sampled_from(sorted(name for name, one in law().parameters.items() if one.type == "vnd" and not one.dimensions)),
    st.dates(date(2005, 1, 1), date(2030, 1, 1)),
    st.dates(date(2005, 1, 1), date(2030, 1, 1)),
)
def test_times_of_force_never_overlap_nor_leave_a_gap_after_a_change(name: str, day: date, at: date) -> None:
    new = changed(law(), [read_change(law(), f"{name}=1234567@{day}")], at)
    spans = new.parameters[name].spans
    assert new.value(name, min(day, at)) == 1_234_567
    for earlier, later in pairwise(spans):
        assert earlier.valid_to == later.valid_from - timedelta(days=1)
        assert earlier.valid_from <= earlier.valid_to
