"""Columns which lines take from their head: filled from the head in the same delivery, else from the one in the store.

A line of a claim delivered without its day of admission would belong to no month; its head knows the day.
"""

from __future__ import annotations

from collections.abc import Iterable

from dauhieu.deliveries.landing import Landing, Parts
from dauhieu.engines.base import Engine, quoted
from dauhieu.warehouse.contract import Column, Table
from dauhieu.warehouse.store import Store


def fill_from_heads(landing: Landing, engine: Engine, store: Store) -> int:
    """Fill what lines left out; returns how many rows found no head and keep an empty column."""
    return sum(_fill(parts, landing, engine, store) for parts in landing.parts())


def _fill(parts: Parts, landing: Landing, engine: Engine, store: Store) -> int:
    table = store.contract.table(parts.table)
    taken = [column for column in table.columns if column.taken_from]
    if not table.head or not taken:
        return 0
    engine.register("staged", landing.input(parts))
    empty = " OR ".join(f'"{column.delivered_as}" IS NULL' for column in taken)
    key = [table.column(name).delivered_as for name in table.document]
    wanted = f"SELECT DISTINCT {quoted(key)} FROM staged WHERE {empty}"
    if not engine.materialise("headless", wanted):
        return 0
    head = store.contract.table(table.head)
    sources = [_delivered(landing, engine, head, taken), _stored(engine, store, head, key, taken)]
    heads = " UNION ALL BY NAME ".join(source for source in sources if source)
    if heads:
        # A head sent in several versions stands several times; the last one delivered speaks, then the store's.
        values = ", ".join(f'first("{column.name}" ORDER BY rank) AS "{column.name}"' for column in taken)
        engine.materialise("heads", f"SELECT {quoted(key)}, {values} FROM ({heads}) GROUP BY {quoted(key)}")
        filled = ", ".join(
            f'coalesce(s."{column.delivered_as}", CAST(h."{column.name}" AS {_door_type(column)})) '
            f'AS "{column.delivered_as}"'
            for column in taken
        )
        same = " AND ".join(f's."{name}" = h."{name}"' for name in key)
        landing.rewrite(parts, f"SELECT s.* REPLACE ({filled}) FROM staged AS s LEFT JOIN heads AS h ON {same}")
        engine.drop("heads")
    engine.drop("headless")
    engine.register("staged", landing.input(parts))
    must = " OR ".join(f'"{column.delivered_as}" IS NULL' for column in taken if not column.null) or "false"
    return int(str(engine.rows(f"SELECT count(*) FROM staged WHERE {must}")[0][0]))


def _door_type(column: Column) -> str:
    return "VARCHAR" if column.type == "id" else column.sql_type


def _columns(head: Table, taken: Iterable[Column]) -> list[tuple[str, Column]]:
    return [(column.name, head.column(column.taken_from or column.name)) for column in taken]


def _delivered(landing: Landing, engine: Engine, head: Table, taken: Iterable[Column]) -> str:
    parts = next((parts for parts in landing.parts() if parts.table == head.name and not parts.split), None)
    if parts is None:
        return ""
    engine.register("delivered_heads", landing.input(parts))
    key = [head.column(name).delivered_as for name in head.document]
    values = ", ".join(f'"{column.delivered_as}" AS "{name}"' for name, column in _columns(head, taken))
    among = " AND ".join(f'w."{name}" = d."{name}"' for name in key)
    return (
        f"SELECT {quoted(key)}, {values}, -row_number() OVER () AS rank FROM delivered_heads AS d "
        f"WHERE EXISTS (SELECT 1 FROM headless AS w WHERE {among})"
    )


def _stored(engine: Engine, store: Store, head: Table, key: list[str], taken: Iterable[Column]) -> str:
    latest = store.latest()
    if latest is None or not store.files(latest, head.name):
        return ""
    engine.register("stored_heads", store.input(latest, head.name))
    joins, values = [], []
    for place, (name, column) in enumerate(
        [*zip(key, map(head.column, head.document), strict=True), *_columns(head, taken)]
    ):
        if column.kind is None:
            values.append(f'h."{column.name}" AS "{name}"')
            continue
        engine.register(f"key_{column.kind}", store.input(latest, f"key_{column.kind}"))
        joins.append(f'LEFT JOIN key_{column.kind} AS k{place} ON k{place}.id = h."{column.name}"')
        values.append(f'k{place}.code AS "{name}"')
    among = " AND ".join(f'w."{name}" = k{place}.code' for place, name in enumerate(key))
    return (
        f"SELECT {', '.join(values)}, 1 AS rank FROM stored_heads AS h {' '.join(joins)} "
        f"WHERE h.superseded_at IS NULL AND EXISTS (SELECT 1 FROM headless AS w WHERE {among})"
    )
