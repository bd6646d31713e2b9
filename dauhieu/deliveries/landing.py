"""The landing: checked rows wait here as Parquet files, one set a table, until the whole delivery is judged.

A document may span tables and files. Which documents are set aside is known only at the end, so their rows are taken
out then, by a join in the engine; all lists of documents are files, never held in memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dauhieu.deliveries.source import DOCUMENT, ROW_NO
from dauhieu.engines.base import Engine, Input

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
class Landed:
    """What is ready for the store; how many good rows followed their documents out; documents in all and set aside."""

    files: Mapping[str, tuple[Path, ...]]
    rows_followed: int
    documents: int
    documents_aside: int


@dataclass
class Parts:
    """The staged files of one table, the last one open. `split` rows come from lists and were not delivered as rows."""

    folder: Path
    table: str
    split: bool = False
    files: list[Path] = field(default_factory=list)
    rows: int = 0
    has_documents: bool = False
    _writer: pq.ParquetWriter | None = None
    _file_rows: int = 0

    def add(self, table: pa.Table) -> None:
        if self._writer is None:
            path = self.folder / f"{self.table}{'.split' if self.split else ''}.{len(self.files):04d}.parquet"
            self.files.append(path)
            self._writer = pq.ParquetWriter(path, table.schema, compression="lz4")
            self._file_rows = 0
        self._writer.write_table(table, row_group_size=GROUP_ROWS)
        self.rows += table.num_rows
        self._file_rows += table.num_rows
        if self._file_rows >= FILE_ROWS:
            self.close()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class Landing:
    """Collects good rows and the documents set aside; `finish` joins the two."""

    def __init__(self, folder: Path, engine: Engine):
        self._folder = folder
        self._engine = engine
        self._tables: dict[tuple[str, bool], Parts] = {}
        self._aside = Parts(folder, "documents_aside")
        self._single_aside = 0
        self._single = 0

    def add(self, table: str, rows: pa.Table, *, split: bool = False) -> None:
        """Keep good rows."""
        if not rows.num_rows:
            return
        parts = self._tables.setdefault((table, split), Parts(self._folder, table, split))
        parts.has_documents |= rows.column(DOCUMENT).null_count < rows.num_rows
        parts.add(rows.drop_columns([ROW_NO]))

    def count_single(self, good: int, aside: int) -> None:
        """Rows which are their own documents."""
        self._single += good
        self._single_aside += aside

    def set_aside(self, documents: set[str]) -> None:
        if documents:
            self._aside.add(pa.table([pa.array(sorted(documents), pa.string())], schema=DOCUMENTS))

    def parts(self) -> tuple[Parts, ...]:
        """The tables so far, their files closed."""
        for parts in self._tables.values():
            parts.close()
        return tuple(self._tables.values())

    def input(self, parts: Parts) -> Input:
        return Input(_columns(parts.files), tuple(parts.files))

    def rewrite(self, parts: Parts, sql: str) -> int:
        """Replace a table's rows by those of a query over `staged`; returns how many they are."""
        self._engine.register("staged", self.input(parts))
        target = parts.files[0].with_suffix(".again.parquet")
        rows = self._engine.write_parquet(sql, target)
        for path in parts.files:
            path.unlink()
        parts.files[:] = [target]
        return rows

    def finish(self) -> Landed:
        """Take out the documents set aside, and count."""
        self._aside.close()
        self._register_documents()
        # Counted before any row is taken out.
        aside = self._count("SELECT count(DISTINCT document) FROM documents_aside")
        documents = self._count("SELECT count(DISTINCT document) FROM documents_all")
        files: dict[str, tuple[Path, ...]] = {}
        followed = 0
        for parts in self.parts():
            if parts.has_documents and self._aside.rows:
                kept = self.rewrite(
                    parts,
                    f"SELECT * FROM staged WHERE {DOCUMENT} IS NULL OR {DOCUMENT} NOT IN "
                    "(SELECT document FROM documents_aside)",
                )
                followed += 0 if parts.split else parts.rows - kept
            files[parts.table] = (*files.get(parts.table, ()), *parts.files)
        return Landed(files, followed, documents + self._single + self._single_aside, aside + self._single_aside)

    def _register_documents(self) -> None:
        self._engine.register("documents_aside", Input({"document": "VARCHAR"}, tuple(self._aside.files)))
        union = ["SELECT document FROM documents_aside"]
        for place, parts in enumerate(self.parts()):
            if parts.has_documents:
                self._engine.register(f"documents_{place}", Input({DOCUMENT: "VARCHAR"}, tuple(parts.files)))
                union.append(f"SELECT DISTINCT {DOCUMENT} FROM documents_{place} WHERE {DOCUMENT} IS NOT NULL")
        self._engine.register_view("documents_all", " UNION ALL ".join(union))

    def _count(self, sql: str) -> int:
        return int(str(self._engine.rows(sql)[0][0]))


def _columns(files: Sequence[Path]) -> dict[str, str]:
    """Column -> SQL type over all files: `recorded_at` may be in some of them only."""
    return {field.name: _SQL_TYPES[field.type] for path in files for field in pq.read_schema(path)}
