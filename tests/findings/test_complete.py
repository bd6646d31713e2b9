"""Every sign's rows become complete findings, whichever way it names its subject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.sign import Sign
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.findings.complete import completion
from dauhieu.warehouse.contract import contract

PLACE = "(SELECT '' AS subject_kind, 0 AS subject_id, DATE '2000-01-01' AS valid_from, DATE '2100-01-01' AS valid_to, "
PLACE += "'1' AS area_code, '2' AS org_code, '3' AS block_code)"
ROW = "'X' AS item, DATE '2026-01-01' AS period_from, DATE '2026-01-31' AS period_to, 7 AS amount"


@pytest.fixture(scope="module")
def sign() -> Sign:
    return read_catalogue(contract()).signs["SI-EMP-06-S1"]


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(EngineOptions(memory="256MB", threads=1)) as engine:
        engine.materialise("keys__employer", "SELECT 5 AS id, 'E5' AS code")
        engine.materialise("keys__office", "SELECT 0 AS id, '' AS code WHERE false")
        yield engine


def complete(engine: DuckDBEngine, sign: Sign, subject: str) -> tuple[object, ...]:
    engine.materialise("found", f"SELECT {subject}, {ROW}")
    done = completion(
        replace(sign, item_kind=None),
        engine.columns("SELECT * FROM found"),
        contract(),
        found="found",
        place=PLACE,
        as_of=date(2026, 1, 31),
    )
    assert done.kinds == {sign.subject}
    (row,) = engine.rows(f"SELECT subject_id, subject_code FROM ({done.sql})")
    return row


def test_an_id_is_shown_by_its_code(engine: DuckDBEngine, sign: Sign) -> None:
    assert complete(engine, sign, "CAST(5 AS BIGINT) AS subject_id") == (5, "E5")


def test_a_code_the_store_knows_is_found_under_its_id(engine: DuckDBEngine, sign: Sign) -> None:
    assert complete(engine, sign, "'E5' AS subject_code") == (5, "E5")


def test_a_code_the_store_does_not_know_stands_for_itself(engine: DuckDBEngine, sign: Sign) -> None:
    assert complete(engine, sign, "'E9' AS subject_code") == (None, "E9")


def test_a_subject_without_ids_has_its_code_alone(engine: DuckDBEngine, sign: Sign) -> None:
    assert complete(engine, replace(sign, subject="office"), "'CB01' AS subject_code") == (None, "CB01")
