"""Codes which point at nothing: noted, never refused, for a sign may look for exactly these.

One count a column, over the distinct codes: a code is unknown if its own table comes with no such row in this
delivery and the store has never seen it. Ten million rows cost a second or two.
"""

from __future__ import annotations

from dataclasses import dataclass

from dauhieu.deliveries.landing import Landing, Parts
from dauhieu.engines.base import Engine
from dauhieu.warehouse.contract import Column, Contract, Table
from dauhieu.warehouse.store import Store


@dataclass(frozen=True, slots=True)
class Unknown:
    """So many distinct codes of this column are unknown."""

    table: str
    column: str
    codes: int


def unknown_references(landing: Landing, engine: Engine, store: Store) -> list[Unknown]:
    found = []
    for parts in landing.parts():
        table = store.contract.table(parts.table)
        engine.register("staged", landing.input(parts))
        for column in _references(table, store.contract):
            known = _known(column, landing, engine, store)
            rows = engine.rows(
                f'SELECT count(*) FROM (SELECT DISTINCT "{column.delivered_as}" AS code FROM staged) AS d '
                f"WHERE code IS NOT NULL AND code NOT IN ({known})"
            )
            codes = int(str(rows[0][0]))
            if codes:
                found.append(Unknown(table.name, column.delivered_as, codes))
    return found


def _references(table: Table, contract: Contract) -> list[Column]:
    """Columns which name a thing of another table; that of the row's own document is the head's matter."""
    return [
        column
        for column in table.columns
        if column.kind
        and contract.kinds[column.kind].table not in (None, table.name)
        and column.name not in table.document
        and not column.taken_from
    ]


def _known(column: Column, landing: Landing, engine: Engine, store: Store) -> str:
    """All codes of the kind which this delivery or the store has, as SQL."""
    kind = store.contract.kinds[column.kind or ""]
    latest = store.latest()
    engine.drop("known_keys")
    sources = ["SELECT ''"]
    if latest:
        engine.register("known_keys", store.input(latest, f"key_{kind.name}"))
        sources.append("SELECT code FROM known_keys WHERE code IS NOT NULL")
    own = store.contract.table(kind.table or "")
    key = next((one for one in own.columns if one.name in own.key and one.kind == kind.name), None)
    parts = _delivered(landing, own)
    if key and parts:
        engine.register("own_rows", landing.input(parts))
        sources.append(f'SELECT "{key.delivered_as}" FROM own_rows WHERE "{key.delivered_as}" IS NOT NULL')
    return " UNION ALL ".join(sources)


def _delivered(landing: Landing, table: Table) -> Parts | None:
    return next((parts for parts in landing.parts() if parts.table == table.name and not parts.split), None)
