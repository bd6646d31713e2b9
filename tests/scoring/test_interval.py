"""Wilson's interval against published values and what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.scoring.interval import share


def test_the_interval_of_eight_in_ten_is_the_published_one() -> None:
    found = share(8, 10)
    assert (found.low, found.high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


def test_nothing_to_count_has_no_share() -> None:
    assert share(0, 0).value is None


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_the_interval_holds_the_share_and_stays_within_bounds(hits: int, more: int) -> None:
    found = share(hits, hits + more)
    assert found.low is not None
    assert found.high is not None
    assert found.value is not None
    assert 0 <= found.low <= found.value <= found.high <= 1
