"""What every engine offers: the whole of it, so that the code above cannot tell which engine runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import pyarrow as pa

# Small questions keep one core busy each with their planning, and there are at least two cores.
SIDE_BY_SIDE = 2


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Bounds of one engine: `memory` such as "4GB", `folders` the only ones it may read or write."""

    memory: str = "4GB"
    threads: int = 2
    folders: tuple[Path, ...] = ()
    temporary: Path | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """A named input: Parquet files of one schema (column -> SQL type). No files means an empty table."""

    columns: dict[str, str]
    files: tuple[Path, ...] = field(default=())


class Engine(Protocol):
    """Runs SQL of its own dialect over registered inputs. Errors are `EngineError`."""

    def register(self, name: str, source: Input | pa.Table) -> None:
        """Make `source` readable under `name`, replacing what had that name."""

    def register_view(self, name: str, sql: str) -> None:
        """Give a query a name without computing it."""

    def materialise(self, name: str, sql: str) -> int:
        """Compute a query once and keep its rows under `name`; returns their number."""

    def drop(self, name: str) -> None:
        """Forget a name given by `register`, `register_view` or `materialise`."""

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """All rows of a small result."""

    def table(self, sql: str) -> pa.Table:
        """The whole result in memory."""

    def reader(self, sql: str, batch_rows: int = 65_536) -> pa.RecordBatchReader:
        """The result as a stream of batches; read it before the next call."""

    def write_parquet(self, sql: str, path: Path, *, passing: bool = False) -> int:
        """Write a result to one new Parquet file (zstd, row groups of 122,880); returns the rows written.

        A `passing` file is read once and thrown away, so it is packed quickly rather than well.
        """

    def beside(self, *, shared: bool = False) -> Self:
        """A second hand on the same data, for another thread: it sees what was named before, and names for itself.

        Arrow tables are seen by the hand alone which registered them. What a `shared` hand names, all see.
        """

    def columns(self, sql: str) -> dict[str, str]:
        """Column -> SQL type of a query, without running it."""

    def explain(self, sql: str) -> str:
        """The plan in words."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def quoted(names: Sequence[str]) -> str:
    """Names as a comma-separated list of quoted identifiers."""
    return ", ".join(f'"{name}"' for name in names)
