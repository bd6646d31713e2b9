"""An example as grids: its drawn tables, and what it must find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dauhieu.catalogue.example import WORDS
from dauhieu.warehouse.contract import contract
from dauhieu.web.editor.texts import (
    Data,
    Post,
    day,
    drawn_of,
    finds_grid,
    finds_of,
    grid_in,
    grid_of,
    plain,
    shown,
)
from dauhieu.web.signs.queries import table_meaning

FINDS = ("subject", "item", "period_from", "period_to", "amount")


@dataclass(frozen=True, slots=True)
class GridForm:
    """One grid with room for one more column and one more row; `name` is that of the table, or empty."""

    number: str
    name: str
    meaning: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ExampleForm:
    title: str
    as_of: str
    known_at: str
    tables: tuple[GridForm, ...]
    finds: GridForm
    fires: bool


def example_form(item: Data, missing: tuple[str, ...]) -> ExampleForm:
    """`missing` are tables which the sign needs: those it does not draw yet are offered empty."""
    drawn = {str(name): str(text or "") for name, text in item.items() if name not in WORDS}
    tables = [_grid(f"t{number}", name, *grid_of(text)) for number, (name, text) in enumerate(drawn.items())]
    tables += [
        _grid(f"t{number}", name, [], [])
        for number, name in enumerate((one for one in missing if one not in drawn), start=len(tables))
    ]
    columns, lines = finds_grid(item.get("finds"))
    return ExampleForm(
        str(item.get("example", "")),
        shown(item["as_of"]) if item.get("as_of") else "",
        shown(item["known_at"]) if item.get("known_at") else "",
        tuple(tables),
        _grid("finds", "", columns or list(FINDS), lines),
        bool(lines),
    )


def _grid(number: str, name: str, columns: list[str], lines: list[list[str]]) -> GridForm:
    width = len(columns) + 1
    padded = [tuple((line + [""] * width)[:width]) for line in [*lines, []]]
    return GridForm(number, name, table_meaning(name), (*columns, ""), tuple(enumerate(padded)))


def posted_example(post: Post, before: Data, *, titled: bool) -> Data:
    """The example as it was handed in; what a form does not show (`known_at`) stays."""
    item: dict[str, Any] = {}
    if titled:
        item = {"example": plain(post.get("title", "")), "as_of": day(post.get("as_of", ""))}
        if before.get("known_at"):
            item["known_at"] = before["known_at"]
    number = 0
    while (name := post.get(f"t{number}-name")) is not None:
        columns, lines = grid_in(post, f"t{number}")
        old = before.get(name)
        if columns and not post.get(f"t{number}-gone"):
            same = old is not None and grid_of(str(old)) == (columns, lines)
            item[name] = old if same else drawn_of(columns, lines)
        number += 1
    more = post.get("more", "")
    if more and more not in item:
        item[more] = f"{contract().table(more).key[0]}\n"
    if titled:
        item["finds"] = finds_of(*grid_in(post, "finds"), before.get("finds"))
    return item
