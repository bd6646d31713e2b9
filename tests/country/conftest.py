"""One very small nation, made once: its deliveries as files, and its truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from dauhieu.country.build import settle
from dauhieu.country.care import make_month as care_month
from dauhieu.country.contributions import make_month as contribution_month
from dauhieu.country.delivery import write
from dauhieu.country.shape import Floors, Shape, month_after
from dauhieu.country.truth import write as write_truth
from dauhieu.country.world import World
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.contract import contract

FLOORS = Floors(employers=320, facilities=340, agents=68, deeds=2)
MONTHS = 18


@dataclass(frozen=True)
class Nation:
    """The folder of its deliveries and the engine which can read them."""

    folder: Path
    shape: Shape
    deeds: int
    look_alikes: int

    def files(self, table: str) -> list[Path]:
        return sorted(self.folder.glob(f"*/{table}.parquet"))


def make_nation(folder: Path, seed: int, *, planted: bool = True) -> Nation:
    """All master data, then the last two months with everything in them."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = Shape(Fraction("0.0002"), MONTHS, seed, date(2026, 10, 1), FLOORS, planted)
    options = EngineOptions(memory="1GB", threads=2, folders=(folder,), temporary=folder / "spill")
    with DuckDBEngine(options) as engine:
        world = World(engine, contract(), shape)
        settle(world, lambda stage, share: None)
        write(world, folder / "master", shape.first_month)
        for m in (MONTHS - 2, MONTHS - 1):
            contribution_month(world, m)
            care_month(world, m)
        write(world, folder / "months", month_after(shape.last_month, 1))
        deeds, look_alikes = write_truth(world, folder / "truth.parquet", folder)
    return Nation(folder, shape, deeds, look_alikes)


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return make_nation(tmp_path_factory.mktemp("nation"), 7)
