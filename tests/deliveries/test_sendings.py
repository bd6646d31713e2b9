"""A claim sent again counts its sendings from what the store holds; one which says nothing new changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from dauhieu.deliveries.landing import Landing
from dauhieu.deliveries.load import LoadOptions, load
from dauhieu.deliveries.report import LoadReport
from dauhieu.deliveries.sendings import number_sendings
from dauhieu.deliveries.source import DOCUMENT, ROW_NO
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.intake import Intake, Landed, apply
from dauhieu.warehouse.store import Store
from tests.deliveries.claims_files import DRUG, envelope, ordinary, packed, record
from tests.deliveries.rooms import NOW, stored

ARROW = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "DECIMAL(18,3)": pa.decimal128(18, 3),
    "BIGINT": pa.string(),
}
ARRIVED = datetime(2024, 5, 1, 8, 30)
Row = Mapping[str, object]


@dataclass
class Claims:
    """Claims on their way into a store: each delivery a day after the one before."""

    store: Store
    folder: Path
    days: int = 0
    replaced: int = 0
    landed: Landed | None = None

    def deliver(self, heads: Sequence[Row], drugs: Sequence[Row] = ()) -> Landed:
        self.days += 1
        folder = self.folder / str(self.days)
        folder.mkdir()
        bounds = EngineOptions(folders=(folder, self.store.path), temporary=folder / "spill")
        with DuckDBEngine(bounds) as engine, Landing(folder, engine) as landing:
            for table, rows in (("hi_claim", heads), ("hi_claim_drug", drugs)):
                if rows:
                    landing.add(table, _staged(table, rows))
            self.replaced = number_sendings(landing, engine, self.store)
            moment = datetime(2024, 6, 1, tzinfo=UTC) + timedelta(days=self.days)
            self.landed = apply(self.store, Intake(landing.files(), "adds", "test", f"{self.days}", moment))
        return self.landed

    def heads(self, known: str = "superseded_at IS NULL") -> list[tuple[object, ...]]:
        sql = f"SELECT version_no, copay::INTEGER, day(last_received_at) FROM hi_claim WHERE {known} ORDER BY ALL"
        return stored(self.store, sql, "hi_claim")

    def drugs(self) -> list[tuple[object, ...]]:
        sql = "SELECT line_no, version_no FROM hi_claim_drug WHERE superseded_at IS NULL ORDER BY ALL"
        return stored(self.store, sql, "hi_claim_drug")


def _staged(name: str, rows: Sequence[Row]) -> pa.Table:
    columns = contract().table(name).columns
    schema = pa.schema([(column.delivered_as, ARROW[column.sql_type]) for column in columns])
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    table = table.append_column(ROW_NO, pa.array(range(len(rows)), pa.int64()))
    return table.append_column(DOCUMENT, pa.array([row["hi_claim_code"] for row in rows], pa.string()))


def head(place: int | None = -1, *, copay: int = 0, day: int = 2, **changes: object) -> Row:
    """A head as the reader hands it on: no number, but the place of the claim in its delivery, below zero."""
    made = datetime(2024, 5, day)
    return {
        "hi_claim_code": "01001/L1",
        "facility_code": "01001",
        "ma_lk": "L1",
        "care_type": "01",
        "admission_at": ARRIVED,
        "copay": copay,
        "first_received_at": made,
        "last_received_at": made,
        "version_no": place,
        "status": "received",
        **changes,
    }


def drug(line: int, place: int | None = -1, code: str = "40.48") -> Row:
    return {
        "hi_claim_code": "01001/L1",
        "facility_code": "01001",
        "line_no": line,
        "admitted_on": date(2024, 5, 1),
        "version_no": place,
        "drug_code": code,
    }


def test_a_claim_sent_again_with_other_content_is_numbered_from_the_store(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head(copay=1)], [drug(1)])
    claims.deliver([head(copay=2, day=10)], [drug(1)])
    claims.deliver([head(copay=3, day=20)], [drug(1)])
    assert claims.heads("true") == [(1, 1, 2), (2, 2, 10), (3, 3, 20)]
    assert claims.drugs() == [(1, 3)]


def test_the_day_of_the_first_sending_stays(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head(copay=1)])
    claims.deliver([head(copay=2, day=10)])
    sql = "SELECT day(first_received_at) FROM hi_claim WHERE superseded_at IS NULL"
    assert stored(store, sql, "hi_claim") == [(2,)]


def test_a_claim_unchanged_in_another_envelope_changes_nothing(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head()], [drug(1)])
    assert claims.deliver([head(-7, day=20)], [drug(1, -7)]).number is None
    assert claims.heads("true") == [(1, 0, 2)]


def test_a_change_of_a_line_alone_is_a_sending(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head()], [drug(1)])
    claims.deliver([head()], [drug(1, code="40.49")])
    claims.deliver([head()], [drug(1, code="40.49"), drug(2)])
    claims.deliver([head()], [drug(2)])
    assert (claims.heads(), claims.drugs()) == ([(4, 0, 2)], [(2, 4)])


def test_lines_of_a_kind_which_a_sending_no_longer_has_end(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head()], [drug(1)])
    claims.deliver([head(copay=1)])
    assert (claims.heads(), claims.drugs()) == ([(2, 1, 2)], [])


def test_a_head_alone_with_a_number_leaves_the_lines_of_its_claim(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head()], [drug(1)])
    claims.deliver([head(1, status="accepted")])
    assert claims.drugs() == [(1, 1)]


def test_sendings_within_one_delivery_are_counted_and_the_last_lands_whole(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head(copay=1), head(-2, copay=2)], [drug(1), drug(2), drug(1, -2)])
    assert (claims.heads(), claims.drugs(), claims.replaced) == ([(2, 2, 2)], [(1, 2)], 1)
    assert [row[:2] for row in claims.heads("true")] == [(1, 1), (2, 2)]


def test_sendings_of_one_delivery_go_on_from_the_store(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head(copay=1)])
    claims.deliver([head(-1, copay=1, day=3), head(-2, copay=2, day=4), head(-3, copay=2, day=5), head(-4, copay=1)])
    assert claims.heads() == [(2, 2, 4)]


def test_one_content_twice_in_a_delivery_is_one_sending(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head(), head(-2)], [drug(1), drug(1, -2)])
    assert (claims.heads("true"), claims.drugs(), claims.replaced) == ([(1, 0, 2)], [(1, 1)], 0)


def test_sendings_follow_the_days_they_were_made_whatever_the_order_of_their_files(
    store: Store, tmp_path: Path
) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head(-1, copay=2, day=9), head(-2, copay=1, day=3)])
    assert claims.heads() == [(2, 2, 9)]


def test_what_the_agency_decided_stays_with_an_unchanged_claim_alone(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head()])
    claims.deliver([head(1, status="accepted", accepted_amount=7)])
    assert claims.deliver([head(day=20)]).number is None
    claims.deliver([head(copay=1, day=21)])
    sql = "SELECT version_no, status, accepted_amount FROM hi_claim WHERE superseded_at IS NULL"
    assert stored(store, sql, "hi_claim") == [(2, "received", None)]


def test_a_number_which_is_delivered_is_kept_and_counted_on(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head(7)])
    claims.deliver([head(None, copay=1)])
    assert [row[0] for row in claims.heads("true")] == [7, 8]


def test_lines_without_their_head_wait_for_the_number_of_the_stored_one(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "staged"
    folder.mkdir()
    bounds = EngineOptions(folders=(folder, store.path), temporary=folder / "spill")
    with DuckDBEngine(bounds) as engine, Landing(folder, engine) as landing:
        landing.add("hi_claim_drug", _staged("hi_claim_drug", [drug(1)]))
        number_sendings(landing, engine, store)
        engine.register("lines", landing.input(landing.parts()[0]))
        assert engine.rows("SELECT version_no FROM lines") == [(None,)]


def test_a_line_twice_in_a_claim_makes_no_new_sending(store: Store, tmp_path: Path) -> None:
    claims = Claims(store, tmp_path)
    claims.deliver([head()], [drug(1), drug(1, code="40.49")])
    assert claims.deliver([head(day=20)], [drug(1), drug(1, code="40.49")]).number is None


def sent(store: Store, folder: Path, *parts: Sequence[str], day: str, days: int = 0) -> LoadReport:
    """One envelope made on this day, delivered."""
    file = folder / "claims.xml"
    file.write_text(envelope(*parts).replace("<NGAYLAP>20240502", f"<NGAYLAP>{day}"))
    return load(store, [file], options=LoadOptions(), now=NOW + timedelta(days=days))


def test_envelopes_of_the_exchange_are_counted_claim_by_claim(store: Store, tmp_path: Path) -> None:
    two = packed("XML2", record("XML2", DRUG, DRUG | {"STT": "2"}))
    dearer = ordinary(T_TONGCHI_BV="9")
    sent(store, tmp_path, ordinary(), ordinary(MA_LK="LK2"), day="20240502")
    report = sent(store, tmp_path, [dearer[0], two, dearer[2]], ordinary(MA_LK="LK2"), dearer, day="20240510", days=1)
    heads = stored(
        store,
        "SELECT ma_lk, version_no, day(first_received_at), day(last_received_at) FROM hi_claim "
        "WHERE superseded_at IS NULL ORDER BY ALL",
        "hi_claim",
    )
    assert heads == [("LK1", 3, 2, 10), ("LK2", 1, 2, 2)]
    assert report.noted["earlier_sending"] == 1
    for table in ("hi_claim_identity", "hi_claim_drug", "hi_claim_service", "hi_claim_card"):
        sql = f"SELECT version_no FROM {table} WHERE superseded_at IS NULL ORDER BY ALL"
        assert stored(store, sql, table) == [(1,), (3,)], table
    again = sent(store, tmp_path, dearer, day="20240601", days=2)
    assert not again.landed
    assert {(change.added, change.closed) for change in again.tables.values()} == {(0, 0)}
