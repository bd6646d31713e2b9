"""Drawn tables: repetition, shared rows, labels, and the faults of a drawing."""

from __future__ import annotations

from pathlib import Path

import pytest

from dauhieu.catalogue.example import read_examples
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import contract


def examples(folder: Path, text: str):  # type: ignore[no-untyped-def]
    path = folder / "x.examples.yaml"
    path.write_text(text, encoding="utf-8")
    return read_examples(path, contract())


HEAD = "- example: one\n  as_of: 2026-01-31\n  finds: []\n"


def test_an_id_column_may_be_named_without_its_ending(tmp_path: Path) -> None:
    (one,) = examples(tmp_path, HEAD + "  employer: |\n    employer | wage_region\n    E1 | I\n")
    assert one.tables["employer"].columns == ("employer_id", "wage_region")


def test_braces_repeat_a_line_and_multiply(tmp_path: Path) -> None:
    drawn = "  contribution_month: |\n    person | month\n    P{1..3} | 2026-{01..02}-01\n"
    (one,) = examples(tmp_path, HEAD + drawn)
    assert len(one.tables["contribution_month"].rows) == 6
    assert one.tables["contribution_month"].rows[1] == ("P1", "2026-02-01")


def test_the_same_braces_go_in_step(tmp_path: Path) -> None:
    drawn = "  contribution_month: |\n    person | employer\n    P{1..3} | E{1..3}\n"
    (one,) = examples(tmp_path, HEAD + drawn)
    assert one.tables["contribution_month"].rows == (("P1", "E1"), ("P2", "E2"), ("P3", "E3"))


def test_an_empty_cell_is_null(tmp_path: Path) -> None:
    (one,) = examples(tmp_path, HEAD + "  contribution_month: |\n    person | wage_base\n    P1 |\n")
    assert one.tables["contribution_month"].rows == (("P1", None),)


def test_given_rows_come_before_those_of_the_example(tmp_path: Path) -> None:
    text = (
        "given:\n  employer: |\n    employer | wage_region\n    E1 | I\n"
        "examples:\n- example: one\n  as_of: 2026-01-31\n  finds: []\n"
        "  employer: |\n    employer | block_code\n    E2 | state\n"
    )
    (one,) = examples(tmp_path, text)
    assert one.tables["employer"].rows == (("E1", "I", "..."), ("E2", "...", "state"))


def test_a_column_which_does_not_exist_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(SignError, match="Did you mean 'wage_base'"):
        examples(tmp_path, HEAD + "  contribution_month: |\n    person | wage_bas\n    P1 | 5\n")


def test_a_line_with_too_few_cells_is_told(tmp_path: Path) -> None:
    with pytest.raises(SignError, match="has 1 cells, its head has 2"):
        examples(tmp_path, HEAD + "  contribution_month: |\n    person | wage_base\n    P1\n")
