"""The runner of examples must notice when an example does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue, read_sign_examples
from dauhieu.catalogue.example import Example
from dauhieu.catalogue.sign import Sign
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.law.read import law
from dauhieu.proof.examples import ExampleRunner
from dauhieu.warehouse.contract import contract


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(contract())


@pytest.fixture(scope="module")
def runner(catalogue: Catalogue) -> Iterator[ExampleRunner]:
    with DuckDBEngine(EngineOptions(memory="500MB", threads=1)) as engine:
        yield ExampleRunner(engine, contract(), catalogue, law())


@pytest.fixture
def sign(catalogue: Catalogue) -> Sign:
    return catalogue.signs["SI-EMP-05-S1"]


@pytest.fixture
def firing(sign: Sign) -> Example:
    return read_sign_examples(sign, contract())[0]


def faults(runner: ExampleRunner, sign: Sign, example: Example) -> str:
    return "\n".join(str(fault) for fault in runner.faults(sign, example))


def test_an_example_which_holds_has_no_faults(runner: ExampleRunner, sign: Sign, firing: Example) -> None:
    assert faults(runner, sign, firing) == ""


def test_a_finding_too_many_is_noticed(runner: ExampleRunner, sign: Sign, firing: Example) -> None:
    assert "which it does not expect" in faults(runner, sign, replace(firing, finds=()))


def test_a_finding_which_is_missing_is_noticed(runner: ExampleRunner, sign: Sign, firing: Example) -> None:
    wanted = (*firing.finds, {"subject": "P9"})
    assert "found nothing" in faults(runner, sign, replace(firing, finds=wanted))


def test_a_wrong_fact_is_noticed(runner: ExampleRunner, sign: Sign, firing: Example) -> None:
    wanted = ({**firing.finds[0], "floor": 1},)
    assert "expected {" in faults(runner, sign, replace(firing, finds=wanted))


def test_a_fact_which_does_not_exist_is_noticed(runner: ExampleRunner, sign: Sign, firing: Example) -> None:
    assert "has no 'depth'" in faults(runner, sign, replace(firing, finds=({"depth": 1},)))


def test_evidence_without_rows_is_noticed(runner: ExampleRunner, sign: Sign, firing: Example) -> None:
    blind = replace(sign, evidence=sign.evidence.replace("c.person_id = $subject_id", "c.person_id = $subject_id + 1"))
    assert "has no rows" in faults(runner, blind, firing)


def test_two_findings_of_one_name_are_noticed(runner: ExampleRunner, sign: Sign, firing: Example) -> None:
    twice = replace(
        sign,
        sql="SELECT 1 AS subject_id, CAST(NULL AS VARCHAR) AS item, $as_of AS period_from, "
        "$as_of AS period_to, x.i AS amount FROM range(1, 3) AS x(i)",
    )
    assert "two findings have the same subject" in faults(runner, twice, replace(firing, finds=({}, {})))


def test_a_later_month_changes_what_an_example_sees(runner: ExampleRunner, sign: Sign, firing: Example) -> None:
    assert "found nothing" in faults(runner, sign, replace(firing, as_of=date(2024, 12, 31)))
