"""Chapters of the manual done as they are written: every file saved, every command typed, what is shown compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chapter import Command, File, steps

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"


@pytest.mark.slow
@pytest.mark.parametrize("page", ["first-sign.md", "sign-packs.md"])
def test_what_a_chapter_says_happens(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for step in steps(HOW_TO / page):
        step.do()


def test_a_chapter_which_shows_what_does_not_happen_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("**`a.txt`**\n\n```\nsaved\n```\n\n```console\n$ dauhieu tuning --help\nno such line\n```\n")
    saved, typed = steps(page)
    assert saved == File("a.txt", "saved\n")
    assert isinstance(typed, Command)
    with pytest.raises(AssertionError, match="no such line"):
        typed.do()
