"""How the files of one delivery are read: format by name, table by option, name or sheet, layout by mapping file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from dauhieu.deliveries.checks import TableCheck
from dauhieu.deliveries.formats import Format, format_of, named_table
from dauhieu.deliveries.mapping import LayoutMap
from dauhieu.deliveries.source import Collect, ReadOptions, SourceRows
from dauhieu.engines.base import Engine
from dauhieu.warehouse.contract import Contract


@dataclass(frozen=True)
class Reading:
    """`expressions` is the engine in which a mapping's SQL runs; it sees no folder at all."""

    contract: Contract
    table: str | None
    encoding: str | None
    decimal: str | None
    layout: LayoutMap | None
    expressions: Engine

    @property
    def header_row(self) -> int:
        return self.layout.header_row if self.layout else 1

    def raw(self, file: Path, collect: Collect) -> Iterator[SourceRows]:
        """The sender's own columns."""
        how = ReadOptions(collect, self.table or named_table(file), self.encoding, self.decimal)
        if self.layout:
            how = self.layout.options(how)
        elif not self.table:
            how = replace(how, tables=frozenset(self.contract.tables))
        return self._format(file).read(file, how)

    def rows(self, file: Path, collect: Collect) -> Iterator[SourceRows]:
        """The contract's columns, where a mapping makes them."""
        for source in self.raw(file, collect):
            yield self.layout.apply(source, self.expressions) if self.layout else source

    def fixed(self, file: Path) -> bool:
        """Whether the file brings a layout of its own."""
        return self._format(file).fixed

    def _format(self, file: Path) -> Format:
        told = self.layout or self.table or named_table(file) in self.contract.tables
        return format_of(file, table_is_told=bool(told))

    def again(
        self, file: Path, collect: Collect, engine: Engine
    ) -> Iterator[tuple[SourceRows, Callable[[pa.RecordBatch], set[int]]]]:
        """The sender's rows once more, and for a batch of them the rows whose documents are set aside."""
        for source in self.raw(file, collect):
            yield source, self._followers(source, engine)

    def _followers(self, source: SourceRows, engine: Engine) -> Callable[[pa.RecordBatch], set[int]]:
        def followers(batch: pa.RecordBatch) -> set[int]:
            rows = self.layout.mapped(batch, self.expressions) if self.layout else pa.Table.from_batches([batch])
            table = self.contract.table(source.table)
            check = TableCheck(
                table, rows.schema, source.file, place=source.place, decimal=self.decimal, fixed=self.fixed(source.file)
            )
            return check.followers(rows, engine)

        return followers
