"""Mapping files: any layout of a sender -> one table of the contract.

A contract column takes a column of the sender (with a value map or a date format), a fixed value, or an SQL
expression over the sender's columns. Expressions run in an engine which sees no file and no other table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from dauhieu.deliveries.columns import doors
from dauhieu.deliveries.source import DOCUMENT, ROW_NO, ReadOptions, SourceRows
from dauhieu.engines.base import Engine
from dauhieu.errors import DeliveryError, EngineError, Fault
from dauhieu.warehouse.contract import Contract, Table
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

WORDS = ("table", "sheet", "header_row", "encoding", "decimal", "date_format", "key", "columns")
COLUMN_WORDS = ("from", "sql", "value", "values", "date_format")
_SIGNS = {"dd": "%d", "mm": "%m", "yyyy": "%Y", "yy": "%y", "HH": "%H", "MI": "%M", "SS": "%S"}

# An expression is scalar and says the same on every day: no query inside, nothing that reads the engine or the clock.
_REFUSED = frozenset(
    "select from with values union table pivot unpivot copy attach install load pragma set over unnest unlist "
    "random setseed uuid gen_random_uuid uuidv4 uuidv7 now today current_date current_time current_timestamp "
    "localtime localtimestamp get_current_time get_current_timestamp transaction_timestamp nextval currval getenv "
    "getvariable current_setting current_user current_database current_schema version exists columns query "
    "query_table read_text read_blob glob".split()
)
_TOKENS = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--|/\*|;|\$\$|\$\w*\$|[A-Za-z_]\w*|\d+(?:\.\d+)?|\s+|.", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where one contract column comes from: its SQL over the sender's columns, and the sender's column if it is one."""

    sql: str
    source: str | None


@dataclass(frozen=True, slots=True)
class LayoutMap:
    """A mapping file, checked."""

    path: Path
    table: str
    columns: Mapping[str, ColumnMap]
    sheet: str | None = None
    header_row: int = 1
    encoding: str | None = None
    decimal: str | None = None
    lines: Mapping[str, int] = field(default_factory=dict)

    def options(self, how: ReadOptions) -> ReadOptions:
        """How the sender's files are to be read; what the loader names itself comes first."""
        return replace(
            how,
            table=self.table,
            encoding=how.encoding or self.encoding,
            decimal=how.decimal or self.decimal,
            sheet=self.sheet,
            header_row=self.header_row,
        )

    def apply(self, source: SourceRows, engine: Engine) -> SourceRows:
        """The rows of the file as rows of the table."""
        names = {door: column.source for door, column in self.columns.items() if column.source}
        return SourceRows(self.table, source.file, source.place, self._mapped(source, engine), names)

    def _mapped(self, source: SourceRows, engine: Engine) -> Iterator[pa.RecordBatch]:
        checked: pa.Schema | None = None
        for batch in source.batches:
            if batch.schema != checked:
                engine.register("batch", pa.Table.from_batches([batch]))
                self._check(batch.schema, engine, source.file)
                checked = batch.schema
            yield from self.mapped(batch, engine).to_batches()

    def mapped(self, batch: pa.RecordBatch, engine: Engine) -> pa.Table:
        """One batch of the sender's columns as the contract's."""
        engine.register("batch", pa.Table.from_batches([batch]))
        made = ", ".join(f"{column.sql} AS {_name(door)}" for door, column in self.columns.items())
        try:
            return engine.table(f"SELECT {made}, {ROW_NO}, {DOCUMENT} FROM batch")
        except EngineError as fault:
            raise DeliveryError(
                "An expression fails on a value of the file. Use TRY_CAST or a CASE where values may not fit.",
                path=self.path,
            ) from fault

    def _check(self, schema: pa.Schema, engine: Engine, file: Path) -> None:
        """Every column and expression against the file's own columns, all faults at once."""
        faults = []
        for door, column in self.columns.items():
            line = self.lines.get(door, 1)
            if column.source and column.source not in schema.names:
                hint = suggestion(column.source, schema.names)
                text = f"File {file.name} has no column '{column.source}'.{hint}"
                faults.append(Fault(self.path, line, text))
                continue
            try:
                engine.columns(f"SELECT {column.sql} AS found, {ROW_NO} FROM batch")
            except EngineError as fault:
                first = str(fault).splitlines()[0]
                faults.append(Fault(self.path, line, f"The expression of '{door}' cannot be evaluated: {first}"))
        if faults:
            raise DeliveryError(faults=faults)


def read_mapping(path: Path, contract: Contract) -> LayoutMap:
    """Read and check a mapping file; every fault with its line."""
    file = read_yaml(path, DeliveryError)
    if not isinstance(file.data, dict) or not isinstance(file.data.get("columns"), dict) or "table" not in file.data:
        raise DeliveryError("A mapping file needs 'table' and 'columns'.", path=path, line=1)
    faults = [
        file.fault(f"Unknown word '{word}'.{suggestion(str(word), WORDS)}", word)
        for word in file.data
        if word not in WORDS
    ]
    name = str(file.data["table"])
    if name not in contract.tables:
        faults.append(file.fault(f"There is no table '{name}'.{suggestion(name, contract.tables)}", "table"))
        raise DeliveryError(faults=faults)
    table = contract.table(name)
    columns = _columns(file, table, faults)
    header_row = file.data.get("header_row", 1)
    if not isinstance(header_row, int) or header_row < 1:
        faults.append(file.fault("'header_row' is the number of a row, from 1.", "header_row"))
    if file.data.get("decimal") not in (None, "comma", "point"):
        faults.append(file.fault("'decimal' is 'comma' or 'point'.", "decimal"))
    if faults:
        raise DeliveryError(faults=faults)
    lines = {door: file.line("columns", door) for door in columns}
    words = {word: file.data.get(word) for word in ("sheet", "encoding", "decimal")}
    return LayoutMap(path, name, columns, header_row=header_row, lines=lines, **words)


def _columns(file: YamlFile, table: Table, faults: list[Fault]) -> dict[str, ColumnMap]:
    known = doors(table)
    columns: dict[str, ColumnMap] = {}
    for door, body in file.data["columns"].items():
        if door not in known:
            faults.append(
                file.fault(
                    f"Table '{table.name}' has no column '{door}'.{suggestion(str(door), known)}", "columns", door
                )
            )
            continue
        made = _column(file, door, body if isinstance(body, dict) else {"from": body}, faults)
        if made:
            columns[door] = made
    key = file.data.get("key")
    if key:
        columns |= _key(file, table, key, columns, faults)
    return columns


def _column(file: YamlFile, door: str, body: dict[str, Any], faults: list[Fault]) -> ColumnMap | None:
    for word in body:
        if word not in COLUMN_WORDS:
            hint = suggestion(str(word), COLUMN_WORDS)
            faults.append(file.fault(f"Unknown word '{word}' in a column.{hint}", "columns", door, word))
    given = [word for word in ("from", "sql", "value") if word in body]
    if len(given) != 1:
        faults.append(file.fault(f"Column '{door}' needs one of 'from', 'sql' and 'value'.", "columns", door))
        return None
    source = str(body["from"]) if given == ["from"] else None
    if source is not None:
        sql = _name(source)
    elif given == ["value"]:
        sql = _text(body["value"])
    else:
        refused = refusal(str(body["sql"]))
        if refused:
            faults.append(file.fault(refused, "columns", door, "sql"))
            return None
        sql = f"({body['sql']})"
    form = body.get("date_format") or (file.data.get("date_format") if door.endswith(_DATED) and source else None)
    if form:
        sql = _dated(sql, str(form))
    if isinstance(body.get("values"), dict):
        cases = " ".join(f"WHEN {_text(old)} THEN {_text(new)}" for old, new in body["values"].items())
        sql = f"CASE trim(CAST({sql} AS VARCHAR)) {cases} ELSE CAST({sql} AS VARCHAR) END"
    return ColumnMap(sql, source)


_DATED = ("_on", "_at", "_date", "_from", "_to", "_month", "month", "day", "date", "from", "to", "date_of_birth")


def _key(
    file: YamlFile, table: Table, key: object, columns: Mapping[str, ColumnMap], faults: list[Fault]
) -> dict[str, ColumnMap]:
    """`key`: the sender's columns which together make the code of the table's own id, where it has none."""
    own = table.column(table.key[0])
    if not isinstance(key, list) or own.kind is None or own.delivered_as in columns:
        faults.append(
            file.fault(
                f"'key' is a list of the sender's columns which make the code of '{table.key[0]}'; that column must be "
                "an id and not be mapped itself.",
                "key",
            )
        )
        return {}
    parts = " || '/' || ".join(f"nullif(trim(CAST({_name(str(part))} AS VARCHAR)), '')" for part in key)
    return {own.delivered_as: ColumnMap(parts, None)}


def refusal(expression: str) -> str:
    """Why an expression is not evaluated, or ''. Quoted text and quoted names are left alone."""
    for token in _TOKENS.findall(expression):
        if token in (";", "--", "/*") or token.startswith("$"):
            return f"An expression cannot hold '{token}'. Write one value, made of the sender's columns."
        if token.lower() in _REFUSED:
            return f"An expression cannot use '{token}': only values made of the sender's columns of the same row."
    return ""


def _dated(sql: str, form: str) -> str:
    """A date of the named form as year-month-day; anything else stays for the checks to judge."""
    pattern = re.sub("yyyy|yy|dd|mm|HH|MI|SS", lambda found: _SIGNS[found[0]], form)
    told = f"try_strptime(trim(CAST({sql} AS VARCHAR)), {_text(pattern)})"
    return f"coalesce(strftime({told}, '%Y-%m-%d %H:%M:%S'), CAST({sql} AS VARCHAR))"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
