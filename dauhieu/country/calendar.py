"""The months of the window and what the law says in each of them."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from dauhieu.country.shape import month_after
from dauhieu.country.world import World
from dauhieu.law.law import Law

REGIONS = ("I", "II", "III", "IV")
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


def base_level(law: Law, month: date) -> int:
    """The reference level, and before July 2025 the base salary."""
    return law.number("statutory_base", month)


def floor_wage(law: Law, month: date, region: str) -> int:
    return law.number("min_wage", month, region=region)


def retirement_age(law: Law, month: date, sex: str) -> int:
    """Months of age at which a pension may start."""
    return law.number("retirement_age_months", month, sex=sex)
