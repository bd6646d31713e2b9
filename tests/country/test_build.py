"""The nation lands through the door of every delivery; a stopped build goes on to the same store."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest

import dauhieu.country
from dauhieu.country.build import CountryReport, build
from dauhieu.country.shape import Floors
from dauhieu.engines.base import EngineOptions
from dauhieu.errors import StoreError
from dauhieu.warehouse.store import Store

FLOORS = Floors(employers=102, facilities=306, agents=34, deeds=1)
ROOMS = {"country", "deliveries", "warehouse", "law", "engines", "yamlfile", "errors"}


class StoppedError(Exception):
    """Stands for a kill between two deliveries."""


def small(store: Store, stop_at: str | None = None) -> CountryReport:
    def progress(stage: str, share: float) -> None:
        if stage == stop_at:
            raise StoppedError

    return build(
        store,
        scale="0.00003",
        months=1,
        seed=3,
        last_month=date(2026, 10, 1),
        engine_options=EngineOptions(memory="1GB", threads=2),
        floors=FLOORS,
        progress=progress,
    )


def contents(store: Store) -> dict[str, list[str]]:
    version = store.version()
    return {name: sorted(file.sha256 for file in table.files) for name, table in version.tables.items()}


def test_a_stopped_build_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    whole, broken = (Store.create(tmp_path / name, invented=True) for name in ("whole", "broken"))
    report = small(whole)
    with pytest.raises(StoppedError):
        small(broken, stop_at="2026-10")
    again = small(broken)
    assert [delivery.landed for delivery in report.deliveries] == [True, True]
    assert [delivery.landed for delivery in again.deliveries] == [False, True]
    assert contents(broken) == contents(whole)


def test_no_nation_is_made_in_a_store_which_is_not_marked_as_invented(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store")
    with pytest.raises(StoreError, match="not marked as invented"):
        small(store)
    assert store.latest() is None


def test_the_country_uses_only_rooms_below_it() -> None:
    used = set()
    for path in Path(dauhieu.country.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("dauhieu."):
                used.add(node.module.split(".")[1])
    assert used <= ROOMS
