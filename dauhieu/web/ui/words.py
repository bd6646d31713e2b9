"""Numbers, money and dates as people write them, in the language of the page.

Rests on the formats which the sentences of findings use, so that a page and a sentence never differ.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language, pgettext

from dauhieu.findings.explain import FORMATS

BILLION, MILLION = 1_000_000_000, 1_000_000
NOTHING = "–"


def language() -> str:
    return "en" if get_language() == "en" else "vi"


def written(form: str, value: Any) -> str:
    """A value in a form of the core: vnd, month, date, count, decimal, ppm, text."""
    return NOTHING if value is None else FORMATS[form](value, language())


def short_money(value: int | None) -> str:
    """Billions or millions of đồng for tiles and tables; the full sum belongs beside it."""
    if value is None:
        return NOTHING
    for unit, word in ((BILLION, pgettext("money", "bn")), (MILLION, pgettext("money", "m"))):
        if abs(value) >= unit:
            rounded = (Decimal(value) / unit).quantize(Decimal("0.1"), ROUND_HALF_UP)
            whole = rounded == rounded.to_integral_value() or abs(rounded) >= 100
            number = written("count", rounded) if whole else _one_decimal(rounded)
            return f"{number} {word}"
    return written("count", value)


def _one_decimal(value: Decimal) -> str:
    text = f"{value:,.1f}"
    return text.translate(str.maketrans(",.", ".,")) if language() == "vi" else text


def share(part: int, whole: int) -> str:
    """A percentage with one decimal; nothing where there is nothing to divide by."""
    if not whole:
        return NOTHING
    return f"{_one_decimal(Decimal(part) * 100 / whole)} %" if language() == "vi" else f"{part * 100 / whole:.1f}%"
