"""The door: what a compiled SELECT says of itself, and how faults are told."""

import time
from datetime import date

import pyarrow as pa
import pytest

from dauhieu.compiler.schema import schema_of
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import Column, Contract, Kind, Table, Text

MEANING = Text("…", "…")

PAID = """WITH paid AS (
  SELECT c.person_id, c.month, c.wage_base, e.wage_region AS region,
         law.min_wage(c.month, region => e.wage_region) AS minimum
  FROM contribution_month AS c
  JOIN employer AS e ON e.employer_id = c.employer_id
  WHERE c.scheme IN ($codes) AND c.month <= $as_of)
SELECT person_id AS subject_id, NULL AS item, month AS period_from, calc.last_day(month) AS period_to,
       (minimum - wage_base) * law.rate(month) // 1000000 AS amount, region, minimum
FROM paid
WHERE wage_base < minimum - $gap_vnd"""


def test_a_sign_finds_what_its_sentence_says(compiled, engine):
    engine.register("contribution_month", pa.table({
        "person_id": [1, 2, 3], "employer_id": [9, 9, 9], "month": [date(2023, 5, 1)] * 3,
        "wage_base": [400, 495, 400], "scheme": ["a", "a", "z"],
    }))  # fmt: skip
    engine.register("employer", pa.table({"employer_id": [9], "wage_region": ["I"]}))
    rows = engine.rows(compiled(PAID).sql)
    assert rows == [(1, None, date(2023, 5, 1), date(2023, 5, 31), 100 * 105_000 // 1_000_000, "I", 500)]


def test_a_compiled_sign_says_what_it_reads(compiled):
    found = compiled(PAID)
    assert found.tables == {"contribution_month", "employer"}
    assert found.parameters == {"min_wage", "rate"}
    assert found.columns == ("subject_id", "item", "period_from", "period_to", "amount", "region", "minimum")
    assert found.used == {
        "contribution_month": {"person_id", "month", "wage_base", "scheme", "employer_id"},
        "employer": {"employer_id", "wage_region"},
    }


def test_no_placeholder_is_left(compiled):
    assert "$" not in compiled(PAID).sql


def test_history_and_keys_are_relations_of_their_own(compiled):
    found = compiled(
        "SELECT h.person_id, k.code FROM history.contribution_month AS h JOIN keys.person AS k ON k.id = h.person_id"
    )
    assert (found.tables, found.history, found.keys) == (frozenset(), {"contribution_month"}, {"person"})
    assert '"history__contribution_month"' in found.sql
    assert found.used["keys__person"] == {"id", "code"}


def test_history_and_keys_without_alias_go_by_their_own_name(compiled):
    found = compiled("SELECT contribution_month.month FROM history.contribution_month")
    assert found.used == {"history__contribution_month": {"month"}}


def test_views_are_told_apart_from_tables(compiled):
    found = compiled("SELECT person_id FROM person_month UNION ALL SELECT person_id FROM contribution_month")
    assert (found.views, found.tables) == ({"person_month"}, {"contribution_month"})


def test_evidence_takes_the_finding_it_explains(compiled):
    sql = "SELECT month FROM contribution_month WHERE person_id = $subject_id AND month >= $period_from"
    assert "= 7" in compiled(sql, subject_id=7, period_from=date(2024, 1, 1)).sql


def test_all_faults_are_told_at_their_lines(compiled):
    sql = """SELECT c.person_id, c.salary,
  law.min_wge(c.month) AS a,
  calc.month_of(c.month) AS b,
  now() AS c
FROM contribution_month AS c
JOIN emploier AS e ON true
WHERE c.month < $gap_vdn"""
    with pytest.raises(SignError) as told:
        compiled(sql)
    assert [(fault.line, fault.message.split(". ")[0]) for fault in told.value.faults] == [
        (40, "Column 'salary' is not in 'contribution_month'."),
        (41, "There is no statutory parameter 'min_wge'"),
        (42, "There is no function 'calc.month_of'"),
        (43, "'now' is not allowed"),
        (45, "There is no table or view 'emploier'"),
        (46, "'$gap_vdn' has no value"),
    ]


@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("SELECT wage_bas FROM contribution_month", "Did you mean 'wage_base'?"),
        ("SELECT person_id FROM contribution_months", "Did you mean 'contribution_month'?"),
        ("SELECT id FROM keys.persons", "Did you mean 'person'?"),
        ("SELECT law.rat(month) AS r FROM contribution_month", "Did you mean 'rate'?"),
        ("SELECT calc.lastday(month) AS r FROM contribution_month", "Did you mean 'last_day'?"),
        ("SELECT wage_base - $gap AS r FROM contribution_month", "Did you mean 'gap_vnd'?"),
        ("SELECT x.month FROM contribution_month AS c", "'x' of 'x.month' is not read here"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_right_one(compiled, sql, hint):
    with pytest.raises(SignError, match=r"x\.yaml:40") as told:
        compiled(sql)
    assert hint in str(told.value)


def test_a_sign_compiles_in_under_thirty_milliseconds(compiled):
    compiled(PAID)
    times = []
    for _ in range(10):
        start = time.process_time()
        compiled(PAID)
        times.append(time.process_time() - start)
    assert min(times) < 0.030


def test_the_contract_closes_identity_tables_and_findings():
    def table(name):
        return Table(name, "test", MEANING, (Column("person_id", "id", MEANING, kind="person"),), ("person_id",))

    names = ("person", "person_identity", "finding")
    contract = Contract({name: table(name) for name in names}, {"person": Kind("person", MEANING, True, "person")})
    assert schema_of(contract, {}).closed.keys() == {"person_identity", "finding"}
    assert schema_of(contract, {}, identity=True, findings=True).closed == {}
