"""The list of what OWASP ASVS asks for: whole, well-formed, and shown by tests and files which are there."""

from __future__ import annotations

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ITEM = re.compile(r"V([1-9]|1[0-7])\.\d{1,2}\.\d{1,2}")
COLUMNS = ["id", "level", "chapter", "requirement", "applies", "how", "shown_by"]
# As many items of these levels as version 5.0.0 has.
ITEMS = {"1": 70, "2": 183}
DOCTOR = ROOT / "dauhieu" / "web" / "administration" / "doctor"


@cache
def rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_item_of_both_levels_stands_there_once() -> None:
    names = [row["id"] for row in rows()]
    assert len(names) == len(set(names))
    assert all(ITEM.fullmatch(name) for name in names)
    assert {level: sum(row["level"] == level for row in rows()) for level in ITEMS} == ITEMS
    keys = [[int(part) for part in name[1:].split(".")] for name in names]
    assert keys == sorted(keys)


def test_every_row_is_whole() -> None:
    for row in rows():
        assert list(row) == COLUMNS, row
        assert all(row[column] for column in COLUMNS[:-1]), row
        assert row["applies"] in ("yes", "no"), row
        is_open = row["how"].startswith("open: ")
        assert bool(row["shown_by"]) == (row["applies"] == "yes" and not is_open), row


def test_one_chapter_has_one_name() -> None:
    assert len({(row["id"].split(".")[0], row["chapter"]) for row in rows()}) == 17


SHOWN = sorted({one for row in rows() for one in row["shown_by"].split("; ") if one})


@pytest.mark.parametrize("shown", SHOWN)
def test_what_shows_it_is_there(shown: str) -> None:
    if shown.startswith("doctor: "):
        assert f'_("{shown.removeprefix("doctor: ")}")' in _doctor()
        return
    path, test, name = shown.partition("::")
    path, mark, heading = path.partition("#")
    assert (ROOT / path).is_file()
    if test:
        assert name in _tests(path)
    elif mark:
        assert f"## {heading}\n" in (ROOT / path).read_text(encoding="utf-8")


@cache
def _doctor() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(DOCTOR.glob("*.py")))


@cache
def _tests(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
