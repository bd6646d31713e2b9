"""DuckDB: the embedded engine and the default."""

from __future__ import annotations

import contextlib
import copy
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from dauhieu.engines.base import EngineOptions, Input
from dauhieu.errors import EngineError

ROW_GROUP_ROWS = 122_880


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


class DuckDBEngine:
    """One DuckDB process in memory, spilling to `temporary`, seeing only `folders`; its settings are locked."""

    def __init__(self, options: EngineOptions) -> None:
        # Name -> VIEW, TABLE or SOURCE, so that a name is taken back by one statement.
        self._made: dict[str, str] = {}
        self._scope = ""
        self._connection = duckdb.connect(
            config={"threads": options.threads, "memory_limit": options.memory, "preserve_insertion_order": True}
        )
        folders = [*options.folders, *([options.temporary] if options.temporary else [])]
        allowed = ", ".join(_text(str(folder.resolve())) for folder in folders)
        if options.temporary:
            options.temporary.mkdir(parents=True, exist_ok=True)
            self._run(f"SET temp_directory = {_text(str(options.temporary.resolve()))}")
        for setting in (
            # For every hand: what is set for a session is not handed on.
            "SET GLOBAL TimeZone = 'UTC'",
            "SET enable_progress_bar = false",
            f"SET allowed_directories = [{allowed}]",
            "SET enable_external_access = false",
            "SET python_enable_replacements = false",
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            "SET lock_configuration = true",
        ):
            self._run(setting)

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._connection.execute(sql)
        except duckdb.Error as error:
            raise _told(error) from error

    def register(self, name: str, source: Input | pa.Table) -> None:
        if isinstance(source, pa.Table):
            self.drop(name)
            self._connection.register(name, source)
            self._made[name] = "SOURCE"
            return
        columns = ", ".join(f'CAST("{column}" AS {kind}) AS "{column}"' for column, kind in source.columns.items())
        empty = ", ".join(f'CAST(NULL AS {kind}) AS "{column}"' for column, kind in source.columns.items())
        if not source.files:
            self._make("VIEW", name, f"SELECT {empty} WHERE false")
            return
        files = ", ".join(_text(str(path.resolve())) for path in source.files)
        read = f"read_parquet([{files}], union_by_name = true, hive_partitioning = false)"
        # The empty typed select gives columns which older files lack; its rows are none.
        self._make(
            "VIEW", name, f"SELECT {columns} FROM (SELECT {empty} WHERE false UNION ALL BY NAME SELECT * FROM {read})"
        )

    def register_view(self, name: str, sql: str) -> None:
        self._make("VIEW", name, sql)

    def materialise(self, name: str, sql: str) -> int:
        self._make("TABLE", name, sql)
        return int(str(self.rows(f'SELECT count(*) FROM "{name}"')[0][0]))

    def _make(self, kind: str, name: str, sql: str) -> None:
        if self._made.get(name) != kind:
            self.drop(name)
        self._run(f'CREATE OR REPLACE {self._scope} {kind} "{name}" AS {sql}')
        self._made[name] = kind

    def drop(self, name: str) -> None:
        made = self._made.pop(name, None)
        if made == "SOURCE":
            self._connection.unregister(name)
            return
        # What a statement of the caller has made is not known here.
        for kind in [made] if made else ("VIEW", "TABLE"):
            with contextlib.suppress(duckdb.CatalogException):
                self._connection.execute(f'DROP {kind} IF EXISTS "{name}"')

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        try:
            return self._run(sql).fetchall()
        except duckdb.Error as error:
            raise _told(error) from error

    def table(self, sql: str) -> pa.Table:
        try:
            return self._connection.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            raise _told(error) from error

    def reader(self, sql: str, batch_rows: int = 65_536) -> pa.RecordBatchReader:
        try:
            return self._connection.sql(sql).to_arrow_reader(batch_rows)
        except duckdb.Error as error:
            raise _told(error) from error

    def write_parquet(self, sql: str, path: Path, *, passing: bool = False, group_rows: int = ROW_GROUP_ROWS) -> int:
        result = self._run(
            f"COPY ({sql}) TO {_text(str(path.resolve()))} "
            f"(FORMAT parquet, COMPRESSION {'lz4_raw' if passing else 'zstd'}, ROW_GROUP_SIZE {group_rows})"
        ).fetchall()
        return int(result[0][0])

    def beside(self, *, shared: bool = False) -> Self:
        hand = copy.copy(self)
        hand._made = {}
        # Temporary names belong to their connection alone.
        hand._scope = "" if shared else "TEMPORARY"
        hand._connection = self._connection.cursor()
        return hand

    def columns(self, sql: str) -> dict[str, str]:
        return {str(row[0]): str(row[1]) for row in self.rows(f"DESCRIBE {sql}")}

    def explain(self, sql: str) -> str:
        return "\n".join(str(row[-1]) for row in self.rows(f"EXPLAIN {sql}"))

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _told(error: duckdb.Error) -> EngineError:
    if isinstance(error, duckdb.OutOfMemoryException):
        first = str(error).splitlines()[0]
        return EngineError(f"The query needs more memory than allowed. Give more with --memory. ({first})")
    # The engine lists every name it knows after the first lines; what is wrong stands before.
    return EngineError("\n".join(str(error).splitlines()[:2]))
