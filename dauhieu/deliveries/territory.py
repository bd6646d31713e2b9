"""Rows which a sender may not write: a delivery for some places holds rows of their units and offices alone.

A row belongs to the office it names; else to its employer or health facility; else to its commune; a line belongs where
its head does, and names no unit of others. A code made of others, delivered whole, is the one these make. What belongs
nowhere, and what the store does not know, only the whole country may deliver. The row of the store which a delivered
one would take the place of must lie within the places too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import pyarrow as pa

from dauhieu.deliveries.checks import CellFault, Checked, TableCheck
from dauhieu.deliveries.source import DOCUMENT, ROW_NO
from dauhieu.engines.base import Engine, EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.areas import AREA
from dauhieu.warehouse.contract import Contract, Table
from dauhieu.warehouse.rows import text
from dauhieu.warehouse.store import Store

# By a column of the place of units: province, former_province, org_code; of no column where it is the whole country.
COLUMNS = ("province", "former_province", "org_code")
# Lists for everybody, and what partner agencies hand over.
OF_THE_COUNTRY = ("reference", "external")
UNITS = {"employer_id": "employer", "facility_id": "facility"}
# Whose own row says where they lie.
PLACED = {"employer": ("admin_code", "org_code"), "facility": ("admin_code",)}
HEADS = ("hi_claim", "si_declaration")


@dataclass(frozen=True, slots=True)
class Territory:
    """One place for which somebody delivers; `areas` of the contract, where it is not for all of them."""

    column: str
    code: str = ""
    areas: tuple[str, ...] | None = None


class Bounds:
    """Which rows of a delivery lie within the territories, against the store as it is."""

    def __init__(self, territories: Sequence[Territory], store: Store, engine: Engine):
        self._territories = territories
        self._store = store
        self._engine = engine
        self._contract: Contract = store.contract
        self._latest = store.latest()
        self._ready: set[str] = set()
        # Keys of the heads which were taken.
        self._heads: dict[str, set[str]] = {head: set() for head in HEADS}
        for name in ("admin_unit", "vss_org_unit", "employer", "facility"):
            self._register(name)
        engine.materialise("area_of", AREA)

    def faults(self, checked: Checked, check: TableCheck) -> list[CellFault]:
        """A fault for each good row which lies outside."""
        table = check.table
        within = self._within(table)
        if not within:
            return [
                CellFault(row_no, document, "", "whole_country")
                for row_no, document in zip(*_places(checked.good), strict=True)
            ]
        self._engine.register("staged_rows", checked.good)
        if table.head:
            keys = pa.table({"code": pa.array(sorted(self._heads[table.head]), pa.string())})
            self._engine.register("taken_heads", keys)
        conditions = [within, *self._own_units(table), *_whole_codes(table)]
        good = f"coalesce({' AND '.join(conditions)}, false) AND NOT {self._takes_over(table)}"
        sql = f"SELECT {ROW_NO}, {DOCUMENT}, {good} FROM staged_rows AS t"
        door = self._door(table)
        found: list[CellFault] = []
        taken: list[object] = []
        for row_no, document, mine in self._engine.rows(sql):
            if mine:
                taken.append(row_no)
            else:
                key = None if document is None else str(document)
                found.append(CellFault(int(str(row_no)), key, check.own_name(door), "outside_territory", door))
        if table.name in self._heads:
            self._take_heads(table, taken)
        return found

    def _take_heads(self, table: Table, rows: Sequence[object]) -> None:
        self._engine.register("taken_rows", pa.table({"row_no": pa.array(rows, pa.int64())}))
        among = f"{ROW_NO} IN (SELECT row_no FROM taken_rows)"
        keys = self._engine.rows(f"SELECT DISTINCT {_document(table)} FROM staged_rows AS t WHERE {among}")
        self._heads[table.name] |= {str(key) for (key,) in keys}

    def _door(self, table: Table) -> str:
        """The delivered column at which the reason is shown."""
        names = table.document if table.head else (*PLACED.get(table.name, ()), "org_code", *UNITS, "admin_code")
        held = {column.name: column.delivered_as for column in table.columns}
        return next(held[name] for name in names if name in held)

    def _within(self, table: Table) -> str:
        """Whether a delivered row `t` lies within, as SQL; '' where rows of the table are nobody's."""
        if table.area in OF_THE_COUNTRY:
            return ""
        if table.head:
            head = self._contract.table(table.head)
            key = _document(table)
            # A head which would take another's place is not among those taken.
            return f"({key} IN (SELECT code FROM {self._keys(head, own=True)} UNION ALL SELECT code FROM taken_heads))"
        return self._place(table, coded=True)

    def _own_units(self, table: Table) -> list[str]:
        """That a line names no unit of others, as SQL; of other rows their units tell where they belong."""
        if not table.head:
            return []
        names = {column.name: column.delivered_as for column in table.columns}
        return [
            f'(t."{names[name]}" IS NULL OR t."{names[name]}" IN (SELECT code FROM {self._units(kind, table)}))'
            for name, kind in UNITS.items()
            if name in names
        ]

    def _place(self, table: Table, *, coded: bool) -> str:
        """Whether a row lies within by what it names; units by their codes in deliveries, by their ids in the store."""
        if table.name in PLACED:
            return f"({self._at(PLACED[table.name], table.area)})"
        names = {column.name: column.delivered_as for column in table.columns}
        cases = []
        if "org_code" in names:
            cases.append(
                f"WHEN t.org_code IS NOT NULL THEN t.org_code IN (SELECT org_code FROM {self._offices(table)})"
            )
        for name, kind in UNITS.items():
            if name in names:
                column, key = (names[name], "code") if coded else (name, "id")
                own = self._units(kind, table)
                cases.append(f'WHEN t."{column}" IS NOT NULL THEN t."{column}" IN (SELECT {key} FROM {own})')
        if "admin_code" in names:
            cases.append(f"WHEN t.admin_code IS NOT NULL THEN ({self._at(('admin_code',), table.area)})")
        return f"(CASE {' '.join(cases)} ELSE false END)" if cases else ""

    def _at(self, columns: Sequence[str], area: str) -> str:
        """Whether the place of a row `t` which has these columns is one of the territories, as SQL."""
        found = ["false"]
        for territory in self._territories:
            if territory.areas is not None and area not in territory.areas:
                continue
            if not territory.column:
                found.append("true")
            elif territory.column == "org_code":
                found += [f"t.org_code = {text(territory.code)}"] if "org_code" in columns else []
            else:
                among = f"SELECT area_code FROM area_of WHERE {territory.column} = {text(territory.code)}"
                found.append(f"t.admin_code IN ({among})")
        return " OR ".join(found)

    def _units(self, kind: str, table: Table) -> str:
        """The units within, with their ids and codes."""
        name = f"own_{kind}_for_{table.area}"
        if name not in self._ready:
            self._register(f"key_{kind}")
            self._engine.materialise(
                name,
                f"SELECT k.id, k.code FROM stored_{kind} AS t JOIN stored_key_{kind} AS k ON k.id = t.{kind}_id "
                f"WHERE t.superseded_at IS NULL AND ({self._at(PLACED[kind], table.area)})",
            )
            self._ready.add(name)
        return name

    def _offices(self, table: Table) -> str:
        """The offices within: those which stand there, or where no place of theirs is known have units there."""
        name = f"own_office_for_{table.area}"
        if name not in self._ready:
            within = self._at(("admin_code", "org_code"), table.area)
            self._engine.materialise(
                name,
                "SELECT t.org_code FROM stored_vss_org_unit AS t "
                f"WHERE t.superseded_at IS NULL AND ({within}) "
                f"UNION SELECT t.org_code FROM stored_employer AS t WHERE t.superseded_at IS NULL AND ({within}) "
                "AND t.org_code NOT IN (SELECT org_code FROM stored_vss_org_unit "
                "WHERE superseded_at IS NULL AND admin_code IN (SELECT area_code FROM area_of))",
            )
            self._ready.add(name)
        return name

    def _takes_over(self, table: Table) -> str:
        """Whether a delivered row would take the place of one in the store which lies outside, as SQL."""
        if table.head or not self._latest or not self._store.files(self._latest, table.name):
            return "false"
        key = " || '/' || ".join(f'CAST(t."{table.column(name).delivered_as}" AS VARCHAR)' for name in table.key)
        return f"coalesce({key} IN (SELECT code FROM {self._keys(table, own=False)}), false)"

    def _keys(self, table: Table, *, own: bool) -> str:
        """The keys of the rows in force of a table of the store: of those within, or of all others."""
        name = f"{'own' if own else 'other'}_keys_of_{table.name}"
        if name in self._ready:
            return name
        self._register(table.name)
        joins, codes = [], []
        for place, column in enumerate(map(table.column, table.key)):
            if column.kind is None:
                codes.append(f'CAST(t."{column.name}" AS VARCHAR)')
                continue
            self._register(f"key_{column.kind}")
            joins.append(f'JOIN stored_key_{column.kind} AS k{place} ON k{place}.id = t."{column.name}"')
            codes.append(f"k{place}.code")
        joined = " || '/' || ".join(codes)
        within = f"coalesce({self._place(table, coded=False)}, false)"
        self._engine.materialise(
            name,
            f"SELECT {joined} AS code FROM stored_{table.name} AS t {' '.join(joins)} "
            f"WHERE t.superseded_at IS NULL AND {within if own else f'NOT {within}'}",
        )
        self._ready.add(name)
        return name

    def _register(self, name: str) -> None:
        if f"stored_{name}" not in self._ready:
            version = self._latest or self._store.version()
            self._engine.register(f"stored_{name}", self._store.input(version, name))
            self._ready.add(f"stored_{name}")


def had_strange_units(store: Store, digest: str) -> bool:
    """Whether the last delivery of this content which landed had rows set aside for the units they name."""
    latest = store.version()
    with DuckDBEngine(EngineOptions(memory="256MB", threads=1, folders=(store.path,))) as engine:
        for name in ("delivery", "set_aside"):
            engine.register(name, store.input(latest, name))
        last = f"SELECT max(delivery_no) FROM delivery WHERE digest = {text(digest)}"
        strange = f"code = 'outside_territory' AND delivery_no = ({last})"
        return bool(engine.rows(f"SELECT 1 FROM set_aside WHERE {strange} LIMIT 1"))


def _document(table: Table) -> str:
    return " || '/' || ".join(f'CAST(t."{table.column(name).delivered_as}" AS VARCHAR)' for name in table.document)


def _whole_codes(table: Table) -> list[str]:
    """That codes made of others are the ones these make, as SQL; as far as the others stand in the row themselves."""
    held = {column.delivered_as for column in table.columns}
    found = []
    for column in table.columns:
        known = list(takewhile(held.__contains__, column.code_from))
        if not known:
            continue
        made = " || '/' || ".join(f'CAST(t."{part}" AS VARCHAR)' for part in known)
        code = f't."{column.delivered_as}"'
        same = f"{code} = {made}" if len(known) == len(column.code_from) else f"starts_with({code}, {made} || '/')"
        found.append(f"coalesce({same}, true)")
    return found


def _places(good: pa.Table) -> tuple[list[int], list[str | None]]:
    return good.column(ROW_NO).to_pylist(), good.column(DOCUMENT).to_pylist()
