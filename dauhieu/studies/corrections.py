"""Which tables tell something else about the same months at a later moment: what was corrected or came in late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from dauhieu.engines.base import Engine, Input
from dauhieu.studies.running import Moment
from dauhieu.warehouse.contract import Table
from dauhieu.warehouse.sight import as_of_filters, known_filter
from dauhieu.warehouse.store import Store

# Every table with persons is seen through the links between their numbers.
LINKS = "person_link"


@dataclass
class Corrections:
    """Compares rows dated up to the earlier month, as the two moments see them; each table once."""

    engine: Engine
    store: Store
    earlier: Moment
    later: Moment
    _known: dict[tuple[str, bool], bool] = field(default_factory=dict)

    def among(self, tables: Iterable[str], history: Iterable[str]) -> frozenset[str]:
        """The tables of these which changed."""
        asked = {(name, False) for name in tables} | {(name, True) for name in history}
        # Lines are seen only if the head of their document is.
        heads = {self.store.contract.table(name).head for name, _ in asked}
        asked |= {(head, False) for head in heads if head}
        if any(self._persons(name) for name, _ in asked):
            asked.add((LINKS, False))
        return frozenset(name for name, past in sorted(asked) if self._changed(name, past))

    def _persons(self, name: str) -> bool:
        return any(column.kind == "person" for column in self.store.contract.table(name).columns)

    def _changed(self, name: str, history: bool) -> bool:
        if (name, history) not in self._known:
            self._known[name, history] = self._compare(self.store.contract.table(name), history)
        return self._known[name, history]

    def _compare(self, table: Table, history: bool) -> bool:
        """Only files which one of the two versions lacks are read, unless they ask for different knowledge."""
        before, now = (
            frozenset(self.store.files(self.store.version(moment.version), table.name))
            for moment in (self.earlier, self.later)
        )
        if self.earlier.known_at == self.later.known_at or not table.clocked:
            if before == now:
                return False
            before, now = before - now, now - before
        if not table.clocked:
            return True
        return self._print(table, self.earlier, before, history) != self._print(table, self.later, now, history)

    def _print(self, table: Table, moment: Moment, files: Iterable[Path], history: bool) -> tuple[object, ...]:
        """A fingerprint of rows in any order; a sum of hashes streams, where comparing rows would fill the memory."""
        self.engine.register("compared", Input(self.store.columns(table.name), tuple(sorted(files))))
        names = [column.name for column in table.columns] + ["recorded_at"] + (["superseded_at"] if history else [])
        listed = ", ".join(f't."{name}"' for name in names)
        where = [known_filter(moment.known_at, history=history), *as_of_filters(table, self.earlier.as_of)]
        return self.engine.rows(
            f"SELECT count(*), sum(CAST(hash({listed}) AS HUGEINT)) FROM compared AS t WHERE {' AND '.join(where)}"
        )[0]
