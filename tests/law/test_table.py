"""The law as a table."""

from __future__ import annotations

from datetime import date

from dauhieu.law.read import law
from dauhieu.law.table import statutory_parameters

ROWS = statutory_parameters(law()).to_pylist()


def test_every_value_has_one_row() -> None:
    assert len(ROWS) == sum(len(span.values) for one in law().parameters.values() for span in one.spans)
    assert len({(row["name"], row["valid_from"]) for row in ROWS}) == len(ROWS)


def test_value_of_a_dimension_is_named_as_a_sign_asks_for_it() -> None:
    found = [row for row in ROWS if row["name"] == "min_wage(region => II)" and row["valid_to"] is None]
    assert [(row["value"], row["unit"], row["valid_from"]) for row in found] == [("4730000", "vnd", date(2026, 1, 1))]


def test_unknown_value_is_null() -> None:
    assert [row["value"] for row in ROWS if row["name"] == "interbank_9m_rate"] == [None]
