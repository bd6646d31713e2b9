"""Every text of the site is there in Vietnamese, and none condemns before a conclusion."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import polib
import pytest
from django.utils import translation

from dauhieu.web.ui import words
from tests.web.conftest import script

ROOT = Path(__file__).parent.parent.parent
WEB = ROOT / "dauhieu" / "web"
CONDEMNING = re.compile(r"\b(fraud\w*|criminals?|gian lận|lừa đảo|tội phạm|kẻ)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def texts() -> ModuleType:
    return script("texts")


def test_every_text_is_translated(texts: ModuleType) -> None:
    kept = {(entry.msgid, entry.msgctxt) for entry in polib.pofile(str(texts.CATALOGUE)) if entry.translated()}
    assert {(one.text, one.context) for one in texts.gathered()} - kept == set()


def test_no_text_is_kept_which_nobody_shows(texts: ModuleType) -> None:
    kept = {(entry.msgid, entry.msgctxt) for entry in polib.pofile(str(texts.CATALOGUE))}
    assert kept - {(one.text, one.context) for one in texts.gathered()} == set()


def test_the_compiled_catalogue_is_current(texts: ModuleType) -> None:
    source = {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in polib.pofile(str(texts.CATALOGUE))}
    compiled = polib.mofile(str(texts.CATALOGUE.with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in compiled} == source


def test_a_translation_keeps_what_is_filled_in(texts: ModuleType) -> None:
    for entry in polib.pofile(str(texts.CATALOGUE)):
        places = re.findall(r"%\(\w+\)s", entry.msgid)
        translated = entry.msgstr or entry.msgstr_plural[0]
        # Nobody signs up, so the text about it says another thing.
        if places and "%(link)s" not in places:
            assert sorted(places) == sorted(re.findall(r"%\(\w+\)s", translated)), entry.msgid


def test_no_text_condemns() -> None:
    for path in [*WEB.rglob("*.html"), *WEB.rglob("*.po"), *WEB.rglob("*.py")]:
        assert not CONDEMNING.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (None, "–", "–"),
        (0, "0", "0"),
        (999_999, "999.999", "999,999"),
        (1_500_000, "1,5 triệu", "1.5 m"),
        (12_940_000_000, "12,9 tỷ", "12.9 bn"),
        (5_000_000_000, "5 tỷ", "5 bn"),
        (2_345_678_000_000, "2.346 tỷ", "2,346 bn"),
        (-1_500_000, "-1,5 triệu", "-1.5 m"),
    ],
)
def test_sums_are_short_in_both_languages(value: int | None, vi: str, en: str) -> None:
    with translation.override("vi"):
        assert words.short_money(value) == vi
    with translation.override("en"):
        assert words.short_money(value) == en
