"""The checks on one table's rows: delivered batch -> typed rows, rows set aside, noted faults; as SQL, batch by batch.

Three steps in one query: clean (trim, empty as NULL), type (`values`), judge. Each column gets a small number: 0 for
a good value, under `ASIDE` for one noted, above for one which cannot be stored. A row's worst number decides. A column
in which nothing can be wrong (`plain`) is neither cleaned nor judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dauhieu.deliveries import values
from dauhieu.deliveries.columns import Matched, match
from dauhieu.deliveries.messages import MESSAGES
from dauhieu.deliveries.plain import NOTHING, Seen, look
from dauhieu.deliveries.source import DOCUMENT, ROW_NO
from dauhieu.engines.base import Engine
from dauhieu.errors import DeliveryError, Fault
from dauhieu.warehouse.contract import Column, Split, Table, Text

ASIDE = 100
NUMBERS = {
    code: number + (ASIDE if message.sets_aside else 1) for number, (code, message) in enumerate(MESSAGES.items())
}
CODES = {number: code for code, number in NUMBERS.items()}
RECORDED_AT = Column("recorded_at", "instant", Text("thời điểm biết", "when it became known"), null=True)

# A column that ends a time, and the one that begins it.
_ENDS = (("_to", "_from"), ("to_", "from_"), ("ended_", "started_"), ("discharge_", "admission_"))


@dataclass(frozen=True, slots=True)
class CellFault:
    """One fault of one cell; `column` is the sender's own name for it, `door` the contract's."""

    row_no: int
    document: str | None
    column: str
    code: str
    door: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """One batch after the checks. `good` holds the contract's columns as delivered, and the place of each row."""

    table: str
    good: pa.Table
    rows: int
    aside: tuple[CellFault, ...] = ()
    noted: tuple[CellFault, ...] = ()
    children: tuple[Checked, ...] = ()


@dataclass(frozen=True, slots=True)
class _Judged:
    """The query of the three steps; `places` are those of the columns which have a number."""

    sql: str
    places: tuple[int, ...]


class TableCheck:
    """The checks of one table for one layout of delivered columns; made once, run on every batch of that layout."""

    def __init__(
        self,
        table: Table,
        schema: pa.Schema,
        path: Path,
        *,
        place: str = "",
        decimal: str | None = None,
        fixed: bool = False,
        names: Mapping[str, str] | None = None,
        children: Mapping[str, Table] | None = None,
        view: str = "batch",
    ):
        self.table = table
        self.path = path
        delivered = [name for name in schema.names if name not in (ROW_NO, DOCUMENT)]
        self.matched: Matched = match(table, delivered, path, place, fixed=fixed)
        self._schema = schema
        self._decimal = decimal
        self._view = view
        self._fixed = fixed
        self._names = {**self.matched.names, **(names or {})}
        self._columns = [*table.columns, RECORDED_AT] if "recorded_at" in self.matched.names else [*table.columns]
        self._refuse_unreadable()
        self._queries: dict[Seen, _Judged] = {}
        self._children = [
            (split, children[split.table])
            for split in table.splits
            if children and any(name in self.matched.names for name in split.columns)
        ]
        self._child_checks: dict[str, TableCheck] = {}

    def run(self, batch: pa.Table, engine: Engine) -> Checked:
        engine.register(self._view, batch)
        query = self._query(batch)
        kept = ", ".join(f'"{column.delivered_as}"' for column in self._columns)
        judged = engine.table(f"SELECT {kept}, {ROW_NO}, {DOCUMENT}, worst__ FROM ({query.sql})")
        worst = judged.column("worst__")
        good = judged.drop_columns(["worst__"])
        highest = pc.max(worst).as_py() or 0
        faults = list(self._faults(query, engine)) if highest else []
        children = [self._run_child(split, child, engine) for split, child in self._children]
        rows = judged.num_rows
        aside = [fault for fault in faults if MESSAGES[fault.code].sets_aside]
        aside += [fault for child in children for fault in child.aside]
        if aside:
            out = pa.array({fault.row_no for fault in aside}, pa.int64())
            good = good.filter(pc.invert(pc.is_in(good.column(ROW_NO), out)))
            children = [_without(child, out) for child in children]
        rows_aside = {fault.row_no for fault in aside}
        noted = [f for f in faults if not MESSAGES[f.code].sets_aside and f.row_no not in rows_aside]
        return Checked(self.table.name, good, rows, tuple(aside), tuple(noted), tuple(children))

    def own_name(self, door: str) -> str:
        """What the sender calls a column."""
        return self._names.get(door, door)

    def followers(self, batch: pa.Table, engine: Engine) -> set[int]:
        """Rows of this batch whose document is set aside; `documents_aside` must be registered."""
        if not self.table.document and batch.column(DOCUMENT).null_count == batch.num_rows:
            return set()
        engine.register(self._view, batch)
        judged = self._query(batch).sql
        rows = engine.rows(
            f"SELECT {ROW_NO} FROM ({judged}) WHERE {DOCUMENT} IN (SELECT document FROM documents_aside)"
        )
        return {int(str(row[0])) for row in rows}

    def _refuse_unreadable(self) -> None:
        faults = [
            Fault(
                self.path,
                0,
                f"Column '{name}' holds {self._schema.field(name).type}, which cannot be read. "
                "Export it as text, number or date.",
            )
            for name in self.matched.names.values()
            if not values.readable(self._schema.field(name).type)
        ]
        if faults:
            raise DeliveryError(faults=faults)

    def _query(self, batch: pa.Table) -> _Judged:
        seen = look(batch, self.matched.names.values())
        if seen not in self._queries:
            self._queries[seen] = self._judged(seen)
        return self._queries[seen]

    def _raw(self, door: str, seen: Seen = NOTHING) -> str:
        """The cleaned delivered column of this name as SQL, NULL where it is not delivered."""
        name = self.matched.names.get(door)
        if name is None:
            return "NULL"
        return _name(name) if name in seen.plain else values.cleaned(_name(name), self._schema.field(name).type)

    def _source(self, column: Column, seen: Seen = NOTHING) -> tuple[str, pa.DataType, Seen]:
        """A contract column's cleaned value, its delivered type, and what was seen of it under its own door.

        Composite codes are put together here.
        """
        door = column.delivered_as
        name = self.matched.names.get(door)
        if not column.code_from:
            return self._raw(door, seen), self._schema.field(name).type if name else pa.null(), _of(door, [name], seen)
        joined = " || '/' || ".join(f"CAST({self._raw(part, seen)} AS VARCHAR)" for part in column.code_from)
        parts = [self.matched.names.get(part) for part in column.code_from]
        if not name:
            return joined, pa.string(), _of(door, parts, seen)
        return f"coalesce(CAST({self._raw(door, seen)} AS VARCHAR), {joined})", pa.string(), NOTHING

    def _judged(self, seen: Seen) -> _Judged:
        """Layer by layer, under short names: the engine takes longer to plan a long text than to run it."""
        cleaned, words, typed, judged = [], [], [], {}
        places = range(len(self._columns))
        sure_row = False
        for place, column in enumerate(self._columns):
            raw, type_, own = self._source(column, seen)
            door = column.delivered_as
            plain, filled = door in own.plain, door in own.filled
            sure_row |= plain and filled
            r, word = f"r{place}__", "false" if plain else values.null_word(type_, f"r{place}__")
            nothing = word if word == "false" else f"n{place}__"
            cleaned.append(f"{raw} AS {r}")
            words += [] if nothing == word else [f"{word} AS {nothing}"]
            made = values.typed(column, type_, r, nothing, self._decimal, plain=plain)
            typed.append(f"{made.sql} AS {_name(door)}")
            number = self._judge(column, made, r, nothing, filled=filled and plain)
            if number:
                judged[place] = f"{number} AS k{place}__"
        blank = " AND ".join(f"r{place}__ IS NULL" for place in places)
        worst = f"greatest({', '.join([*(f'k{place}__' for place in judged), '0::UTINYINT'])})"
        document = f"coalesce({DOCUMENT}, {self._document()})" if self._document() else DOCUMENT
        sql = (
            f"SELECT *, {worst} AS worst__ FROM (SELECT {', '.join(['*', *judged.values()])} FROM ("
            f"SELECT * REPLACE ({document} AS {DOCUMENT}), {', '.join(typed)} FROM ("
            f"SELECT {', '.join(['*', *words])} FROM ("
            f"SELECT {ROW_NO}, {DOCUMENT}, {', '.join(cleaned)} FROM {self._view})"
            f"{'' if sure_row else f' WHERE NOT ({blank})'})))"
        )
        return _Judged(sql, tuple(judged))

    def _document(self) -> str:
        places = {column.name: place for place, column in enumerate(self._columns)}
        return " || '/' || ".join(f"CAST(r{places[name]}__ AS VARCHAR)" for name in self.table.document)

    def _judge(self, column: Column, made: values.Typed, r: str, nothing: str, *, filled: bool) -> str:
        """The column's number as SQL, '' where nothing can be wrong."""
        door = _name(column.delivered_as)
        must = column.name in self.table.key and not column.null and not column.taken_from
        # What is taken from the head is filled in later.
        may = column.null or column.taken_from or self._fixed
        empty = NUMBERS["no_key"] if must else 0 if may else NUMBERS["no_value"]
        word = NUMBERS["no_key"] if must else NUMBERS["nan_to_null"]
        cases = []
        if not made.sure:
            cases.append(
                f"WHEN {door} IS NULL THEN CASE WHEN {r} IS NULL THEN {empty} "
                + (f"WHEN {nothing} THEN {word} " if nothing != "false" else "")
                + f"ELSE {NUMBERS[made.wrong]} END"
            )
        elif empty and not filled:
            cases.append(f"WHEN {r} IS NULL THEN {empty}")
        cases += [f"WHEN {condition} THEN {NUMBERS[code]}" for code, condition in made.noted]
        begins = self._begins(column)
        if begins:
            cases.append(f"WHEN {door} < {_name(begins)} THEN {NUMBERS['dates_reversed']}")
        return f"CASE {' '.join(cases)} ELSE 0 END::UTINYINT" if cases else ""

    def _begins(self, column: Column) -> str | None:
        """The column where the time begins that this one ends."""
        # Formats with a layout of their own tell what is strange in it themselves.
        if self._fixed or column.type not in ("date", "month", "timestamp"):
            return None
        dated = {other.name for other in self.table.columns if other.type == column.type}
        for end, begin in _ENDS:
            other = re.sub(f"{end}$" if end.startswith("_") else f"^{end}", begin, column.name)
            if other != column.name and other in dated:
                return other
        return None

    def _faults(self, query: _Judged, engine: Engine) -> Iterator[CellFault]:
        doors = [self._columns[place].delivered_as for place in query.places]
        numbers = ", ".join(f"k{place}__" for place in query.places)
        rows = engine.rows(
            f"SELECT {ROW_NO}, {DOCUMENT}, door, number FROM (SELECT {ROW_NO}, {DOCUMENT}, "
            f"unnest([{values.listed(tuple(doors))}]) AS door, unnest([{numbers}]) AS number "
            f"FROM ({query.sql}) WHERE worst__ > 0) WHERE number > 0 ORDER BY {ROW_NO}"
        )
        for row_no, document, door, number in rows:
            key = None if document is None else str(document)
            yield CellFault(int(str(row_no)), key, self.own_name(str(door)), CODES[int(str(number))], str(door))

    def _run_child(self, split: Split, child: Table, engine: Engine) -> Checked:
        rows = engine.table(self._child_sql(split, child))
        check = self._child_checks.get(split.table)
        if check is None:
            check = self._child_checks[split.table] = TableCheck(
                child, rows.schema, self.path, decimal=self._decimal, fixed=True, view=f"split_{split.table}"
            )
        return check.run(rows, engine)

    def _child_sql(self, split: Split, child: Table) -> str:
        lists = {own: target for own, target in split.columns.items() if own in self.matched.names}
        wanted = [column.delivered_as for column in child.columns]
        wanted += [part for column in child.columns for part in column.code_from]
        shared = [
            door
            for door in dict.fromkeys([*wanted, "recorded_at"])
            if door in self.matched.names and door not in lists and door not in lists.values() and door != split.place
        ]
        parts = {own: f"string_split(CAST({self._raw(own)} AS VARCHAR), ';')" for own in lists}
        longest = f"greatest({', '.join(f'coalesce(len({part}), 0)' for part in parts.values())})"
        document = f"coalesce({DOCUMENT}, {self._raw_document()})" if self.table.document else DOCUMENT
        inner = ", ".join(
            [ROW_NO, f"{document} AS {DOCUMENT}", *(f"{self._raw(door)} AS {_name(door)}" for door in shared)]
            + [f"{part} AS {_name('l:' + own)}" for own, part in parts.items()]
            + [f"unnest(range(1, {longest} + 1)) AS {_name(split.place)}"]
        )
        outer = ", ".join(
            [ROW_NO, DOCUMENT, *map(_name, shared), _name(split.place)]
            + [f"{_name('l:' + own)}[{_name(split.place)}] AS {_name(target)}" for own, target in lists.items()]
        )
        filled = " OR ".join(f"nullif(trim({_name(target)}), '') IS NOT NULL" for target in lists.values())
        return f"SELECT * FROM (SELECT {outer} FROM (SELECT {inner} FROM {self._view})) WHERE {filled}"

    def _raw_document(self) -> str:
        columns = [self.table.column(name) for name in self.table.document]
        return " || '/' || ".join(f"CAST({self._source(column)[0]} AS VARCHAR)" for column in columns)


def _of(door: str, parts: Sequence[str | None], seen: Seen) -> Seen:
    """What was seen of all these columns, as of one under this door."""
    one = frozenset({door})
    return Seen(*(one if all(part in kept for part in parts) else frozenset() for kept in (seen.plain, seen.filled)))


def refused(checked: Checked, faults: Sequence[CellFault]) -> Checked:
    """The batch with more of its good rows set aside."""
    if not faults:
        return checked
    out = pa.array({fault.row_no for fault in faults}, pa.int64())
    kept = replace(_without(checked, out), aside=(*checked.aside, *faults))
    return replace(kept, children=tuple(_without(child, out) for child in checked.children))


def _without(checked: Checked, rows: pa.Array) -> Checked:
    good = checked.good.filter(pc.invert(pc.is_in(checked.good.column(ROW_NO), rows)))
    return Checked(checked.table, good, checked.rows, checked.aside, checked.noted)


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
