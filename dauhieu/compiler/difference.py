"""What changed between two texts of a sign. Of SQL layout and notes do not count, what the parser reads does."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from dauhieu.catalogue.parts import IDENTITY, contents
from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.parse import READ_AS

LAST = "result"


def select_changes(before: str, after: str) -> tuple[str, ...]:
    """Lines such as `low: - WHERE wage_base < floor`, `+ …`; none when both mean the same to the parser.

    The steps (WITH) are compared by name. A text which cannot be parsed is compared line by line.
    """
    try:
        old, new = _steps(before), _steps(after)
    except (ParseError, TokenError):
        return tuple(_lines("text", before, after))
    found: list[str] = []
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            found.append(f"{name}: step taken out")
        elif name not in old:
            found += [f"{name}: new step", *_lines(name, "", new[name])]
        elif old[name] != new[name]:
            found += _lines(name, old[name], new[name])
    return tuple(found)


def _steps(sql: str) -> dict[str, str]:
    """The named steps of a SELECT and its last part, each in one layout."""
    tree = sqlglot.parse_one(sql, read=READ_AS)
    steps: dict[str, str] = {}
    whole = tree.args.get("with_")
    if isinstance(whole, exp.With):
        for step in whole.expressions:
            steps[step.alias] = step.this.sql(READ_AS, pretty=True, comments=False)
        whole.pop()
    steps[LAST] = tree.sql(READ_AS, pretty=True, comments=False)
    return steps


def _lines(name: str, before: str, after: str) -> list[str]:
    compared = difflib.ndiff(before.splitlines(), after.splitlines())
    return [f"{name}: {line[0]} {line[2:].strip()}" for line in compared if line[0] in "+-"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: `part` of the sign, its `name` in it, and how it stood before and stands now."""

    part: str
    name: str
    before: Any
    now: Any


def sign_changes(before: Sign, now: Sign) -> tuple[Change, ...]:
    """Everything that differs between two texts of a sign, by part; SQL comes as lines without `before`."""
    found = [
        Change("identity", name, getattr(before, name), getattr(now, name))
        for name in ("id", "version", "status", *IDENTITY)
        if getattr(before, name) != getattr(now, name)
    ]
    for name in ("sql", "evidence"):
        lines = select_changes(getattr(before, name), getattr(now, name))
        found += [Change("logic", name, None, line) for line in lines]
    found += _compared("logic", _applies(before), _applies(now))
    found += _compared("thresholds", *(contents(sign)["thresholds"] for sign in (before, now)))
    found += _compared("law", _law(before), _law(now))
    found += _compared("needs", _needs(before), _needs(now))
    found += _compared("weight", {"severity": before.severity}, {"severity": now.severity})
    return (*found, *_compared("texts", _texts(before), _texts(now)))


def _compared(part: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    return [
        Change(part, name, before.get(name), now.get(name))
        for name in dict.fromkeys((*before, *now))
        if before.get(name) != now.get(name)
    ]


def _applies(sign: Sign) -> dict[str, Any]:
    return {"applies from": sign.applies_from, "applies to": sign.applies_to}


def _law(sign: Sign) -> dict[str, Any]:
    return {
        f"{basis.instrument}, {basis.article}": f"{basis.valid_from} – {basis.valid_to or ''}".strip()
        for basis in sign.legal_basis
    }


def _needs(sign: Sign) -> dict[str, Any]:
    tables = {table: "any" if age is None else age for table, age in sign.needs.required.items()}
    helpful = dict.fromkeys(sign.needs.helpful, "helpful")
    return tables | helpful | dict.fromkeys(sign.needs.signs, "sign") | {"identity": sign.needs.identity}


def _texts(sign: Sign) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word in ("title", "rule", "explain", "reading", "innocent_explanations", "ask_for"):
        text = getattr(sign, word)
        for language in ("vi", "en") if text else ():
            value = getattr(text, language)
            found[f"{word} ({language})"] = "; ".join(value) if isinstance(value, tuple) else value
    for name, item in sign.tuning.items():
        found[f"why {name}"] = f"{item.unit}: {item.why.told()}"
    return found
