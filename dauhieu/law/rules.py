"""The rules behind parameters of type code, where they can be computed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from dauhieu.errors import LawError
from dauhieu.law.calendar import add_working_days
from dauhieu.law.law import Law

PAYMENT_CYCLES = (1, 3, 6)


def due_last_day_of_month(cycle_end: date) -> date:
    return cycle_end


def due_last_day_of_following_month(cycle_end: date) -> date:
    return last_day(cycle_end + timedelta(days=1))


DUE_RULES: Mapping[str, Callable[[date], date]] = {
    "due_last_day_of_month": due_last_day_of_month,
    "due_last_day_of_following_month": due_last_day_of_following_month,
}


def si_due_day(law: Law, month: date, cycle_months: int = 1) -> date:
    """The last day to pay the contributions of a month; the rule is the one in force on the last day of its cycle."""
    if cycle_months not in PAYMENT_CYCLES:
        raise LawError(f"A payment cycle has {PAYMENT_CYCLES} months, not {cycle_months}.")
    end_month = month.month + (-month.month) % cycle_months
    cycle_end = last_day(date(month.year, end_month, 1))
    return DUE_RULES[str(law.value("si_due_rule", cycle_end))](cycle_end)


def regional_minimum_wage(law: Law, month: date, region: str) -> int:
    return law.number("min_wage", month, region=region)


def reference_level(law: Law, month: date, region: str) -> int:
    return law.number("reference_level", month)


FLOOR_RULES: Mapping[str, Callable[[Law, date, str], int]] = {
    "regional_minimum_wage": regional_minimum_wage,
    "reference_level": reference_level,
}


def si_base_floor(law: Law, month: date, region: str) -> int:
    """The least insured wage of a month; the additions for training or hazard of the older rule are not in it."""
    return FLOOR_RULES[str(law.value("si_base_floor_rule", month))](law, month, region)


def discharge_minus_admission_plus_one_if_severe(admitted: date, discharged: date, severe: bool) -> int:
    return (discharged - admitted).days + int(severe)


BED_DAY_RULES: Mapping[str, Callable[[date, date, bool], int]] = {
    "discharge_minus_admission_plus_one_if_severe": discharge_minus_admission_plus_one_if_severe,
}


def hi_bed_days(law: Law, admitted: datetime, discharged: datetime, *, severe: bool = False) -> int:
    """Paid bed days of a stay; `severe`: still severe, dead, taken home dying, transferred up or sent down."""
    day = discharged.date()
    short = timedelta(hours=law.number("hi_bed_day_short_stay_hours", day))
    stay = discharged - admitted
    if stay <= short:
        return 0
    if stay < timedelta(days=1):
        return 1
    return BED_DAY_RULES[str(law.value("hi_bed_day_count_rule", day))](admitted.date(), day, severe)


def hi_payment_request_day(law: Law, visit_end: date) -> date:
    """The last day to send the data of a visit for payment."""
    return add_working_days(visit_end, law.number("hi_payment_request_working_days", visit_end))


def ui_allowance_months(law: Law, paid_months: int, day: date) -> int:
    """Months of unemployment allowance for so many paid months."""
    if paid_months < law.number("ui_min_months", day):
        return 0
    beyond = max(0, paid_months - law.number("ui_duration_first_paid_months", day))
    further = beyond // law.number("ui_duration_step_months", day)
    return min(law.number("ui_duration_first", day) + further, law.number("ui_duration_max_months", day))


def last_day(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])
