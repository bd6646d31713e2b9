"""Conditions of exceptions: one boolean expression, and nothing beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dauhieu.compiler.condition import compile_condition
from dauhieu.errors import SignError
from dauhieu.law.read import law

COLUMNS = {"finding_id": "VARCHAR", "subject_code": "VARCHAR", "amount": "BIGINT", "months": "BIGINT"}


def compiled(text: str) -> str:
    return compile_condition(text, columns=COLUMNS, law=law(), as_of=date(2026, 10, 31), path=Path("x.yaml"), line=7)


def told(text: str) -> str:
    with pytest.raises(SignError) as error:
        compiled(text)
    return str(error.value)


@pytest.mark.parametrize(
    "text", ["amount < 1000000", "months = 1 OR amount IS NULL -- small", "(months = 1)\nAND amount < 5"]
)
def test_an_expression_becomes_a_select_of_finding_ids(text: str) -> None:
    assert compiled(text).startswith('SELECT\n  "this_finding"."finding_id"')


@pytest.mark.parametrize(
    "text",
    [
        "true) OR (true",
        "true) UNION SELECT finding_id FROM this_finding WHERE (true",
        "true; DROP TABLE this_finding",
        "(true",
        "",
        "-- nothing",
        "'open",
        "EXISTS (SELECT 1 FROM person)",
        "subject_code IN (SELECT code FROM read_csv('x'))",
        "random() < 1",
        "month = 1",
        "amount",
        "'yes'",
    ],
)
def test_what_is_more_or_less_than_one_expression_of_the_dialect_is_refused(text: str) -> None:
    assert "x.yaml" in told(text)


def test_a_fault_is_told_at_its_line() -> None:
    assert told("amount < 5\nAND mnths = 1").startswith("x.yaml:8\n")


def test_a_code_between_double_quotes_is_not_repeated() -> None:
    assert "7901234567" not in told('subject_code = "7901234567"')
