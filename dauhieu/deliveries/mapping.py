"""Mapping files at work: any layout of a sender -> rows of one or several tables of the contract.

A contract column takes a column of the sender (with a value map or a date format), a fixed value, or an SQL
expression over the sender's columns. Expressions run in an engine which sees no file and no other table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from dauhieu.deliveries.source import DOCUMENT, ROW_NO, ReadOptions, SourceRows
from dauhieu.engines.base import Engine
from dauhieu.errors import DeliveryError, EngineError, Fault
from dauhieu.yamlfile import suggestion


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where one contract column comes from: its SQL over the sender's columns, and the sender's column if it is one."""

    sql: str
    source: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Target:
    """One table which the sender's rows fill; `where` tells which of the rows, None all of them."""

    path: Path
    table: str
    columns: Mapping[str, ColumnMap]
    where: ColumnMap | None = None

    def apply(self, source: SourceRows, engine: Engine) -> SourceRows:
        """The rows of the file as rows of the table."""
        names = {door: column.source for door, column in self.columns.items() if column.source}
        return SourceRows(self.table, source.file, source.place, self._mapped(source, engine), names)

    def _mapped(self, source: SourceRows, engine: Engine) -> Iterator[pa.RecordBatch]:
        checked: pa.Schema | None = None
        for batch in source.batches:
            if batch.schema != checked:
                engine.register("batch", pa.Table.from_batches([batch]))
                self._check(batch.schema, engine, source.file)
                checked = batch.schema
            yield from self.mapped(batch, engine).to_batches()

    def mapped(self, batch: pa.RecordBatch, engine: Engine) -> pa.Table:
        """One batch of the sender's columns as the contract's."""
        engine.register("batch", pa.Table.from_batches([batch]))
        made = ", ".join(f"{column.sql} AS {name_of(door)}" for door, column in self.columns.items())
        some = f" WHERE {self.where.sql}" if self.where else ""
        try:
            return engine.table(f"SELECT {made}, {ROW_NO}, {DOCUMENT} FROM batch{some}")
        except EngineError as fault:
            raise DeliveryError(
                "An expression fails on a value of the file. Use TRY_CAST or a CASE where values may not fit.",
                path=self.path,
            ) from fault

    def _check(self, schema: pa.Schema, engine: Engine, file: Path) -> None:
        """Every column and expression against the file's own columns, all faults at once."""
        faults = []
        where = [("where", self.where)] if self.where else []
        for door, column in [*self.columns.items(), *where]:
            if column.source and column.source not in schema.names:
                hint = suggestion(column.source, schema.names)
                text = f"File {file.name} has no column '{column.source}'.{hint}"
                faults.append(Fault(self.path, column.line, text))
                continue
            # What decides on rows must be true or false; what fills a column may be anything.
            made = f"NOT {column.sql}" if column is self.where else column.sql
            try:
                engine.columns(f"SELECT {made} AS found, {ROW_NO} FROM batch")
            except EngineError as fault:
                first = str(fault).splitlines()[0]
                faults.append(Fault(self.path, column.line, f"The expression of '{door}' cannot be evaluated: {first}"))
        if faults:
            raise DeliveryError(faults=faults)


@dataclass(frozen=True, slots=True)
class LayoutMap:
    """A mapping file, checked: how the sender's files are read, and the tables they fill."""

    targets: tuple[Target, ...]
    sheet: str | None = None
    header_row: int = 1
    encoding: str | None = None
    decimal: str | None = None

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(target.table for target in self.targets)

    def options(self, how: ReadOptions) -> ReadOptions:
        """How the sender's files are to be read; what the loader names itself comes first."""
        return replace(
            how,
            table=self.targets[0].table,
            encoding=how.encoding or self.encoding,
            decimal=how.decimal or self.decimal,
            sheet=self.sheet,
            header_row=self.header_row,
        )


def name_of(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
