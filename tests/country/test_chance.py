"""Draws are the same everywhere, even, and independent of each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dauhieu.country.chance import MACROS, salt
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(EngineOptions(memory="500MB", threads=1)) as opened:
        for macro in MACROS:
            opened.rows(macro)
        yield opened


def test_a_draw_never_changes(engine: DuckDBEngine) -> None:
    assert salt(7, "sex") == 3860072072
    assert engine.rows("SELECT u(1, 99), u(2, 99), u2(1, 2, 99)") == [(3718501916, 2471179681, 1084140525)]


def test_streams_differ_by_name_and_seed() -> None:
    assert len({salt(7, "sex"), salt(7, "age"), salt(8, "sex")}) == 3


def test_draws_are_even(engine: DuckDBEngine) -> None:
    counts = engine.rows("SELECT count(*) FROM range(100000) AS t(x) GROUP BY u(x, 12345) % 10")
    assert all(9_500 < int(str(count[0])) < 10_500 for count in counts)


def test_draws_of_neighbours_and_of_streams_do_not_follow_each_other(engine: DuckDBEngine) -> None:
    one, two = salt(7, "sex"), salt(7, "age")
    found = engine.rows(
        f"SELECT corr(u(x, {one}), u(x + 1, {one})), corr(u(x, {one}), u(x, {two})), "
        f"corr(u2(x, 1, {one}), u2(x, 2, {one})) FROM range(50000) AS t(x)"
    )[0]
    assert all(abs(float(str(value))) < 0.02 for value in found)


def test_whole_numbers_stay_within_their_bounds(engine: DuckDBEngine) -> None:
    assert engine.rows("SELECT min(n), max(n) FROM (SELECT pick(x, 3, -2, 4) AS n FROM range(5000) AS t(x))") == [
        (-2, 4)
    ]
