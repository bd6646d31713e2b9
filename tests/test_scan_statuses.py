"""What the status of a sign means for a scan: who is run, who makes warnings, what a broken one stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dauhieu.catalogue.catalogue import BrokenFile, Catalogue
from dauhieu.catalogue.sign import Needs, Retired
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import Fault, SignError
from dauhieu.findings.read import Subject, findings_table
from dauhieu.findings.report import ScanReport, ScanRequest
from dauhieu.findings.stored import last_failures
from dauhieu.law.read import law
from dauhieu.scan import scan
from dauhieu.scoring.rank import RankRequest, rank
from dauhieu.warehouse.contract import Text
from dauhieu.warehouse.sight import Sight, store_source
from dauhieu.warehouse.store import Store
from tests.thin import OCTOBER, SCANNED, SIGN, catalogue

OTHER = "SI-EMP-05-S8"
RETIRED = Retired(date(2026, 11, 1), Text("đã cũ", "outdated"), ())


def with_second(status: str, **fields: object) -> Catalogue:
    """The thin store's sign, and another of the same SELECT in another status."""
    sign = catalogue().signs[SIGN]
    other = replace(sign, id=OTHER, status=status, retired=RETIRED if status == "retired" else None, **fields)  # type: ignore[arg-type]
    return replace(catalogue(), signs={SIGN: sign, OTHER: other})


def scanned(store: Store, found: Catalogue, *ids: str) -> ScanReport:
    return scan(store, found, law(), ScanRequest(OCTOBER, ids, memory="500MB"), now=lambda: SCANNED)


def ranked(store: Store) -> list[tuple[str, int, int, int]]:
    """Each employer with points, findings and the plain sum."""
    version = store.version()
    with DuckDBEngine(EngineOptions(memory="500MB", folders=(store.path / "tables",))) as engine:
        sight = Sight(engine, store.contract, store_source(store, version, law()), OCTOBER, None)
        rows = rank(engine, sight, store, version, RankRequest("employer", everybody=True)).rows
    return [(row.subject_code, row.points, row.findings, row.amount) for row in rows]


def statuses(store: Store) -> dict[str, str]:
    """Each sign with findings on P1 -> the status they bear."""
    with DuckDBEngine(EngineOptions(memory="500MB", folders=(store.path / "tables",))) as engine:
        table = findings_table(engine, store, store.version(), OCTOBER, subject=Subject("person", "P1"))
    return {row["sign_id"]: row["sign_status"] for row in table.to_pylist()}


@pytest.mark.parametrize(
    ("status", "run"),
    [("draft", False), ("experimental", True), ("test", True), ("stable", True), ("retired", False)],
)
def test_a_scan_of_all_runs_what_is_neither_draft_nor_retired(store: Store, status: str, run: bool) -> None:
    report = scanned(store, with_second(status))
    assert (OTHER in {result.sign.id for result in report.of_state("run")}) == run


def test_a_draft_is_run_by_its_name(store: Store) -> None:
    assert scanned(store, with_second("draft"), OTHER).findings == 2
    assert (statuses(store), ranked(store)) == ({OTHER: "draft"}, [])


def test_a_retired_sign_is_not_run_even_by_its_name(store: Store) -> None:
    with pytest.raises(SignError, match="was retired on 2026-11-01"):
        scanned(store, with_second("retired"), OTHER)


def test_experimental_findings_are_kept_and_marked_but_neither_warn_nor_rank(store: Store) -> None:
    scanned(store, with_second("draft"))
    alone = ranked(store)
    report = scanned(store, with_second("experimental"))
    assert report.findings == 4
    assert statuses(store) == {SIGN: "test", OTHER: "experimental"}
    assert ranked(store) == alone != []


def test_a_stable_sign_ranks(store: Store) -> None:
    scanned(store, with_second("draft"))
    alone = ranked(store)
    scanned(store, with_second("stable"))
    assert [row[2] for row in ranked(store)] > [row[2] for row in alone]


def test_findings_rank_by_the_status_with_which_they_were_found(store: Store) -> None:
    scanned(store, with_second("experimental"))
    before = ranked(store)
    scanned(store, with_second("test"), SIGN)
    assert ranked(store) == before


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_a_sign_which_rests_on_one_that_is_not_run_says_so(store: Store, status: str) -> None:
    found = with_second(status)
    needs = Needs(required={"contribution_month": None}, signs=(OTHER,))
    found = replace(found, signs={**found.signs, SIGN: replace(found.signs[SIGN], needs=needs)})
    (result,) = scanned(store, found).results
    assert (result.state, result.reason) == ("not_run", f"sign {OTHER} did not run")


def test_broken_signs_are_told_and_stop_no_other(store: Store) -> None:
    found = with_second("test", sql="SELECT nothing FROM nowhere")
    file = BrokenFile("SI-EMP-05-S7", Path("x.yaml"), (Fault(Path("x.yaml"), 1, "Not valid YAML."),))
    report = scanned(store, replace(found, broken=(file,), faults=file.faults))
    assert report.as_json()["broken"] == [OTHER, "SI-EMP-05-S7"]
    assert [result.sign.id for result in report.of_state("run")] == [SIGN]


def test_the_last_run_tells_what_is_broken(store: Store) -> None:
    broken = with_second("test", sql="SELECT nothing FROM nowhere")

    def failing() -> set[str]:
        with DuckDBEngine(EngineOptions(memory="500MB", folders=(store.path / "tables",))) as engine:
            return set(last_failures(engine, store, store.version()))

    scanned(store, broken)
    assert failing() == {OTHER}
    scanned(store, with_second("test"))
    assert failing() == set()
