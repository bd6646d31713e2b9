"""What is left out of the checks because a column looked in order changes nothing in what they find."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dauhieu.deliveries.checks import TableCheck
from dauhieu.deliveries.plain import look
from dauhieu.deliveries.source import DOCUMENT, ROW_NO
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.contract import Column, Table, Text

ENGINE = DuckDBEngine(EngineOptions(memory="256MB", threads=1))
NAME = Text("x", "x")
TABLE = Table(
    "thing",
    "people",
    NAME,
    (
        Column("thing_id", "id", NAME, kind="person"),
        Column("word", "text", NAME, null=True),
        Column("state", "text", NAME, null=True, values=("open", "shut")),
        Column("count", "int", NAME),
        Column("from_date", "date", NAME, null=True),
        Column("to_date", "date", NAME, null=True),
        Column("month", "month", NAME, null=True),
        Column("seen_at", "timestamp", NAME, null=True),
    ),
    key=("thing_id",),
)
WORDS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", " ", "a", " a", "a\t", "\ta", "a b", "a\tb", "NaN", "NULL", "NULLS", "x\u00a0", "Hu\u1ebf", "e\u0301"]
    ),
    st.text(alphabet="ab \t\r\n\u00a0\u1ea1N#/A", max_size=5),
)
DAYS = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2020, 3, 1)))
TYPED = {
    "thing_code": (pa.string(), WORDS),
    "word": (pa.string(), WORDS),
    "state": (pa.string(), st.one_of(WORDS, st.sampled_from(["open", "shut"]))),
    "count": (pa.int64(), st.one_of(st.none(), st.integers(-5, 5), st.just(2**40))),
    "from_date": (pa.date32(), DAYS),
    "to_date": (pa.date32(), DAYS),
    "month": (pa.date32(), DAYS),
    "seen_at": (pa.timestamp("us"), st.one_of(st.none(), st.datetimes(datetime(2020, 1, 1), datetime(2021, 1, 1)))),
}
# A row which is out of order in every text column, so that nothing can be left out.
UNTIDY = dict.fromkeys(TYPED) | {"thing_code": " z ", "word": " z ", "state": " open ", "count": 1}


def batch(rows: list[dict[str, object]]) -> pa.Table:
    columns = {name: pa.array([row[name] for row in rows], type_) for name, (type_, _) in TYPED.items()}
    places = {ROW_NO: pa.array(range(1, len(rows) + 1), pa.int64()), DOCUMENT: pa.nulls(len(rows), pa.string())}
    return pa.table({**columns, **places})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries({name: values for name, (_, values) in TYPED.items()}), min_size=1, max_size=6))
def test_a_batch_is_judged_the_same_whether_or_not_it_looked_in_order(rows: list[dict[str, object]]) -> None:
    alone, beside = batch(rows), batch([*rows, UNTIDY])
    judged = TableCheck(TABLE, alone.schema, Path("thing.parquet")).run(alone, ENGINE)
    whole = TableCheck(TABLE, beside.schema, Path("thing.parquet")).run(beside, ENGINE)
    kept = [row for row in whole.good.to_pylist() if row[ROW_NO] <= len(rows)]
    assert judged.good.to_pylist() == kept
    assert judged.aside == tuple(fault for fault in whole.aside if fault.row_no <= len(rows))
    assert judged.noted == tuple(fault for fault in whole.noted if fault.row_no <= len(rows))


def test_a_column_in_order_is_seen_to_be_so() -> None:
    rows = [{**UNTIDY, "thing_code": "1", "word": "a b", "state": None}, {**UNTIDY, "thing_code": "2", "state": "open"}]
    seen = look(batch(rows), TYPED)
    assert "thing_code" in seen.plain & seen.filled
    assert "word" not in seen.plain
    assert "state" in seen.plain - seen.filled
    assert "count" in seen.plain & seen.filled
