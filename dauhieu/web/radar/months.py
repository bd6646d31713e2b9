"""Months in a row."""

from __future__ import annotations

from datetime import date


def months_until(last: date, number: int) -> tuple[date, ...]:
    """The first days of so many months up to the one of `last`."""
    first = last.year * 12 + last.month - number
    return tuple(date(one // 12, one % 12 + 1, 1) for one in range(first, first + number))
