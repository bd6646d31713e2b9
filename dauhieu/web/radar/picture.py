"""The map of provinces: shapes from maps/, classes and words from the rows of the table beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from dauhieu.web.radar.queries import PlaceRow
from dauhieu.web.ui.words import written

MAPS = Path(__file__).parent / "maps"
CLASSES = 5
# Boxes round the two archipelagos, and where their names stand: x, y, width, height, baseline of the name.
ARCHIPELAGOS = (
    ("Quần đảo Hoàng Sa", 565, 408, 128, 120, 400),
    ("Quần đảo Trường Sa", 520, 775, 479, 305, 767),
)
# The classes on paper, the least first, and provinces without data; the same as on light pages.
COLOURS = ("#dbe7f3", "#a3cbe6", "#5ba8b3", "#efb23e", "#b5281b")
UNKNOWN, LINE, INK, SEA = "#ffffff", "#4e5d75", "#10203a", "#edf3fa"


@dataclass(frozen=True, slots=True)
class Shape:
    """One province on the map; `step` is its class, None without data."""

    code: str
    name: str
    path: str
    islets: tuple[tuple[int, int], ...]
    step: int | None
    row: PlaceRow | None


@dataclass(frozen=True, slots=True)
class Picture:
    """`bounds` are the least values of the classes but the first."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    bounds: tuple[int, ...]


@cache
def _drawn(provinces: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((MAPS / f"provinces_{provinces}.json").read_text(encoding="utf-8"))
    return found


def picture(provinces: str, rows: Sequence[PlaceRow]) -> Picture:
    drawn = _drawn(provinces)
    known = {row.code: row for row in rows}
    bounds = class_bounds([row.per_hundred for row in rows])
    shapes = []
    for one in drawn["provinces"]:
        row = known.get(one["code"])
        islets = tuple((x, y) for x, y in one["islets"])
        step = sum(row.per_hundred >= bound for bound in bounds) if row else None
        shapes.append(Shape(one["code"], row.name if row else one["name"], one["path"], islets, step, row))
    return Picture(drawn["width"], drawn["height"], tuple(shapes), bounds)


def class_bounds(values: Sequence[int]) -> tuple[int, ...]:
    """Four bounds at round numbers which part the values into five classes of much the same size."""
    ordered = sorted(values)
    if not ordered:
        return ()
    found = {_round(ordered[len(ordered) * part // CLASSES]) for part in range(1, CLASSES)}
    return tuple(sorted(bound for bound in found if bound > 0))


def _round(value: int) -> int:
    """Two digits that say something are enough for a bound which people read."""
    unit = 10 ** max(0, len(str(value)) - 2)
    return round(value / unit) * unit


def legend(bounds: Sequence[int]) -> list[str]:
    """The classes in words, the least first."""
    if not bounds:
        return []
    shown = [written("count", bound) for bound in bounds]
    between = [f"{low} – {high}" for low, high in pairwise(shown)]
    return [_("under %(bound)s") % {"bound": shown[0]}, *between, _("%(bound)s and more") % {"bound": shown[-1]}]


def svg(drawn: Picture) -> str:
    """The map by itself, for paper."""
    text = f'<text fill="{INK}" font-size="30" x="{{}}" y="{{}}">{{}}</text>'
    parts = [
        f'<rect width="{drawn.width}" height="{drawn.height}" fill="{SEA}"/>',
        text.format(530, 620, escape(_("East Sea"))),
    ]
    for name, x, y, width, height, line in ARCHIPELAGOS:
        frame = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="none" stroke="{LINE}"/>'
        parts += [frame, text.format(x, line, name)]
    for shape in drawn.shapes:
        fill = UNKNOWN if shape.step is None else COLOURS[shape.step]
        parts.append(f'<path d="{shape.path}" fill="{fill}" stroke="{LINE}" stroke-width="0.8"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3.2" fill="{fill}" stroke="{LINE}"/>' for x, y in shape.islets]
    box = f"0 0 {drawn.width} {drawn.height}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="Libertinus Serif">{"".join(parts)}</svg>'
    )
