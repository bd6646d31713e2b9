"""Which format module reads a file: the one list of formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from dauhieu.deliveries import claims_xml, csvfile, d02, parquet, xlsx
from dauhieu.deliveries.source import ReadOptions, SourceRows
from dauhieu.errors import DeliveryError

Read = Callable[[Path, ReadOptions], Iterator[SourceRows]]

FORMATS: Mapping[str, Read] = {
    ".csv": csvfile.read,
    ".txt": csvfile.read,
    ".tsv": csvfile.read,
    ".parquet": parquet.read,
    ".xlsx": xlsx.read,
    ".xlsm": xlsx.read,
    ".xml": claims_xml.read,
}
# Formats which bring their own layout: what it does not hold is not the sender's mistake.
FIXED = frozenset({".xml"})


def reader(path: Path) -> Read:
    """The reader of a file, by the end of its name."""
    if path.suffix.lower() == ".xls":
        raise DeliveryError("The old XLS format is not read. Save the workbook as XLSX.", path=path)
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        known = ", ".join(sorted(FORMATS))
        raise DeliveryError(
            f"Files ending in '{path.suffix}' are not read. Known are {known}, also packed as zip or gz.", path=path
        )
    # A form is a workbook too: what it looks like decides, not its name.
    return d02.read if found is xlsx.read and d02.is_d02(path) else found


def named_table(path: Path) -> str:
    """The table a file's name tells: `contribution_month.csv`, `contribution_month.2024-05.parquet`."""
    # Files out of an archive carry a number in front.
    return re.sub(r"^\d{6}-", "", path.name).split(".")[0]
