"""Examples: small tables and what a sign must find in them (`x.examples.yaml` beside `x.yaml`).

A table is drawn in text, `|` between columns, the first line naming them; an id column may be named without `_id`
and holds labels (P1, E1). An empty cell is NULL. `{1..10}` in a line repeats the line; the same braces go in step,
different ones multiply. `given` holds tables which every example of the file shares (its rows come first).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dauhieu.errors import Fault, SignError
from dauhieu.warehouse.contract import Contract, Table
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

BRACES = re.compile(r"\{(\d+)\.\.(\d+)\}")
CLOCK = ("recorded_at", "superseded_at")
WORDS = ("example", "as_of", "known_at", "finds")


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """Rows of text cells under the contract's column names; None is NULL."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One example; it is silent when `finds` is empty."""

    title: str
    as_of: date
    known_at: datetime | None
    tables: Mapping[str, DrawnTable]
    finds: tuple[Mapping[str, Any], ...]
    path: Path
    line: int


def read_examples(path: Path, contract: Contract) -> tuple[Example, ...]:
    """Read one file of examples; SignError lists every fault."""
    file = read_yaml(path, SignError)
    faults: list[Fault] = []
    given: dict[str, DrawnTable] = {}
    items: Any = file.data
    place: tuple[str, ...] = ()
    if isinstance(file.data, dict):
        items, place = file.data.get("examples"), ("examples",)
        shared = file.data.get("given") or {}
        if not isinstance(shared, dict):
            raise SignError("'given' is a mapping of tables.", path=path, line=file.line("given"))
        for name, text in shared.items():
            _add_table(given, file, contract, str(name), text, faults, "given", name)
    if not isinstance(items, list) or not items:
        raise SignError("The file needs a list of examples.", path=path)
    examples = [_example(file, contract, item, given, faults, (*place, number)) for number, item in enumerate(items)]
    if faults:
        raise SignError(faults=faults)
    return tuple(example for example in examples if example)


def _example(
    file: YamlFile,
    contract: Contract,
    item: Mapping[str, Any],
    given: Mapping[str, DrawnTable],
    faults: list[Fault],
    key: tuple[str | int, ...],
) -> Example | None:
    if not isinstance(item, dict):
        faults.append(file.fault("An example is a mapping of words and tables.", *key))
        return None
    for word in ("example", "as_of", "finds"):
        if item.get(word) is None:
            faults.append(file.fault(f"The example needs '{word}'.", *key))
            return None
    if not isinstance(item["finds"], list) or not all(isinstance(found, dict) for found in item["finds"]):
        faults.append(file.fault("'finds' is a list of findings, each a mapping; [] if it is silent.", *key, "finds"))
        return None
    if not isinstance(item["as_of"], date):
        faults.append(file.fault("'as_of' must be a date such as 2026-10-31.", *key, "as_of"))
        return None
    tables = dict(given)
    for name, text in item.items():
        if name not in WORDS:
            _add_table(tables, file, contract, str(name), text, faults, *key, name)
    return Example(
        title=str(item["example"]),
        as_of=item["as_of"],
        known_at=item.get("known_at"),
        tables=tables,
        finds=tuple(item["finds"]),
        path=file.path,
        line=file.line(*key),
    )


def _add_table(
    tables: dict[str, DrawnTable],
    file: YamlFile,
    contract: Contract,
    name: str,
    text: object,
    faults: list[Fault],
    *key: str | int,
) -> None:
    if name not in contract.tables:
        faults.append(file.fault(f"There is no table '{name}'.{suggestion(name, contract.tables)}", *key))
        return
    lines = [line for line in str(text).splitlines() if line.strip()]
    if not lines:
        faults.append(file.fault(f"Table '{name}' has no head. Its first line names columns.", *key))
        return
    table = contract.tables[name]
    columns = tuple(_column(table, cell.strip()) or "" for cell in lines[0].split("|"))
    for cell, column in zip(lines[0].split("|"), columns, strict=True):
        if not column:
            known = [c.name for c in table.columns]
            hint = suggestion(cell.strip(), known)
            faults.append(file.fault(f"Column '{cell.strip()}' is not in table '{name}'.{hint}", *key))
    rows: list[tuple[str | None, ...]] = []
    for offset, line in enumerate(lines[1:], start=1):
        for written in _repeated(line):
            cells = tuple(cell.strip() or None for cell in written.split("|"))
            if len(cells) != len(columns):
                message = f"Line {offset} of table '{name}' has {len(cells)} cells, its head has {len(columns)}."
                faults.append(file.fault(message, *key))
                break
            rows.append(cells)
    if name in tables:
        tables[name] = _joined(tables[name], DrawnTable(columns, tuple(rows)))
    else:
        tables[name] = DrawnTable(columns, tuple(rows))


def _joined(first: DrawnTable, second: DrawnTable) -> DrawnTable:
    """Rows of both; a column which one of them does not draw keeps its ordinary value there (marked by `...`)."""
    columns = tuple(dict.fromkeys((*first.columns, *second.columns)))
    rows = [
        tuple(dict(zip(table.columns, row, strict=True)).get(column, ORDINARY) for column in columns)
        for table in (first, second)
        for row in table.rows
    ]
    return DrawnTable(columns, tuple(rows))


ORDINARY = "..."


def _column(table: Table, word: str) -> str | None:
    names = {column.name for column in table.columns} | set(CLOCK if table.clocked else ())
    return next((name for name in (word, f"{word}_id") if name in names), None)


def _repeated(line: str) -> list[str]:
    found = list(dict.fromkeys(BRACES.findall(line)))
    if not found:
        return [line]
    ranges = [range(int(low), int(high) + 1) for low, high in found]
    lines = []
    for numbers in itertools.product(*ranges):
        written = line
        for (low, high), number in zip(found, numbers, strict=True):
            width = len(low) if low.startswith("0") else 0
            written = written.replace(f"{{{low}..{high}}}", str(number).zfill(width))
        lines.append(written)
    return lines
