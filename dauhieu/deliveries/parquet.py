"""Parquet: typed columns, row group by row group."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dauhieu.deliveries.source import PIECE_ROWS, ReadOptions, SourceRows, with_place
from dauhieu.errors import DeliveryError


def read(path: Path, options: ReadOptions) -> Iterator[SourceRows]:
    """The one table of the file; row numbers count from 1."""
    try:
        file = pq.ParquetFile(path, memory_map=False, pre_buffer=False)
    except (pa.ArrowException, OSError) as fault:
        raise DeliveryError("The Parquet file is damaged or cut short. Send it again.", path=path) from fault
    yield SourceRows(options.table or "", path, "", _batches(file, path))


def _batches(file: pq.ParquetFile, path: Path) -> Iterator[pa.RecordBatch]:
    first = 1
    try:
        for batch in file.iter_batches(batch_size=PIECE_ROWS):
            yield with_place(batch, pa.arange(first, first + batch.num_rows))
            first += batch.num_rows
    except (pa.ArrowException, OSError) as fault:
        raise DeliveryError(f"The Parquet file is damaged after row {first - 1}. Send it again.", path=path) from fault
