"""Gives the tests of this room a new store over the small contract."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dauhieu.warehouse.store import Store

sys.path.insert(0, str(Path(__file__).parent))

from small import small_contract


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store", small_contract(tmp_path))
