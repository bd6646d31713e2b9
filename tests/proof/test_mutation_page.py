"""The page of mutation scores is what is recorded."""

from __future__ import annotations

from pathlib import Path

from dauhieu.catalogue.tried import Tried
from dauhieu.proof.mutation_page import render, shipped_page

PAGE = Path(__file__).parents[2] / "docs" / "mutation.md"


def test_a_page_has_a_row_for_each_sign_measured_and_the_median_of_the_shares() -> None:
    lines = {"A-01-S1": Tried("", 8, 6), "B-01-S1": Tried("", 3, 3), "GONE-S1": Tried("", 1, 0)}
    text = render(lines, ["A-01-S1", "B-01-S1", "C-01-S1"])
    assert "2 / 3. Trung vị · Median: 87.5 %" in text
    assert "| [A-01-S1](catalogue/signs/A-01-S1.md) | 8 | 6 | 2 | 75 |" in text
    assert "GONE-S1" not in text


def test_the_page_tells_what_is_recorded() -> None:
    assert PAGE.read_text(encoding="utf-8") == shipped_page()
