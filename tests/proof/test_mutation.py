"""Weakened conditions are noticed by the examples which show them, and only by those."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue, read_sign_examples
from dauhieu.compiler.compile import compile_select
from dauhieu.compiler.mutants import mutants
from dauhieu.compiler.schema import schema_of
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.law.read import law
from dauhieu.proof.examples import ExampleRunner
from dauhieu.proof.mutation import MutationScore, mutation_score
from dauhieu.warehouse.contract import contract

MONTH = date(2026, 10, 31)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(contract())


@pytest.fixture(scope="module")
def runner(catalogue: Catalogue) -> Iterator[ExampleRunner]:
    with DuckDBEngine(EngineOptions(memory="500MB", threads=1)) as engine:
        yield ExampleRunner(engine, contract(), catalogue, law())


def changes(sql: str) -> list[str]:
    compiled = compile_select(
        sql, schema=schema_of(contract(), {}), law=law(), as_of=MONTH, tuning={}, path=Path("a.yaml"), line=1
    )
    before = compiled.tree.sql("duckdb")
    found = [mutant.change.replace('"', "") for mutant in mutants(compiled.tree, "duckdb")]
    assert compiled.tree.sql("duckdb") == before
    return found


def test_each_part_of_a_condition_is_dropped_and_each_border_moved() -> None:
    found = changes("SELECT c.person_id FROM contribution_month AS c WHERE c.wage_base < 5 AND c.scheme = 'compulsory'")
    assert found == [
        "without c.wage_base < 5",
        "c.wage_base <= 5 for c.wage_base < 5",
        "without c.scheme = 'compulsory'",
    ]


def test_conditions_of_joins_are_dropped_also_those_of_using() -> None:
    by_using = (
        "SELECT c.person_id FROM contribution_month AS c JOIN labour_contract AS k USING (person_id, employer_id)"
    )
    assert len(changes(by_using)) == 2


def test_what_the_law_wrote_is_left_alone() -> None:
    found = changes("SELECT c.person_id FROM contribution_month AS c WHERE c.wage_base > law.reference_level(c.month)")
    assert len(found) == 2
    assert all("wage_base" in change for change in found)


def test_a_guard_against_null_is_dropped_only_where_nothing_else_refuses_null() -> None:
    beside = "SELECT c.person_id FROM contribution_month AS c WHERE c.wage_base IS NOT NULL AND c.wage_base <> 5"
    joined = (
        "SELECT c.person_id FROM contribution_month AS c JOIN employer AS e ON e.employer_id = c.employer_id "
        "WHERE c.employer_id IS NOT NULL"
    )
    alone = "SELECT c.person_id FROM contribution_month AS c WHERE c.wage_base IS NOT NULL AND c.si_flag"
    assert not any("NULL" in change for change in (*changes(beside), *changes(joined)))
    assert not any("NULL" in change for change in changes(joined.replace("JOIN", "SEMI JOIN"))[:-1])
    outer = changes(joined.replace("JOIN", "LEFT JOIN"))
    assert any("NULL" in change for change in outer)
    assert any("NULL" in change for change in changes(alone))


def test_what_narrows_is_idle_where_it_widens() -> None:
    sql = """
      WITH few AS (
        -- Narrows: only these can be found.
        SELECT c.person_id FROM contribution_month AS c WHERE c.si_flag AND c.wage_base >= 5)
      SELECT c.person_id
      FROM contribution_month AS c
      -- Narrows: the others are not found.
      JOIN few AS f ON f.person_id = c.person_id
      WHERE c.ui_flag
    """
    compiled = compile_select(
        sql, schema=schema_of(contract(), {}), law=law(), as_of=MONTH, tuning={}, path=Path("a.yaml"), line=1
    )
    found = {mutant.change.replace('"', ""): mutant.idle for mutant in mutants(compiled.tree, "duckdb")}
    assert found == {
        "without f.person_id = c.person_id": True,
        "without c.ui_flag": False,
        "without c.si_flag": True,
        "without c.wage_base >= 5": True,
        "c.wage_base > 5 for c.wage_base >= 5": False,
    }


def test_what_is_wrongly_said_to_narrow_counts_as_a_survivor(catalogue: Catalogue, runner: ExampleRunner) -> None:
    sign = catalogue.signs["HI-FAC-12-S1"]
    drawn = read_sign_examples(sign, contract())
    whole = mutation_score(sign, drawn, runner)
    marked_sql = sign.sql.replace("SELECT", "-- Narrows: it does not.\nSELECT")
    marked = mutation_score(replace(sign, sql=marked_sql), drawn, runner)
    assert any(change.startswith("said to narrow, but noticed: ") for change in marked.survivors)
    assert len(marked.survivors) > len(whole.survivors)


def test_without_the_example_on_the_border_the_border_may_move(catalogue: Catalogue, runner: ExampleRunner) -> None:
    sign = catalogue.signs["HI-FAC-12-S1"]
    drawn = read_sign_examples(sign, contract())
    whole = mutation_score(sign, drawn, runner)
    fewer = mutation_score(sign, drawn[:2], runner)
    assert whole.mutants == fewer.mutants > 5
    assert len(whole.survivors) < len(fewer.survivors)


def test_a_condition_which_changes_nothing_survives(catalogue: Catalogue, runner: ExampleRunner) -> None:
    sign = catalogue.signs["HI-FAC-12-S1"]
    drawn = read_sign_examples(sign, contract())
    idle = replace(sign, sql=f"SELECT * FROM ({sign.sql}) AS s WHERE 1 = 1 AND s.period_from = s.period_from")
    named = ", ".join(runner.empty_bench(MONTH).compile(sign).columns)
    idle = replace(idle, sql=idle.sql.replace("SELECT *", f"SELECT {named}", 1))
    survivors = mutation_score(idle, drawn, runner).survivors
    assert any("s.period_from" in change.replace('"', "") for change in survivors)


def test_the_share_noticed_is_of_all_mutants() -> None:
    assert MutationScore("A", 8, ("x", "y")).noticed == 750_000
    assert MutationScore("A", 0, ()).noticed == 1_000_000
