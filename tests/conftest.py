"""What holds for every test, and the store which most of them look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from dauhieu.warehouse.store import Store
from tests.thin import thin_store

# Other work on the machine must not turn a slow example into a failure; what failed once is told with how to repeat it.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return thin_store(tmp_path)
