"""One statutory parameter: its type, its dimensions, and its values by time of force."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

# vnd: whole đồng; ppm: parts per million of 1 (14 % = 140000; "1.5 months" = 1500000); count: a plain number (months,
# years, times, persons); days: a number of days, calendar or working as the meaning says; code: an identifier.
TYPES = ("vnd", "ppm", "count", "days", "date", "code")
CONFIDENCES = ("high", "medium", "low")
CHECKS = ("text", "secondary", "memory")

Value = int | date | str
Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A dimension with named values, such as the wage region."""

    name: str
    keys: tuple[str, ...]

    def key(self, asked: str | int) -> str | None:
        return str(asked) if str(asked) in self.keys else None


@dataclass(frozen=True, slots=True)
class Band:
    """A dimension of numbers; a key is the lower bound of its band, which reaches up to the next key."""

    name: str
    keys: tuple[int, ...]

    def key(self, asked: str | int) -> int | None:
        try:
            place = bisect_right(self.keys, int(asked))
        except ValueError:
            return None
        return self.keys[place - 1] if place else None


Dimension = Choice | Band


@dataclass(frozen=True, slots=True)
class Span:
    """The values of one time of force, keyed by the dimensions in order, () when there are none; None is unknown."""

    valid_from: date
    valid_to: date | None
    values: Mapping[Key, Value | None]
    source: str
    confidence: str
    checked: str
    note: str = ""

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Parameter:
    """`spans` are in order, without overlap or gap. `repealed`: the law has ended it, its later absence is law too;
    else an end means that the next value is not yet known."""

    name: str
    vi: str
    en: str
    type: str
    dimensions: tuple[Dimension, ...]
    spans: tuple[Span, ...]
    repealed: bool
    topic: str
    path: Path
    line: int

    def span(self, day: date) -> Span | None:
        """The span in force on a day."""
        for span in self.spans:
            if span.holds(day):
                return span
        return None

    def keys(self) -> Iterator[Key]:
        """Every combination of dimension values, in order."""
        return combinations(self.dimensions)


def combinations(dimensions: tuple[Dimension, ...]) -> Iterator[Key]:
    if not dimensions:
        yield ()
        return
    for key in dimensions[0].keys:
        for rest in combinations(dimensions[1:]):
            yield (key, *rest)
