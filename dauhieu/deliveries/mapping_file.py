"""Reading a mapping file: every word, table, column and expression of it is checked, every fault told with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dauhieu.deliveries.columns import doors
from dauhieu.deliveries.mapping import ColumnMap, LayoutMap, Target, name_of
from dauhieu.errors import DeliveryError, Fault
from dauhieu.warehouse.contract import Contract, Table
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

READING_WORDS = ("sheet", "header_row", "encoding", "decimal", "date_format")
TARGET_WORDS = ("table", "where", "key", "columns")
WORDS = (*TARGET_WORDS, *READING_WORDS)
COLUMN_WORDS = ("from", "sql", "value", "values", "date_format")
_SIGNS = {"dd": "%d", "mm": "%m", "yyyy": "%Y", "yy": "%y", "HH": "%H", "MI": "%M", "SS": "%S"}
_DATED = ("_on", "_at", "_date", "_from", "_to", "_month", "month", "day", "date", "from", "to", "date_of_birth")

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


def read_mapping(path: Path, contract: Contract) -> LayoutMap:
    """Read and check a mapping file."""
    file = read_yaml(path, DeliveryError)
    if not isinstance(file.data, dict) or ("targets" in file.data) == ("table" in file.data):
        raise DeliveryError("A mapping file needs 'table' and 'columns', or a list of 'targets'.", path=path, line=1)
    faults: list[Fault] = []
    several = "targets" in file.data
    _check_words(file, file.data, ("targets", *READING_WORDS) if several else WORDS, (), faults)
    header_row = file.data.get("header_row", 1)
    if not isinstance(header_row, int) or header_row < 1:
        faults.append(file.fault("'header_row' is the number of a row, from 1.", "header_row"))
    if file.data.get("decimal") not in (None, "comma", "point"):
        faults.append(file.fault("'decimal' is 'comma' or 'point'.", "decimal"))
    bodies: list[tuple[Any, tuple[str | int, ...]]] = [(file.data, ())]
    if several:
        listed = file.data["targets"] if isinstance(file.data["targets"], list) else []
        bodies = [(body, ("targets", place)) for place, body in enumerate(listed)]
        if not bodies:
            faults.append(file.fault("'targets' is a list: one table with its columns each.", "targets"))
    targets = []
    for body, at in bodies:
        if at and isinstance(body, dict):
            _check_words(file, body, TARGET_WORDS, at, faults)
        target = _Reader(file, body, at, contract, faults).target()
        if target:
            targets.append(target)
    if faults:
        raise DeliveryError(faults=faults)
    words = {word: file.data.get(word) for word in ("sheet", "encoding", "decimal")}
    return LayoutMap(tuple(targets), header_row=header_row, **words)


def _check_words(
    file: YamlFile, body: Mapping[str, Any], known: tuple[str, ...], at: tuple[str | int, ...], faults: list[Fault]
) -> None:
    faults += [
        file.fault(f"Unknown word '{word}'.{suggestion(str(word), known)}", *at, word)
        for word in body
        if word not in known
    ]


@dataclass(frozen=True)
class _Reader:
    """Reads one target, the part of the file which stands at `at`; adds what is wrong to `faults`."""

    file: YamlFile
    body: Any
    at: tuple[str | int, ...]
    contract: Contract
    faults: list[Fault]

    def target(self) -> Target | None:
        body = self.body
        if not isinstance(body, dict) or not isinstance(body.get("columns"), dict) or "table" not in body:
            self._fault("A table of a mapping file needs 'table' and 'columns'.")
            return None
        name = str(body["table"])
        if name not in self.contract.tables:
            self._fault(f"There is no table '{name}'.{suggestion(name, self.contract.tables)}", "table")
            return None
        table = self.contract.table(name)
        columns = self._columns(table)
        where = None
        if "where" in body:
            where = self._expression(str(body["where"]), "where")
        return Target(self.file.path, name, columns, where)

    def _fault(self, message: str, *key: str | int) -> None:
        self.faults.append(self.file.fault(message, *self.at, *key))

    def _line(self, *key: str | int) -> int:
        return self.file.line(*self.at, *key)

    def _columns(self, table: Table) -> dict[str, ColumnMap]:
        known = doors(table)
        columns: dict[str, ColumnMap] = {}
        for door, body in self.body["columns"].items():
            if door not in known:
                hint = suggestion(str(door), known)
                self._fault(f"Table '{table.name}' has no column '{door}'.{hint}", "columns", door)
                continue
            made = self._column(door, body if isinstance(body, dict) else {"from": body})
            if made:
                columns[door] = made
        if self.body.get("key"):
            columns |= self._key(table, self.body["key"], columns)
        return columns

    def _column(self, door: str, body: dict[str, Any]) -> ColumnMap | None:
        for word in body:
            if word not in COLUMN_WORDS:
                hint = suggestion(str(word), COLUMN_WORDS)
                self._fault(f"Unknown word '{word}' in a column.{hint}", "columns", door, word)
        given = [word for word in ("from", "sql", "value") if word in body]
        if len(given) != 1:
            self._fault(f"Column '{door}' needs one of 'from', 'sql' and 'value'.", "columns", door)
            return None
        source = str(body["from"]) if given == ["from"] else None
        if source is not None:
            sql = name_of(source)
        elif given == ["value"]:
            sql = _text(body["value"])
        else:
            made = self._expression(str(body["sql"]), "columns", door, "sql")
            if made is None:
                return None
            sql = made.sql
        dated = self.file.data.get("date_format") if door.endswith(_DATED) and source else None
        form = body.get("date_format") or dated
        if form:
            sql = _dated(sql, str(form))
        if isinstance(body.get("values"), dict):
            cases = " ".join(f"WHEN {_text(old)} THEN {_text(new)}" for old, new in body["values"].items())
            sql = f"CASE trim(CAST({sql} AS VARCHAR)) {cases} ELSE CAST({sql} AS VARCHAR) END"
        return ColumnMap(sql, source, self._line("columns", door))

    def _expression(self, text: str, *key: str | int) -> ColumnMap | None:
        refused = refusal(text)
        if refused:
            self._fault(refused, *key)
            return None
        return ColumnMap(f"({text})", None, self._line(*key))

    def _key(self, table: Table, key: object, columns: Mapping[str, ColumnMap]) -> dict[str, ColumnMap]:
        """`key`: the sender's columns which together make the code of the table's own id, where it has none."""
        own = table.column(table.key[0])
        if not isinstance(key, list) or own.kind is None or own.delivered_as in columns:
            self._fault(
                f"'key' is a list of the sender's columns which make the code of '{table.key[0]}'; that column must be "
                "an id and not be mapped itself.",
                "key",
            )
            return {}
        parts = " || '/' || ".join(f"nullif(trim(CAST({name_of(str(part))} AS VARCHAR)), '')" for part in key)
        return {own.delivered_as: ColumnMap(parts, None, self._line("key"))}


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


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
