"""How the files of one delivery are read: format by name, table by option, name or sheet, layout by mapping file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pyarrow as pa

from dauhieu.deliveries.checks import TableCheck
from dauhieu.deliveries.formats import Format, format_of, named_table
from dauhieu.deliveries.mapping import LayoutMap
from dauhieu.deliveries.source import Collect, ReadFault, ReadOptions, SourceRows
from dauhieu.engines.base import Engine
from dauhieu.warehouse.contract import Contract


@dataclass(frozen=True, slots=True)
class Again:
    """The sender's rows of one place once more; they fill `tables`."""

    source: SourceRows
    tables: frozenset[str]
    followers: Callable[[pa.RecordBatch], set[int]]


@dataclass(frozen=True)
class Reading:
    """`expressions` is the engine in which a mapping's SQL runs; it sees no folder at all."""

    contract: Contract
    table: str | None
    encoding: str | None
    decimal: str | None
    layout: LayoutMap | None
    expressions: Engine
    sendings: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def header_row(self) -> int:
        return self.layout.header_row if self.layout else 1

    def raw(self, file: Path, collect: Collect, sendings: Iterator[int] | None = None) -> Iterator[SourceRows]:
        """The sender's own columns."""
        how = ReadOptions(collect, self.table or named_table(file), self.encoding, self.decimal, sendings=sendings)
        if self.layout:
            how = self.layout.options(how)
        elif not self.table:
            how = replace(how, tables=frozenset(self.contract.tables))
        return self._format(file).read(file, how)

    def rows(self, file: Path, collect: Collect) -> Iterator[SourceRows]:
        """The contract's columns, where a mapping makes them."""
        if self.layout is None:
            yield from self.raw(file, collect, self.sendings)
            return
        # Each table takes the whole file anew, so that no more than a batch is ever held; faults are told once.
        for place, target in enumerate(self.layout.targets):
            for source in self.raw(file, _told if place else collect):
                yield target.apply(source, self.expressions)

    def fixed(self, file: Path) -> bool:
        """Whether the file brings a layout of its own."""
        return self._format(file).fixed

    def _format(self, file: Path) -> Format:
        told = self.layout or self.table or named_table(file) in self.contract.tables
        return format_of(file, table_is_told=bool(told))

    def again(self, file: Path, collect: Collect, engine: Engine) -> Iterator[Again]:
        """The sender's rows once more, and for a batch of them the rows whose documents are set aside."""
        for source in self.raw(file, collect):
            if source.beside:
                continue
            tables = self.layout.tables if self.layout else frozenset({source.table})
            yield Again(source, tables, self._followers(source, engine))

    def _followers(self, source: SourceRows, engine: Engine) -> Callable[[pa.RecordBatch], set[int]]:
        fixed = self.fixed(source.file)

        def of(table: str, rows: pa.Table) -> set[int]:
            check = TableCheck(
                self.contract.table(table),
                rows.schema,
                source.file,
                place=source.place,
                decimal=self.decimal,
                fixed=fixed,
            )
            return check.followers(rows, engine)

        def followers(batch: pa.RecordBatch) -> set[int]:
            if self.layout is None:
                return of(source.table, pa.Table.from_batches([batch]))
            targets = self.layout.targets
            return set().union(*(of(target.table, target.mapped(batch, self.expressions)) for target in targets))

        return followers


def _told(_: ReadFault) -> None:
    """Faults of reading which were told when the file was read for the first time."""
