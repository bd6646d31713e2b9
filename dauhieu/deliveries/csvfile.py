"""CSV: text columns, block by block. The separator is found in the header; the encoding is told by the sender."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv as pacsv

from dauhieu.deliveries.encodings import open_utf8
from dauhieu.deliveries.source import ROW_NO, ReadFault, ReadOptions, SourceRows, with_place
from dauhieu.errors import DeliveryError

BLOCK_BYTES = 4 << 20
HEADER_BYTES = 1 << 20
SEPARATORS = ",;\t|"


def read(path: Path, options: ReadOptions) -> Iterator[SourceRows]:
    """The one table of the file. Rows are numbered as a person sees them: the header is row 1."""
    with _open(path, options.encoding) as file:
        header, separator = _header(file, path, options.header_row)
    yield SourceRows(options.table or "", path, "", _batches(path, header, separator, options))


def _open(path: Path, encoding: str | None) -> BinaryIO:
    try:
        # Plain UTF-8 goes to the reader as it is, so that one bad row is one row's fault.
        return path.open("rb") if encoding in (None, "utf-8") else open_utf8(path, str(encoding))
    except OSError as fault:
        raise DeliveryError(f"The file cannot be read: {fault.strerror}.", path=path) from fault


def _header(file: BinaryIO, path: Path, row: int) -> tuple[list[str], str]:
    start = file.read(HEADER_BYTES)
    if not start.strip(b"\xef\xbb\xbf \t\r\n"):
        raise DeliveryError("The file is empty. Send it with a header and rows.", path=path)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in start[:1000]:
        raise DeliveryError("The file is UTF-16 or no text at all. Save it as CSV UTF-8.", path=path)
    lines = start.splitlines()
    if len(lines) < row:
        raise DeliveryError(f"The file has no row {row}, where its header should be.", path=path)
    line = lines[row - 1]
    try:
        words = line.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise DeliveryError(
            "The header is not UTF-8. Save the file as UTF-8, or name its encoding (tcvn3, vni).", path=path, line=row
        ) from fault
    separator = max(SEPARATORS, key=lambda sign: len(next(csv.reader([words], delimiter=sign))))
    names = next(csv.reader([words], delimiter=separator))
    header = [name.strip() or f"(column {place})" for place, name in enumerate(names, 1)]
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise DeliveryError(f"The header names {', '.join(twice)} twice. Keep one of each.", path=path, line=row)
    return header, separator


def _batches(path: Path, header: list[str], separator: str, options: ReadOptions) -> Iterator[pa.RecordBatch]:
    skipped: list[int] = []

    def skip(row: pacsv.InvalidRow) -> str:
        skipped.append(row.number)
        cells = tuple(next(csv.reader([row.text], delimiter=separator), ()))
        table = options.table or ""
        options.collect(ReadFault(path, "", row.number, "", "ragged_row", whole=True, table=table, raw=cells))
        return "skip"

    with _open(path, options.encoding) as file:
        try:
            reader = pacsv.open_csv(
                file,
                read_options=pacsv.ReadOptions(
                    use_threads=False, block_size=BLOCK_BYTES, column_names=header, skip_rows=options.header_row
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
                ),
                # Bytes, not text: one row which is not UTF-8 must not stop the file.
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(header, pa.binary()), strings_can_be_null=True, null_values=[""]
                ),
            )
            first = options.header_row + 1
            for batch in reader:
                numbers, first = _numbers(first, batch.num_rows, skipped)
                yield _as_text(with_place(batch, numbers), path, options)
        except pa.ArrowException as fault:
            if "Empty CSV" in str(fault):
                return
            raise DeliveryError(
                "The file cannot be read as CSV: a row is longer than 4 MB, or a quotation mark is never closed.",
                path=path,
            ) from fault


def _numbers(first: int, rows: int, skipped: list[int]) -> tuple[pa.Array, int]:
    """The numbers of the next `rows` good rows, leaving out those which were skipped; and the first number after."""
    pieces: list[pa.Array] = []
    while rows:
        while skipped and skipped[0] <= first:
            first = max(first, skipped.pop(0) + 1)
        run = min(rows, skipped[0] - first) if skipped else rows
        pieces.append(pa.arange(first, first + run))
        first, rows = first + run, rows - run
    return pa.concat_arrays(pieces or [pa.arange(0, 0)]), first


def _as_text(batch: pa.RecordBatch, path: Path, options: ReadOptions) -> pa.RecordBatch:
    columns: list[pa.Array] = []
    broken: set[int] = set()
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if not pa.types.is_binary(column.type):
            columns.append(column)
            continue
        try:
            columns.append(column.cast(pa.string()))
        except pa.ArrowInvalid:
            values = [_decoded(value) for value in column.to_pylist()]
            for row, value in enumerate(values):
                if value is False:
                    number = batch.column(ROW_NO)[row].as_py()
                    first = row not in broken
                    options.collect(
                        ReadFault(path, "", number, name, "not_utf8", whole=first, table=options.table or "")
                    )
                    broken.add(row)
            columns.append(pa.array([value or None for value in values], pa.string()))
    text = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
    return text.filter(pa.array([row not in broken for row in range(text.num_rows)])) if broken else text


def _decoded(value: bytes | None) -> str | bool | None:
    try:
        return value if value is None else value.decode()
    except UnicodeDecodeError:
        return False
