"""What an agency adds, seen through a whole scan over a small store."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer import Exit

from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.catalogue.site import site_of
from dauhieu.cli.dossier import dossier
from dauhieu.cli.exception import check, list_
from dauhieu.cli.findings import explain
from dauhieu.cli.rank import rank
from dauhieu.cli.tuning import set_
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.findings.report import ScanReport, ScanRequest
from dauhieu.law.read import law
from dauhieu.proof.ladder import Ladder
from dauhieu.scan import scan
from dauhieu.warehouse.store import Store
from tests.site import OWN, OWN_SIGN, except_from, put
from tests.thin import OCTOBER, SCANNED, SIGN, catalogue, deliver


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


def excepted(store: Store) -> dict[object, object]:
    return {row["subject_code"]: row["exception_id"] for row in rows(store, "finding")}


def test_an_excepted_finding_is_kept_and_makes_no_warning(store: Store) -> None:
    except_from(site_of(store.path), subjects=[{"kind": "person", "code": "P1"}])
    report = scanned(store, SIGN)
    assert excepted(store) == {"P1": "EXC-1", "P3": None}
    assert {row["subject_code"] for row in rows(store, "warning")} == {"P3", "E2"}
    assert (report.as_json()["excepted"], report.as_json()["excepted_by"]) == (1, {"EXC-1": 1})


def test_an_excepted_finding_is_out_of_ranking_and_of_the_sheet_and_explains_itself(
    store: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    except_from(site_of(store.path), subjects=[{"kind": "person", "code": "P1"}])
    scanned(store, SIGN)
    capsys.readouterr()
    rank(
        store.path,
        "person",
        as_json=True,
        area=None,
        block=None,
        by="points",
        top=20,
        as_of=OCTOBER,
        everybody=False,
        file=None,
    )
    assert [row["subject_code"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["P3"]
    dossier(store.path, "employer:E1", tmp_path / "sheet.json", OCTOBER)
    assert json.loads((tmp_path / "sheet.json").read_text(encoding="utf-8"))["findings"] == 0
    (finding,) = [row["finding_id"] for row in rows(store, "finding") if row["subject_code"] == "P1"]
    capsys.readouterr()
    explain(store.path, str(finding), as_json=True)
    assert json.loads(capsys.readouterr().out)["exception"]["approved_by"] == "Tran B"


@pytest.mark.parametrize(
    ("where", "codes"),
    [
        ("employer_code = 'E1'", {"P1"}),
        ("months = 1", {"P3"}),
        ("first_month < DATE '2026-10-01' AND amount > 0", {"P1", "P3"}),
        ("block_code = 'nowhere'", set()),
    ],
)
def test_a_condition_reads_facts_and_columns_by_the_names_people_see(store: Store, where: str, codes: set[str]) -> None:
    except_from(site_of(store.path), where=where)
    scanned(store, SIGN)
    assert {code for code, name in excepted(store).items() if name} == codes


def test_subjects_and_a_condition_must_both_hold(store: Store) -> None:
    except_from(site_of(store.path), subjects=[{"kind": "person", "code": "P1"}], where="months = 1")
    scanned(store, SIGN)
    assert set(excepted(store).values()) == {None}


def test_a_person_is_excepted_by_any_code(store: Store, tmp_path: Path) -> None:
    identity = "person_code,national_number,full_name\nP1,001090000001,A\n"
    deliver(store, tmp_path / "identity", person_identity=identity)
    except_from(site_of(store.path), subjects=[{"kind": "person", "code": "001090000001"}])
    scanned(store, SIGN)
    assert excepted(store)["P1"] == "EXC-1"


def test_an_expired_exception_acts_no_more_and_is_told(store: Store) -> None:
    path = except_from(site_of(store.path), until=date(2026, 10, 30), where="true")
    report = scanned(store, SIGN)
    assert set(excepted(store).values()) == {None}
    assert "ended on 2026-10-30" in report.notes[path.name]


def test_an_exception_whose_condition_fails_leaves_the_findings_and_is_told_without_data(store: Store) -> None:
    except_from(site_of(store.path), where="CAST(subject_code AS BIGINT) = 7901234567")
    except_from(site_of(store.path), id="EXC-2", where="depth = 1")
    report = scanned(store, SIGN)
    assert set(excepted(store).values()) == {None}
    assert "EXC-1 does not act" in report.notes[SIGN]
    assert "There is no column 'depth'" in report.notes[SIGN]
    assert "P1" not in report.notes[SIGN]


def test_the_check_tells_conditions_which_do_not_fit_their_signs(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    except_from(site_of(store.path), where="depth = 1")
    except_from(site_of(store.path), id="EXC-2", where="amount")
    except_from(site_of(store.path), id="EXC-3", where="months = 1 AND subject_code LIKE '79%'")
    with pytest.raises(Exit):
        check(store.path, OCTOBER, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert ["'depth'" in told["faults"][0], "yes or no" in told["faults"][1], len(told["faults"])] == [True, True, 2]
    list_(store.path, OCTOBER, as_json=True)
    assert [row["state"] for row in json.loads(capsys.readouterr().out)] == ["in force"] * 3


def test_a_sign_which_reads_findings_does_not_see_the_excepted(store: Store) -> None:
    needs = OWN_SIGN.replace("  helpful: [labour_contract]", f"  signs: [{SIGN}]")
    head, _, _ = needs.partition("sql: |")
    reads = (
        "sql: |\n  SELECT f.subject_id, f.item, f.period_from, f.period_to, f.amount, 1 AS months FROM finding AS f\n"
        "evidence: |\n  SELECT f.sign_id FROM finding AS f\n"
    )
    put(site_of(store.path), "signs/social/own.yaml", head.replace("item_kind: employer\n", "") + reads)
    except_from(site_of(store.path), subjects=[{"kind": "person", "code": "P1"}])
    scanned(store, OWN)
    assert [row["subject_code"] for row in rows(store, "finding") if row["sign_id"] == OWN] == ["P3"]
