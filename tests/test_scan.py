"""The whole scan over a small store."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.sign import Needs
from dauhieu.errors import StoreBusyError
from dauhieu.findings.report import ScanReport, ScanRequest
from dauhieu.findings.stored import scanned_months
from dauhieu.law.read import law
from dauhieu.scan import scan
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.writer import is_busy
from tests.thin import (
    MONTH_HEAD,
    OCTOBER,
    SCANNED,
    SEPTEMBER,
    SIGN,
    TWO_SIGNS,
    catalogue,
    deliver,
    month_line,
    scanned,
    thin_store,
)


def rows(store: Store, table: str) -> list[dict[str, object]]:
    version = store.version()
    files = store.files(version, table)
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def findings(store: Store, as_of: date = OCTOBER) -> list[dict[str, object]]:
    return [row for row in rows(store, "finding") if row["as_of"] == as_of]


def digest(store: Store) -> str:
    """Sorted findings, gone and warnings, without times."""
    kept = [
        sorted(json.dumps(row, default=str, sort_keys=True) for row in rows(store, name))
        for name in ("finding", "finding_gone", "warning")
    ]
    return hashlib.sha256(json.dumps(kept).encode()).hexdigest()


def test_a_finding_holds_codes_facts_place_and_amount(store: Store) -> None:
    scanned(store)
    (found,) = [row for row in findings(store) if row["subject_code"] == "P1"]
    facts = json.loads(str(found["facts"]))
    assert (found["item"], found["amount"], found["period_from"]) == ("E1", 1_060_000, date(2026, 9, 1))
    assert (found["org_code"], found["block_code"]) == ("0101", "private")
    assert (facts["employer_code"], facts["months"]) == ("E1", 2)


def test_a_scan_remembers_what_each_sign_was_made_of(store: Store) -> None:
    scanned(store)
    (kept,) = rows(store, "scan_sign")
    assert all(kept[name] for name in ("digest", "made_digest", "law_digest"))


def test_a_finding_seen_before_continues_and_another_is_gone(store: Store, tmp_path: Path) -> None:
    scanned(store, SEPTEMBER)
    mended = MONTH_HEAD + month_line("P3", "E2", "2026-09-01", 9_000_000)
    deliver(store, tmp_path / "second", SCANNED, contribution_month=mended)
    scanned(store)
    assert [(row["subject_code"], row["state"]) for row in findings(store)] == [("P1", "continuing")]
    gone = [(row["subject_code"], row["as_of"], row["state"]) for row in rows(store, "finding_gone")]
    assert gone == [("P3", OCTOBER, "gone")]


def test_a_finding_of_the_first_scan_is_new(store: Store) -> None:
    scanned(store)
    assert {row["state"] for row in findings(store)} == {"new"}


def test_a_finding_which_was_away_for_a_month_is_new_again(store: Store, tmp_path: Path) -> None:
    scanned(store, date(2026, 8, 31))
    scanned(store, SEPTEMBER)
    assert {row["state"] for row in findings(store, SEPTEMBER)} == {"new"}


def test_scanning_a_month_again_replaces_its_findings(store: Store) -> None:
    scanned(store)
    before = digest(store)
    scanned(store)
    assert digest(store) == before


def test_a_month_in_which_nothing_is_found_is_scanned_all_the_same(store: Store) -> None:
    scanned(store, SEPTEMBER)
    scanned(store, OCTOBER, signs=("SI-BEN-09-S1",))
    assert scanned_months(store.version()) == (SEPTEMBER, OCTOBER)


OTHER = "SI-BEN-09-S1"


def two_signs(sql: str = "", needs: Needs | None = None) -> Catalogue:
    """Only two signs, both with the SELECT of the thin store's; `sql` and `needs` change the second."""
    sign = catalogue().signs[SIGN]
    other = replace(sign, id=OTHER, sql=sql or sign.sql, needs=needs or sign.needs)
    return replace(catalogue(), signs={SIGN: sign, OTHER: other})


UNREADY = Needs(required={"contribution_due": None})


def scanned_two(store: Store, *ids: str, as_of: date = OCTOBER, day: int = 20, **second: Any) -> ScanReport:
    request = ScanRequest(as_of, ids, memory="500MB")
    return scan(store, two_signs(**second), law(), request, now=lambda: datetime(2026, 11, day))


def signs_found(store: Store, table: str = "finding", as_of: date = OCTOBER) -> set[object]:
    return {row["sign_id"] for row in rows(store, table) if row["as_of"] == as_of}


@pytest.mark.parametrize(
    "second", [{"needs": UNREADY}, {"sql": "SELECT nothing FROM nowhere"}], ids=["not run", "failed"]
)
@pytest.mark.parametrize("ids", [(), (SIGN, OTHER)], ids=["all", "chosen"])
def test_what_a_scan_could_not_run_has_no_findings_of_the_scan_before(
    store: Store, tmp_path: Path, second: dict[str, Any], ids: tuple[str, ...]
) -> None:
    scanned_two(store, as_of=SEPTEMBER, day=18)
    mended = MONTH_HEAD + month_line("P3", "E2", "2026-09-01", 9_000_000)
    deliver(store, tmp_path / "second", datetime(2026, 11, 19), contribution_month=mended)
    scanned_two(store)
    assert signs_found(store) == signs_found(store, "finding_gone") == {SIGN, OTHER}
    before = warning_points(store)
    scanned_two(store, *ids, day=21, **second)
    assert signs_found(store) == {SIGN}
    assert signs_found(store, "finding_gone") == {SIGN}
    assert warning_points(store) < before


def warning_points(store: Store) -> int:
    return sum(int(str(row["findings"])) for row in rows(store, "warning") if row["as_of"] == OCTOBER)


def test_signs_which_were_not_asked_for_keep_their_findings(store: Store) -> None:
    scanned_two(store)
    before = digest(store)
    scanned_two(store, SIGN, day=21, needs=UNREADY)
    assert signs_found(store) == {SIGN, OTHER}
    assert digest(store) == before


def test_a_sign_which_is_no_more_has_no_findings_in_a_scan_of_all(store: Store) -> None:
    scanned_two(store)
    alone = replace(catalogue(), signs={SIGN: catalogue().signs[SIGN]})
    scan(store, alone, law(), ScanRequest(OCTOBER), now=lambda: SCANNED)
    assert signs_found(store) == {SIGN}


def test_findings_are_compared_with_the_last_month_in_which_the_sign_really_ran(store: Store) -> None:
    november = date(2026, 11, 30)
    scanned_two(store, as_of=SEPTEMBER, day=16)
    scanned_two(store, day=17)
    scanned_two(store, day=18, sql="SELECT nothing FROM nowhere")
    scanned_two(store, as_of=november, day=19)
    assert {row["state"] for row in findings(store, november)} == {"continuing"}
    assert signs_found(store, as_of=november) == {SIGN, OTHER}


def test_what_was_learnt_later_is_not_known_at_an_earlier_moment(store: Store, tmp_path: Path) -> None:
    mended = MONTH_HEAD + month_line("P3", "E2", "2026-09-01", 9_000_000)
    deliver(store, tmp_path / "second", datetime(2026, 11, 9), contribution_month=mended)
    assert scanned(store).findings == 1
    assert scanned(store, known_at=datetime(2026, 11, 8)).findings == 2


def test_an_older_version_can_be_scanned(store: Store, tmp_path: Path) -> None:
    mended = MONTH_HEAD + month_line("P3", "E2", "2026-09-01", 9_000_000)
    deliver(store, tmp_path / "second", datetime(2026, 11, 9), contribution_month=mended)
    assert scanned(store, version=1).findings == 2


def test_a_sign_without_its_table_is_not_run_and_says_why(store: Store) -> None:
    report = scanned(store, signs=("SI-EMP-06-S1",))
    (result,) = report.of_state("not_run")
    assert "is empty" in result.reason


def test_a_sign_whose_table_is_stale_is_not_run(store: Store) -> None:
    (result,) = scanned(store, date(2027, 6, 30)).of_state("not_run")
    assert result.reason == "table contribution_month is stale: its newest row is of 2026-10-01"


def test_a_sign_is_not_run_before_its_law(store: Store) -> None:
    (result,) = scanned(store, date(2017, 12, 31)).of_state("not_run")
    assert result.reason == "it applies from 2018-01-01"


@pytest.mark.parametrize(("last", "expected"), [(OCTOBER, []), (date(2026, 10, 30), ["it applied until 2026-10-30"])])
def test_a_sign_is_not_run_after_its_law(store: Store, last: date, expected: list[str]) -> None:
    report = scan(store, changed(SIGN, applies_to=last), law(), ScanRequest(OCTOBER, (SIGN,)), now=lambda: SCANNED)
    assert [result.reason for result in report.of_state("not_run")] == expected


def changed(sign_id: str, **fields: object) -> Catalogue:
    whole = catalogue()
    return replace(whole, signs={**whole.signs, sign_id: replace(whole.signs[sign_id], **fields)})  # type: ignore[arg-type]


def test_a_sign_whose_parameter_has_no_value_is_not_run(store: Store) -> None:
    sql = (
        catalogue().signs[SIGN].sql.replace("law.reference_level(c.month)", "law.si_fund_avg_investment_rate(c.month)")
    )
    report = scan(store, changed(SIGN, sql=sql), law(), ScanRequest(OCTOBER, (SIGN,)), now=lambda: SCANNED)
    (result,) = report.of_state("not_run")
    assert result.reason.startswith("parameter missing: the value of 'si_fund_avg_investment_rate'")


def test_one_failing_sign_does_not_stop_the_others(store: Store) -> None:
    broken = changed("SI-EMP-06-S1", sql="SELECT nothing FROM nowhere")
    report = scan(store, broken, law(), ScanRequest(OCTOBER, ("SI-EMP-06-S1", SIGN)), now=lambda: SCANNED)
    assert [result.sign.id for result in report.of_state("failed")] == ["SI-EMP-06-S1"]
    assert [result.sign.id for result in report.of_state("run")] == [SIGN]


KILLED = """
import os, signal, sys
from pathlib import Path
from dauhieu.warehouse.store import Store
from tests.thin import TWO_SIGNS, scanned

def stop(what, done):
    if what == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

scanned(Store.open(Path(sys.argv[1])), signs=TWO_SIGNS, tell=stop)
"""


@pytest.mark.parametrize("point", ["SI-BEN-09-S1", "warnings"])
def test_a_killed_scan_goes_on_and_ends_as_an_undisturbed_one(tmp_path: Path, point: str) -> None:
    undisturbed, disturbed = thin_store(tmp_path / "a"), thin_store(tmp_path / "b")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(disturbed.path), point],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert not rows(disturbed, "finding")
    scanned(undisturbed, signs=TWO_SIGNS)
    scanned(disturbed, signs=TWO_SIGNS)
    assert digest(disturbed) == digest(undisturbed)


def scanned_on_full_disk(store: Store, size: int, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.full_disk_scan", store.path, str(size), *more],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


# Too small for the findings of a sign, and for what lands in the store.
SIZES = (1_000, 6_000)


@pytest.fixture(scope="module")
def scanned_before(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = thin_store(tmp_path_factory.mktemp("full"))
    scanned(store, SEPTEMBER, TWO_SIGNS)
    return store


def again(store: Store, folder: Path) -> Store:
    """The store once more, so that each experiment begins from the same."""
    return Store.open(Path(shutil.copytree(store.path, folder / "store")))


@pytest.mark.parametrize("more", [(), ("die",)], ids=["full", "killed"])
@pytest.mark.parametrize("size", SIZES)
def test_a_scan_stopped_while_writing_leaves_what_was_there_and_can_be_repeated(
    scanned_before: Store, tmp_path: Path, size: int, more: tuple[str, ...]
) -> None:
    store, undisturbed = again(scanned_before, tmp_path / "a"), again(scanned_before, tmp_path / "b")
    number, before = store.version().number, digest(store)
    done = scanned_on_full_disk(store, size, *more)
    if more:
        assert done.returncode == -signal.SIGXFSZ
    else:
        message = "The disk is full. Nothing has landed. Free some space, then repeat it."
        *told, come_to = done.stdout.splitlines()
        assert told == ["StoreError", f"{store.path} {message}"]
        assert come_to in (TWO_SIGNS if size == SIZES[0] else ("warnings",))
    assert (store.version().number, digest(store)) == (number, before)
    assert [row["subject_code"] for row in findings(store, SEPTEMBER)]
    assert scanned(store, signs=TWO_SIGNS).failed == {}
    scanned(undisturbed, signs=TWO_SIGNS)
    assert digest(store) == digest(undisturbed)
    assert not list((store.path / "work").iterdir())


def test_the_same_scan_is_not_done_twice_at_once(store: Store) -> None:
    def again(what: str, done: float) -> None:
        with pytest.raises(StoreBusyError, match="This very scan"):
            scanned(store)

    assert scanned(store, tell=again).findings


def test_a_scan_which_finds_the_store_busy_keeps_its_work(store: Store) -> None:
    found = store.path / "work"
    with (store.path / "writer.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert is_busy(store.path)
        with pytest.raises(StoreBusyError, match="Another process is writing"):
            scanned(store)
    assert not is_busy(store.path)
    assert [path.name for path in found.glob(f"*/{SIGN}.parquet")] == [f"{SIGN}.parquet"]
    assert scanned(store).findings
    assert not list(found.iterdir())


def test_a_scan_leaves_no_work_behind(store: Store) -> None:
    scanned(store)
    assert not list((store.path / "work").iterdir())


def test_a_warning_adds_up_the_findings_on_a_person_for_the_employer(store: Store) -> None:
    scanned(store)
    warnings = {(row["subject_kind"], row["subject_code"]): row for row in rows(store, "warning")}
    assert warnings["employer", "E1"]["arrears"] == warnings["person", "P1"]["arrears"] == 1_060_000
    assert 0 < int(str(warnings["employer", "E1"]["points"])) < int(str(warnings["person", "P1"]["points"]))


def test_a_broken_view_stops_only_the_signs_which_read_it(store: Store) -> None:
    whole = catalogue()
    broken = replace(whole.views["open_due"], sql="SELECT nothing FROM nowhere")
    damaged = replace(whole, views={**whole.views, "open_due": broken})
    report = scan(store, damaged, law(), ScanRequest(OCTOBER, ("SI-EMP-06-S1", SIGN)), now=lambda: SCANNED)
    assert [result.sign.id for result in report.of_state("failed")] == ["SI-EMP-06-S1"]
    assert [result.sign.id for result in report.of_state("run")] == [SIGN]


def test_a_yearly_sign_is_not_run_until_the_closed_year_is_delivered(store: Store, tmp_path: Path) -> None:
    year = "tax_code,year,wage_cost,headcount,status\n0101,2024,900000000,9,active\n"
    business = "business_reg_no,tax_code,status,kind\nB1,0101,active,enterprise\n"
    deliver(store, tmp_path / "tax", ext_tax_employer_year=year, ext_business=business)
    (result,) = scanned(store, signs=("SI-EMP-01-S1",)).of_state("not_run")
    assert result.reason == "table ext_tax_employer_year has no rows of 2025"


def test_rows_which_repeat_a_finding_are_kept_once_and_told(store: Store) -> None:
    sql = catalogue().signs[SIGN].sql
    twice = f"WITH once AS ({sql}) SELECT o.* FROM once AS o CROSS JOIN range(1, 3) AS r(i)"
    names = "subject_id item period_from period_to amount employer_id".split()
    twice = twice.replace("o.*", ", ".join(f"o.{name}" for name in names))
    report = scan(store, changed(SIGN, sql=twice), law(), ScanRequest(OCTOBER, (SIGN,)), now=lambda: SCANNED)
    (result,) = report.results
    assert (result.findings, result.reason) == (2, "2 rows repeat a finding and were kept once")


def test_a_sign_which_needs_another_reads_its_findings_of_this_scan_alone(store: Store, tmp_path: Path) -> None:
    scanned(store, SEPTEMBER)
    scanned(store)
    mended = MONTH_HEAD + month_line("P3", "E2", "2026-09-01", 9_000_000)
    deliver(store, tmp_path / "second", SCANNED, contribution_month=mended)
    reader = changed(
        "SI-BEN-09-S1",
        sql="""SELECT subject_id, sign_id || '/' || CAST(as_of AS VARCHAR) AS item, period_from, period_to, amount
               FROM finding""",
        needs=Needs(required={}, helpful=(), signs=(SIGN,), identity=False),
        explain=catalogue().signs[SIGN].explain,
        item_kind=None,
    )
    report = scan(store, reader, law(), ScanRequest(OCTOBER, ("SI-BEN-09-S1",)), now=lambda: SCANNED)
    assert [(result.sign.id, result.state, result.reason) for result in report.results] == [
        (SIGN, "run", ""),
        ("SI-BEN-09-S1", "run", ""),
    ]
    read = [row for row in findings(store) if row["sign_id"] == "SI-BEN-09-S1"]
    assert [(row["subject_code"], row["item"]) for row in read] == [("P1", f"{SIGN}/{OCTOBER}")]
