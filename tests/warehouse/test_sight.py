"""What a scan may see, shown on small stored tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pyarrow as pa
import pytest

from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.proof.drawn import ARROW_TYPES, empty_table
from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.sight import Sight

DAY = datetime(2026, 1, 5)


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(EngineOptions(memory="200MB", threads=1)) as opened:
        yield opened


def stored(name: str, *rows: dict[str, object]) -> pa.Table:
    columns = contract().table(name).sql_columns()
    clock = {"recorded_at": DAY, "loaded_at": DAY, "delivery_no": 1}
    schema = pa.schema([pa.field(column, ARROW_TYPES[kind]) for column, kind in columns.items()])
    return pa.Table.from_pylist([clock | row for row in rows], schema=schema)


def sight(
    engine: DuckDBEngine,
    *tables: tuple[str, pa.Table],
    as_of: date = date(2026, 1, 31),
    known_at: datetime | None = None,
) -> Sight:
    there = dict(tables)
    return Sight(engine, contract(), lambda name: there.get(name, empty_table(contract().table(name))), as_of, known_at)


def month(person: int, of: date, **more: object) -> dict[str, object]:
    return {"person_id": person, "employer_id": 9, "month": of, "scheme": "compulsory", **more}


def link(person: int, same_as: int) -> dict[str, object]:
    return {"person_id": person, "same_as_person_id": same_as, "reason": "merged"}


def persons(engine: DuckDBEngine, seen: Sight) -> list[object]:
    seen.show(["contribution_month"])
    return sorted(row[0] for row in engine.rows("SELECT person_id FROM contribution_month"))  # type: ignore[type-var]


def test_rows_dated_after_the_month_do_not_exist(engine: DuckDBEngine) -> None:
    table = stored("contribution_month", month(1, date(2026, 1, 1)), month(2, date(2026, 2, 1)))
    assert persons(engine, sight(engine, ("contribution_month", table))) == [1]


def test_an_event_on_the_last_evening_of_the_month_counts(engine: DuckDBEngine) -> None:
    table = stored(
        "work_accident",
        {"accident_id": 1, "occurred_at": datetime(2026, 1, 31, 23, 59)},
        {"accident_id": 2, "occurred_at": datetime(2026, 2, 1)},
    )
    sight(engine, ("work_accident", table)).show(["work_accident"])
    assert engine.rows("SELECT accident_id FROM work_accident") == [(1,)]


def test_only_the_row_in_force_of_a_key_is_seen(engine: DuckDBEngine) -> None:
    old = month(1, date(2026, 1, 1), wage_base=5, superseded_at=datetime(2026, 1, 9))
    new = month(1, date(2026, 1, 1), wage_base=6, recorded_at=datetime(2026, 1, 9))
    sight(engine, ("contribution_month", stored("contribution_month", old, new))).show(["contribution_month"])
    assert engine.rows("SELECT wage_base FROM contribution_month") == [(6,)]


def test_an_earlier_moment_sees_the_row_known_then(engine: DuckDBEngine) -> None:
    old = month(1, date(2026, 1, 1), wage_base=5, superseded_at=datetime(2026, 1, 9))
    new = month(1, date(2026, 1, 1), wage_base=6, recorded_at=datetime(2026, 1, 9))
    table = ("contribution_month", stored("contribution_month", old, new))
    sight(engine, table, known_at=datetime(2026, 1, 8)).show(["contribution_month"])
    assert engine.rows("SELECT wage_base FROM contribution_month") == [(5,)]


def test_history_keeps_every_version(engine: DuckDBEngine) -> None:
    old = month(1, date(2026, 1, 1), wage_base=5, superseded_at=datetime(2026, 1, 9))
    new = month(1, date(2026, 1, 1), wage_base=6, recorded_at=datetime(2026, 1, 9))
    sight(engine, ("contribution_month", stored("contribution_month", old, new))).show(history=["contribution_month"])
    assert engine.rows("SELECT wage_base FROM history__contribution_month ORDER BY recorded_at") == [(5,), (6,)]


def test_a_chain_of_merges_names_the_last_identity(engine: DuckDBEngine) -> None:
    links = stored("person_link", link(1, 2), link(2, 3), link(3, 4))
    table = stored("contribution_month", *(month(person, date(2026, 1, 1)) for person in (1, 2, 3, 4, 5)))
    seen = sight(engine, ("contribution_month", table), ("person_link", links))
    assert persons(engine, seen) == [4, 4, 4, 4, 5]


def test_a_ring_of_merges_leaves_persons_apart(engine: DuckDBEngine) -> None:
    links = stored("person_link", link(1, 2), link(2, 3), link(3, 1))
    table = stored("contribution_month", *(month(person, date(2026, 1, 1)) for person in (1, 2, 3)))
    seen = sight(engine, ("contribution_month", table), ("person_link", links))
    assert persons(engine, seen) == [1, 2, 3]


def test_a_number_claimed_by_two_persons_does_not_join_them(engine: DuckDBEngine) -> None:
    links = stored("person_link", link(1, 2), link(1, 3))
    table = stored("contribution_month", *(month(person, date(2026, 1, 1)) for person in (1, 2, 3)))
    seen = sight(engine, ("contribution_month", table), ("person_link", links))
    assert persons(engine, seen) == [2, 2, 3]


def test_a_merged_person_has_one_row(engine: DuckDBEngine) -> None:
    table = stored("person", {"person_id": 1}, {"person_id": 2})
    sight(engine, ("person", table), ("person_link", stored("person_link", link(1, 2)))).show(["person"])
    assert engine.rows("SELECT person_id FROM person") == [(2,)]


def test_lines_of_a_rejected_claim_are_not_seen(engine: DuckDBEngine) -> None:
    heads = stored("hi_claim", {"hi_claim_id": 1, "status": "received"}, {"hi_claim_id": 2, "status": "rejected"})
    lines = stored("hi_claim_service", {"hi_claim_id": 1, "line_no": 1}, {"hi_claim_id": 2, "line_no": 1})
    sight(engine, ("hi_claim", heads), ("hi_claim_service", lines)).show(["hi_claim", "hi_claim_service"])
    assert engine.rows("SELECT hi_claim_id FROM hi_claim_service") == [(1,)]
