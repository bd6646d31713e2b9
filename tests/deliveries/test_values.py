"""Every form of a value which senders use, and the forms which say nothing certain."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.deliveries.values import cleaned, null_word, typed
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.contract import Column, Text

ENGINE = DuckDBEngine(EngineOptions(memory="256MB", threads=1))


def read(type_: str, value: object, decimal: str | None = None, arrow: pa.DataType | None = None) -> object:
    column = Column("x_id" if type_ == "id" else "x", type_, Text("", ""))
    arrow = arrow or pa.string()
    ENGINE.register("batch", pa.table({"x": pa.array([value], arrow)}))
    made = typed(column, arrow, "r", null_word(arrow, "r"), decimal)
    return ENGINE.rows(f"SELECT {made.sql} FROM (SELECT {cleaned('x', arrow)} AS r FROM batch)")[0][0]


@pytest.mark.parametrize(
    ("type_", "value", "meant"),
    [
        ("money", "5000000", 5_000_000),
        ("money", " 5000000 ", 5_000_000),
        ("money", "-5000000", -5_000_000),
        ("money", "5.000.000", 5_000_000),
        ("money", "5,000,000", 5_000_000),
        ("money", "5 000 000", 5_000_000),
        ("money", "1.234.567,00", 1_234_567),
        ("money", "1,234,567.00", 1_234_567),
        ("money", "1234567,0", 1_234_567),
        ("money", "0007", 7),
        ("money", "1.234", None),
        ("money", "1,234", None),
        ("money", "1234567,50", None),
        ("money", "1e6", None),
        ("money", "1_000", None),
        ("money", "12.34.567", None),
        ("money", "99999999999999999999", None),
        ("int", "3000000000", None),
        ("amount", "589.999", Decimal("589.999")),
        ("amount", "1.234.567,50", Decimal("1234567.500")),
        ("amount", "1234567.5", Decimal("1234567.500")),
        ("amount", "0,5", Decimal("0.500")),
        ("amount", "1,234", None),
        ("amount", "abc", None),
        ("date", "2026-01-31", date(2026, 1, 31)),
        ("date", "31/01/2026", date(2026, 1, 31)),
        ("date", "1/2/2026", date(2026, 2, 1)),
        ("date", "20260131", date(2026, 1, 31)),
        ("date", "202601310830", date(2026, 1, 31)),
        ("date", "45000", date(2023, 3, 15)),
        ("date", "31/02/2026", None),
        ("date", "2026-02-30", None),
        ("date", "05/02/24", None),
        ("timestamp", "202601310830", datetime(2026, 1, 31, 8, 30)),
        ("timestamp", "31/01/2026 08:30", datetime(2026, 1, 31, 8, 30)),
        ("timestamp", "45000.5", datetime(2023, 3, 15, 12)),
        ("month", "01/2026", date(2026, 1, 1)),
        ("month", "2026-01", date(2026, 1, 1)),
        ("month", "202601", date(2026, 1, 1)),
        ("month", "31/01/2026", date(2026, 1, 1)),
        ("month", "13/2026", None),
        ("instant", "2026-01-31T00:00:00Z", datetime(2026, 1, 31)),
        ("instant", "2026-01-31 07:00:00+07", datetime(2026, 1, 31)),
        ("bool", "Có", True),
        ("bool", "0", False),
        ("bool", "maybe", None),
        ("text", "  ", None),
        ("text", "Nguye\u0302\u0303n", "Nguyễn"),
        ("text", "NaN", None),
        ("id", "0123", "0123"),
    ],
)
def test_text_is_read_as_meant(type_: str, value: str, meant: object) -> None:
    assert read(type_, value) == meant


@pytest.mark.parametrize(
    ("value", "decimal", "meant"), [("1.234", "comma", 1234), ("1,234", "point", 1234), ("1.234", "point", None)]
)
def test_a_named_decimal_sign_settles_what_has_two_readings(value: str, decimal: str, meant: int | None) -> None:
    assert read("money", value, decimal) == meant


@given(st.integers(-(10**17), 10**17))
def test_a_whole_number_grouped_either_way_is_the_same_number(number: int) -> None:
    english = f"{number:,}"
    vietnamese = english.replace(",", ".")
    if abs(number) < 1_000 or abs(number) >= 1_000_000:
        assert read("money", english) == read("money", vietnamese) == number
    assert read("money", english, "point") == read("money", vietnamese, "comma") == number


@given(st.decimals(min_value=0, max_value=10**12, places=3))
def test_an_amount_is_never_off_by_a_thousand(amount: Decimal) -> None:
    assert read("amount", f"{amount:f}") == amount
    assert read("amount", f"{amount:f}".replace(".", ",")) in (amount, None)


@given(st.dates(date(1800, 1, 1), date(9999, 12, 31)))
def test_a_date_is_the_same_in_every_form(day: date) -> None:
    forms = [f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}", f"{day:%Y%m%d}", f"{day.day}/{day.month}/{day:%Y}"]
    assert {read("date", form) for form in forms} == {day}


@pytest.mark.parametrize(
    ("type_", "value", "arrow", "meant"),
    [
        ("money", 5.0, pa.float64(), 5),
        ("money", 5.5, pa.float64(), None),
        ("money", float("nan"), pa.float64(), None),
        ("money", Decimal("5.00"), pa.decimal128(10, 2), 5),
        ("amount", 589.999, pa.float64(), Decimal("589.999")),
        ("id", 123, pa.int64(), "123"),
        ("id", 123.0, pa.float64(), "123"),
        ("date", datetime(2026, 1, 31, 8), pa.timestamp("us"), date(2026, 1, 31)),
        ("date", datetime(2026, 1, 30, 17), pa.timestamp("us", "UTC"), date(2026, 1, 31)),
        ("bool", 1, pa.int8(), True),
        ("money", True, pa.bool_(), None),
    ],
)
def test_typed_values_are_read_as_meant(type_: str, value: object, arrow: pa.DataType, meant: object) -> None:
    assert read(type_, value, arrow=arrow) == meant
