"""Working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.errors import LawError
from dauhieu.law.calendar import add_working_days, calendar_days, is_working_day, known_range, working_days

DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2030, 12, 31))


def test_tet_and_weekends_are_no_working_days() -> None:
    assert not is_working_day(date(2025, 1, 29))
    assert not is_working_day(date(2025, 1, 25))
    assert is_working_day(date(2025, 2, 3))


@given(DAYS, st.integers(0, 400))
def test_working_days_are_those_after_the_first_up_to_the_last(after: date, span: int) -> None:
    until = min(after + timedelta(days=span), known_range()[1])
    counted = sum(is_working_day(after + timedelta(days=step)) for step in range(1, (until - after).days + 1))
    assert working_days(after, until) == counted
    assert working_days(until, after) == -counted


@given(st.dates(min_value=date(2015, 1, 1), max_value=date(2029, 12, 31)), st.integers(1, 200))
def test_adding_working_days_lands_on_a_working_day_that_far_away(day: date, count: int) -> None:
    landed = add_working_days(day, count)
    assert is_working_day(landed)
    assert working_days(day, landed) == count


@given(st.dates(min_value=date(2015, 1, 1), max_value=date(2028, 12, 31)), st.integers(0, 500))
def test_working_index_of_the_table_counts_from_its_first_day(first: date, span: int) -> None:
    rows = calendar_days(first, first + timedelta(days=span)).to_pylist()
    assert [row["day"] for row in rows] == [first + timedelta(days=step) for step in range(span + 1)]
    assert rows[-1]["working_index"] == sum(row["is_working_day"] for row in rows)
    assert all(row["is_working_day"] != (row["is_weekend"] or row["is_holiday"]) for row in rows)


def test_adding_no_working_day_stays_where_it_is() -> None:
    assert add_working_days(date(2025, 2, 1), 0) == date(2025, 2, 1)


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2031, 1, 1)])
def test_day_outside_the_known_years_is_refused(day: date) -> None:
    with pytest.raises(LawError, match="lies outside"):
        working_days(date(2025, 1, 1), day)


def test_adding_beyond_the_known_years_is_refused() -> None:
    with pytest.raises(LawError, match="known up to 2030-12-31"):
        add_working_days(date(2030, 12, 30), 5)


def test_working_days_cannot_be_taken_away() -> None:
    with pytest.raises(LawError, match="only be added"):
        add_working_days(date(2025, 1, 1), -1)
