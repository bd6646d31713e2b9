"""What a sign must have shown before it rises."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.catalogue.parts import binding_digest
from dauhieu.catalogue.record import Promotion, Proved, Record, read_record, record_path, write_record
from dauhieu.catalogue.sign import Sign
from dauhieu.errors import Fault, SignError
from dauhieu.proof.promotion import LEAST_JUDGED, conditions, next_status, rises
from dauhieu.proof.taken import proofs_in
from dauhieu.scoring.interval import share
from tests.thin import SIGN, catalogue


def sign(**fields: object) -> Sign:
    return replace(catalogue().signs[SIGN], **fields)  # type: ignore[arg-type]


TEXT = binding_digest(sign())


def proved(kind: str, text: str = TEXT, **figures: int) -> Proved:
    return Proved(kind, 1, text, "2026-10-31", figures, "abc")


def missing(to: str, *proofs: Proved, signers: tuple[str, ...] = (), faults: tuple[Fault, ...] = ()) -> list[str]:
    record = Record(SIGN, proofs)
    return [one.name for one in conditions(sign(), to, faults, record, signers) if not one.met]


def test_a_green_ladder_is_enough_for_a_trial() -> None:
    assert missing("experimental") == []
    assert missing("experimental", faults=(Fault(None, 0, "wrong"),)) == ["ladder"]


@pytest.mark.parametrize(
    ("proof", "enough"),
    [
        (proved("planted", hits=3, of=5), True),
        (proved("planted", hits=2, of=5), False),
        (proved("planted", hits=4, of=4), False),
        (proved("planted", "another text", hits=5, of=5), False),
        (proved("backtest", months=6, silent=0), True),
        (proved("backtest", months=6, silent=1), False),
        (proved("backtest", months=5, silent=0), False),
    ],
)
def test_a_sign_ranks_once_it_has_found_what_was_there(proof: Proved, enough: bool) -> None:
    assert missing("test", proof) == ([] if enough else ["shown"])


@pytest.mark.parametrize(
    ("judged", "confirmed", "enough"), [(30, 21, True), (30, 20, False), (29, 29, False), (0, 0, False)]
)
def test_a_stable_sign_was_confirmed_by_cases(judged: int, confirmed: int, enough: bool) -> None:
    proofs = (proved("planted", hits=5, of=5), proved("outcomes", judged=judged, confirmed=confirmed))
    assert missing("stable", *proofs, signers=("A", "B")) == ([] if enough else ["outcomes"])


@pytest.mark.parametrize(("signers", "enough"), [(("An", "Bình"), True), (("An", " an "), False), (("An",), False)])
def test_two_different_people_sign_for_a_stable_sign(signers: tuple[str, ...], enough: bool) -> None:
    proofs = (proved("planted", hits=5, of=5), proved("outcomes", judged=100, confirmed=90))
    assert missing("stable", *proofs, signers=signers) == ([] if enough else ["signers"])


def test_what_is_missing_is_told_all_at_once_in_both_languages() -> None:
    assert missing("stable") == ["shown", "outcomes", "signers"]
    for one in conditions(sign(), "stable", (), Record(SIGN)):
        assert one.wanted.vi != one.wanted.en
        assert one.seen.vi != one.seen.en


@given(judged=st.integers(0, 400), part=st.floats(0, 1))
def test_no_sign_is_stable_whose_confirmed_share_may_well_lie_under_a_half(judged: int, part: float) -> None:
    confirmed = int(judged * part)
    proofs = (proved("planted", hits=5, of=5), proved("outcomes", judged=judged, confirmed=confirmed))
    low = share(confirmed, judged).low
    expected = judged >= LEAST_JUDGED and low is not None and low >= 0.5
    assert (missing("stable", *proofs, signers=("A", "B")) == []) == expected


@pytest.mark.parametrize(
    ("status", "following"),
    [("draft", "experimental"), ("experimental", "test"), ("test", "stable"), ("stable", None), ("retired", None)],
)
def test_a_sign_rises_step_by_step(status: str, following: str | None) -> None:
    assert next_status(sign(status=status)) == following
    assert rises(sign(status="draft"), "stable")
    assert not rises(sign(status="stable"), "test")


def test_of_one_text_the_newest_proof_counts_and_others_are_kept() -> None:
    record = Record(SIGN).proved(proved("planted", "old", hits=1, of=9)).proved(proved("planted", hits=1, of=9))
    record = record.proved(proved("planted", hits=8, of=9))
    assert [proof.figures["hits"] for proof in record.proofs] == [1, 8]


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    record = Record(SIGN, (proved("planted", hits=1, of=9),), (Promotion("test", "2026-11-22", 1, TEXT, ("A", "B")),))
    write_record(record, path)
    assert read_record(SIGN, path) == record
    record_path(path).write_text("{}", encoding="utf-8")
    with pytest.raises(SignError, match="take it back"):
        read_record(SIGN, path)


def planted_file(folder: Path, text: str | None) -> Path:
    one = {"sign_id": SIGN, "text": text, "findings": 9, "recall": {"hits": 6, "of": 8}}
    path = folder / "proof.json"
    path.write_text(json.dumps({"as_of": "2026-10-31", "signs": [one]}), encoding="utf-8")
    return path


def test_recall_is_taken_from_a_proof_of_the_same_text(tmp_path: Path) -> None:
    (proof,) = proofs_in(planted_file(tmp_path, TEXT), sign())
    assert (proof.kind, proof.figures["hits"], proof.figures["of"], proof.text) == ("planted", 6, 8, TEXT)


@pytest.mark.parametrize("text", [None, "of another text"])
def test_a_proof_of_another_text_is_refused(tmp_path: Path, text: str | None) -> None:
    with pytest.raises(SignError, match="shows nothing of"):
        proofs_in(planted_file(tmp_path, text), sign())


def test_months_and_outcomes_are_taken_from_a_back_test(tmp_path: Path) -> None:
    states = [("run", 4), ("run", 0), ("not_run", None)]
    body = {
        "sign_id": SIGN,
        "text": TEXT,
        "to": "2026-10-31",
        "months": [{"state": state, "findings": findings} for state, findings in states],
        "findings": 4,
        "judged": {"findings": 3, "confirmed": {"hits": 2, "of": 3}},
    }
    path = tmp_path / "backtest.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    tested, outcomes = proofs_in(path, sign())
    assert tested.figures == {"months": 2, "silent": 1, "findings": 4}
    assert outcomes.figures == {"judged": 3, "confirmed": 2}
    path.write_text(json.dumps(body | {"judged": "not judged"}), encoding="utf-8")
    assert [proof.kind for proof in proofs_in(path, sign())] == ["backtest"]


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"signs": [{}]}'])
def test_a_file_which_is_no_proof_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SignError, match="This is no proof"):
        proofs_in(path, sign())
