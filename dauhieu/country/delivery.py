"""Hands the pending rows to the store, month by month, through the door every delivery takes."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

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
    tables = rows = 0
    for table in world.delivered_tables():
        pending = f'"pending_{table.name}"'
        known = f"recorded_at < TIMESTAMP '{until} 00:00:00'"
        count = world.engine.rows(f"SELECT count(*) FROM {pending} WHERE {known}")[0][0]
        if not count:
            continue
        order = quoted([*(table.column(name).delivered_as for name in table.key), "recorded_at"])
        world.engine.write_parquet(
            f"SELECT * FROM {pending} WHERE {known} ORDER BY {order}", folder / f"{table.name}.parquet"
        )
        world.engine.rows(f"DELETE FROM {pending} WHERE {known}")
        tables, rows = tables + 1, rows + int(str(count))
    return tables, rows


def hand_in(
    store: Store, world: World, folder: Path, until: date, now: datetime | None, options: EngineOptions
) -> Delivered:
    """Write one delivery and land it; a delivery which landed before changes nothing."""
    tables, rows = write(world, folder, until)
    report = load(
        store,
        [folder],
        options=LoadOptions(source=f"country {folder.name}"),
        now=now or datetime.combine(until, time(), UTC).replace(tzinfo=None),
        engine_options=options,
    )
    shutil.rmtree(folder)
    return Delivered(folder.name, tables, rows, report.landed)


def unsaid(world: World) -> Sequence[str]:
    """Tables with pending rows which do not say when they became known: a fault of the country itself."""
    found = []
    for table in world.delivered_tables():
        if world.engine.rows(f'SELECT 1 FROM "pending_{table.name}" WHERE recorded_at IS NULL LIMIT 1'):
            found.append(table.name)
    if found:
        raise StoreError(f"Rows of {', '.join(found)} do not say when they became known.")
    return found
