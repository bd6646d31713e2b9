"""The two texts of a draft as data, and what the forms of the editor write into them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import yaml

from dauhieu.catalogue.rewrite import rewritten

WHOLE = re.compile(r"-?(0|[1-9]\d*)")
FRACTION = re.compile(r"-?\d+\.\d+")
ROW = re.compile(r"(?P<name>[a-z]+)-(?P<number>\d+)-(?P<word>\w+)")
# How a missing value is written in a table of what is found.
MISSING = "∅"
Post = Mapping[str, str]
Data = dict[str, Any]


def read(text: str) -> Any:
    return yaml.safe_load(text)


def plain(text: str) -> str:
    """A text as a browser sends it, with line breaks as files have them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def value(written: str) -> int | date | bool | float | str:
    """What somebody typed, as YAML would hold it."""
    text = written.strip()
    if WHOLE.fullmatch(text):
        return int(text)
    if FRACTION.fullmatch(text):
        return float(text)
    if text in ("true", "false"):
        return text == "true"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def day(written: str) -> date | str:
    """A day as it is typed, with the year first or last; what is none stays as it is, and is told as a fault."""
    text = written.strip()
    parts = text.split("/")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        text = "-".join((parts[2], parts[1].zfill(2), parts[0].zfill(2)))
    try:
        return date.fromisoformat(text)
    except ValueError:
        return written.strip()


def rows(post: Post, name: str) -> list[dict[str, str]]:
    """The rows of a table of a form: those which were emptied or marked to go are left out."""
    found: dict[int, dict[str, str]] = {}
    for key, written in post.items():
        match = ROW.fullmatch(key)
        if match and match["name"] == name:
            found.setdefault(int(match["number"]), {})[match["word"]] = plain(written)
    kept = (row for _, row in sorted(found.items()) if "remove" not in row)
    return [row for row in kept if any(row.values())]


def write_texts(data: Data, post: Post) -> None:
    for word in ("title", "rule", "explain"):
        data[word] = _both(post, word)
    reading = _both(post, "reading")
    _put(data, "reading", reading if any(reading.values()) else None, after="amount_kind")
    data["severity"] = value(post.get("severity", ""))
    data["amount_kind"] = post.get("amount_kind", "")
    for word in ("innocent_explanations", "ask_for"):
        data[word] = {language: _lines(post.get(f"{word}.{language}", "")) for language in ("vi", "en")}


def _both(post: Post, word: str) -> dict[str, str]:
    return {language: " ".join(plain(post.get(f"{word}.{language}", "")).split()) for language in ("vi", "en")}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in plain(text).split("\n") if line.strip()]


def write_law(data: Data, post: Post) -> None:
    data["legal_basis"] = [
        {
            "instrument": row.get("instrument", ""),
            "article": row.get("article", ""),
            "from": day(row.get("from", "")),
            **({"to": day(row["to"])} if row.get("to") else {}),
        }
        for row in rows(post, "basis")
    ]
    applies = {word: day(post[f"applies.{word}"]) for word in ("from", "to") if post.get(f"applies.{word}", "").strip()}
    _put(data, "applies", applies or None, after="legal_basis")
    before = data.get("tuning") or {}
    tuning = {row["name"]: _threshold(row, before.get(row["name"])) for row in rows(post, "tuning") if row.get("name")}
    _put(data, "tuning", tuning or None, after="ask_for")


def _threshold(row: Mapping[str, str], before: Any) -> dict[str, Any]:
    why: Any = {"vi": row.get("vi", ""), "en": row.get("en", "")}
    if isinstance(before, dict) and isinstance(before.get("why"), str) and why["vi"] == why["en"]:
        why = why["vi"]
    old = before.get("value") if isinstance(before, dict) else None
    typed = row.get("value", "")
    found: Any = [part.strip() for part in typed.split(",")] if isinstance(old, list) else value(typed)
    return {"value": old if shown(old) == typed else found, "unit": row.get("unit", ""), "why": why}


def write_sql(data: Data, post: Post) -> None:
    for word in ("sql", "evidence"):
        data[word] = plain(post.get(word, "")) + "\n"


def write_needs(data: Data, post: Post) -> None:
    needs = dict(data.get("needs") or {})
    needs["required"] = {row["table"]: row.get("age") or "any" for row in rows(post, "needs") if row.get("table")}
    for word in ("helpful", "signs"):
        _put(needs, word, _names(post.get(f"needs.{word}", "")) or None)
    _put(needs, "identity", True if post.get("needs.identity") else None)
    data["needs"] = needs
    _put(data, "item_kind", post.get("item_kind") or None, after="subject")


def _names(text: str) -> list[str]:
    return [name for name in re.split(r"[\s,]+", text) if name]


def _put(data: Data, word: str, new: Any, after: str = "") -> None:
    """Set, take away, or set behind another word; the order of the others stays."""
    if new is None:
        data.pop(word, None)
    elif word in data or after not in data:
        data[word] = new
    else:
        items = list(data.items())
        data.clear()
        for name, old in items:
            data[name] = old
            if name == after:
                data[word] = new


def shown(one: Any) -> str:
    """A value as the forms show it."""
    if one is None:
        return MISSING
    if isinstance(one, bool):
        return "true" if one else "false"
    return ", ".join(map(str, one)) if isinstance(one, list) else str(one)


# Examples: a list, or a mapping of what all share and the list.


def example_list(data: Any) -> list[Data]:
    found = data.get("examples") if isinstance(data, dict) else data
    return found if isinstance(found, list) else []


def with_examples(data: Any, items: list[Data]) -> Any:
    return {**data, "examples": items} if isinstance(data, dict) else items


Grid = tuple[list[str], list[list[str]]]


def grid_of(drawn: str) -> Grid:
    """The columns and rows of a drawn table as they stand, braces and all."""
    lines = [line for line in str(drawn).splitlines() if line.strip()]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return (cells[0], cells[1:]) if cells else ([], [])


def drawn_of(columns: list[str], lines: list[list[str]]) -> str:
    """A drawn table with its columns under each other."""
    table = [columns, *lines]
    widths = [max(len(row[place]) for row in table) for place in range(len(columns))]
    return "".join(
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n" for row in table
    )


def grid_in(post: Post, name: str) -> Grid:
    """A table of a form: columns without a name and rows without a value are left out."""
    columns = {number: plain(post[key]) for key, number in _numbered(post, f"{name}-col")}
    kept = [number for number, column in sorted(columns.items()) if column]
    lines: dict[int, list[str]] = {}
    for _key, number in _numbered(post, f"{name}-row"):
        if post.get(f"{name}-gone-{number}"):
            continue
        lines[number] = [plain(post.get(f"{name}-cell-{number}-{column}", "")).replace("|", "/") for column in kept]
    return [columns[number] for number in kept], [row for _, row in sorted(lines.items()) if any(row)]


def _numbered(post: Post, prefix: str) -> Iterable[tuple[str, int]]:
    for key in post:
        number = key.removeprefix(f"{prefix}-")
        if key.startswith(f"{prefix}-") and number.isdecimal():
            yield key, int(number)


def finds_grid(finds: Any) -> Grid:
    found = [one for one in finds or [] if isinstance(one, dict)]
    columns = list(dict.fromkeys(str(name) for one in found for name in one))
    return columns, [[shown(one[name]) if name in one else "" for name in columns] for one in found]


def finds_of(columns: list[str], lines: list[list[str]], before: Any) -> list[Data]:
    """What an example finds; a cell which is as it was keeps its value, so that the code 0101 stays a code."""
    old = [one for one in before or [] if isinstance(one, dict)]
    known = {(str(name), shown(item)): item for one in old for name, item in one.items()}
    return [
        {
            name: known.get((name, cell), None if cell == MISSING else value(cell))
            for name, cell in zip(columns, row, strict=True)
            if cell
        }
        for row in lines
    ]


def write(text: str, data: Any) -> str:
    return rewritten(text, data)
