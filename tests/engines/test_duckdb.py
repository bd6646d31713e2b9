"""The engine's own promises: hands beside each other, and files which keep the order of the query."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import EngineError


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDBEngine]:
    with DuckDBEngine(EngineOptions(memory="256MB", threads=2, folders=(tmp_path,))) as engine:
        yield engine


def test_a_hand_beside_sees_what_was_named_before_and_names_for_itself(engine: DuckDBEngine) -> None:
    engine.register_view("shared", "SELECT 1 AS x")
    with engine.beside() as left, engine.beside() as right:
        left.register_view("own", "SELECT x + 1 AS x FROM shared")
        right.materialise("own", "SELECT x + 2 AS x FROM shared")
        assert left.rows("SELECT x FROM own") == [(2,)]
        assert right.rows("SELECT x FROM own") == [(3,)]
        with pytest.raises(EngineError):
            engine.rows("SELECT x FROM own")
    assert engine.rows("SELECT x FROM shared") == [(1,)]


def test_a_hand_beside_is_held_by_the_same_walls(engine: DuckDBEngine, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside.parquet"
    with engine.beside() as hand, pytest.raises(EngineError):
        hand.write_parquet("SELECT 1 AS x", outside)
    assert not outside.exists()


@pytest.mark.parametrize("passing", [True, False])
def test_a_file_keeps_the_order_of_rows_without_a_sort_of_its_own(
    engine: DuckDBEngine, tmp_path: Path, passing: bool
) -> None:
    rows = 500_000
    engine.write_parquet(f"SELECT range AS x, range % 7 AS part FROM range({rows})", tmp_path / "a.parquet")
    source = str(tmp_path / "a.parquet")
    written = engine.write_parquet(
        f"SELECT x FROM read_parquet('{source}') WHERE part = 3", tmp_path / "b.parquet", passing=passing
    )
    found = pq.read_table(tmp_path / "b.parquet").column("x").to_pylist()
    assert written == len(found) == sum(1 for x in range(rows) if x % 7 == 3)
    assert found == sorted(found)


def test_a_hand_beside_keeps_universal_time_wherever_the_machine_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    time.tzset()
    try:
        with DuckDBEngine(EngineOptions(memory="256MB", folders=(tmp_path,))) as engine, engine.beside() as hand:
            moment = "SELECT CAST(TIMESTAMPTZ '2026-01-01 00:00:00+00' AS TIMESTAMP)"
            assert hand.rows(moment) == engine.rows(moment) == [(datetime(2026, 1, 1),)]
    finally:
        monkeypatch.undo()
        time.tzset()
