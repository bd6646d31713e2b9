"""A dry run finds what a scan of the month would, and leaves the store as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dauhieu.law.read import law
from dauhieu.studies.trial import Place, Trial, trial
from dauhieu.warehouse.store import Store
from tests.test_scan import findings
from tests.thin import OCTOBER, SEPTEMBER, SIGN, catalogue, deliver, scanned, thin_store

NOTHING = "SELECT 1 AS subject_id"


def tried(store: Store, **more: object) -> Trial:
    sign = replace(catalogue().signs[SIGN], **more)  # type: ignore[arg-type]
    return trial(store, catalogue(), law(), sign, OCTOBER, memory="500MB", threads=1)


def test_it_finds_what_a_scan_finds_and_lands_nothing(tmp_path: Path) -> None:
    store = thin_store(tmp_path)
    done = tried(store)
    assert store.version().number == 1
    assert not list((store.path / "work").iterdir())
    scanned(store)
    rows = findings(store, OCTOBER)
    assert (done.state, done.findings) == ("run", len(rows))
    assert done.amount == sum(row["amount"] for row in rows)
    assert done.subjects == len({row["subject_code"] for row in rows})


def test_it_tells_the_share_of_the_active_and_the_province(tmp_path: Path) -> None:
    store = thin_store(tmp_path)
    lives = "person_code,dob_precision,population_verified,current_admin_code\nP1,day,true,00004\n"
    deliver(store, tmp_path / "second", person=lives)
    done = tried(store)
    # P1 and P2 are paid for in October, P3 is of September and has no known home.
    assert (done.active, done.active_subjects, done.flag_rate) == (2, 1, 0.5)
    assert set(done.places) == {Place("01", "Tỉnh A", 1, 1), Place("", "", 1, 1)}


def test_a_text_which_is_not_in_force_is_the_one_which_runs(tmp_path: Path) -> None:
    store = thin_store(tmp_path)
    silent = catalogue().signs[SIGN].sql + "\nAND 1 = 0"
    other = tried(store, sql=silent)
    assert other.text != tried(store).text
    assert other.findings in (0, None)


def test_what_cannot_run_says_why(tmp_path: Path) -> None:
    store = thin_store(tmp_path)
    failed = tried(store, sql=NOTHING)
    assert (failed.state, failed.findings) == ("failed", None)
    assert "gives no column" in failed.reason
    early = tried(store, applies_from=None, applies_to=SEPTEMBER)
    assert early.state == "not_run"
    assert early.reason


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    heard: list[float] = []
    sign = catalogue().signs[SIGN]
    trial(
        thin_store(tmp_path),
        catalogue(),
        law(),
        sign,
        OCTOBER,
        memory="500MB",
        tell=lambda what, done: heard.append(done),
    )
    assert heard == sorted(heard)
    assert heard[-1] < 1
