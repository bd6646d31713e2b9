"""How fresh each table is, measured by what the signs which read it need."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.functional import Promise

from dauhieu.catalogue.sign import CLOSED_YEAR
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.findings.silence import Silence
from dauhieu.web.radar.lake import Lake, text
from dauhieu.web.radar.names import table_name
from dauhieu.web.radar.owners import owner_of
from dauhieu.web.signs.shelf import catalogue
from dauhieu.web.ui.words import language

State = Literal["missing", "stale", "unusual", "fresh", "unused"]
# Worst first.
STATES: tuple[State, ...] = ("missing", "stale", "unusual", "fresh", "unused")
RUNNING = ("experimental", "test", "stable")


@dataclass(frozen=True, slots=True)
class Stock:
    """What the store holds of a table: rows in force, the newest day they speak of, and when the last of them came."""

    rows: int
    newest: date | None
    arrived: datetime | None


@dataclass(frozen=True, slots=True)
class Source:
    """One table; `needed_by` are the signs which cannot run without it, `hurt` those of them which it now fails."""

    name: str
    title: str
    owner: str | Promise
    area: str
    stock: Stock
    needed_by: tuple[str, ...]
    hurt: tuple[str, ...]
    unusual: tuple[str, ...]
    state: State


def sources(lake: Lake) -> tuple[Source, ...]:
    """Every delivered table, worst first."""
    as_of = lake.months[-1] if lake.months else lake.moment.date()
    held = lake.keep(f"stock {as_of}", lambda: _stock(lake, as_of))
    needs, told = _needs(), _unusual(lake)
    found = [
        _source(lake, name, held.get(name, Stock(0, None, None)), needs.get(name, {}), told.get(name, ()), as_of)
        for name, table in lake.store.contract.tables.items()
        if table.clocked
    ]
    return tuple(sorted(found, key=lambda one: (STATES.index(one.state), -len(one.needed_by), one.name)))


def _source(
    lake: Lake, name: str, stock: Stock, needs: Mapping[str, int | str | None], unusual: tuple[str, ...], as_of: date
) -> Source:
    hurt = tuple(sign for sign, age in needs.items() if _too_old(stock, age, as_of))
    state: State = "fresh"
    if not needs:
        state = "unused"
    elif not stock.rows:
        state = "missing"
    elif hurt:
        state = "stale"
    elif unusual:
        state = "unusual"
    area = lake.store.contract.table(name).area
    return Source(name, table_name(name), owner_of(name), area, stock, tuple(sorted(needs)), hurt, unusual, state)


def _too_old(stock: Stock, age: int | str | None, as_of: date) -> bool:
    if not stock.rows:
        return True
    if stock.newest is None:
        return False
    if age == CLOSED_YEAR:
        return stock.newest.year < as_of.year - 1
    behind = (as_of.year - stock.newest.year) * 12 + as_of.month - stock.newest.month
    return isinstance(age, int) and behind > age


def _needs() -> dict[str, dict[str, int | str | None]]:
    """Table -> signs which run and cannot without it, each with the greatest age it bears."""
    found: dict[str, dict[str, int | str | None]] = {}
    for sign in catalogue().signs.values():
        if sign.status in RUNNING:
            for table, age in sign.needs.required.items():
                found.setdefault(table, {})[sign.id] = age
    return found


def _unusual(lake: Lake) -> dict[str, tuple[str, ...]]:
    """What the last scan noticed of each table: fewer rows than ordinary, an empty column, a province without any."""
    if not lake.months:
        return {}
    rows = lake.reference(
        "SELECT r.silence FROM stored_scan_sign AS r JOIN stored_scan AS s ON s.scan_id = r.scan_id "
        f"WHERE s.as_of = {text(lake.months[-1])} AND r.silence IS NOT NULL "
        "QUALIFY row_number() OVER (PARTITION BY r.sign_id ORDER BY s.finished_at DESC) = 1"
    )
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        for one in json.loads(row["silence"]):
            silence = Silence(**one)
            if silence.table:
                found.setdefault(silence.table, {})[silence.told(language())] = None
    return {table: tuple(told) for table, told in found.items()}


def _stock(lake: Lake, as_of: date) -> dict[str, Stock]:
    found = {}
    with DuckDBEngine(EngineOptions(memory="500MB", folders=(lake.store.path / "tables",))) as engine:
        for name, table in lake.store.contract.tables.items():
            if not table.clocked or not lake.version.tables.get(name):
                continue
            engine.register("held", lake.store.input(lake.version, name))
            newest = "CAST(NULL AS DATE)"
            if table.happens:
                day = f'CAST("{table.happens}" AS DATE)'
                newest = f"max({day}) FILTER (superseded_at IS NULL AND {day} <= {text(as_of)})"
            row = engine.table(
                f"SELECT CAST(count(*) FILTER (superseded_at IS NULL) AS BIGINT) AS rows, {newest} AS newest, "
                "max(recorded_at) AS arrived FROM held"
            ).to_pylist()[0]
            found[name] = Stock(row["rows"], row["newest"], row["arrived"])
    return found
