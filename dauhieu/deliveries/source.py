"""What every format module offers: streams of rows for a table, and the faults found while reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

# Columns every batch carries beside the delivered ones.
ROW_NO = "row_no__"
DOCUMENT = "document__"
# Rows checked at once; readers hand them on in smaller pieces, which the engine checks side by side.
CHECK_ROWS = 262_144
PIECE_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class ReadFault:
    """One fault at one place of a delivered file; `document` is its document's key, None if the row is the document.

    `column` is the sender's own column name, '' for the whole row; `raw` are the cells of a row which comes with no
    batch, for the sender alone. `whole` tells that nothing of the row (or, with a
    document, of the document) could be read, so that it comes with no batch and is counted from here.
    """

    file: Path
    place: str
    row_no: int
    column: str
    code: str
    document: str | None = None
    whole: bool = False
    table: str = ""
    raw: tuple[str, ...] = ()


Collect = Callable[[ReadFault], None]


@dataclass(frozen=True, slots=True)
class SourceRows:
    """One table's rows from one place of one file.

    `batches` hold text columns, or typed ones where the format knows types, and beside them `row_no__` (int64, the
    number a person sees in the file) and `document__` (text; null means the row is its own document). `place` is the
    sheet or the record name, '' where the file has only one place. `names` are the sender's own names of columns,
    where a mapping has renamed them. `beside` are rows a reader makes of others: nobody delivered them as rows.
    """

    table: str
    file: Path
    place: str
    batches: Iterator[pa.RecordBatch]
    names: Mapping[str, str] = field(default_factory=dict)
    beside: bool = False


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are to be read: `table` for those which do not tell it themselves, among the known `tables`;
    `sheet` and `header_row` for workbooks. `sendings` numbers the claims of a delivery through all its files, for a
    claim may come in it more than once."""

    collect: Collect
    table: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    tables: frozenset[str] = frozenset()
    sheet: str | None = None
    header_row: int = 1
    sendings: Iterator[int] | None = None


def with_place(batch: pa.RecordBatch, row_numbers: pa.Array, documents: pa.Array | None = None) -> pa.RecordBatch:
    """The batch with the two columns of its place added."""
    keys = documents if documents is not None else pa.nulls(batch.num_rows, pa.string())
    return pa.RecordBatch.from_arrays(
        [*batch.columns, row_numbers.cast(pa.int64()), keys], names=[*batch.schema.names, ROW_NO, DOCUMENT]
    )
