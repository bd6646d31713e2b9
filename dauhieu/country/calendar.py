"""The months of the window and what the law says in each of them."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from dauhieu.country.shape import month_after
from dauhieu.country.world import World
from dauhieu.law.calendar import is_working_day
from dauhieu.law.law import Law

REGIONS = ("I", "II", "III", "IV")
# Who comes all the same on a day on which most surgeries are closed, in ppm.
SATURDAY, SUNDAY, HOLIDAY = 250_000, 40_000, 60_000
# Months before the window in which benefits already needed the law of their time.
BACK = 12


def make_months(world: World, law: Law) -> None:
    """`month` (m counts from 0 at the first month) and `floor_wage` (month, region)."""
    shape = world.shape
    numbers = range(-BACK, shape.months + 2)
    months = [month_after(shape.first_month, number) for number in numbers]
    world.read(
        "month",
        pa.table(
            {
                "m": pa.array(list(numbers), pa.int32()),
                "month": pa.array(months, pa.date32()),
                "next_month": pa.array([month_after(month, 1) for month in months], pa.date32()),
                "base_level": pa.array([base_level(law, month) for month in months], pa.int64()),
                "retire_male": pa.array([retirement_age(law, month, "male") for month in months], pa.int32()),
                "retire_female": pa.array([retirement_age(law, month, "female") for month in months], pa.int32()),
                "new_law": pa.array([month >= date(2025, 7, 1) for month in months], pa.bool_()),
            }
        ),
    )
    pairs = [(number, month, region) for number, month in zip(numbers, months, strict=True) for region in REGIONS]
    world.read(
        "floor_wage",
        pa.table(
            {
                "m": pa.array([pair[0] for pair in pairs], pa.int32()),
                "region": pa.array([pair[2] for pair in pairs], pa.string()),
                "floor": pa.array([floor_wage(law, pair[1], pair[2]) for pair in pairs], pa.int64()),
            }
        ),
    )


def make_workdays(world: World) -> None:
    """`workday`: for each day drawn the working day of its month on which people go instead, itself if it is one."""
    first, last = month_after(world.shape.first_month, -BACK), month_after(world.shape.last_month, 2)
    days = [first + timedelta(days=n) for n in range((last - first).days)]
    world.read(
        "workday",
        pa.table(
            {
                "drawn": pa.array(days, pa.date32()),
                "instead": pa.array([_instead(day) for day in days], pa.date32()),
                "open_ppm": pa.array([_open(day) for day in days], pa.int64()),
            }
        ),
    )


def _instead(day: date) -> date:
    later = day
    while not is_working_day(later):
        later += timedelta(days=1)
    if later.month == day.month:
        return later
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def _open(day: date) -> int:
    if is_working_day(day):
        return 1_000_000
    return SATURDAY if day.weekday() == 5 else SUNDAY if day.weekday() == 6 else HOLIDAY


def base_level(law: Law, month: date) -> int:
    """The reference level, and before July 2025 the base salary."""
    return law.number("statutory_base", month)


def floor_wage(law: Law, month: date, region: str) -> int:
    return law.number("min_wage", month, region=region)


def retirement_age(law: Law, month: date, sex: str) -> int:
    """Months of age at which a pension may start."""
    return law.number("retirement_age_months", month, sex=sex)
