"""What an agency adds, seen through a whole scan over a small store."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.catalogue.site import site_of
from dauhieu.cli.dossier import dossier
from dauhieu.cli.findings import explain
from dauhieu.cli.tuning import set_
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.findings.report import ScanReport, ScanRequest
from dauhieu.law.read import law
from dauhieu.proof.ladder import Ladder
from dauhieu.scan import scan
from dauhieu.warehouse.store import Store
from tests.site import OWN, OWN_SIGN, put
from tests.thin import OCTOBER, SCANNED, SIGN, catalogue, thin_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return thin_store(tmp_path)


def scanned(store: Store, *signs: str) -> ScanReport:
    request = ScanRequest(OCTOBER, signs, memory="500MB")
    return scan(store, catalogue_in_force(store), law(), request, now=lambda: SCANNED)


def rows(store: Store, table: str) -> list[dict[str, object]]:
    return [row for file in store.files(store.version(), table) for row in pq.read_table(file).to_pylist()]


def test_a_scan_runs_the_signs_of_the_site_and_says_which_files_are_broken(store: Store) -> None:
    put(site_of(store.path), "signs/social/own.yaml", OWN_SIGN)
    put(site_of(store.path), "signs/social/broken.yaml", "id: x")
    report = scanned(store, SIGN, OWN)
    assert [(result.sign.id, result.findings) for result in report.results] == [(SIGN, 2), (OWN, 2)]
    assert "broken.yaml" in report.failed


def test_a_local_threshold_changes_what_is_found_and_the_record_of_the_scan(store: Store) -> None:
    set_(store.path, SIGN, "floor_change", "2030-01-01", "the wage of the region holds here", "we", None)
    scanned(store, SIGN)
    (found,) = [row for row in rows(store, "finding") if row["subject_code"] == "P1"]
    assert found["amount"] != 1_060_000
    (record,) = rows(store, "scan_sign")
    assert record["digest"] != catalogue().signs[SIGN].digest


def test_a_local_threshold_is_shown_where_a_finding_is_explained(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_(store.path, SIGN, "hazard_uplift", "6", "measured here", "we", None)
    scanned(store, SIGN)
    capsys.readouterr()
    explain(store.path, str(rows(store, "finding")[0]["finding_id"]), as_json=True)
    told = json.loads(capsys.readouterr().out)["tuning"]["hazard_uplift"]
    assert (told["value"], told["shipped"], told["by"]) == (6, 5, "we")
    dossier(store.path, "employer:E1", tmp_path / "sheet.html", OCTOBER)
    assert "set locally in place of 5" in (tmp_path / "sheet.html").read_text(encoding="utf-8")


def test_examples_prove_the_shipped_thresholds_whatever_the_agency_sets(store: Store) -> None:
    set_(store.path, SIGN, "floor_change", "2030-01-01", "the wage of the region holds here", "we", None)
    with DuckDBEngine(EngineOptions(memory="500MB", threads=1)) as engine:
        report = Ladder(engine, store.contract, catalogue_in_force(store), law()).climb([SIGN])
    assert report.failures == ()
