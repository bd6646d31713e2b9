"""What the style sheet says in two places says the same in both."""

from __future__ import annotations

import re
from pathlib import Path

SHEET = Path(__file__).parent.parent.parent / "dauhieu" / "web" / "ui" / "static" / "ui" / "site.css"


def tokens(theme: str) -> dict[str, str]:
    """The tokens of a theme. The sheet repeats the dark ones: `light-dark()` is unknown to browsers before 2024."""
    block = re.search(rf':root\[data-theme="{theme}"\] \{{(.*?)\}}', SHEET.read_text(encoding="utf-8"), re.DOTALL)
    assert block, theme
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", block[1]))


def test_a_screen_set_to_dark_looks_as_the_choice_of_dark_does() -> None:
    assert tokens("auto") == tokens("dark")
    assert "--page" in tokens("dark")
