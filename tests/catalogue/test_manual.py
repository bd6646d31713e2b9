"""The manual of the catalogue follows the files of the signs."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue, read_sign_examples
from dauhieu.catalogue.manual import render
from dauhieu.warehouse.contract import contract

LINK = re.compile(r"\]\(([^)#]+\.md)\)")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(contract())


@pytest.fixture(scope="module")
def pages(catalogue: Catalogue) -> dict[str, str]:
    return render(catalogue, contract())


def test_every_sign_and_every_violation_has_its_page(catalogue: Catalogue, pages: dict[str, str]) -> None:
    signs = {f"signs/{name}.md" for name in catalogue.signs}
    violations = {f"violations/{name}.md" for name in catalogue.violations}
    assert set(pages) == {"index.md"} | signs | violations


def test_every_link_leads_to_a_page(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        for link in LINK.findall(text):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(name), link)) in pages, (name, link)


def test_a_sign_tells_all_of_itself_in_both_languages(catalogue: Catalogue, pages: dict[str, str]) -> None:
    sign = catalogue.signs["SI-EMP-05-S1"]
    text = pages["signs/SI-EMP-05-S1.md"]
    told = [sign.title, sign.rule, *([sign.reading] if sign.reading else [])]
    assert all(one.vi in text and one.en in text for one in told)
    for texts in (sign.innocent_explanations, sign.ask_for):
        assert all(one in text for one in (*texts.vi, *texts.en))
    assert all(f"| `{name}` |" in text for name in sign.tuning)
    assert all(one.instrument in text for one in sign.legal_basis)
    assert all(f"### {example.title}\n" in text for example in read_sign_examples(sign, contract()))


def test_the_index_leads_to_every_sign_by_violation_subject_and_severity(
    catalogue: Catalogue, pages: dict[str, str]
) -> None:
    for name in catalogue.signs:
        assert pages["index.md"].count(f"[{name}](signs/{name}.md)") == 3


def test_the_committed_pages_are_current(pages: dict[str, str]) -> None:
    folder = Path(__file__).parents[2] / "docs" / "catalogue"
    committed = {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}
    stale = sorted(name for name in pages.keys() | committed.keys() if pages.get(name) != committed.get(name))
    assert not stale, f"Run: python -m dauhieu.catalogue.manual docs/catalogue ({', '.join(stale[:5])})"
