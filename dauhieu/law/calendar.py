"""Working days of Viet Nam: Monday to Friday without public holidays and days off in lieu."""

from __future__ import annotations

import csv
from bisect import bisect_left
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

import pyarrow as pa

from dauhieu.errors import LawError

HOLIDAYS_FILE = Path(__file__).parent / "holidays.csv"
SATURDAY = 5

CALENDAR_SCHEMA = pa.schema(
    [
        pa.field("day", pa.date32(), nullable=False),
        pa.field("is_weekend", pa.bool_(), nullable=False),
        pa.field("is_holiday", pa.bool_(), nullable=False),
        pa.field("is_working_day", pa.bool_(), nullable=False),
        pa.field("working_index", pa.int32(), nullable=False),
    ]
)


@cache
def holidays() -> frozenset[date]:
    with HOLIDAYS_FILE.open(encoding="utf-8", newline="") as file:
        return frozenset(date.fromisoformat(row["date"]) for row in csv.DictReader(file))


@cache
def known_range() -> tuple[date, date]:
    """The first and last day of the years whose holidays are known."""
    days = holidays()
    return date(min(days).year, 1, 1), date(max(days).year, 12, 31)


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in holidays()


@cache
def _index() -> tuple[int, ...]:
    """For each known day the number of working days up to and including it."""
    first, last = known_range()
    return tuple(accumulate(int(is_working_day(day)) for day in _days(first, last)))


def working_days(after: date, until: date) -> int:
    """Working days after one day up to and including another; negative when they stand the other way round."""
    return _working_index(until) - _working_index(after)


def add_working_days(day: date, count: int) -> date:
    """The day on which `count` working days after `day` have passed; the day itself for 0."""
    if count < 0:
        raise LawError("Working days can only be added. Give a count of 0 or more.")
    if count == 0:
        return day
    first, last = known_range()
    place = bisect_left(_index(), _working_index(day) + count)
    if place == len(_index()):
        raise LawError(f"Working days are known up to {last}. Add later holidays to the calendar.", path=HOLIDAYS_FILE)
    return first + timedelta(days=place)


def calendar_days(first: date, last: date) -> pa.Table:
    """The contract's table `calendar_day`; `working_index` counts working days from `first` on."""
    _working_index(first), _working_index(last)
    days = list(_days(first, last))
    working = [is_working_day(day) for day in days]
    return pa.table(
        {
            "day": days,
            "is_weekend": [day.weekday() >= SATURDAY for day in days],
            "is_holiday": [day in holidays() for day in days],
            "is_working_day": working,
            "working_index": list(accumulate(map(int, working))),
        },
        schema=CALENDAR_SCHEMA,
    )


def _working_index(day: date) -> int:
    first, last = known_range()
    if not first <= day <= last:
        raise LawError(f"Holidays are known from {first} to {last}; {day} lies outside.", path=HOLIDAYS_FILE)
    return _index()[(day - first).days]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]
