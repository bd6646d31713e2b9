"""The landing: checked rows wait here as Parquet files, one set a table, until the whole delivery is judged.

A document may span tables and files. Which documents are set aside is known only at the end, so their rows are taken
out then, by a join in the engine; all lists of documents are files, never held in memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dauhieu.deliveries.source import DOCUMENT, ROW_NO
from dauhieu.engines.base import Engine, Input

FILE_ROWS = 4_000_000
DOCUMENTS = pa.schema([("document", pa.string())])


@dataclass(frozen=True, slots=True)
class Landed:
    """What is ready for the store, and the arithmetic in rows and documents."""

    files: Mapping[str, tuple[Path, ...]]
    rows_followed: int
    documents: int
    documents_aside: int


@dataclass
class _Parts:
    """The staged files of one table, the last one open."""

    folder: Path
    table: str
    split: bool
    name: str
    files: list[Path] = field(default_factory=list)
    writer: pq.ParquetWriter | None = None
    rows: int = 0
    file_rows: int = 0
    has_documents: bool = False

    def add(self, table: pa.Table) -> None:
        if self.writer is None:
            path = self.folder / f"{self.name}.{len(self.files):04d}.parquet"
            self.files.append(path)
            self.writer = pq.ParquetWriter(path, table.schema, compression="lz4")
            self.file_rows = 0
        self.writer.write_table(table, row_group_size=1_000_000)
        self.rows += table.num_rows
        self.file_rows += table.num_rows
        if self.file_rows >= FILE_ROWS:
            self.close()

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            self.writer = None


class Landing:
    """Collects good rows and the documents set aside; `finish` joins the two."""

    def __init__(self, folder: Path, engine: Engine):
        self._folder = folder
        self._engine = engine
        self._tables: dict[str, _Parts] = {}
        self._aside = _Parts(folder, "", False, "documents_aside")
        self._single_aside = 0
        self._single = 0

    def add(self, table: str, rows: pa.Table, *, split: bool = False) -> None:
        """Keep good rows; those `split` off a list were not delivered as rows and count as none."""
        if not rows.num_rows:
            return
        name = f"{table}.split" if split else table
        parts = self._tables.setdefault(name, _Parts(self._folder, table, split, name))
        known = rows.num_rows - rows.column(DOCUMENT).null_count
        parts.has_documents = parts.has_documents or known > 0
        parts.add(rows.drop_columns([ROW_NO]))

    def count_single(self, good: int, aside: int) -> None:
        """Rows which are their own documents."""
        self._single += good
        self._single_aside += aside

    def set_aside(self, documents: set[str]) -> None:
        if documents:
            self._aside.add(pa.table([pa.array(sorted(documents), pa.string())], schema=DOCUMENTS))

    def finish(self) -> Landed:
        for parts in (*self._tables.values(), self._aside):
            parts.close()
        self._register_documents()
        # Counted before any row is taken out.
        aside = self._count("SELECT count(DISTINCT document) FROM documents_aside")
        documents = self._count("SELECT count(DISTINCT document) FROM documents_all")
        files: dict[str, tuple[Path, ...]] = {}
        followed = 0
        for parts in self._tables.values():
            if parts.has_documents and self._aside.rows:
                kept = self._without_aside(parts)
                followed += 0 if parts.split else parts.rows - kept
            files[parts.table] = (*files.get(parts.table, ()), *parts.files)
        aside += self._single_aside
        return Landed(files, followed, documents + self._single + self._single_aside, aside)

    def _register_documents(self) -> None:
        self._engine.register("documents_aside", Input({"document": "VARCHAR"}, tuple(self._aside.files)))
        union = ["SELECT document FROM documents_aside"]
        for name, parts in self._tables.items():
            if parts.has_documents:
                self._engine.register(f"documents_of_{name}", Input({DOCUMENT: "VARCHAR"}, tuple(parts.files)))
                union.append(f'SELECT DISTINCT {DOCUMENT} FROM "documents_of_{name}" WHERE {DOCUMENT} IS NOT NULL')
        self._engine.register_view("documents_all", " UNION ALL ".join(union))

    def _without_aside(self, parts: _Parts) -> int:
        """Take the documents set aside out of the files; returns the rows which stay."""
        rows = 0
        for place, path in enumerate(parts.files):
            self._engine.register("staged", _input(path))
            parts.files[place] = path.with_suffix(".kept.parquet")
            rows += self._engine.write_parquet(
                f"SELECT * FROM staged WHERE {DOCUMENT} IS NULL OR {DOCUMENT} NOT IN "
                "(SELECT document FROM documents_aside)",
                parts.files[place],
            )
            path.unlink()
        return rows

    def _count(self, sql: str) -> int:
        return int(str(self._engine.rows(sql)[0][0]))


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


def _input(path: Path) -> Input:
    return Input({field.name: _SQL_TYPES[field.type] for field in pq.read_schema(path)}, (path,))
