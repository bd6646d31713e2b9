"""The sentence of a finding in Vietnamese and English, from the sign's `explain` and the finding's facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")
MISSING = {"vi": "không rõ", "en": "unknown"}


def _date(value: Any) -> date:
    return value if isinstance(value, date) else datetime.fromisoformat(str(value)).date()


def _grouped(value: Any, language: str, decimals: int = 0) -> str:
    text = f"{Decimal(str(value)):,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def _vnd(value: Any, language: str) -> str:
    number = _grouped(value, language)
    return f"{number} đồng" if language == "vi" else f"VND {number}"


def _month(value: Any, language: str) -> str:
    return f"{_date(value):%m/%Y}" if language == "vi" else f"{_date(value):%Y-%m}"


def _day(value: Any, language: str) -> str:
    return f"{_date(value):%d/%m/%Y}" if language == "vi" else f"{_date(value):%Y-%m-%d}"


def _percent(value: Any, language: str) -> str:
    """Parts per million as percent."""
    number = _grouped(Decimal(str(value)) / 10_000, language, 2).rstrip("0").rstrip(",.")
    return f"{number}%"


def _plain(value: Any, language: str) -> str:
    return str(value)


FORMATS: Mapping[str, Callable[[Any, str], str]] = {
    "vnd": _vnd,
    "month": _month,
    "date": _day,
    "count": _grouped,
    "decimal": lambda value, language: _grouped(value, language, 2),
    "ppm": _percent,
    "text": _plain,
}
# What every finding offers beside its facts.
ALWAYS = ("subject_code", "item", "period_from", "period_to", "amount")


def named_facts(template: str) -> tuple[tuple[str, str], ...]:
    """The (fact, format) pairs a sentence names."""
    return tuple((name, form or "text") for name, form in PLACE.findall(template))


def sentence(template: str, facts: Mapping[str, Any], language: str) -> str:
    """Fill a sentence; a fact without value is said to be unknown."""

    def fill(match: re.Match[str]) -> str:
        value = facts.get(match.group(1))
        return MISSING[language] if value is None else FORMATS[match.group(2) or "text"](value, language)

    return PLACE.sub(fill, template)
