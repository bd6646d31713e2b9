"""Which format module reads a file: the one list of formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dauhieu.deliveries import claims_xml, csvfile, d02, parquet, xlsx
from dauhieu.deliveries.source import ReadOptions, SourceRows
from dauhieu.errors import DeliveryError


@dataclass(frozen=True, slots=True)
class Format:
    """`fixed` formats bring their own layout: what it does not hold is not the sender's mistake."""

    read: Callable[[Path, ReadOptions], Iterator[SourceRows]]
    fixed: bool = False


CSV, XLSX = Format(csvfile.read), Format(xlsx.read)
FORMATS: Mapping[str, Format] = {
    ".csv": CSV,
    ".txt": CSV,
    ".tsv": CSV,
    ".parquet": Format(parquet.read),
    ".xlsx": XLSX,
    ".xlsm": XLSX,
    ".xml": Format(claims_xml.read, fixed=True),
}
DECLARATION = Format(d02.read, fixed=True)


def format_of(path: Path, *, table_is_told: bool) -> Format:
    """The format of a file, by the end of its name; a workbook of no told table may be a declaration form."""
    ending = path.suffix.lower()
    if ending == ".xls":
        raise DeliveryError("The old XLS format is not read. Save the workbook as XLSX.", path=path)
    if ending not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        raise DeliveryError(
            f"Files ending in '{path.suffix}' are not read. Known are {known}, also packed as zip or gz.", path=path
        )
    found = FORMATS[ending]
    return DECLARATION if found is XLSX and not table_is_told and d02.is_d02(path) else found


def named_table(path: Path) -> str:
    """The table a file's name tells: `contribution_month.csv`, `contribution_month.2024-05.parquet`."""
    # Files out of an archive carry a number in front.
    return re.sub(r"^\d{6}-", "", path.name).split(".")[0]
