"""The list of violations and the faults of its file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from dauhieu.catalogue.violation import VIOLATIONS_FILE, read_violations, violation, violations
from dauhieu.errors import SignError


def first_violation() -> str:
    text = VIOLATIONS_FILE.read_text(encoding="utf-8")
    return text[text.index("SI-EMP-01:") : text.index("SI-EMP-02:")]


def test_all_violations_are_listed_by_branch() -> None:
    assert Counter(one.branch for one in violations().values()) == {
        "social": 51,
        "health": 26,
        "cross": 15,
        "unemployment": 10,
    }


def test_branch_follows_from_the_id() -> None:
    branches = {"SI": "social", "UI": "unemployment", "HI": "health", "X": "cross"}
    assert all(one.branch == branches[one.id.split("-")[0]] for one in violations().values())


def test_vietnamese_text_is_not_the_english_one() -> None:
    for one in violations().values():
        assert one.title.vi != one.title.en
        assert one.description.vi != one.description.en


def test_vietnamese_text_holds_no_english_words() -> None:
    english = {"the", "of", "for", "with", "and", "or", "law", "decree", "workers", "amount", "fine", "recovery"}
    for one in violations().values():
        for text in (one.title.vi, one.description.vi, one.legal_basis.vi, one.sanction.vi):
            assert not english & set(text.lower().replace(",", " ").replace(";", " ").split()), one.id


def test_titles_are_all_different() -> None:
    assert len({one.title.vi for one in violations().values()}) == len({one.title.en for one in violations().values()})
    assert len({one.title.en for one in violations().values()}) == len(violations())


def test_violation_is_found_by_its_id() -> None:
    assert violation("SI-EMP-05").actor == "employer"


def test_misspelt_id_is_answered_with_a_suggestion() -> None:
    with pytest.raises(SignError, match="Did you mean 'SI-EMP-05'"):
        violation("SI-EMPP-05")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("branch: social", "branch: sozial", "'branch' of 'SI-EMP-01' must be one of"),
        ("actor: employer", "actor: boss", "'actor' of 'SI-EMP-01' must be one of"),
        ("as_of: 2026-11-21", "as_of: lately", "must be a date"),
        ("confidence: high", "confidense: high", "Did you mean 'confidence'"),
        ("SI-EMP-01:", "SI-1:", "not the id of a violation"),
        ("sanction:", "penalty:", "'sanction' of 'SI-EMP-01' has no text in 'vi'"),
    ],
)
def test_badly_written_violation_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    path = tmp_path / "violations.yaml"
    path.write_text(first_violation().replace(before, after), encoding="utf-8")
    with pytest.raises(SignError, match=message):
        read_violations(path)


def test_all_faults_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "violations.yaml"
    text = first_violation().replace("branch: social", "branch: x").replace("actor: employer", "actor: y")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SignError) as raised:
        read_violations(path)
    assert [(fault.path, fault.line) for fault in raised.value.faults] == [(path, 5), (path, 6)]


@pytest.mark.parametrize(("text", "message"), [("- one\n", "holds no violations"), ("SI-EMP-01:\n", "has no body")])
def test_file_without_violations_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "violations.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SignError, match=message):
        read_violations(path)
