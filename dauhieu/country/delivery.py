"""Hands the pending rows to the store, month by month, through the door every delivery takes."""

from __future__ import annotations

import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Self

from dauhieu.country.world import World
from dauhieu.deliveries.load import LoadOptions, load
from dauhieu.engines.base import EngineOptions, quoted
from dauhieu.errors import StoreError
from dauhieu.warehouse.store import Store


@dataclass(frozen=True, slots=True)
class Delivered:
    """One delivery: what was in it, and whether it was new to the store."""

    name: str
    tables: int
    rows: int
    landed: bool


def write(world: World, folder: Path, until: date) -> tuple[int, int]:
    """Write the rows known before `until` as one file a table, and forget them; returns tables and rows."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    known = f"recorded_at < TIMESTAMP '{until} 00:00:00'"
    counts = _counts(world, known)
    for table in world.delivered_tables():
        if not counts[table.name]:
            continue
        pending = f'"pending_{table.name}"'
        order = quoted([*(table.column(name).delivered_as for name in table.key), "recorded_at"])
        world.engine.write_parquet(
            f"SELECT * FROM {pending} WHERE {known} ORDER BY {order}", folder / f"{table.name}.parquet", passing=True
        )
        world.engine.rows(f"DELETE FROM {pending} WHERE {known}")
    return sum(1 for rows in counts.values() if rows), sum(counts.values())


def _counts(world: World, known: str) -> dict[str, int]:
    """Rows of each table to be written; one which does not say when it became known is a fault of the country."""
    # One question of all tables: each by itself would cost more to plan than to answer.
    found = world.engine.rows(
        " UNION ALL ".join(
            f"SELECT '{table.name}', count(*) FILTER ({known}), count(*) FILTER (recorded_at IS NULL) "
            f'FROM "pending_{table.name}"'
            for table in world.delivered_tables()
        )
    )
    unsaid = sorted(str(name) for name, _, silent in found if silent)
    if unsaid:
        raise StoreError(f"Rows of {', '.join(unsaid)} do not say when they became known.")
    return {str(name): int(str(rows)) for name, rows, _ in found}


class Door:
    """Lands one delivery while the next is being made; the order of deliveries is that of their making."""

    def __init__(self, store: Store, now: datetime | None, options: EngineOptions) -> None:
        self._store, self._now, self._options = store, now, options
        self._hand = ThreadPoolExecutor(max_workers=1)
        self._under_way: Future[Delivered] | None = None
        self.done: list[Delivered] = []

    def hand_in(self, world: World, folder: Path, until: date) -> None:
        """Write one delivery and begin to land it; one which landed before changes nothing."""
        tables, rows = write(world, folder, until)
        self.wait()
        self._under_way = self._hand.submit(self._land, folder, until, tables, rows)

    def wait(self) -> None:
        """Until the delivery under way has landed; its error is raised here."""
        if self._under_way:
            self.done.append(self._under_way.result())
            self._under_way = None

    def _land(self, folder: Path, until: date, tables: int, rows: int) -> Delivered:
        report = load(
            self._store,
            [folder],
            options=LoadOptions(source=f"country {folder.name}"),
            now=self._now or datetime.combine(until, time(), UTC).replace(tzinfo=None),
            engine_options=self._options,
        )
        shutil.rmtree(folder)
        return Delivered(folder.name, tables, rows, report.landed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._hand.shutdown(wait=True, cancel_futures=True)
