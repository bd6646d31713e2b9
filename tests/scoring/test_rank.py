"""Rankings: order, areas, and who is left out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dauhieu.looking import looking
from dauhieu.scoring.rank import Ranking, RankRequest, rank
from dauhieu.warehouse.store import Store
from tests.thin import MONTH_HEAD, OCTOBER, deliver, month_line, scanned


def ranked(store: Store, **request: object) -> Ranking:
    version = store.version()
    with looking(store, OCTOBER) as (engine, sight):
        return rank(engine, sight, store, version, RankRequest("employer", **request))  # type: ignore[arg-type]


def codes(ranking: Ranking) -> list[str]:
    return [row.subject_code for row in ranking.rows]


def test_a_dissolved_employer_is_hidden_and_counted(store: Store) -> None:
    scanned(store)
    ranking = ranked(store)
    assert codes(ranking) == ["E1"]
    assert ranking.hidden == {"dissolved": 1}


def test_all_shows_the_hidden_with_the_reason(store: Store) -> None:
    scanned(store)
    shown = ranked(store, everybody=True)
    assert {row.subject_code: row.hidden for row in shown.rows} == {"E1": None, "E2": "dissolved"}


def test_a_province_holds_its_communes(store: Store) -> None:
    scanned(store)
    assert codes(ranked(store, area="01", everybody=True)) == ["E1", "E2"]
    assert codes(ranked(store, area="00008", everybody=True)) == ["E2"]


def test_a_block_holds_its_employers(store: Store) -> None:
    scanned(store)
    assert codes(ranked(store, block="state", everybody=True)) == ["E2"]


CASE_HEAD = (
    "case_code,kind,target_type,target_employer_code,decision_date,period_from,period_to,conclusion_date,status\n"
)


def with_case(store: Store, folder: Path, line: str) -> Ranking:
    deliver(store, folder, datetime(2026, 11, 6), inspection_case=CASE_HEAD + line)
    scanned(store)
    return ranked(store)


def test_a_unit_in_a_case_is_hidden(store: Store, tmp_path: Path) -> None:
    line = "C1,planned,employer,E1,2026-09-15,2026-01-01,2026-08-31,,open\n"
    assert with_case(store, tmp_path / "case", line).hidden == {"dissolved": 1, "in_case": 1}


def test_a_unit_checked_within_a_year_on_the_same_months_is_hidden(store: Store, tmp_path: Path) -> None:
    line = "C1,planned,employer,E1,2026-10-01,2026-01-01,2026-10-31,2026-10-20,closed\n"
    assert with_case(store, tmp_path / "case", line).hidden == {"dissolved": 1, "checked": 1}


def test_what_came_after_the_months_checked_is_shown(store: Store, tmp_path: Path) -> None:
    line = "C1,planned,employer,E1,2026-09-01,2026-01-01,2026-08-31,2026-09-20,closed\n"
    assert codes(with_case(store, tmp_path / "case", line)) == ["E1"]


def test_a_check_of_long_ago_hides_nobody(store: Store, tmp_path: Path) -> None:
    line = "C1,planned,employer,E1,2025-09-01,2024-01-01,2026-12-31,2025-10-20,closed\n"
    assert codes(with_case(store, tmp_path / "case", line)) == ["E1"]


def test_a_later_delivery_does_not_change_what_findings_rest_on(store: Store, tmp_path: Path) -> None:
    scanned(store)
    mended = MONTH_HEAD + month_line("P1", "E1", "2026-10-01", 9_000_000)
    deliver(store, tmp_path / "later", datetime(2026, 11, 21), contribution_month=mended)
    with looking(store, OCTOBER) as (engine, sight):
        sight.show(["contribution_month"])
        assert (2_000_000,) in engine.rows("SELECT wage_base FROM contribution_month WHERE month = DATE '2026-10-01'")
