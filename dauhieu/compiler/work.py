"""The piece which travels through the passes: a tree, what was learnt about it, and the faults found so far."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlglot import exp

from dauhieu.compiler.schema import Schema
from dauhieu.errors import Fault
from dauhieu.law.law import Law

Value = int | str | date | bool | Decimal | tuple[str, ...] | None

OWN_ROOMS = ("law", "calc")
OURS = "ours"  # marks nodes which an expansion wrote, not the author
EXPANDED = "expanded"  # marks the whole of what a call of `law.` or `calc.` became


@dataclass(slots=True)
class Work:
    """One SELECT on its way; `line` is the line of the file where `text` starts."""

    text: str
    schema: Schema
    law: Law
    as_of: date
    values: Mapping[str, Value]
    path: Path
    line: int
    dialect: str
    tree: exp.Expr = field(default_factory=exp.Select)
    faults: list[Fault] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)
    history: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    views: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)
    used: dict[str, set[str]] = field(default_factory=dict)

    def fault(self, at: exp.Expr | int, message: str) -> None:
        """Note a fault at a node or at a line of the text; the same one is told once."""
        row = at if isinstance(at, int) else self.row(at)
        fault = Fault(self.path, self.line + row - 1, message)
        if fault not in self.faults:
            self.faults.append(fault)

    def row(self, node: exp.Expr) -> int:
        """The line of a node within the text, or of the nearest thing whose place the parser kept."""
        if isinstance(node, exp.Placeholder):
            place = re.search(rf"\${re.escape(node.name)}\b", self.text)
            return self.text.count("\n", 0, place.start()) + 1 if place else 1
        rows = [int(inner.meta["line"]) for inner in node.walk() if "line" in inner.meta]
        if rows:
            return min(rows)
        return self.row(node.parent) if node.parent else 1

    def row_of_word(self, word: str) -> int | None:
        """The first line where a function of this name is called, or where the word stands."""
        named = rf"\b{re.escape(word)}\b"
        place = re.search(rf"{named}\s*\(", self.text, re.IGNORECASE) or re.search(named, self.text, re.IGNORECASE)
        return self.text.count("\n", 0, place.start()) + 1 if place else None

    def own_calls(self, room: str) -> Iterator[tuple[exp.Anonymous, str]]:
        """Calls of `law.` or `calc.` functions, innermost first."""
        found = [node for node in self.tree.walk() if isinstance(node, exp.Anonymous) and own_room(node) == room]
        for node in reversed(found):
            yield node, node.name.split(".", 1)[1]

    def replace(self, node: exp.Expr, by: exp.Expr) -> None:
        """Put `by` in the place of `node`, which may be the root; it keeps the place in the text."""
        by.meta.setdefault("line", self.row(node))
        if own_room(node):
            by.meta[EXPANDED] = True
        if node is self.tree:
            self.tree = by
        else:
            node.replace(by)


def own_room(node: exp.Expr) -> str | None:
    """'law' or 'calc' for a call of ours."""
    if not isinstance(node, exp.Anonymous) or not isinstance(node.this, str) or "." not in node.this:
        return None
    return node.this.split(".", 1)[0]
