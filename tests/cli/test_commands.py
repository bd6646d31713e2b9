"""The commands as a person types them, in one sitting."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dauhieu.cli.main import COMMANDS
from tests.thin import EMPLOYERS, MONTH_HEAD, SIGN, month_line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sitting")
    delivery = root / "delivery"
    delivery.mkdir()
    (delivery / "employer.csv").write_text(EMPLOYERS, encoding="utf-8")
    months = MONTH_HEAD + month_line("P1", "E1", "2026-10-01", 2_000_000)
    (delivery / "contribution_month.csv").write_text(months, encoding="utf-8")
    run(root, "load", "store", "delivery")
    run(root, "scan", "store", "--as-of", "2026-10-31", "--signs", SIGN)
    return root


def run(folder: Path, *words: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "dauhieu.cli", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def test_every_command_is_listed_and_a_mistyped_one_told(folder: Path) -> None:
    listed = run(folder, "--help")
    assert all(f"\n  {name} " in listed for name in COMMANDS)
    assert "Did you mean 'load'?" in run(folder, "lod", code=2)


def test_scan_prints_json_alone(folder: Path) -> None:
    told = json.loads(run(folder, "scan", "store", "--as-of", "2026-10", "--signs", SIGN, "--json"))
    assert (told["as_of"], told["signs_run"], told["findings"]) == ("2026-10-31", [SIGN], 1)
    assert {"scan_id", "signs_not_run", "signs_failed"} <= told.keys()


def test_findings_are_handed_out_with_the_agreed_columns(folder: Path) -> None:
    run(folder, "findings", "store", "--out", "f.parquet")
    assert (
        pq.read_schema(folder / "f.parquet").names
        == (
            "finding_id sign_id sign_version violation_id subject_kind subject_id subject_code item "
            "period_from period_to amount amount_kind strength state area_code org_code block_code facts "
            "sign_status exception_id"
        ).split()
    )


def test_a_month_scanned_without_findings_lists_none(folder: Path) -> None:
    run(folder, "load", "quiet", "delivery")
    assert "No month has been scanned yet" in run(folder, "findings", "quiet", code=7)
    run(folder, "scan", "quiet", "--as-of", "2026-10", "--signs", "SI-BEN-09-S1")
    assert "0 findings as of 2026-10-31" in run(folder, "findings", "quiet")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_findings_are_handed_out_as_files_people_open(folder: Path, ending: str) -> None:
    assert f"1 findings as of 2026-10-31 in f.{ending}" in run(folder, "findings", "store", "--out", f"f.{ending}")


def test_explain_says_what_why_and_shows_the_rows(folder: Path) -> None:
    run(folder, "findings", "store", "--out", "one.parquet")
    finding = pq.read_table(folder / "one.parquet").to_pylist()[0]["finding_id"]
    told = json.loads(run(folder, "explain", "store", finding, "--json"))
    assert "2.000.000 đồng" in told["sentence"]["vi"]
    assert "VND 2,000,000" in told["sentence"]["en"]
    assert told["law"]["reference_level"]["values"] == {"": 2530000}
    assert [row["person_code"] for row in told["evidence"]] == ["P1"]


def test_rank_prints_reasons(folder: Path) -> None:
    (row,) = json.loads(run(folder, "rank", "store", "--kind", "employer", "--json"))["rows"]
    assert (row["subject_code"], row["reasons"][0]["violation"]) == ("E1", "SI-EMP-05")


def test_a_dossier_is_one_page_in_both_languages(folder: Path) -> None:
    run(folder, "dossier", "store", "employer:E1", "--out", "d.html")
    page = (folder / "d.html").read_text(encoding="utf-8")
    assert "2.000.000 đồng" in page
    assert "VND 2,000,000" in page
    assert "http" not in page


def test_a_dossier_is_data_too(folder: Path) -> None:
    run(folder, "dossier", "store", "person:P1", "--out", "d.json")
    assert json.loads((folder / "d.json").read_text(encoding="utf-8"))["findings"] == 1


def test_sql_prints_what_runs(folder: Path) -> None:
    assert "2530000" in run(folder, "sql", SIGN, "--as-of", "2026-10-31")


def test_check_works_from_any_folder(folder: Path) -> None:
    told = json.loads(run(folder, "check", SIGN, "--json"))
    assert (told["signs"], told["failures"]) == (1, 0)
    assert {"violations", "examples", "status", "branch", "subject"} <= told.keys()


def test_the_store_tells_of_itself(folder: Path) -> None:
    assert json.loads(run(folder, "store", "info", "store", "--json"))["tables"]["contribution_month"]["rows"] == 1
    assert json.loads(run(folder, "store", "versions", "store", "--json"))[0]["cause"] == "delivery"
    assert "whole" in run(folder, "store", "verify", "store")


def test_the_same_delivery_again_changes_nothing(folder: Path) -> None:
    assert "Nothing new" in run(folder, "load", "store", "delivery")


def test_an_unknown_sign_is_told_with_a_suggestion_and_its_exit_code(folder: Path) -> None:
    told = run(folder, "scan", "store", "--as-of", "2026-10", "--signs", "SI-EMP-05-S9", code=5)
    assert "Did you mean 'SI-EMP-05-S1'?" in told
    assert "Traceback" not in told


def test_a_folder_which_is_no_store_is_told(folder: Path) -> None:
    assert "There is no store in this folder" in run(folder, "rank", "delivery", "--kind", "employer", code=7)


def test_a_back_test_prints_json_alone_and_months_as_a_file(folder: Path) -> None:
    words = ("backtest", SIGN, "store", "--from", "2026-09", "--to", "2026-10", "--known-at", "2030-01-01")
    told = json.loads(run(folder, *words, "--json"))
    assert [(month["state"], month["findings"]) for month in told["months"]] == [("not_run", None), ("run", 1)]
    assert told["judged"] == "not judged"
    assert "2 months in months.csv" in run(folder, *words, "--out", "months.csv")
    assert (folder / "months.csv").read_text(encoding="utf-8-sig").startswith("as_of,known_at,state,reason,findings,")


def test_overlap_prints_json_alone_and_pairs_as_a_file(folder: Path) -> None:
    told = json.loads(run(folder, "overlap", "store", "--json"))
    assert (told["months"], told["pairs"], told["alone"][0]["alone"]) == (["2026-10-31"], [], 1)
    assert "0 pairs in pairs.csv" in run(folder, "overlap", "store", "--as-of", "2026-10", "--out", "pairs.csv")


def test_why_prints_json_alone_and_every_part_as_a_file(folder: Path) -> None:
    run(folder, "scan", "store", "--as-of", "2026-09", "--signs", SIGN)
    words = ("why", "store", "--from", "2026-09", "--to", "2026-10")
    told = json.loads(run(folder, *words, "--json"))
    assert (told["total"]["scope"]["findings"], told["total"]["difference"]["findings"]) == (1, 1)
    assert "dấu hiệu chỉ chạy hoặc chỉ được tính ở một trong hai tháng" in run(folder, *words)
    assert "rows in parts.csv" in run(folder, *words, "--out", "parts.csv")
    assert (folder / "parts.csv").read_text(encoding="utf-8-sig").startswith("of,name,part,findings,subjects,money")


def test_law_diff_prints_json_alone_and_signs_as_a_file(folder: Path) -> None:
    words = ("law", "diff", "store", "--signs", SIGN, "--set", "reference_level=2700000@2027-01-01")
    told = json.loads(run(folder, *words, "--json"))
    assert [(one["sign"], one["changed"]) for one in told["signs"]] == [(SIGN, 1)]
    assert "taken to hold from 2026-10-01" in run(folder, *words)
    assert "rows in radar.csv" in run(folder, *words, "--out", "radar.csv")
    assert "Did you mean 'reference_level'?" in run(folder, *words[:-1], "reference_leve=1@2027-01-01", code=3)
