"""Asking the law."""

from __future__ import annotations

from datetime import date

import pytest

from dauhieu.errors import LawError
from dauhieu.law.law import Law
from dauhieu.law.parameter import Band, Choice
from dauhieu.law.read import law


def test_misspelt_name_is_answered_with_a_suggestion() -> None:
    with pytest.raises(LawError, match="Did you mean 'base_salary'"):
        law().value("base_salery", date(2025, 1, 1))


def test_misspelt_dimension_is_answered_with_a_suggestion() -> None:
    with pytest.raises(LawError, match="Did you mean 'region'"):
        law().value("min_wage", date(2025, 1, 1), regoin="I")


def test_missing_dimension_is_refused() -> None:
    with pytest.raises(LawError, match="needs 'region"):
        law().value("min_wage", date(2025, 1, 1))


def test_value_outside_a_dimension_is_refused() -> None:
    with pytest.raises(LawError, match="It knows: I, II, III, IV"):
        law().value("min_wage", date(2025, 1, 1), region="V")


def test_day_before_the_first_span_has_no_value() -> None:
    with pytest.raises(LawError, match="no value in force on 2015-12-31"):
        law().value("late_charge_daily_rate", date(2015, 12, 31))


def test_unknown_value_is_refused() -> None:
    with pytest.raises(LawError, match="is not known"):
        law().value("si_fund_avg_investment_rate", date(2024, 1, 1))


def test_code_is_not_a_number() -> None:
    with pytest.raises(LawError, match="not a number"):
        law().number("si_due_rule", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("name", "as_of", "reason"),
    [
        ("base_salary", date(2026, 11, 30), None),
        ("late_charge_daily_rate", date(2015, 12, 31), "no value before 2016-01-01"),
        ("voluntary_prepay_monthly_rate", date(2026, 12, 31), None),
        ("voluntary_prepay_monthly_rate", date(2027, 1, 31), "the next one is not known"),
        ("late_interest_start_days", date(2026, 1, 31), None),
        ("si_fund_avg_investment_rate", date(2024, 1, 31), "is not known"),
        ("si_fund_avg_investment_rate", date(2026, 1, 31), "is not known"),
    ],
)
def test_missing_parameter_is_told_with_its_reason(name: str, as_of: date, reason: str | None) -> None:
    found = law().missing(name, as_of)
    assert found is None if reason is None else found is not None and reason in found


def test_changes_are_the_first_days_of_the_spans() -> None:
    assert law().changes("reference_level") == (date(2025, 7, 1), date(2026, 7, 1))


def test_band_takes_the_greatest_lower_bound_not_above() -> None:
    band = Band("years", (0, 15, 30))
    assert [band.key(asked) for asked in (0, 14, 15, 29, 30, 99)] == [0, 0, 15, 15, 30, 30]


def test_number_below_the_lowest_band_has_no_key() -> None:
    assert Band("headcount", (1, 10)).key(0) is None


def test_word_is_in_no_band() -> None:
    assert Band("headcount", (1, 10)).key("many") is None


def test_choice_takes_numbers_as_text() -> None:
    assert Choice("level", ("1", "2")).key(2) == "2"


def test_empty_law_knows_nothing() -> None:
    with pytest.raises(LawError, match="There is no statutory parameter"):
        Law({}).changes("base_salary")
