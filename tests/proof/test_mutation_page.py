"""The page of mutation scores keeps what was measured before."""

from __future__ import annotations

from pathlib import Path

from dauhieu.proof.mutation import MutationScore
from dauhieu.proof.mutation_page import Row, measure, read_rows, render, row_of


def test_a_page_gives_back_the_rows_it_was_made_of() -> None:
    rows = {"A-01-S1": row_of(MutationScore("A-01-S1", 8, ("x", "y"))), "B-01-S1": Row(3, 3), "GONE-S1": Row(1, 1)}
    text = render(rows, ["A-01-S1", "B-01-S1", "C-01-S1"])
    assert "2 / 3. Trung vị · Median: 87.5 %" in text
    assert read_rows(text) == {"A-01-S1": Row(8, 6), "B-01-S1": Row(3, 3)}


def test_measuring_one_sign_keeps_the_rows_of_others(tmp_path: Path) -> None:
    path = tmp_path / "mutation.md"
    path.write_text(render({"HI-FAC-12-S1": Row(1, 0), "SI-EMP-05-S1": Row(5, 4)}, ["HI-FAC-12-S1", "SI-EMP-05-S1"]))
    measure(path, ["HI-FAC-12-S1"])
    rows = read_rows(path.read_text(encoding="utf-8"))
    assert rows["SI-EMP-05-S1"] == Row(5, 4)
    assert rows["HI-FAC-12-S1"].mutants > 5
