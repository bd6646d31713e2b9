"""Sources which dry up, columns which come empty, provinces which fall out: told, and told apart from nothing found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from dauhieu.catalogue.sign import Needs
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import EngineError
from dauhieu.findings import silence as watching
from dauhieu.findings.report import ScanReport, ScanRequest
from dauhieu.findings.silence import Silence, silence_kept
from dauhieu.law.read import law
from dauhieu.scan import scan
from dauhieu.warehouse.store import Store
from tests.test_scan import rows
from tests.thin import MONTH_HEAD, SIGN, catalogue, deliver

MONTHS = [date(2026, month, 1) for month in range(4, 11)]
OCTOBER = date(2026, 10, 31)
PERSONS = 40
AREAS = """admin_code,name_vi,level,parent_code,valid_from
01,Tỉnh A,province,,2025-07-01
79,Tỉnh B,province,,2025-07-01
00004,Xã A,commune,01,2025-07-01
26734,Xã B,commune,79,2025-07-01
"""
EMPLOYERS = """employer_code,wage_region,tax_code,block_code,payment_cycle,status,admin_code,org_code
E1,I,0101,private,monthly,active,00004,0101
E2,I,0102,private,monthly,active,26734,7901
"""
# One finding for each contribution below the floor.
SQL = """
SELECT person_id AS subject_id, employer_id AS item, month AS period_from, month AS period_to, wage_base AS amount
FROM contribution_month WHERE wage_base < 2500000 AND calc.month(month) = calc.month($as_of)
"""
Line = Callable[[int, date], str | None]


HEAD = MONTH_HEAD.replace("\n", ",recorded_at\n")


def ordinary(person: int, month: date, wage: int | str = 9_000_000) -> str:
    """Known a few days after the month."""
    known = date(month.year, month.month + 1, 5)
    return f"P{person},E{1 + person % 2},{month},compulsory,{wage},true,true,true,true,working,true,{known} 08:00:00\n"


def monthly_store(folder: Path, october: Line, before: Line = ordinary) -> Store:
    """Forty persons of two provinces, each month delivered a few days after its end; October as a test wants it."""
    store = Store.create(folder / "store")
    of_month = {month: october if month == MONTHS[-1] else before for month in MONTHS}
    lines = [text for month in MONTHS for person in range(PERSONS) if (text := of_month[month](person, month))]
    registers = {"employer": EMPLOYERS, "admin_unit": AREAS}
    deliver(store, folder / "all", datetime(2026, 11, 6), contribution_month=HEAD + "".join(lines), **registers)
    return store


def scanned(store: Store, as_of: date = OCTOBER, known_at: datetime | None = None) -> ScanReport:
    sign = catalogue().signs[SIGN]
    needs = Needs(required={"contribution_month": None, "employer": None})
    of = replace(catalogue(), signs={SIGN: replace(sign, sql=SQL, tuning={}, needs=needs)})
    request = ScanRequest(as_of, known_at=known_at, memory="500MB")
    return scan(store, of, law(), request, now=lambda: datetime(2026, 11, 20))


def test_where_all_is_as_it_ordinarily_is_nothing_found_is_an_answer(tmp_path: Path) -> None:
    report = scanned(monthly_store(tmp_path, ordinary))
    assert (report.silence, report.nothing_found, report.unwatched) == ((), (SIGN,), "")


def test_a_source_which_dried_up_is_not_nothing_found(tmp_path: Path) -> None:
    store = monthly_store(tmp_path, lambda person, month: ordinary(person, month) if person < 9 else None)
    report = scanned(store)
    assert report.silence == (Silence(SIGN, "dried_up", 9, PERSONS, "contribution_month"),)
    assert report.nothing_found == ()
    assert "table contribution_month has 9 rows where 40 are ordinary" in report.silence[0].told("en")
    assert "9 dòng, thường có 40" in report.silence[0].told("vi")


def test_a_quarter_of_the_rows_is_still_ordinary(tmp_path: Path) -> None:
    store = monthly_store(tmp_path, lambda person, month: ordinary(person, month) if person < 10 else None)
    assert scanned(store).silence == ()


def test_a_month_without_any_row_is_told(tmp_path: Path) -> None:
    store = monthly_store(tmp_path, lambda person, month: None)
    # What says that November has come is a register which the sign needs too.
    (told,) = scanned(store).silence
    assert (told.cause, told.now, told.ordinary) == ("dried_up", 0, PERSONS)


def test_a_month_is_compared_with_months_as_they_stood_at_the_same_time(tmp_path: Path) -> None:
    """At the end of October nothing of it has arrived, as ever: a later scan will see it."""
    store = monthly_store(tmp_path, ordinary)
    assert scanned(store, known_at=datetime(2026, 10, 31, 12)).silence == ()


def test_a_column_which_came_empty_is_told_to_the_signs_which_read_it(tmp_path: Path) -> None:
    store = monthly_store(tmp_path, lambda person, month: ordinary(person, month, ""))
    assert scanned(store).silence == (Silence(SIGN, "column_empty", 0, PERSONS, "contribution_month", "wage_base"),)


def test_a_column_nobody_reads_may_be_empty(tmp_path: Path) -> None:
    store = monthly_store(tmp_path, ordinary)
    assert not [told for told in scanned(store).silence if told.column == "job_title"]


def test_a_province_without_rows_is_told_by_its_code(tmp_path: Path) -> None:
    store = monthly_store(
        tmp_path,
        lambda person, month: ordinary(person, month) if person % 2 == 0 else None,
        lambda person, month: ordinary(person, month) + (ordinary(person + PERSONS, month)),
    )
    (told,) = scanned(store).silence
    assert (told.cause, told.table, told.area, told.now, told.ordinary) == (
        "area_missing",
        "contribution_month",
        "79",
        0,
        PERSONS,
    )


def test_what_was_loaded_in_one_go_is_judged_by_its_newest_month_alone(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    whole = [ordinary(person, month) for month in MONTHS[:-1] for person in range(PERSONS)]
    october = [ordinary(person, MONTHS[-1]) for person in range(3)]
    # Without the moment in each row, all is known from the moment of loading on.
    lines = "".join(line.rsplit(",", 1)[0] + "\n" for line in whole + october)
    deliver(
        store,
        tmp_path / "all",
        datetime(2026, 11, 5),
        employer=EMPLOYERS,
        admin_unit=AREAS,
        contribution_month=MONTH_HEAD + lines,
    )
    (told,) = scanned(store).silence
    assert (told.cause, told.now, told.ordinary) == ("dried_up", 3, PERSONS)


def test_a_sign_is_compared_with_its_own_past(tmp_path: Path) -> None:
    store = monthly_store(tmp_path, ordinary, lambda person, month: ordinary(person, month, 2_000_000))
    ends = [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)]
    assert [scanned(store, end).silence for end in ends[:2]] == [(), ()]
    assert scanned(store).silence == ()  # two scans are no history
    scanned(store, ends[2])
    assert scanned(store).silence == (Silence(SIGN, "fewer", 0, PERSONS),)


def test_a_sign_which_suddenly_finds_much_is_told_too(tmp_path: Path) -> None:
    store = monthly_store(tmp_path, lambda person, month: ordinary(person, month, 2_000_000))
    for month in (7, 8, 9):
        scanned(store, date(2026, month, 31 if month != 9 else 30))
    assert scanned(store).silence == (Silence(SIGN, "more", PERSONS, 0),)


def test_silence_is_kept_with_the_sign_of_the_scan(tmp_path: Path) -> None:
    store = monthly_store(tmp_path, lambda person, month: ordinary(person, month, ""))
    report = scanned(store)
    (row,) = rows(store, "scan_sign")
    assert json.loads(str(row["silence"])) == [
        {
            "sign": SIGN,
            "cause": "column_empty",
            "now": 0,
            "ordinary": PERSONS,
            "table": "contribution_month",
            "column": "wage_base",
        }
    ]
    assert report.as_json()["silence"] == [silence.as_json() for silence in report.silence]
    with DuckDBEngine(EngineOptions(memory="200MB", threads=1, folders=(store.path / "tables",))) as engine:
        assert tuple(silence_kept(engine, store, store.version(), OCTOBER, SIGN)) == report.silence
        assert silence_kept(engine, store, store.version(), OCTOBER, "SI-BEN-09-S1") == []


def test_a_watch_which_fails_stops_no_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise EngineError("too little memory")

    monkeypatch.setattr(watching, "supply", broken)
    report = scanned(monthly_store(tmp_path, ordinary))
    assert [result.state for result in report.results] == ["run"]
    assert report.unwatched == "The sources could not be watched: too little memory"
