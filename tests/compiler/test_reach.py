"""What a sign rests on, and the digests which tell whether it is still made of the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dauhieu.catalogue.sign import Needs, Sign
from dauhieu.compiler.reach import definition, reach
from dauhieu.compiler.workbench import Workbench
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.law.law import Law
from dauhieu.law.read import law
from dauhieu.proof.examples import ExampleRunner
from dauhieu.warehouse.contract import contract
from tests.thin import SIGN, catalogue

OTHER = "SI-BEN-09-S1"
VIEWED = (
    "SELECT e.employer_id AS subject_id, CAST(NULL AS VARCHAR) AS item, e.month AS period_from, "
    "e.month AS period_to, CAST(1 AS BIGINT) AS amount FROM employer_month AS e"
)


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    return DuckDBEngine(EngineOptions(memory="500MB", threads=1))


def bench(engine: DuckDBEngine, known: Law, **signs: Sign) -> Workbench:
    signs = {sign.id: sign for sign in (*catalogue().signs.values(), *signs.values())}
    changed = replace(catalogue(), signs=signs)
    return ExampleRunner(engine, contract(), changed, known).empty_bench(date(2026, 10, 31))


def changed_law(name: str) -> Law:
    parameter = law().parameters[name]
    last = replace(parameter.spans[-1], values=dict.fromkeys(parameter.spans[-1].values, 7))
    return Law({**law().parameters, name: replace(parameter, spans=(*parameter.spans[:-1], last))})


def test_a_sign_reaches_the_tables_and_parameters_of_the_views_it_reads(engine: DuckDBEngine) -> None:
    sign = replace(catalogue().signs[SIGN], sql=VIEWED)
    reached = reach(bench(engine, law(), one=sign), sign)
    assert "employer_month" in reached.views
    assert "contribution_due" in reached.tables


def test_a_sign_reaches_what_the_signs_it_needs_read(engine: DuckDBEngine) -> None:
    other = replace(catalogue().signs[OTHER], sql=VIEWED)
    sign = replace(catalogue().signs[SIGN], needs=Needs({"employer": None}, signs=(OTHER,)))
    at = bench(engine, law(), one=sign, two=other)
    assert reach(at, sign).signs == {SIGN, OTHER}
    assert reach(at, other).tables <= reach(at, sign).tables


def test_the_definition_tells_a_changed_parameter_which_the_sign_reads_from_any_other(engine: DuckDBEngine) -> None:
    sign = catalogue().signs[SIGN]
    before = definition(bench(engine, law()), sign)
    read = definition(bench(engine, changed_law("min_wage")), sign)
    unread = definition(bench(engine, changed_law("hi_payment_request_working_days")), sign)
    assert read.made == before.made
    assert read.law != before.law
    assert unread == before


def test_the_definition_tells_a_changed_sign_among_those_it_needs(engine: DuckDBEngine) -> None:
    sign = replace(catalogue().signs[SIGN], needs=Needs({"employer": None}, signs=(OTHER,)))
    other = replace(catalogue().signs[OTHER], severity=1)
    before = definition(bench(engine, law(), one=sign), sign)
    assert definition(bench(engine, law(), one=sign, two=other), sign).made != before.made


def test_the_definition_does_not_tell_a_changed_status_or_text(engine: DuckDBEngine) -> None:
    sign = catalogue().signs[SIGN]
    other = replace(sign, status="experimental", title=sign.rule, digest="another")
    assert definition(bench(engine, law(), one=other), other) == definition(bench(engine, law()), sign)
