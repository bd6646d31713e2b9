"""How findings add up: once per violation, money once per item and month, old facts less."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pytest

from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.scoring.warnings import warnings_sql

AS_OF = date(2026, 10, 31)


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(EngineOptions(memory="200MB", threads=1)) as opened:
        yield opened


def finding(sign: str, subject: str, **more: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "finding_id": json.dumps([sign, subject, more], default=str),
        "sign_id": sign,
        "violation_id": sign.rsplit("-", 1)[0],
        "subject_kind": "person",
        "subject_id": 1,
        "subject_code": subject,
        "item": None,
        "period_from": date(2026, 10, 1),
        "period_to": date(2026, 10, 31),
        "amount": 1_000_000,
        "amount_kind": "arrears",
        "strength": 100,
        "facts": "{}",
    }
    return usual | more


SCHEMA = pa.schema(
    [(name, pa.string()) for name in "finding_id sign_id violation_id subject_kind subject_code item".split()]
    + [("subject_id", pa.int64()), ("period_from", pa.date32()), ("period_to", pa.date32())]
    + [("amount", pa.int64()), ("amount_kind", pa.string()), ("strength", pa.int32()), ("facts", pa.string())]
)
SEVERITIES = {"A-S1": 5, "A-S2": 5, "B-S1": 3}


def warnings(engine: DuckDBEngine, *findings: dict[str, object]) -> dict[tuple[str, str], dict[str, object]]:
    engine.register("f", pa.Table.from_pylist(list(findings), schema=SCHEMA))
    severity = {"sign_id": list(SEVERITIES), "severity": pa.array(SEVERITIES.values(), pa.int32())}
    engine.register("s", pa.table(severity))
    place = "SELECT 'x' AS subject_kind, 1 AS subject_id, 'a' AS area_code, 'o' AS org_code, 'b' AS block_code"
    engine.register_view("p", f"{place}, DATE '0001-01-01' AS valid_from, DATE '9999-12-31' AS valid_to")
    for kind in ("employer", "facility"):
        engine.register(f"keys__{kind}", pa.table({"id": pa.array([7], pa.int64()), "code": ["U1"]}))
    rows = engine.table(warnings_sql("f", "s", "p", AS_OF)).to_pylist()
    return {(row["subject_kind"], row["subject_code"]): row for row in rows}


def points(engine: DuckDBEngine, *findings: dict[str, object]) -> int:
    return int(str(warnings(engine, *findings)["person", "P1"]["points"]))


def test_a_recent_strong_finding_of_the_highest_severity_is_forty_points(engine: DuckDBEngine) -> None:
    assert points(engine, finding("A-S1", "P1")) == 40


def test_two_signs_of_one_violation_count_their_money_once(engine: DuckDBEngine) -> None:
    (row,) = warnings(engine, finding("A-S1", "P1"), finding("A-S2", "P1", amount=1_200_000)).values()
    assert (row["arrears"], row["violations"]) == (1_200_000, 1)


def test_a_second_sign_of_the_same_violation_adds_less_than_another_violation(engine: DuckDBEngine) -> None:
    same = points(engine, finding("A-S1", "P1"), finding("A-S2", "P1"))
    other = points(engine, finding("A-S1", "P1"), finding("B-S1", "P1"))
    assert 40 < same < other == 48


def test_old_facts_weigh_less(engine: DuckDBEngine) -> None:
    old = finding("A-S1", "P1", period_from=date(2025, 1, 1), period_to=date(2025, 1, 31))
    assert points(engine, old) == 20


def test_a_weak_finding_weighs_by_its_strength(engine: DuckDBEngine) -> None:
    assert points(engine, finding("A-S1", "P1", strength=25)) == 10


def test_much_money_adds_points(engine: DuckDBEngine) -> None:
    assert points(engine, finding("A-S1", "P1", amount=100_000_000)) == 45


def test_findings_on_persons_weigh_on_their_employer(engine: DuckDBEngine) -> None:
    named = [finding("A-S1", person, facts='{"employer_code":"U1"}') for person in ("P1", "P2")]
    employer = warnings(engine, *named)["employer", "U1"]
    assert (employer["subject_id"], employer["arrears"], employer["findings"]) == (7, 2_000_000, 2)


def test_money_of_different_items_is_added(engine: DuckDBEngine) -> None:
    (row,) = warnings(engine, finding("A-S1", "P1", item="a"), finding("A-S1", "P1", item="b")).values()
    assert row["arrears"] == 2_000_000


def test_signs_which_date_the_same_money_differently_do_not_double_it(engine: DuckDBEngine) -> None:
    earlier = finding("A-S2", "P1", amount=1_200_000, period_from=date(2026, 8, 1))
    (row,) = warnings(engine, finding("A-S1", "P1"), earlier).values()
    assert row["arrears"] == 1_200_000


def test_months_of_one_sign_are_added(engine: DuckDBEngine) -> None:
    (row,) = warnings(engine, finding("A-S1", "P1"), finding("A-S1", "P1", period_from=date(2026, 9, 1))).values()
    assert row["arrears"] == 2_000_000
