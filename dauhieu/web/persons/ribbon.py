"""The months of a person by fund: paid, due, or not paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from dauhieu.web.radar.months import months_until

MONTHS = 24
FUNDS = ("retirement", "oad", "ui", "hi")


class State(StrEnum):
    """The graver one wins where somebody has two employers in a month."""

    NONE = "none"
    PAID = "paid"
    DUE = "due"
    UNPAID = "unpaid"


GRAVITY = list(State)


@dataclass(frozen=True, slots=True)
class Band:
    """One fund: a state for each month."""

    fund: str
    cells: tuple[tuple[date, State], ...]


@dataclass(frozen=True, slots=True)
class Ribbon:
    months: tuple[date, ...]
    bands: tuple[Band, ...]

    @property
    def unpaid(self) -> int:
        """Months in which some fund was not paid."""
        return len({month for band in self.bands for month, state in band.cells if state is State.UNPAID})


def ribbon(
    as_of: date,
    contributions: Iterable[Mapping[str, Any]],
    enrolments: Iterable[Mapping[str, Any]] = (),
    voluntary: Iterable[Mapping[str, Any]] = (),
) -> Ribbon | None:
    """None where the person was insured in none of the months."""
    months = months_until(as_of, MONTHS)
    found: dict[tuple[str, date], State] = {}

    def add(fund: str, month: date, state: State) -> None:
        before = found.get((fund, month), State.NONE)
        found[fund, month] = max(before, state, key=GRAVITY.index)

    for row in contributions:
        add(row["fund"], row["month"], _state(row, as_of))
    for fund, spans, first, last in (
        ("hi", enrolments, "from_date", "to_date"),
        ("retirement", voluntary, "from_month", "to_month"),
    ):
        for span in spans:
            for month in months:
                if span[first].replace(day=1) <= month <= (span[last] or as_of):
                    add(fund, month, State.PAID if span["paid_at"] else State.UNPAID)
    bands = tuple(
        Band(fund, tuple((month, found.get((fund, month), State.NONE)) for month in months)) for fund in FUNDS
    )
    held = tuple(band for band in bands if any(state is not State.NONE for _, state in band.cells))
    return Ribbon(months, held) if held else None


def _state(row: Mapping[str, Any], as_of: date) -> State:
    if row["is_paid"]:
        return State.PAID
    return State.DUE if row["due_date"] and as_of <= row["due_date"] else State.UNPAID
