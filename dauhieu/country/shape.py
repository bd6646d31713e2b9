"""How large the nation is: counts from public figures thinned by a scale, with floors so that nothing is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dauhieu.errors import DauhieuError

PERSONS = 97_000_000
EMPLOYERS = 700_000
FACILITIES = 13_000
AGENTS = 12_000
CLAIM_MONTHS = 13


@dataclass(frozen=True, slots=True)
class Floors:
    """The least number of each, whatever the scale: every province keeps each level of care and every kind of unit."""

    employers: int = 3_000
    facilities: int = 600
    agents: int = 340
    deeds: int = 20


@dataclass(frozen=True, slots=True)
class Shape:
    """One nation: everything it holds follows from these values.

    Where no wrongs are `planted`, people live as they do elsewhere, look-alikes and all, and nobody does wrong.
    """

    scale: Fraction
    months: int
    seed: int
    last_month: date
    floors: Floors = Floors()
    planted: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.scale <= 1:
            raise DauhieuError(f"The scale must lie between 0 and 1, not {float(self.scale)}.")
        if self.months < 1:
            raise DauhieuError("A nation needs at least one month.")

    @property
    def persons(self) -> int:
        return self._thinned(PERSONS, 400)

    @property
    def employers(self) -> int:
        return self._thinned(EMPLOYERS, self.floors.employers)

    @property
    def facilities(self) -> int:
        return self._thinned(FACILITIES, self.floors.facilities)

    @property
    def agents(self) -> int:
        return self._thinned(AGENTS, self.floors.agents)

    @property
    def first_month(self) -> date:
        return month_after(self.last_month, 1 - self.months)

    @property
    def first_claim_month(self) -> date:
        return month_after(self.last_month, 1 - min(self.months, CLAIM_MONTHS))

    def _thinned(self, whole: int, floor: int) -> int:
        return max(floor, int(whole * self.scale))


def month_after(month: date, count: int) -> date:
    """The first day of the month `count` months later (or earlier)."""
    number = month.year * 12 + month.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)
