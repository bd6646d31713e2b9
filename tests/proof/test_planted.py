"""Findings against planted truth: what counts as found, as wrong, as a look-alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dauhieu.catalogue.parts import binding_digest
from dauhieu.errors import DauhieuError
from dauhieu.looking import looking
from dauhieu.proof.page import page
from dauhieu.proof.planted import Proof, SignProof, prove
from dauhieu.warehouse.store import Store
from tests.thin import OCTOBER, SIGN, catalogue, scanned, thin_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = thin_store(tmp_path_factory.mktemp("proof"))
    scanned(made)
    return made


def deed(kind: str, code: str, **more: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "subject_kind": kind,
        "subject_code": code,
        "violation_id": "SI-EMP-05",
        "period_from": date(2026, 9, 1),
        "period_to": date(2026, 10, 31),
        "amount": 100,
        "innocent": False,
    }
    return usual | more


def proof(store: Store, folder: Path, *deeds: dict[str, object]) -> Proof:
    truth = folder / "truth.parquet"
    pq.write_table(pa.Table.from_pylist(list(deeds)), truth)
    with looking(store, OCTOBER) as (engine, sight):
        return prove(engine, sight, store, store.version(), catalogue(), truth)


def sign(found: Proof) -> SignProof:
    return next(one for one in found.signs if one.sign_id == SIGN)


def test_a_planted_person_who_is_found_counts(store: Store, tmp_path: Path) -> None:
    one = sign(proof(store, tmp_path, deed("person", "P1"), deed("person", "P2")))
    assert (one.recall.hits, one.recall.of, one.precision.hits, one.precision.of) == (1, 2, 1, 2)


def test_a_proof_names_the_text_which_was_scanned(store: Store, tmp_path: Path) -> None:
    found = proof(store, tmp_path, deed("person", "P1"))
    assert sign(found).text == binding_digest(catalogue().signs[SIGN])
    assert {one.text for one in found.signs if one.sign_id != SIGN} == {None}


def test_a_sign_which_changed_since_the_scan_has_no_text_which_was_proven(store: Store, tmp_path: Path) -> None:
    changed = replace(catalogue().signs[SIGN], digest="changed since")
    truth = tmp_path / "truth.parquet"
    pq.write_table(pa.Table.from_pylist([deed("person", "P1")]), truth)
    with looking(store, OCTOBER) as (engine, sight):
        now = replace(catalogue(), signs={SIGN: changed})
        assert sign(prove(engine, sight, store, store.version(), now, truth)).text is None


def test_a_finding_on_a_worker_finds_the_planted_employer(store: Store, tmp_path: Path) -> None:
    assert sign(proof(store, tmp_path, deed("employer", "E1"))).recall.hits == 1


def test_a_look_alike_is_neither_planted_nor_right(store: Store, tmp_path: Path) -> None:
    one = sign(proof(store, tmp_path, deed("person", "P1", innocent=True)))
    assert (one.recall.of, one.precision.hits, one.innocent) == (0, 0, 1)


def test_a_deed_of_another_time_is_not_found(store: Store, tmp_path: Path) -> None:
    long_ago = deed("person", "P1", period_from=date(2024, 1, 1), period_to=date(2024, 3, 31))
    assert sign(proof(store, tmp_path, long_ago)).recall.hits == 0


def test_a_deed_of_another_violation_is_not_found(store: Store, tmp_path: Path) -> None:
    found = proof(store, tmp_path, deed("person", "P1", violation_id="SI-EMP-04"))
    assert [(one.violation_id, one.recall.hits) for one in found.violations] == [("SI-EMP-04", 0)]


def test_the_part_of_the_planted_money_among_the_first_is_told(store: Store, tmp_path: Path) -> None:
    found = proof(store, tmp_path, deed("employer", "E1", amount=300), deed("employer", "E9", amount=100))
    by_points = next(one for one in found.ranks if (one.kind, one.by) == ("employer", "points"))
    assert (by_points.money, by_points.first[1]) == (400, 75.0)


def test_the_page_names_what_cannot_be_proven(store: Store, tmp_path: Path) -> None:
    text = page(proof(store, tmp_path, deed("person", "P1")), catalogue())
    assert f"- {SIGN}: 1 planted." in text


def test_a_file_which_is_no_truth_is_told(store: Store, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with looking(store, OCTOBER) as (engine, sight), pytest.raises(DauhieuError, match="has no column"):
        prove(engine, sight, store, store.version(), catalogue(), tmp_path / "other.parquet")
