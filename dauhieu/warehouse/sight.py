"""What a scan may see: the tables of one store version as of a day, as known at a moment, persons resolved.

The conventions which hold for every sign live here, so that no sign repeats them: rows dated after `as_of` do not
exist; only the row in force of each key counts; rejected documents are left out; every person column names the
surviving identity. `history.<table>` keeps all versions of a key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

import pyarrow as pa

from dauhieu.engines.base import Engine, Input
from dauhieu.law.calendar import calendar_days, known_range
from dauhieu.law.law import Law
from dauhieu.law.table import statutory_parameters
from dauhieu.warehouse.contract import Contract, Table
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version

SURVIVORS = "person_survivor"
# A chain of merges doubles its reach with each step; 2**12 merges of one person do not happen, a ring does.
CHAIN_STEPS = 12

Source = Callable[[str], Input | pa.Table]


@dataclass
class Sight:
    """Relations of one moment, registered in the engine when first asked for.

    `source(name)` hands over the stored rows of a table, or of `key_<kind>`; `past(name)`, where it is given, those of
    `history.<table>` for tables which keep no versions of a row, such as findings.
    """

    engine: Engine
    contract: Contract
    source: Source
    as_of: date
    known_at: datetime | None = None
    past: Source | None = None
    _shown: set[str] = field(default_factory=set)

    def show(self, tables: Iterable[str] = (), history: Iterable[str] = (), keys: Iterable[str] = ()) -> None:
        """Make tables readable by name, `history__<table>` and `keys__<kind>`."""
        for name in tables:
            self._once(name, partial(self._show_table, name, name, history=False))
        for name in history:
            self._once(f"history__{name}", partial(self._show_table, name, f"history__{name}", history=True))
        for kind in keys:
            self._once(f"keys__{kind}", partial(self._show_keys, kind))

    def survivors(self) -> str:
        """The relation of person ids which are another's: person_id, survivor_id."""
        self._once(SURVIVORS, self._show_survivors)
        return SURVIVORS

    def _once(self, relation: str, register: Callable[[], None]) -> None:
        if relation not in self._shown:
            register()
            self._shown.add(relation)

    def _show_keys(self, kind: str) -> None:
        self.engine.register(f"keys__{kind}", self.source(f"key_{kind}"))

    def _show_table(self, name: str, relation: str, *, history: bool) -> None:
        table = self.contract.table(name)
        if not table.clocked:
            source = self.past if history and self.past else self.source
            self.engine.register(relation, source(name))
            return
        self._raw(name)
        if _person_columns(table):
            self.survivors()
        without = None
        head = self.contract.table(table.head) if table.head else None
        if head and head.left_out:
            without = f"left_out__{head.name}"
            self._once(without, partial(self._show_left_out, head, without))
        sql = sight_sql(table, f"raw__{name}", self.as_of, self.known_at, history=history, without=without)
        self.engine.register_view(relation, sql)

    def _raw(self, name: str) -> None:
        self._once(f"raw__{name}", lambda: self.engine.register(f"raw__{name}", self.source(name)))

    def _show_left_out(self, head: Table, relation: str) -> None:
        """The few documents whose head no sign sees: their lines are not seen either."""
        self._raw(head.name)
        keys = ", ".join(f't."{column}"' for column in head.document)
        conditions = [known_filter(self.known_at, history=False), f"NOT ({' AND '.join(_left_out(head))})"]
        self.engine.materialise(relation, f"SELECT {keys} FROM raw__{head.name} AS t WHERE {' AND '.join(conditions)}")

    def _show_survivors(self) -> None:
        """One row for each person id which is another's: chains followed to their end, rings left apart."""
        self._raw("person_link")
        known = known_filter(self.known_at, history=False)
        # An id said to be two persons stays with the smaller one: joining the two might merge strangers.
        step = (
            "SELECT person_id, min(same_as_person_id) AS survivor_id FROM raw__person_link AS t "
            f"WHERE {known} AND person_id <> same_as_person_id GROUP BY person_id"
        )
        moved = self.engine.materialise(SURVIVORS, step)
        for _ in range(CHAIN_STEPS):
            if not moved:
                break
            self.engine.materialise(
                "person_survivor_next",
                "SELECT a.person_id, coalesce(b.survivor_id, a.survivor_id) AS survivor_id "
                f"FROM {SURVIVORS} AS a LEFT JOIN {SURVIVORS} AS b ON b.person_id = a.survivor_id",
            )
            moved = int(
                str(
                    self.engine.rows(
                        f"SELECT count(*) FROM {SURVIVORS} AS a JOIN person_survivor_next AS b "
                        "ON b.person_id = a.person_id WHERE a.survivor_id <> b.survivor_id"
                    )[0][0]
                )
            )
            self.engine.materialise(SURVIVORS, "SELECT * FROM person_survivor_next")
        if moved:
            # A ring of merges has no end: its members stay themselves.
            self.engine.materialise(
                "person_survivor_next",
                f"SELECT a.* FROM {SURVIVORS} AS a WHERE a.survivor_id NOT IN (SELECT person_id FROM {SURVIVORS})",
            )
            self.engine.materialise(SURVIVORS, "SELECT * FROM person_survivor_next")
        self.engine.drop("person_survivor_next")


def law_tables(law: Law) -> dict[str, pa.Table]:
    """The tables which the law gives and nobody delivers."""
    return {"calendar_day": calendar_days(*known_range()), "statutory_parameter": statutory_parameters(law)}


def store_source(store: Store, version: Version, law: Law) -> Source:
    """The tables of one version of a store, and those which the law gives."""
    reference = law_tables(law)

    def source(name: str) -> Input | pa.Table:
        return reference[name] if name in reference else store.input(version, name)

    return source


def known_filter(known_at: datetime | None, *, history: bool) -> str:
    """The knowledge clock as a plain filter on alias `t`; never a window over keys."""
    if known_at is None:
        return "true" if history else "t.superseded_at IS NULL"
    moment = f"TIMESTAMP '{known_at:%Y-%m-%d %H:%M:%S.%f}'"
    recorded = f"t.recorded_at <= {moment}"
    return recorded if history else f"{recorded} AND (t.superseded_at IS NULL OR t.superseded_at > {moment})"


def sight_sql(
    table: Table, source: str, as_of: date, known_at: datetime | None, *, history: bool, without: str | None = None
) -> str:
    """Stored rows of a clocked table as a scan sees them; `without` holds documents to drop."""
    persons = _person_columns(table)
    shown, joins = [], []
    for column in table.columns:
        if column.name in persons:
            alias = f"s{persons.index(column.name)}"
            joins.append(f'LEFT JOIN {SURVIVORS} AS {alias} ON {alias}.person_id = t."{column.name}"')
            shown.append(f'coalesce({alias}.survivor_id, t."{column.name}") AS "{column.name}"')
        else:
            shown.append(f't."{column.name}"')
    shown += ["t.recorded_at", "t.superseded_at"] if history else ["t.recorded_at"]
    conditions = [known_filter(known_at, history=history), *as_of_filters(table, as_of), *_left_out(table)]
    if without:
        same = " AND ".join(f't."{column}" = l."{column}"' for column in table.document)
        conditions.append(f"NOT EXISTS (SELECT 1 FROM {without} AS l WHERE {same})")
    if table.name == "person":
        # One row a person: the surviving identity's own.
        conditions.append("coalesce(s0.survivor_id, t.person_id) = t.person_id")
    return f"SELECT {', '.join(shown)} FROM {source} AS t {' '.join(joins)} WHERE {' AND '.join(conditions)}"


def _person_columns(table: Table) -> list[str]:
    if table.name == "person_link":
        return []
    return [column.name for column in table.columns if column.kind == "person"]


def as_of_filters(table: Table, as_of: date) -> list[str]:
    if table.happens is None:
        return []
    # A cast to date keeps the whole last day of events with a time.
    return [f'(t."{table.happens}" IS NULL OR CAST(t."{table.happens}" AS DATE) <= DATE \'{as_of}\')']


def _left_out(table: Table) -> list[str]:
    conditions = []
    for column, values in (table.left_out or {}).items():
        listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
        conditions.append(f'(t."{column}" IS NULL OR t."{column}" NOT IN ({listed}))')
    return conditions
