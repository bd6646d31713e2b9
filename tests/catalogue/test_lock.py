"""What was released under an id stays what it was; what was not is free."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.catalogue.catalogue import BrokenFile, Catalogue
from dauhieu.catalogue.lock import LOCK_FILE, Locked, lock_faults, locked, read_lock, refreshed, write_lock
from dauhieu.catalogue.parts import PARTS, binding_digest, digests
from dauhieu.catalogue.sign import Local, Retired, Sign
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import Text
from tests.thin import SIGN, catalogue

HERE = Path("lock.json")


def sign(**fields: object) -> Sign:
    return replace(catalogue().signs[SIGN], **fields)  # type: ignore[arg-type]


def faults(now: Sign | None, released: Mapping[str, Locked]) -> list[str]:
    signs = {SIGN: now} if now else {}
    found = replace(catalogue(), signs=signs)
    return [fault.message for fault in lock_faults(found, HERE, released)]


def released(status: str = "stable", **fields: object) -> dict[str, Locked]:
    return {SIGN: locked(sign(status=status, **fields))}


def longer(name: str) -> dict[str, object]:
    whole = catalogue().signs[SIGN].tuning
    return {"tuning": {**whole, name: replace(whole[name], value=6)}}


CHANGES: dict[str, dict[str, object]] = {
    "logic": {"sql": catalogue().signs[SIGN].sql.replace("wage_base < floor", "wage_base <= floor")},
    "thresholds": longer("hazard_uplift"),
    "law": {"legal_basis": catalogue().signs[SIGN].legal_basis[:1]},
    "needs": {"needs": replace(catalogue().signs[SIGN].needs, identity=True)},
    "weight": {"severity": 5},
}


def test_what_did_not_change_passes() -> None:
    assert faults(sign(status="stable"), released()) == []


@pytest.mark.parametrize("part", CHANGES)
def test_a_stable_sign_which_changes_needs_a_higher_version(part: str) -> None:
    (message,) = faults(sign(status="stable", **CHANGES[part]), released())
    assert message.startswith(
        f"{part.capitalize()} of a stable sign changed. Set version to 2, then 'dauhieu sign lock'"
    )


@pytest.mark.parametrize("part", CHANGES)
def test_a_higher_version_lets_a_stable_sign_change(part: str) -> None:
    assert faults(sign(status="stable", version=2, **CHANGES[part]), released()) == []


@pytest.mark.parametrize("status", ["experimental", "test"])
def test_a_sign_on_its_way_may_change_under_its_version(status: str) -> None:
    assert faults(sign(status="test", **CHANGES["logic"]), released(status)) == []


def test_texts_layout_and_notes_may_change_under_a_version() -> None:
    text = catalogue().signs[SIGN].sql.replace("FROM low AS l", "\n   -- of both\n  FROM low   AS l")
    now = sign(status="stable", sql=text, title=Text("Lương thấp", "Low wage"))
    assert text != catalogue().signs[SIGN].sql
    assert faults(now, released()) == []


def test_the_version_never_falls() -> None:
    assert "The version never falls" in faults(sign(status="stable"), released(version=2))[0]


@pytest.mark.parametrize("status", ["test", "stable"])
@pytest.mark.parametrize(
    ("word", "value"),
    [("violation", "SI-EMP-06"), ("subject", "employer"), ("item_kind", None), ("amount_kind", "exposure")],
)
def test_subject_and_meaning_stay_under_an_id(status: str, word: str, value: str | None) -> None:
    (message,) = faults(sign(status=status, version=9, **{word: value}), released(status))
    assert f"'{word}' of a released sign" in message


def test_a_released_id_may_not_vanish() -> None:
    assert "was released and is gone" in faults(None, released("test"))[0]


def test_a_released_file_which_cannot_be_read_has_not_vanished() -> None:
    found = replace(catalogue(), signs={}, broken=(BrokenFile(SIGN, Path("x.yaml"), ()),))
    assert list(lock_faults(found, HERE, released())) == []


def test_a_released_sign_is_no_draft_again() -> None:
    assert "does not become a draft again" in faults(sign(status="draft"), released())[0]


def test_a_sign_may_go_down_from_stable() -> None:
    assert faults(sign(status="test"), released()) == []


def test_a_retired_file_is_frozen(tmp_path: Path) -> None:
    path = tmp_path / "social" / "x.yaml"
    path.parent.mkdir()
    path.write_text("status: retired\n", encoding="utf-8")
    gone = sign(status="retired", retired=Retired(date(2026, 11, 1), Text("cũ", "old"), ()), path=path)
    lines = {SIGN: locked(gone)}
    assert faults(gone, lines) == []
    path.write_text("status: retired\n# note\n", encoding="utf-8")
    assert "frozen" in faults(gone, lines)[0]
    assert "frozen" in faults(sign(status="test"), lines)[0]


def test_only_released_signs_are_locked() -> None:
    draft, experimental = sign(status="draft", id="A"), sign(status="experimental", id="B")
    assert set(refreshed({}, [draft, experimental, sign()])) == {SIGN}


def test_a_lock_is_read_as_it_was_written_a_line_a_sign(tmp_path: Path) -> None:
    lines = {"B": locked(sign(id="B")), "A": locked(sign(id="A"))}
    path = tmp_path / "lock.json"
    write_lock(path, lines)
    assert read_lock(path) == lines
    written = path.read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0] for line in written] == ["{", '"A"', '"B"', "}"]


@pytest.mark.parametrize("text", ["{", "[]", '{"A": {}}', '{"A": 3}'])
def test_a_damaged_lock_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lock.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SignError, match="take the last good one back"):
        read_lock(path)


def test_thresholds_of_an_agency_leave_the_lock_alone_but_make_another_text() -> None:
    whole = catalogue().signs[SIGN].tuning
    local = Local(9, "ở đây khác", "phòng", None)
    tuned = sign(tuning={**whole, "hazard_uplift": replace(whole["hazard_uplift"], local=local)})
    assert digests(tuned) == digests(sign())
    assert binding_digest(tuned) != binding_digest(sign())


def signs_of(found: Catalogue) -> list[Sign]:
    return [found.signs[name] for name in sorted(found.signs)]


@given(st.data())
def test_every_sign_is_told_from_every_other_by_its_parts(data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(signs_of(catalogue()))) for _ in range(2))
    same = all(digests(one)[part] == digests(other)[part] for part in PARTS)
    assert same == (one.id == other.id)


def test_the_shipped_lock_is_sorted_and_whole() -> None:
    names = list(json.loads(LOCK_FILE.read_text(encoding="utf-8")))
    assert names == sorted(names)
    assert names


def test_every_shipped_sign_can_be_locked_and_is_read_back_as_it_was(tmp_path: Path) -> None:
    signs = catalogue().signs.values()
    lines = refreshed({}, signs)
    write_lock(tmp_path / "lock.json", lines)
    assert read_lock(tmp_path / "lock.json") == lines
    assert len(lines) > 200
