"""Pages for paper: PDF of A4, the same from every machine, for it is set in fonts which come with the typesetter.

What a page says is handed over as data and never as markup, so that a name stays a name whatever letters it has.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from dauhieu.web.practice.words import practice_mark
from dauhieu.web.ui.words import language

MIME = "application/pdf"
TEMPLATE = Path(__file__).parent / "paper.typ"


@dataclass(frozen=True, slots=True)
class Tiles:
    """Figures which matter: name, value, note."""

    tiles: Sequence[tuple[str, str, str]]
    kind: Literal["tiles"] = "tiles"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `columns` are titles with their share of the width; those at `numbers` are set to the right."""

    title: str
    columns: Sequence[tuple[str, float]]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    note: str = ""
    kind: Literal["grid"] = "grid"


@dataclass(frozen=True, slots=True)
class Points:
    """A list of sentences."""

    title: str
    points: Sequence[str]
    kind: Literal["points"] = "points"


@dataclass(frozen=True, slots=True)
class Facts:
    title: str
    facts: Sequence[tuple[str, str]]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Warn:
    """What must not be overlooked."""

    text: str
    kind: Literal["warn"] = "warn"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as SVG, what it shows in words, and its colours with their meaning."""

    title: str
    svg: str
    alt: str
    legend: Sequence[tuple[str, str]]
    note: str = ""
    kind: Literal["drawing"] = "drawing"


@dataclass(frozen=True, slots=True)
class Beside:
    """Two columns with their shares of the width."""

    left: Sequence[Any]
    right: Sequence[Any]
    shares: tuple[int, int] = (1, 1)
    kind: Literal["beside"] = "beside"


@dataclass(frozen=True, slots=True)
class Paper:
    """`head` says to when and where it belongs; `foot`, on every page, by whom it was made and what to bear in mind."""

    title: str
    head: str
    foot: str
    parts: Sequence[Any]


def pdf(paper: Paper) -> bytes:
    """Tagged for screen readers (PDF/UA)."""
    data = json.dumps(
        {**asdict(paper), "language": language(), "page": _("page"), "mark": practice_mark()}, ensure_ascii=False
    )
    made: bytes = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=["ua-1"],
        timestamp=timezone.now().replace(microsecond=0),
    )
    return made
