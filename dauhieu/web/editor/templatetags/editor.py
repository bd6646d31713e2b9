"""Faults beside the field they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import template

from dauhieu.web.editor.checking import Told
from dauhieu.web.ui.words import share, written

register = template.Library()


@register.inclusion_tag("editor/_beside.html")
def beside(told: Iterable[Told], *fields: str) -> dict[str, Any]:
    """What is wrong with one of these fields; a field covers what lies in it."""
    wanted = [str(field) for field in fields]
    return {"told": [one for one in told if any(_covers(field, one.field) for field in wanted)]}


def _covers(field: str, told: str) -> bool:
    return told == field or told.startswith(f"{field}.")


@register.simple_tag
def names(*parts: object) -> str:
    """The name of a field put together: row, number, word."""
    return "-".join(map(str, parts))


@register.simple_tag
def rate(part: int, whole: int) -> str:
    """A share which may be small: three decimals below one per cent, as `share` from there on."""
    if not whole or 100 * part >= whole:
        return share(part, whole)
    return written("ppm", Decimal(round(100_000 * part / whole)) * 10)


@register.filter
def item(known: Mapping[str, Any], name: str) -> Any:
    return known.get(name, "")
