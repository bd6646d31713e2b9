"""The landing: checked rows wait here as Parquet files, one set a table, until the whole delivery is judged.

A document may span tables and files. Which documents are set aside is known only at the end, so their rows are taken
out then, by a join in the engine; all lists of documents are files, never held in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from dauhieu.deliveries.source import DOCUMENT, ROW_NO
from dauhieu.engines.base import Engine, Input
from dauhieu.warehouse.contract import Table

FILE_ROWS = 4_000_000
GROUP_ROWS = 262_144
DOCUMENTS = pa.schema([("document", pa.string())])
_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.int32(): "INTEGER",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP",
    pa.time64("us"): "TIME",
    pa.float64(): "DOUBLE",
    pa.decimal128(18, 3): "DECIMAL(18,3)",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """How many good rows followed their documents out; documents in all and set aside."""

    rows_followed: int
    documents: int
    documents_aside: int


class _Files:
    """Files of one schema, written one after the other, the last one open."""

    def __init__(self, folder: Path, name: str):
        self.paths: list[Path] = []
        self._folder = folder
        self._name = name
        self._writer: pq.ParquetWriter | None = None
        self._file_rows = 0

    def add(self, table: pa.Table) -> None:
        if self._writer is None:
            path = self._folder / f"{self._name}.{len(self.paths):04d}.parquet"
            self.paths.append(path)
            self._writer = pq.ParquetWriter(path, table.schema, compression="lz4", write_statistics=False)
            self._file_rows = 0
        self._writer.write_table(table, row_group_size=GROUP_ROWS)
        self._file_rows += table.num_rows
        if self._file_rows >= FILE_ROWS:
            self.close()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class Parts:
    """The staged rows of one table. `split` rows come from lists and were not delivered as rows.

    The document of each row stands in a file beside, row for row: the store takes contract columns alone.
    """

    def __init__(self, folder: Path, table: str, *, split: bool = False):
        name = f"{table}.split" if split else table
        self.table = table
        self.split = split
        self.rows = 0
        self.has_documents = False
        self._rows = _Files(folder, name)
        self._documents = _Files(folder, f"{name}.documents")

    @property
    def files(self) -> list[Path]:
        return self._rows.paths

    @property
    def documents(self) -> list[Path]:
        return self._documents.paths

    def add(self, table: pa.Table) -> None:
        documents = table.column(DOCUMENT)
        self.has_documents |= documents.null_count < table.num_rows
        self.rows += table.num_rows
        self._rows.add(table.drop_columns([ROW_NO, DOCUMENT]))
        self._documents.add(pa.table([documents.cast(pa.string())], schema=DOCUMENTS))

    def close(self) -> None:
        self._rows.close()
        self._documents.close()


class Landing:
    """Collects good rows and the documents set aside; `judge` takes the rows of these out."""

    def __init__(self, folder: Path, engine: Engine):
        self._folder = folder
        self._engine = engine
        self._tables: dict[tuple[str, bool], Parts] = {}
        self._aside = _Files(folder, "documents_aside")
        self._single_aside = 0
        self._single = 0
        # Rows are written while the next are checked, one set at a time.
        self._hand = ThreadPoolExecutor(max_workers=1)
        self._writing: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._hand.shutdown(wait=True, cancel_futures=True)

    def add(self, table: str, rows: pa.Table, *, split: bool = False) -> None:
        """Keep good rows."""
        if rows.num_rows:
            parts = self._tables.setdefault((table, split), Parts(self._folder, table, split=split))
            self._wait()
            self._writing = self._hand.submit(parts.add, rows)

    def _wait(self) -> None:
        """Until all rows added are written; what failed is raised here."""
        if self._writing:
            self._writing.result()
            self._writing = None

    def count_single(self, good: int, aside: int) -> None:
        """Rows which are their own documents."""
        self._single += good
        self._single_aside += aside

    def set_aside(self, documents: set[str]) -> None:
        if documents:
            self._aside.add(pa.table([pa.array(sorted(documents), pa.string())], schema=DOCUMENTS))

    def parts(self) -> tuple[Parts, ...]:
        """The tables so far, their files closed."""
        self._wait()
        for parts in self._tables.values():
            parts.close()
        return tuple(self._tables.values())

    def files(self) -> dict[str, tuple[Path, ...]]:
        """The files of every table, ready for the store."""
        found: dict[str, tuple[Path, ...]] = {}
        for parts in self.parts():
            found[parts.table] = (*found.get(parts.table, ()), *parts.files)
        return found

    def input(self, parts: Parts) -> Input:
        return _input(parts.files)

    def rewrite(self, parts: Parts, sql: str) -> None:
        """Replace a table's rows by those of a query over `staged`; their documents are no longer known."""
        self._engine.register("staged", self.input(parts))
        target = parts.files[0].with_suffix(".again.parquet")
        self._engine.write_parquet(sql, target, passing=True)
        for path in parts.files:
            path.unlink()
        parts.files[:] = [target]

    def add_none(self, table: Table) -> None:
        """Say that there are no rows of a table, so that those which the documents delivered had before end."""
        parts = self._tables[table.name, False] = Parts(self._folder, table.name)
        path = self._folder / f"{table.name}.none.parquet"
        types = {column.delivered_as: "VARCHAR" if column.kind else column.sql_type for column in table.columns}
        nothing = ", ".join(f'CAST(NULL AS {type_}) AS "{name}"' for name, type_ in types.items())
        self._engine.write_parquet(f"SELECT {nothing} WHERE false", path)
        parts.files.append(path)

    def drop(self, parts: Parts) -> None:
        """Leave a table's rows out of the delivery."""
        del self._tables[parts.table, parts.split]

    def judge(self) -> Judged:
        """Take out the documents set aside, and count."""
        self._aside.close()
        with_documents = [parts for parts in self.parts() if parts.has_documents]
        self._engine.register("documents_aside", Input({"document": "VARCHAR"}, tuple(self._aside.paths)))
        every = Input(
            {"document": "VARCHAR"},
            (*self._aside.paths, *(path for parts in with_documents for path in parts.documents)),
        )
        self._engine.register("documents", every)
        # A document's rows mostly stand together, but distinct over all of them may spill rather than fail.
        aside = self._count("SELECT count(DISTINCT document) FROM documents_aside")
        documents = self._count("SELECT count(DISTINCT document) FROM documents")
        followed = 0
        if aside:
            for parts in with_documents:
                kept = sum(self._without_aside(parts, place) for place in range(len(parts.files)))
                followed += 0 if parts.split else parts.rows - kept
        return Judged(followed, documents + self._single + self._single_aside, aside + self._single_aside)

    def _without_aside(self, parts: Parts, place: int) -> int:
        path = parts.files[place]
        self._engine.register("staged", _input([path]))
        self._engine.register("beside", Input({"document": "VARCHAR"}, (parts.documents[place],)))
        parts.files[place] = path.with_suffix(".kept.parquet")
        rows = self._engine.write_parquet(
            "SELECT staged.* FROM staged POSITIONAL JOIN beside "
            "WHERE document IS NULL OR document NOT IN (SELECT document FROM documents_aside)",
            parts.files[place],
        )
        path.unlink()
        return rows

    def _count(self, sql: str) -> int:
        return int(str(self._engine.rows(sql)[0][0]))


def _input(files: Sequence[Path]) -> Input:
    """Files with all their columns: `recorded_at` may be in some of them only."""
    columns = {field.name: _SQL_TYPES[field.type] for path in files for field in pq.read_schema(path)}
    return Input(columns, tuple(files))
