"""What a sign needs of the law before, at and after a change of it."""

from __future__ import annotations

from datetime import date

import pytest

from dauhieu.compiler.readiness import missing_law
from dauhieu.law.read import law

BEFORE, AFTER = date(2025, 5, 31), date(2025, 8, 31)


@pytest.mark.parametrize("as_of", [BEFORE, AFTER])
def test_a_sign_which_spans_a_change_of_law_runs_on_both_sides(as_of: date) -> None:
    assert missing_law(law(), {"min_wage", "reference_level"}, as_of) is None


def test_a_sign_which_reads_only_law_to_come_has_nothing_to_judge_by() -> None:
    told = missing_law(law(), {"reference_level"}, BEFORE)
    assert told == "'reference_level' has no value before 2025-07-01"
    assert missing_law(law(), {"reference_level"}, AFTER) is None


def test_an_unknown_value_is_missing_whatever_else_is_known() -> None:
    told = missing_law(law(), {"min_wage", "si_fund_avg_investment_rate"}, date(2026, 10, 31))
    assert told is not None
    assert "si_fund_avg_investment_rate" in told


def test_a_sign_without_law_misses_none() -> None:
    assert missing_law(law(), (), BEFORE) is None
