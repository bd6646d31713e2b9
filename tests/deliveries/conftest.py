"""An empty store for every test of deliveries."""

from __future__ import annotations

from pathlib import Path

import pytest

from dauhieu.warehouse.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store")
