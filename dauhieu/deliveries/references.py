"""Codes which point at nothing: noted, never refused, for a sign may look for exactly these.

A count for each column, over the distinct codes: a code is unknown if its own table comes with no such row in this
delivery and the store has never seen it. Another number of a person is known where `person_identity` or `person_link`
leads it to one. Ten million rows cost a second or two.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from dauhieu.deliveries.landing import Landing, Parts
from dauhieu.engines.base import SIDE_BY_SIDE, Engine
from dauhieu.warehouse.contract import Column, Contract, Table
from dauhieu.warehouse.staged import NUMBERS
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

IDENTITY = "person_identity"


@dataclass(frozen=True, slots=True)
class Unknown:
    """So many distinct codes of this column are unknown."""

    table: str
    column: str
    codes: int


def unknown_references(landing: Landing, engine: Engine, store: Store) -> list[Unknown]:
    latest = store.latest()
    by_kind: dict[str, list[tuple[tuple[str, str], str]]] = {}
    for place, parts in enumerate(landing.parts()):
        table = store.contract.table(parts.table)
        if parts.table == IDENTITY and parts.split:
            # Made of lines, which are asked themselves.
            continue
        columns = _references(table, store.contract)
        if columns:
            engine.register(f"staged_{place}", landing.input(parts))
        for column in columns:
            of = (parts.table, column.delivered_as)
            codes = f"SELECT DISTINCT '{'/'.join(of)}' AS of, \"{column.delivered_as}\" AS code FROM staged_{place}"
            by_kind.setdefault(column.kind or "", []).append((of, codes))

    def ask(kind: str) -> list[tuple[object, ...]]:
        with engine.beside() as hand:
            asked = " UNION ALL ".join(codes for _, codes in by_kind[kind])
            known = _known(kind, landing, hand, store, latest)
            return hand.rows(
                f"SELECT of, count(DISTINCT code) FROM ({asked}) AS d WHERE code <> '' "
                f"AND NOT EXISTS (SELECT 1 FROM ({known}) AS k WHERE k.code = d.code) GROUP BY of"
            )

    # One question a kind: a delivery may hold a hundred columns of some twenty kinds.
    with ThreadPoolExecutor(SIDE_BY_SIDE) as hands:
        counts = {str(of): int(str(count)) for rows in hands.map(ask, by_kind) for of, count in rows}
    return [
        Unknown(*place, counts["/".join(place)])
        for place in dict.fromkeys(place for asked in by_kind.values() for place, _ in asked)
        if "/".join(place) in counts
    ]


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


def _known(name: str, landing: Landing, engine: Engine, store: Store, latest: Version | None) -> str:
    """All codes of the kind which this delivery or the store has, as SQL."""
    kind = store.contract.kinds[name]
    sources = ["SELECT '' AS code"]
    if latest and store.files(latest, f"key_{kind.name}"):
        engine.register("known_keys", store.input(latest, f"key_{kind.name}"))
        sources.append("SELECT code FROM known_keys")
    own = store.contract.table(kind.table or "")
    key = next((one for one in own.columns if one.name in own.key and one.kind == kind.name), None)
    parts = _delivered(landing, own)
    if key and parts:
        engine.register("own_rows", landing.input(parts))
        sources.append(f'SELECT "{key.delivered_as}" FROM own_rows')
    if kind.table == "person":
        sources += _linked(landing, engine)
    return " UNION ALL ".join(sources)


def _linked(landing: Landing, engine: Engine) -> list[str]:
    """Numbers which the delivery leads to a person; where that person is unknown, the row says so of its own code."""
    found = []
    for parts in landing.parts():
        if parts.table not in (IDENTITY, "person_link"):
            continue
        view = f"linked_{parts.table}_{'made' if parts.split else 'delivered'}"
        engine.register(view, landing.input(parts))
        if parts.table == IDENTITY:
            found += [f"SELECT {name} FROM {view} WHERE {name} <> person_code" for name in NUMBERS]
        else:
            found.append(f"SELECT person_code FROM {view} WHERE person_code <> same_as_person_code")
    return found


def _delivered(landing: Landing, table: Table) -> Parts | None:
    return next((parts for parts in landing.parts() if parts.table == table.name and not parts.split), None)
