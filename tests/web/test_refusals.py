"""What the core says in English is told in the language of the page, or stands behind a sentence in it."""

from __future__ import annotations

import ast
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from lxml import html

from dauhieu.warehouse.store import Store
from dauhieu.web.ui.refusals import KNOWN, refusal, refusals, source
from tests.thin import MONTH_HEAD
from tests.web.test_sources import own_store, sent, work

__all__ = ["own_store"]
Browser = Callable[..., Client]
CORE = Path(__file__).parent.parent.parent / "dauhieu"
# Two of these in one text make an English sentence.
ENGLISH = re.compile(r"\b(the|is|are|of|which|not|must|has|was|send|name|file|cannot)\b", re.IGNORECASE)


def said() -> Iterator[str]:
    """Every text of the core, with a blank for what is filled in."""
    for path in [*CORE.rglob("*.py")]:
        if path.name == "refusals.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                yield "".join(one.value if isinstance(one, ast.Constant) else "\0" for one in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_what_is_known_is_what_the_core_says() -> None:
    core = set(said())
    # What is fixed in the core's text, such as a number, may be filled in here.
    lost = [text for text in map(source, KNOWN) if re.sub(r"%\(\w+\)s", "\0", text) not in core]
    assert lost == []


def alone(page: str) -> list[str]:
    """English sentences which a reader meets outside of a detail."""
    found = []
    for node in html.fromstring(page).iter():
        away = (
            any(
                up.get("lang") == "en" or up.tag in ("script", "style", "code", "textarea")
                for up in [node, *node.iterancestors()]
            )
            if isinstance(node.tag, str)
            else True
        )
        for text in (node.text if not away else None,):
            if text and len(ENGLISH.findall(text)) > 1:
                found.append(text.strip())
    return found


def test_an_english_sentence_alone_is_noticed() -> None:
    assert alone("<p>The file is not taken.</p>") == ["The file is not taken."]
    assert alone('<p>Tệp không được nhận <span lang="en">The file is not taken.</span></p>') == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "There is no table 'persn'. Did you mean 'person'? Name the table with --table, or name the file after it.",
            "Không có bảng “persn”. Có phải ý bạn là “person”?",
        ),
        ("Column 'a' is delivered twice. Keep one of the two.", "Cột “a” có hai lần."),
        ("1 examples fire. At least 3 must.", "1 ví dụ"),
    ],
)
def test_what_is_often_said_is_translated(text: str, told: str) -> None:
    with translation.override("vi"):
        assert told in refusal(text, "delivery")
        assert "details" not in refusal(text, "delivery")
    with translation.override("en"):
        assert "details" not in refusal(text, "delivery")


@pytest.mark.parametrize("text", ["It is not <b>known</b> of the file.", "Example 'x': found nothing of the kind."])
def test_what_is_not_known_stands_behind_a_sentence(text: str) -> None:
    with translation.override("vi"):
        told = refusals(text, "delivery")
    assert "Tệp không được nhận" in told
    assert "<b>" not in told
    assert alone(f"<ul>{told}</ul>") == []


def test_a_hint_which_is_not_known_is_a_detail() -> None:
    text = (
        "The columns do not fit table 'person'. Rename them as the contract does, or give a mapping file.\n  is lost."
    )
    with translation.override("vi"):
        told = refusals(f"{text}\nThe archive has a password. Send it without one.", "delivery")
    assert told.count("<li>") == 2
    assert told.count("<details>") == 1
    assert "Các cột không khớp bảng “person”" in told
    assert alone(f"<ul>{told}</ul>") == []


def packed(**files: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing_known.csv", b"a,b\n1,2\n"),
        ("contribution_month.csv", MONTH_HEAD.encode()),
        ("contribution_month.csv", b"a,b\n1,2\n"),
        ("contribution_month.csv", b"person_code,person_code\n1,2\n"),
        ("contribution_month.xlsx", b"PK\x03\x04broken"),
        ("contribution_month.parquet", b"PAR1broken"),
        ("claims.xml", b"<!DOCTYPE x><x/>"),
        ("claims.xml", b"<x/>"),
        ("deep.zip", packed(**{"in.zip": "PK"})),
    ],
)
def test_no_page_of_a_delivery_speaks_english_alone(
    own_store: Store, signed_in: Browser, name: str, content: bytes
) -> None:
    browser = signed_in("officer", name="lan")
    place = sent(browser, content, name).headers["Location"]
    work()
    page = browser.get(place).content.decode()
    assert "refusal" in page
    assert alone(page) == []
