"""A compound sign seen through scans of several months."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.catalogue.site import site_of
from dauhieu.cli.findings import explain
from dauhieu.findings.report import ScanReport, ScanRequest
from dauhieu.law.read import law
from dauhieu.scan import scan
from dauhieu.warehouse.store import Store
from tests.site import COMPOUND, OWN, OWN_SIGN, compound_sign, except_from, put
from tests.thin import OCTOBER, SEPTEMBER, SIGN, thin_store

# Finds what the thin store's sign finds, in scans before October.
ONLY_BEFORE = OWN_SIGN.replace("WHERE c.scheme", "WHERE $as_of < DATE '2026-10-01' AND c.scheme")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = thin_store(tmp_path)
    put(site_of(store.path), "signs/social/own.yaml", ONLY_BEFORE)
    put(site_of(store.path), "signs/social/compound.yaml", compound_sign([SIGN, OWN], roll_up="employer"))
    return store


def scanned(store: Store, as_of: date, known_at: datetime | None = None, day: int = 20) -> ScanReport:
    request = ScanRequest(as_of, (COMPOUND,), known_at, memory="500MB")
    return scan(store, catalogue_in_force(store), law(), request, now=lambda: datetime(2026, 11, day))


def found(store: Store, as_of: date = OCTOBER) -> dict[object, dict[str, object]]:
    files = store.files(store.version(), "finding")
    every = [row for file in files for row in pq.read_table(file).to_pylist()]
    return {row["subject_code"]: row for row in every if row["sign_id"] == COMPOUND and row["as_of"] == as_of}


def test_it_runs_after_the_signs_it_counts_and_rolls_their_persons_up(store: Store) -> None:
    report = scanned(store, SEPTEMBER)
    assert [result.sign.id for result in report.results] == [SIGN, OWN, COMPOUND]
    assert found(store, SEPTEMBER).keys() == {"E1", "E2"}
    assert json.loads(str(found(store, SEPTEMBER)["E1"]["facts"]))["signs"] == 2


def test_what_earlier_months_found_counts(store: Store) -> None:
    scanned(store, OCTOBER)
    assert not found(store)
    scanned(store, SEPTEMBER)
    before = found(store, SEPTEMBER)
    scanned(store, OCTOBER)
    assert {code: row["finding_id"] for code, row in found(store).items()} == {
        code: row["finding_id"] for code, row in before.items()
    }
    assert {row["state"] for row in found(store).values()} == {"continuing"}


def test_what_was_not_yet_known_does_not_count(store: Store) -> None:
    scanned(store, SEPTEMBER)
    scanned(store, OCTOBER, known_at=datetime(2026, 11, 10))
    assert not found(store)
    scanned(store, SEPTEMBER, known_at=datetime(2026, 11, 6), day=21)
    scanned(store, OCTOBER, known_at=datetime(2026, 11, 10), day=22)
    assert found(store).keys() == {"E1", "E2"}


def test_an_excepted_finding_does_not_count(store: Store) -> None:
    except_from(site_of(store.path), subjects=[{"kind": "person", "code": "P1"}])
    scanned(store, SEPTEMBER)
    assert found(store, SEPTEMBER).keys() == {"E2"}


def test_its_evidence_are_the_findings_it_counted(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    scanned(store, SEPTEMBER)
    scanned(store, OCTOBER)
    capsys.readouterr()
    explain(store.path, str(found(store)["E1"]["finding_id"]), as_json=True)
    told = json.loads(capsys.readouterr().out)
    shown = [(row["sign_id"], row["as_of"], row["subject_code"]) for row in told["evidence"]]
    assert shown == [(SIGN, "2026-10-31", "P1"), (OWN, "2026-09-30", "P1")]
    assert told["tuning"]["at_least"]["value"] == 2
