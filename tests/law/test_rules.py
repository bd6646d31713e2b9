"""The rules behind codes."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from dauhieu.errors import LawError
from dauhieu.law.read import law
from dauhieu.law.rules import (
    BED_DAY_RULES,
    DUE_RULES,
    FLOOR_RULES,
    hi_bed_days,
    hi_payment_request_day,
    si_base_floor,
    si_due_day,
    ui_allowance_months,
)


@pytest.mark.parametrize(
    ("month", "cycle", "due"),
    [
        (date(2025, 6, 1), 1, date(2025, 6, 30)),
        (date(2025, 7, 1), 1, date(2025, 8, 31)),
        (date(2025, 12, 1), 1, date(2026, 1, 31)),
        (date(2026, 1, 1), 1, date(2026, 2, 28)),
        (date(2025, 1, 1), 3, date(2025, 3, 31)),
        (date(2025, 7, 1), 3, date(2025, 10, 31)),
        (date(2025, 9, 1), 3, date(2025, 10, 31)),
        (date(2025, 2, 1), 6, date(2025, 6, 30)),
        (date(2026, 2, 1), 6, date(2026, 7, 31)),
    ],
)
def test_contributions_are_due_by_the_rule_of_their_cycle(month: date, cycle: int, due: date) -> None:
    assert si_due_day(law(), month, cycle) == due


def test_unknown_payment_cycle_is_refused() -> None:
    with pytest.raises(LawError, match="payment cycle"):
        si_due_day(law(), date(2026, 1, 1), 2)


COMPUTED = {"si_due_rule": DUE_RULES, "si_base_floor_rule": FLOOR_RULES, "hi_bed_day_count_rule": BED_DAY_RULES}
# Codes which name a thing rather than a computation: a data standard, steps of sending, grounds, rates never published.
NAMED_ONLY = {
    "xml_standard",
    "hi_data_send_rule",
    "ui_benefit_end_reserve",
    "late_interest_rule_si_ui",
    "late_interest_rule_hi",
}


@pytest.mark.parametrize("name", COMPUTED)
def test_every_rule_of_the_law_has_the_function_of_its_name(name: str) -> None:
    codes = {span.values[()] for span in law().parameters[name].spans}
    assert codes == COMPUTED[name].keys()
    assert all(function.__name__ == code for code, function in COMPUTED[name].items())


def test_every_code_of_the_law_is_computed_or_only_a_name() -> None:
    codes = {name for name, parameter in law().parameters.items() if parameter.type == "code"}
    assert codes == COMPUTED.keys() | NAMED_ONLY


def test_floor_is_the_regional_minimum_before_the_reference_level() -> None:
    assert si_base_floor(law(), date(2025, 6, 1), "IV") == 3_450_000
    assert si_base_floor(law(), date(2025, 7, 1), "IV") == 2_340_000


@pytest.mark.parametrize(
    ("admitted", "discharged", "severe", "days"),
    [
        (datetime(2026, 3, 1, 8), datetime(2026, 3, 1, 12), False, 0),
        (datetime(2026, 3, 1, 8), datetime(2026, 3, 1, 12, 1), False, 1),
        (datetime(2026, 3, 1, 8), datetime(2026, 3, 2, 7, 59), True, 1),
        (datetime(2026, 3, 1, 8), datetime(2026, 3, 2, 8), False, 1),
        (datetime(2026, 3, 1, 8), datetime(2026, 3, 5, 8), False, 4),
        (datetime(2026, 3, 1, 8), datetime(2026, 3, 5, 8), True, 5),
    ],
)
def test_bed_days_follow_the_length_of_stay(admitted: datetime, discharged: datetime, severe: bool, days: int) -> None:
    assert hi_bed_days(law(), admitted, discharged, severe=severe) == days


def test_payment_data_are_due_seven_working_days_after_the_visit() -> None:
    assert hi_payment_request_day(law(), date(2026, 3, 2)) == date(2026, 3, 11)


@pytest.mark.parametrize(("paid", "months"), [(11, 0), (12, 3), (36, 3), (47, 3), (48, 4), (144, 12), (400, 12)])
def test_allowance_grows_a_month_a_year_paid(paid: int, months: int) -> None:
    assert ui_allowance_months(law(), paid, date(2026, 1, 1)) == months
