"""An edit which breaks a sign is refused before any file is touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue
from dauhieu.catalogue.workbook import Change
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.law.read import law
from dauhieu.proof.edited import edited_texts, try_texts
from dauhieu.warehouse.contract import contract

SIGN = "HI-FAC-12-S1"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(contract())


def failures(changes: list[Change], work: Path) -> int:
    before = {change.sign.path: change.sign.path.read_bytes() for change in changes}
    with DuckDBEngine(EngineOptions(memory="500MB", threads=1)) as engine:
        report = try_texts(edited_texts(changes), [SIGN], work, engine, contract(), law())
    assert {path: path.read_bytes() for path in before} == before
    return len(report.failures)


def test_an_edit_which_the_examples_bear_passes(catalogue: Catalogue, tmp_path: Path) -> None:
    sign = catalogue.signs[SIGN]
    assert failures([Change(sign, ("title", "en"), sign.title.en, "Another title")], tmp_path) == 0


def test_a_threshold_which_the_examples_do_not_bear_fails(catalogue: Catalogue, tmp_path: Path) -> None:
    sign = catalogue.signs[SIGN]
    value = sign.tuning["min_claims"].value
    assert isinstance(value, int)
    higher = Change(replace(sign), ("tuning", "min_claims", "value"), value, value * 100)
    assert failures([higher], tmp_path) > 0
