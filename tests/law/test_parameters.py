"""The shipped values of law."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.errors import LawError
from dauhieu.law.parameter import Parameter
from dauhieu.law.read import law

LAW = law()
PARAMETERS = sorted(LAW.parameters.values(), key=lambda parameter: parameter.name)
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


# Both sides of a change of law, from every topic.
SPOT_CHECKS = [
    ("base_salary", {}, "2009-05-01", 650_000),
    ("base_salary", {}, "2024-06-30", 1_800_000),
    ("base_salary", {}, "2024-07-01", 2_340_000),
    ("base_salary", {}, "2026-07-01", 2_530_000),
    ("reference_level", {}, "2026-06-30", 2_340_000),
    ("statutory_base", {}, "2025-06-30", 2_340_000),
    ("statutory_base", {}, "2026-07-01", 2_530_000),
    ("min_wage", {"region": "I"}, "2018-01-01", 3_980_000),
    ("min_wage", {"region": "II"}, "2019-01-01", 3_710_000),
    ("min_wage", {"region": "III"}, "2025-12-31", 3_860_000),
    ("min_wage", {"region": "IV"}, "2026-01-01", 3_700_000),
    ("min_wage_hour", {"region": "IV"}, "2022-07-01", 15_600),
    ("rate_oad_employer", {}, "2017-05-31", 10_000),
    ("rate_oad_employer", {}, "2022-06-30", 0),
    ("rate_oad_employer", {}, "2022-07-01", 5_000),
    ("rate_oad_employer_reduced", {}, "2024-01-01", 3_000),
    ("rate_ui_employer", {}, "2021-10-01", 0),
    ("rate_hi_employee", {}, "2024-01-01", 15_000),
    ("rate_owner_no_wage_total", {}, "2025-07-01", 250_000),
    ("voluntary_prepay_monthly_rate", {}, "2026-12-31", 3_100),
    ("voluntary_support", {"group": "near_poor"}, "2025-06-30", 250_000),
    ("voluntary_support", {"group": "ethnic"}, "2025-06-30", 100_000),
    ("voluntary_support", {"group": "ethnic"}, "2025-07-01", 300_000),
    ("voluntary_income_min", {}, "2021-12-31", 700_000),
    ("hi_household_factor", {"member": 4}, "2024-01-01", 500_000),
    ("hi_household_factor", {"member": 9}, "2024-01-01", 400_000),
    ("si_base_cap_multiple", {}, "2025-07-01", 20),
    ("si_base_floor_rule", {}, "2025-06-30", "regional_minimum_wage"),
    ("si_owner_start_other", {}, "2025-07-01", date(2029, 7, 1)),
    ("si_due_rule", {}, "2025-07-01", "due_last_day_of_following_month"),
    ("late_charge_daily_rate", {}, "2025-07-01", 300),
    ("evasion_grace_days", {}, "2026-01-01", 60),
    ("fine_late_pct_min", {}, "2026-09-09", 120_000),
    ("fine_no_contribution_at_all_pct_max", {}, "2026-09-09", 200_000),
    ("fine_si_unregistered_within60_min", {"headcount": 9}, "2026-09-10", 5_000_000),
    ("fine_si_unregistered_within60_max", {"headcount": 10}, "2026-09-10", 15_000_000),
    ("fine_si_unregistered_after60_max", {"headcount": 1000}, "2026-09-10", 75_000_000),
    ("fine_ui_unregistered_within60_min", {"headcount": 1}, "2026-09-10", 500_000),
    ("fine_ui_unregistered_within60_max", {"headcount": 9}, "2026-09-10", 2_500_000),
    ("fine_ui_unregistered_after60_min", {"headcount": 999}, "2026-09-10", 30_000_000),
    ("fine_hi_ghost_claim_damage_min", {}, "2026-05-15", 200_000),
    ("penal_214_appropriated_min", {}, "2018-01-01", 10_000_000),
    ("penal_216_amount_3", {}, "2020-01-01", 1_000_000_000),
    ("penal_216_workers_2", {}, "2020-01-01", 50),
    ("sickness_rate", {}, "2024-01-01", 750_000),
    ("sickness_cap_days", {"conditions": "normal", "years": 14}, "2024-01-01", 30),
    ("sickness_cap_days", {"conditions": "hazard", "years": 15}, "2024-01-01", 50),
    ("sickness_cap_days", {"conditions": "hazard", "years": 30}, "2024-01-01", 70),
    ("child_sick_cap_days", {"child_age": 2}, "2024-01-01", 20),
    ("child_sick_cap_days", {"child_age": 3}, "2024-01-01", 15),
    ("child_sick_cap_days", {"child_age": 7}, "2024-01-01", 0),
    ("recuperation_days_caps", {"ground": "surgery"}, "2024-01-01", 7),
    ("maternity_leave_months_second_child", {}, "2026-07-01", 7),
    ("miscarriage_days", {"weeks": 22}, "2025-06-30", 40),
    ("miscarriage_days", {"weeks": 22}, "2025-07-01", 50),
    ("miscarriage_days", {"weeks": 25}, "2025-06-30", 50),
    ("contraception_days", {"method": "sterilisation"}, "2024-01-01", 15),
    ("paternity_days", {"birth": "twins_surgery"}, "2024-01-01", 14),
    ("oad_one_off_step", {}, "2024-01-01", 500_000),
    ("oad_monthly_seniority_first", {}, "2024-01-01", 5_000),
    ("oad_recuperation_days_caps", {"loss": 51}, "2024-01-01", 10),
    ("pension_min_years", {}, "2025-06-30", 20),
    ("pension_min_years", {}, "2025-07-01", 15),
    ("pension_45pct_years", {"sex": "male"}, "2021-12-31", 19),
    ("pension_45pct_years", {"sex": "female"}, "2021-12-31", 15),
    ("pension_one_off_years", {"sex": "male"}, "2018-06-01", 31),
    ("pension_avg_years_state_wage", {"first_year": 1994}, "2024-01-01", 5),
    ("pension_avg_years_state_wage", {"first_year": 2015}, "2024-01-01", 10),
    ("pension_adjustment", {}, "2018-01-01", 74_400),
    ("retirement_age_months", {"sex": "male"}, "2020-12-31", 720),
    ("retirement_age_months", {"sex": "male"}, "2026-06-30", 738),
    ("retirement_age_months", {"sex": "female"}, "2035-01-01", 720),
    ("lump_sum_months_per_year_before_2014", {}, "2024-01-01", 1_500_000),
    ("lump_sum_wait_months", {}, "2026-01-01", 12),
    ("survivor_monthly_rate_no_carer", {}, "2026-01-01", 700_000),
    ("ui_wait_days", {}, "2025-12-31", 15),
    ("ui_wait_working_days", {}, "2026-01-01", 10),
    ("ui_training_window_months", {}, "2026-01-01", 36),
    ("ui_min_contract_months", {}, "2026-01-01", 1),
    ("hi_benefit_level", {"level": 3}, "2024-01-01", 950_000),
    ("hi_small_claim_amount", {}, "2026-07-01", 379_500),
    ("hi_bypass_outpatient_step2026", {}, "2026-06-30", 0),
    ("hi_bypass_outpatient_step2026", {}, "2026-07-01", 500_000),
    ("xml_standard", {}, "2024-06-30", "qd_4210"),
    ("xml_standard", {}, "2026-07-01", "qd_1931"),
    ("hi_payment_request_working_days", {}, "2024-01-01", 7),
    ("complaint_accept_working_days", {}, "2026-07-01", 7),
    ("provinces_count", {}, "2025-06-30", 63),
    ("district_level_exists", {}, "2025-07-01", 0),
]


@pytest.mark.parametrize(("name", "dimensions", "when", "expected"), SPOT_CHECKS)
def test_shipped_value_is_the_one_of_the_law(
    name: str, dimensions: dict[str, str | int], when: str, expected: int | str | date
) -> None:
    assert LAW.value(name, day(when), **dimensions) == expected


def test_every_topic_has_its_file() -> None:
    topics = (
        "accident bases collection criminal fines health lump_sum maternity organisation pension procedure rates "
        "sickness survivors unemployment wages"
    )
    assert sorted({parameter.topic for parameter in PARAMETERS}) == topics.split()


def test_fine_ranges_rise_from_lowest_to_highest() -> None:
    lowest = [name for name in LAW.parameters if name.startswith("fine_") and name.endswith("_min")]
    for name in lowest:
        for low, high in zip(
            LAW.parameters[name].spans, LAW.parameters[name.removesuffix("_min") + "_max"].spans, strict=True
        ):
            assert low.valid_from == high.valid_from
            assert all(low.values[key] <= high.values[key] for key in low.values)  # type: ignore[operator]
    assert len(lowest) > 20


@given(DAYS.filter(lambda when: when >= date(2016, 1, 1)))
def test_total_rates_are_the_sums_of_their_parts(when: date) -> None:
    employer = ("rate_si_employer_retirement", "rate_si_employer_sickness_maternity", "rate_oad_employer")
    parts = (*employer, "rate_si_employee_retirement")
    assert LAW.number("rate_si_total", when) == sum(LAW.number(part, when) for part in parts)
    assert LAW.number("rate_ui_total", when) == LAW.number("rate_ui_employer", when) + LAW.number(
        "rate_ui_employee", when
    )
    assert LAW.number("rate_hi_total", when) == LAW.number("rate_hi_employer", when) + LAW.number(
        "rate_hi_employee", when
    )
    assert LAW.number("rate_si_total_retirement", when) == LAW.number("rate_si_employer_retirement", when) + LAW.number(
        "rate_si_employee_retirement", when
    )


@given(DAYS.filter(lambda when: when >= date(2009, 5, 1)))
def test_statutory_base_is_the_base_salary_and_then_the_reference_level(when: date) -> None:
    part = "base_salary" if when < date(2025, 7, 1) else "reference_level"
    assert LAW.value("statutory_base", when) == LAW.value(part, when)


@given(DAYS.filter(lambda when: when >= date(2018, 7, 1)))
def test_small_claim_amount_is_its_share_of_the_statutory_base(when: date) -> None:
    share = LAW.number("statutory_base", when) * LAW.number("hi_small_claim_ratio", when) // 1_000_000
    assert LAW.value("hi_small_claim_amount", when) == share


@pytest.mark.parametrize(
    ("sex", "last_birth", "months", "next_months"),
    [
        ("male", "1960-12-31", 720, 723),
        ("male", "1961-09-30", 723, 726),
        ("male", "1963-12-31", 732, 735),
        ("male", "1966-03-31", 741, 744),
        ("female", "1965-12-31", 660, 664),
        ("female", "1966-08-31", 664, 668),
        ("female", "1969-04-30", 680, 684),
        ("female", "1975-04-30", 716, 720),
    ],
)
def test_retirement_age_changes_between_two_birth_months(
    sex: str, last_birth: str, months: int, next_months: int
) -> None:
    last = day(last_birth)
    assert LAW.value("retirement_age_by_birth_months", last, sex=sex) == months
    assert LAW.value("retirement_age_by_birth_months", last + timedelta(days=1), sex=sex) == next_months


@given(st.dates(min_value=date(1956, 1, 1), max_value=date(2005, 12, 31)), st.sampled_from(["male", "female"]))
def test_age_of_a_birth_month_is_that_of_the_year_in_which_it_is_reached(birth: date, sex: str) -> None:
    age = LAW.number("retirement_age_by_birth_months", birth, sex=sex)
    year = (birth.year * 12 + birth.month - 1 + age) // 12
    if year >= 2016:
        assert LAW.value("retirement_age_months", date(year, 12, 31), sex=sex) == age


def linear(parameter: Parameter, when: date) -> list[object]:
    return [span.values for span in parameter.spans if span.valid_from <= when <= (span.valid_to or date.max)]


@given(st.sampled_from(PARAMETERS), DAYS, st.data())
def test_value_equals_a_plain_search_through_the_spans(parameter: Parameter, when: date, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(list(parameter.keys())))
    names = [dimension.name for dimension in parameter.dimensions]
    found = linear(parameter, when)
    missing = not found or found[0][key] is None  # type: ignore[index]
    try:
        value = LAW.value(parameter.name, when, **dict(zip(names, key, strict=True)))
    except LawError:
        assert missing
    else:
        assert not missing
        assert value == found[0][key]  # type: ignore[index]


@given(st.sampled_from(PARAMETERS), DAYS)
def test_at_most_one_span_holds_on_a_day(parameter: Parameter, when: date) -> None:
    assert len(linear(parameter, when)) <= 1


def test_every_parameter_is_explained_in_both_languages_and_has_sources() -> None:
    for parameter in PARAMETERS:
        assert parameter.vi != parameter.en
        assert all(span.source for span in parameter.spans)
