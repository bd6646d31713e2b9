"""What the text of a field becomes: days and moments, doses, persons, names for comparing. Most come again and again
within a file, so the dear ones are remembered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache

MANY = 1 << 15

_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")


def _stamp(text: str) -> tuple[str, str] | None:
    """Date and time of yyyymmdd[HHMM[SS]]; parts sent as zeros are unknown and become the first of their kind."""
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups(default="00")
    month, day = ("01" if part == "00" else part for part in (month, day))
    return f"{year}-{month}-{day}", f"{hour}:{minute}:{second}"


@lru_cache(MANY)
def _day(text: str) -> str | None:
    if not text.strip("0"):
        return None
    parts = _stamp(text)
    return parts[0] if parts else text


@lru_cache(MANY)
def _time(text: str) -> str | None:
    if not text.strip("0"):
        return None
    parts = _stamp(text)
    return f"{parts[0]} {parts[1]}" if parts else text


def _precision(text: str) -> str | None:
    if not text.strip("0"):
        return None
    return "year" if text[4:6] == "00" else "month" if text[6:8] == "00" else "day"


def plain_name(text: str) -> str:
    """A name for comparing: capitals, no accents, single blanks."""
    bare = unicodedata.normalize("NFD", text.upper().replace("Đ", "D"))
    return " ".join("".join(sign for sign in bare if not unicodedata.combining(sign)).split())


_PART = r"\s*(\d+(?:[.,]\d+)?|\d+/\d+)(?!\s*[-–]\s*\d)(?![\d.,/])[^*\[\]]*"
_DOSE = re.compile(rf"{_PART}\*{_PART}\*{_PART}(?:\[{_PART}\])?\s*")


@lru_cache(MANY)
def _dose(text: str) -> tuple[Decimal, Decimal] | None:
    """Units a day and days of 'per use * times * days [per day]'; None for another form or one against itself."""
    found = _DOSE.fullmatch(text)
    if found is None:
        return None
    per_use, times, days, per_day = (_decimal(part) if part else None for part in found.groups())
    if per_use is None or times is None or days is None:
        return None
    a_day = (per_use * times).quantize(Decimal("0.001"))
    if per_day is not None and per_day.quantize(Decimal("0.001")) != a_day:
        return None
    return a_day, days


def daily_dose(text: str) -> str | None:
    found = _dose(text)
    return f"{found[0].normalize():f}" if found else None


def dose_days(text: str) -> str | None:
    found = _dose(text)
    return str(int(found[1])) if found and found[1] == int(found[1]) else None


def _decimal(text: str) -> Decimal | None:
    above, _, below = text.replace(",", ".").partition("/")
    if below and not int(below):
        return None
    return Decimal(above) / Decimal(below or 1)


_FLAGS = {"1": "true", "0": "false"}
CHANGES: Mapping[str, Callable[[str], str | None]] = {
    "day": _day,
    "time": _time,
    "precision": _precision,
    "dose": daily_dose,
    "dose_days": dose_days,
    "first": lambda text: text.split(";", 1)[0].strip() or None,
    "plain_name": plain_name,
    "flag": lambda text: _FLAGS.get(text, text),
}


def person_code(text: str) -> str:
    """The code of a person in a number or a card: the first of a list; a card of 15 ends with the insurance number."""
    code = text.split(";", 1)[0].strip()
    return code[-10:] if len(code) == 15 else code
