"""Pages for paper: PDF of A4, the same from every machine, for it is set in fonts which come with the typesetter.

What a page says is handed over as data and never as markup, so that a name stays a name whatever letters it has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
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
# Latin letters with all of the Vietnamese, and the marks which our own texts use.
SHAPED = re.compile("[ -~\u00a0-\u017f\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9–—…·•“”‘’₫→≥≤▲▼●○□]")
BOX = "□"


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
    """Tagged for screen readers (PDF/UA), so no letter may be without a shape in the fonts."""
    data = {**asdict(paper), "language": language(), "page": _("page"), "mark": practice_mark()}
    try:
        return _set(data)
    except typst.TypstError:
        return _set(_shown(data))


def _shown(value: Any) -> Any:
    """The same with a box for each letter of another script, and for what is no letter at all."""
    if isinstance(value, str):
        return "".join(one if one == "\n" or SHAPED.match(one) else BOX for one in value)
    if isinstance(value, dict):
        return {name: _shown(one) for name, one in value.items()}
    return [_shown(one) for one in value] if isinstance(value, list | tuple) else value


def _set(data: Mapping[str, Any]) -> bytes:
    made: bytes = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=timezone.now().replace(microsecond=0),
    )
    return made
