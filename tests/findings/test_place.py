"""Where a subject stood at the end of a finding's period, and where it stands now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.law.read import law
from dauhieu.looking import looking
from dauhieu.proof.drawn import ARROW_TYPES, empty_table
from dauhieu.scoring.rank import RankRequest, rank
from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.sight import Sight
from dauhieu.warehouse.store import Store
from tests.thin import MONTH_HEAD, OCTOBER, catalogue, deliver, month_line, scanned

EARLY, MOVED = datetime(2024, 1, 5), datetime(2025, 9, 14, 17)


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(EngineOptions(memory="200MB", threads=1)) as opened:
        yield opened


def stored(name: str, *rows: dict[str, object]) -> pa.Table:
    columns = contract().table(name).sql_columns()
    schema = pa.schema([pa.field(column, ARROW_TYPES[kind]) for column, kind in columns.items()])
    return pa.Table.from_pylist([{"recorded_at": EARLY, **row} for row in rows], schema=schema)


def twice(before: dict[str, object], after: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """A row of a register and the one which took its place."""
    return {**before, "superseded_at": MOVED}, {**before, **after, "recorded_at": MOVED}


def place(engine: DuckDBEngine, kind: str, day: date, **tables: pa.Table) -> object:
    """Area, office and block of the subject 1 on a day; exactly one row."""
    seen = Sight(engine, contract(), lambda name: tables.get(name, empty_table(contract().table(name))), OCTOBER)
    Workbench(seen, catalogue(), law()).compute(["subject_place"])
    (row,) = engine.rows(
        "SELECT area_code, org_code, block_code FROM subject_place "
        f"WHERE subject_kind = '{kind}' AND subject_id = 1 AND DATE '{day}' BETWEEN valid_from AND valid_to"
    )
    return row


E1: dict[str, object] = {"employer_id": 1, "admin_code": "old", "org_code": "A", "block_code": "private"}
E2: dict[str, object] = {"employer_id": 2, "admin_code": "other", "org_code": "C", "block_code": "state"}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 1, 1), ("old", "A", "private")),
        (date(2025, 9, 14), ("old", "A", "private")),
        # 17:00 of 14 September in UTC is 15 September in Viet Nam.
        (date(2025, 9, 15), ("new", "B", "private")),
        (date(2026, 10, 31), ("new", "B", "private")),
    ],
)
def test_an_employer_which_moved_has_its_old_office_before(engine: DuckDBEngine, day: date, expected: object) -> None:
    register = stored("employer", *twice(E1, {"admin_code": "new", "org_code": "B"}), E2)
    assert place(engine, "employer", day, employer=register) == expected


def test_a_row_mended_twice_on_a_day_counts_once(engine: DuckDBEngine) -> None:
    later = MOVED.replace(hour=18)
    register = stored(
        "employer",
        {**E1, "superseded_at": MOVED},
        {**E1, "org_code": "X", "recorded_at": MOVED, "superseded_at": later},
        {**E1, "org_code": "B", "recorded_at": later},
    )
    assert place(engine, "employer", date(2025, 9, 15), employer=register) == ("old", "B", "private")


def test_an_employer_taken_off_the_register_keeps_its_last_place(engine: DuckDBEngine) -> None:
    register = stored("employer", {**E1, "superseded_at": MOVED})
    assert place(engine, "employer", OCTOBER, employer=register) == ("old", "A", "private")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 1, 1), ("home", "A", "private")),
        (date(2025, 1, 31), ("home", "A", "private")),
        (date(2025, 2, 28), ("home", "C", "state")),
        (date(2025, 3, 31), ("home", "A", "private")),
        (date(2025, 9, 30), ("town", "B", "private")),
    ],
)
def test_a_person_has_the_office_of_the_employer_then_and_the_commune_then(
    engine: DuckDBEngine, day: date, expected: object
) -> None:
    months = [(1, date(2025, 1, 1)), (2, date(2025, 2, 1)), (1, date(2025, 3, 1)), (1, date(2025, 4, 1))]
    tables = {
        "person": stored(
            "person", *twice({"person_id": 1, "current_admin_code": "home"}, {"current_admin_code": "town"})
        ),
        "employer": stored("employer", *twice(E1, {"org_code": "B"}), E2),
        "contribution_month": stored(
            "contribution_month",
            *({"person_id": 1, "employer_id": employer, "month": month} for employer, month in months),
        ),
    }
    assert place(engine, "person", day, **tables) == expected


def test_a_worker_without_a_row_in_the_register_has_the_employers_office(engine: DuckDBEngine) -> None:
    months = stored("contribution_month", {"person_id": 1, "employer_id": 2, "month": date(2025, 1, 1)})
    found = place(engine, "person", OCTOBER, employer=stored("employer", E2), contribution_month=months)
    assert found == (None, "C", "state")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 1, 1), ("f1", "A", "public")),
        (date(2025, 3, 31), ("f2", "B", "private")),
        (date(2025, 7, 1), ("f1", "A", "public")),
    ],
)
def test_a_practitioner_stands_where_registered_then(engine: DuckDBEngine, day: date, expected: object) -> None:
    facilities = stored(
        "facility",
        {"facility_id": 1, "admin_code": "f1", "org_code": "A", "ownership": "public"},
        {"facility_id": 2, "admin_code": "f2", "org_code": "B", "ownership": "private"},
    )
    registrations = stored(
        "practitioner_registration",
        {"practitioner_id": 1, "facility_id": 1, "department_code": "K", "valid_from": date(2019, 1, 1)},
        {
            "practitioner_id": 1,
            "facility_id": 2,
            "department_code": "K",
            "valid_from": date(2025, 1, 1),
            "valid_to": date(2025, 6, 30),
        },
    )
    assert place(engine, "practitioner", day, facility=facilities, practitioner_registration=registrations) == expected


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2025, 6, 30), ("d", "H", None)), (date(2025, 7, 1), ("c", "K", None))]
)
def test_an_officer_belongs_to_the_office_of_that_time(engine: DuckDBEngine, day: date, expected: object) -> None:
    officers = stored(
        "vss_officer",
        {"officer_id": 1, "org_code": "H", "valid_from": date(2010, 1, 1), "valid_to": date(2025, 6, 30)},
        {"officer_id": 1, "org_code": "K", "valid_from": date(2025, 7, 1)},
    )
    offices = stored(
        "vss_org_unit",
        {"org_code": "H", "admin_code": "d", "valid_from": date(2010, 1, 1)},
        {"org_code": "K", "admin_code": "c", "valid_from": date(2025, 7, 1)},
    )
    assert place(engine, "officer", day, vss_officer=officers, vss_org_unit=offices) == expected


AREAS = """admin_code,name_vi,level,parent_code,valid_from,valid_to,successor_code
02,Tỉnh cũ,province,,2004-01-01,2025-06-30,01
021,Huyện cũ,district,02,2004-01-01,2025-06-30,
00100,Xã cũ,commune,021,2004-01-01,2025-06-30,00004
01,Tỉnh A,province,,2025-07-01,,
00004,Xã A,commune,01,2025-07-01,,
"""
EMPLOYER_HEAD = "employer_code,wage_region,tax_code,block_code,payment_cycle,status,admin_code,org_code\n"


@pytest.fixture
def moved(tmp_path: Path) -> Store:
    """E1 was moved to today's map in July 2025, E2 never; P1 is underpaid before that, the others after it."""
    store = Store.create(tmp_path / "store")
    lines = "{0},I,010{1},private,monthly,active,00100,0200\n"
    deliver(store, tmp_path / "1", EARLY, employer=EMPLOYER_HEAD + lines.format("E1", 1) + lines.format("E2", 2))
    now = "E1,I,0101,private,monthly,active,00004,0101\n"
    deliver(store, tmp_path / "2", datetime(2025, 7, 2), employer=EMPLOYER_HEAD + now, admin_unit=AREAS)
    paid = [("P1", "E1", "2025-03-01"), ("P2", "E1", "2026-10-01"), ("P3", "E2", "2026-10-01")]
    months = MONTH_HEAD + "".join(month_line(*line, 2_000_000) for line in paid)
    deliver(store, tmp_path / "3", datetime(2026, 11, 5), contribution_month=months)
    return store


def test_a_finding_has_the_office_at_the_end_of_its_period(moved: Store) -> None:
    scanned(moved)
    version = moved.version()
    found = [row for file in moved.files(version, "finding") for row in pq.read_table(file).to_pylist()]
    assert {row["subject_code"]: row["org_code"] for row in found} == {"P1": "0200", "P2": "0101", "P3": "0200"}


@pytest.mark.parametrize(("area", "expected"), [("01", ["E1", "E2"]), ("00004", ["E1", "E2"]), ("02", ["E2"])])
def test_an_area_of_today_holds_the_units_it_came_from(moved: Store, area: str, expected: list[str]) -> None:
    scanned(moved)
    with looking(moved, OCTOBER) as (engine, sight):
        ranking = rank(engine, sight, moved, moved.version(), RankRequest("employer", area=area))
    assert sorted(row.subject_code for row in ranking.rows) == expected
