"""The law as a table."""

from __future__ import annotations

from datetime import date

from dauhieu.law.read import law
from dauhieu.law.table import statutory_parameters

ROWS = statutory_parameters(law()).to_pylist()


def test_every_value_has_one_row() -> None:
    assert len(ROWS) == sum(len(span.values) for one in law().parameters.values() for span in one.spans)
    assert len({(row["name"], row["dimensions"], row["valid_from"]) for row in ROWS}) == len(ROWS)


def test_dimensions_are_json() -> None:
    found = [row for row in ROWS if row["dimensions"] == '{"region": "II"}' and row["valid_to"] is None]
    assert [(row["name"], row["value"], row["unit"], row["valid_from"]) for row in found] == [
        ("min_wage", "4730000", "vnd", date(2026, 1, 1)),
        ("min_wage_hour", "22700", "vnd", date(2026, 1, 1)),
    ]


def test_parameter_without_dimensions_has_none() -> None:
    assert {row["dimensions"] for row in ROWS if row["name"] == "base_salary"} == {None}


def test_unknown_value_is_null() -> None:
    assert [row["value"] for row in ROWS if row["name"] == "interbank_9m_rate"] == [None]
