"""The data contract: tables, columns and kinds of ids, read from `tables/*.yaml` and `kinds.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from dauhieu.errors import ContractError, Fault
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

TABLES_FOLDER = Path(__file__).parent / "tables"
KINDS_FILE = Path(__file__).parent / "kinds.yaml"

# Type of the contract -> SQL type which both engines share. Money is whole đồng; `amount` keeps the three decimals
# of the claims format (real prices are 589.999); `degree` (of latitude) is the only float.
SQL_TYPES: Mapping[str, str] = {
    "id": "BIGINT",
    "text": "VARCHAR",
    "bool": "BOOLEAN",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "money": "BIGINT",
    "amount": "DECIMAL(18,3)",
    "degree": "DOUBLE",
    "date": "DATE",
    "month": "DATE",
    "timestamp": "TIMESTAMP",
    "instant": "TIMESTAMP",
    "time": "TIME",
}
PERSONAL = ("none", "identity", "contact", "health", "money")

# The knowledge clock and the origin of every row; UTC instants.
SYSTEM_COLUMNS: Mapping[str, str] = {
    "recorded_at": "TIMESTAMP",
    "superseded_at": "TIMESTAMP",
    "loaded_at": "TIMESTAMP",
    "delivery_no": "BIGINT",
}


@dataclass(frozen=True, slots=True)
class Text:
    """One meaning in both languages."""

    vi: str
    en: str

    def told(self) -> str:
        """Both on one line; what is the same in both once."""
        return self.vi if self.vi == self.en else f"{self.vi} / {self.en}"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing with ids of its own; `table` is where its own row stands, if it has one."""

    name: str
    meaning: Text
    personal: bool
    table: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `kind` is set for ids, `code_from` names delivered columns which together make the code.

    `taken_from` is the column of the head (see `Table.head`) whose value stands here; a line delivered together with
    its head may leave it out. `ordinary` is the value an example takes when it does not name the column.
    """

    name: str
    type: str
    meaning: Text
    kind: str | None = None
    code_from: tuple[str, ...] = ()
    null: bool = False
    values: tuple[str, ...] = ()
    personal: str = "none"
    ordinary: Any = None
    taken_from: str | None = None

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]

    @property
    def delivered_as(self) -> str:
        """The name at the door: `x_id` comes as `x_code`."""
        return self.name.removesuffix("_id") + "_code" if self.type == "id" else self.name


@dataclass(frozen=True, slots=True)
class Split:
    """A delivered list column (`;` separated) whose parts become rows of a child table, place by place."""

    table: str
    columns: Mapping[str, str]
    place: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `happens` is the column which dates its rows for a scan; `left_out` rows no sign sees.

    `head` is the table whose row, with the same `document` columns, these rows belong to: rows of a head which is left
    out no sign sees either.
    """

    name: str
    area: str
    meaning: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    partition: str | None = None
    sort: tuple[str, ...] = ()
    happens: str | None = None
    document: tuple[str, ...] = ()
    left_out: Mapping[str, tuple[str, ...]] | None = None
    splits: tuple[Split, ...] = ()
    written_by: str = "delivery"
    head: str | None = None

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise ContractError(
            f"Column '{name}' is not in table '{self.name}'.{suggestion(name, [c.name for c in self.columns])}"
        )

    @property
    def clocked(self) -> bool:
        """Delivered tables carry the knowledge clock; those the product writes itself do not."""
        return self.written_by == "delivery"

    def sql_columns(self) -> dict[str, str]:
        """Every stored column -> SQL type, in order."""
        own = {column.name: column.sql_type for column in self.columns}
        return own | dict(SYSTEM_COLUMNS) if self.clocked else own


@dataclass(frozen=True)
class Contract:
    """All tables and kinds."""

    tables: Mapping[str, Table]
    kinds: Mapping[str, Kind]

    def table(self, name: str) -> Table:
        if name not in self.tables:
            raise ContractError(f"There is no table '{name}'.{suggestion(name, self.tables)}")
        return self.tables[name]

    def kind_of(self, column: str) -> str | None:
        """The kind which a column's name tells, anywhere: `employer_id` and `former_employer_id` are employers,
        `claim_id` is what every table with a column of that name means by it."""
        if not column.endswith("_id"):
            return None
        stem = column.removesuffix("_id")
        fitting = [kind for kind in self.kinds if stem == kind or stem.endswith(f"_{kind}")]
        return max(fitting, key=len) if fitting else self._column_kinds.get(column)

    @cached_property
    def _column_kinds(self) -> Mapping[str, str]:
        """Names of id columns which mean one kind wherever they stand."""
        found: dict[str, set[str]] = {}
        for table in self.tables.values():
            for column in table.columns:
                if column.kind:
                    found.setdefault(column.name, set()).add(column.kind)
        return {name: next(iter(kinds)) for name, kinds in found.items() if len(kinds) == 1}

    @cached_property
    def identity_tables(self) -> frozenset[str]:
        return frozenset(name for name in self.tables if name.endswith("_identity"))


def read_contract(folder: Path = TABLES_FOLDER, kinds_file: Path = KINDS_FILE) -> Contract:
    """Read and check all files; every fault of every file is in the error."""
    faults: list[Fault] = []
    kinds_source = read_yaml(kinds_file, ContractError)
    kinds = _kinds(kinds_source, faults)
    tables: dict[str, Table] = {}
    sources: dict[str, YamlFile] = {}
    for path in sorted(folder.glob("*.yaml")):
        file = read_yaml(path, ContractError)
        for name in file.data:
            if name in tables:
                faults.append(file.fault(f"Table '{name}' stands in two files. Keep one.", name))
            elif _has_shape(file, name, faults):
                tables[name] = _table(file, name, kinds, faults)
                sources[name] = file
    for name, kind in kinds.items():
        if kind.table and kind.table not in tables:
            message = f"Kind '{name}' names table '{kind.table}', which does not exist."
            faults.append(kinds_source.fault(message + suggestion(kind.table, tables), name, "table"))
    for name, table in tables.items():
        faults += _split_faults(sources[name], table, tables)
        faults += _head_faults(sources[name], table, tables)
    if faults:
        raise ContractError(faults=faults)
    return Contract(tables, kinds)


@cache
def contract() -> Contract:
    """The contract this product ships."""
    return read_contract()


def _kinds(file: YamlFile, faults: list[Fault]) -> dict[str, Kind]:
    return {
        name: Kind(name, _text(file, faults, name), bool(body.get("personal")), body.get("table"))
        for name, body in file.data.items()
    }


def _text(file: YamlFile, faults: list[Fault], *key: str) -> Text:
    body = file.data
    for part in key:
        body = body[part]
    for language in ("vi", "en"):
        if not body.get(language):
            faults.append(file.fault(f"'{'.'.join(key)}' has no text in '{language}'. Add it.", *key))
    return Text(str(body.get("vi", "")), str(body.get("en", "")))


TABLE_WORDS = frozenset("vi en key partition sort happens document head left_out split written_by columns".split())
COLUMN_WORDS = frozenset("vi en type id code_from taken_from optional values personal ordinary".split())
WRITERS = ("delivery", "law", "product")


def _has_shape(file: YamlFile, name: str, faults: list[Fault]) -> bool:
    body = file.data[name]
    if not isinstance(body, dict) or not isinstance(body.get("columns"), dict) or not isinstance(body.get("key"), list):
        faults.append(file.fault(f"Table '{name}' needs a list 'key' and a mapping 'columns'.", name))
        return False
    bad = [column for column, words in body["columns"].items() if not isinstance(words, dict)]
    faults += [file.fault(f"Column '{column}' needs a mapping of words.", name, "columns", column) for column in bad]
    return not bad


def _table(file: YamlFile, name: str, kinds: Mapping[str, Kind], faults: list[Fault]) -> Table:
    body = file.data[name]
    for word in body.keys() - TABLE_WORDS:
        faults.append(file.fault(f"Unknown word '{word}' in a table.{suggestion(word, TABLE_WORDS)}", name, word))
    table = Table(
        name=name,
        area=file.path.stem,
        meaning=_text(file, faults, name),
        columns=tuple(_column(file, name, column, kinds, faults) for column in body["columns"]),
        key=tuple(body["key"]),
        partition=body.get("partition"),
        sort=tuple(body.get("sort", body["key"])),
        happens=body.get("happens"),
        document=tuple(body.get("document", ())),
        left_out={column: tuple(values) for column, values in body.get("left_out", {}).items()} or None,
        splits=tuple(Split(split["table"], split["columns"], split["place"]) for split in body.get("split", [])),
        written_by=body.get("written_by", "delivery"),
        head=body.get("head"),
    )
    if table.written_by not in WRITERS:
        faults.append(file.fault(f"Unknown writer '{table.written_by}'. Use one of {WRITERS}.", name, "written_by"))
    faults += _name_faults(file, table)
    return table


def _name_faults(file: YamlFile, table: Table) -> Iterator[Fault]:
    """Columns which the table's own words name but do not exist, and ids without a kind."""
    named = {
        "key": table.key,
        "sort": table.sort,
        "partition": filter(None, [table.partition]),
        "happens": filter(None, [table.happens]),
        "document": table.document,
        "left_out": table.left_out or {},
    }
    names = {column.name for column in table.columns}
    for word, wanted in named.items():
        for name in wanted:
            if name not in names:
                message = f"'{word}' names '{name}', which is not a column of '{table.name}'."
                yield file.fault(message + suggestion(name, names), table.name, word)
    for column in table.columns:
        place = (table.name, "columns", column.name)
        if column.name.endswith("_id") and not column.kind and table.clocked:
            yield file.fault(f"The id column '{column.name}' has no kind. Write 'id: <kind>'.", *place)
        if column.personal == "identity" and not table.name.endswith("_identity"):
            yield file.fault(f"Identity column '{column.name}' must stand in a table named '…_identity'.", *place)
    for column_name, values in (table.left_out or {}).items():
        for value in values:
            if column_name in names and value not in table.column(column_name).values:
                yield file.fault(f"'left_out' names '{value}', which '{column_name}' never is.", table.name, "left_out")


def _column(file: YamlFile, table: str, name: str, kinds: Mapping[str, Kind], faults: list[Fault]) -> Column:
    key = (table, "columns", name)
    body = file.data[table]["columns"][name]
    for word in body.keys() - COLUMN_WORDS:
        faults.append(file.fault(f"Unknown word '{word}' in a column.{suggestion(word, COLUMN_WORDS)}", *key, word))
    kind = body.get("id")
    type_ = "id" if kind else body.get("type", "")
    values = tuple(str(value) for value in body.get("values", ()))
    if type_ not in SQL_TYPES:
        faults.append(file.fault(f"Unknown type '{type_}'.{suggestion(type_, SQL_TYPES)}", *key))
    if kind and kind not in kinds:
        faults.append(file.fault(f"Unknown kind '{kind}'.{suggestion(kind, kinds)}", *key))
    if kind and not name.endswith("_id"):
        faults.append(file.fault(f"The id column '{name}' must end in '_id'.", *key))
    if body.get("personal", "none") not in PERSONAL:
        faults.append(file.fault(f"Unknown class of personal data '{body['personal']}'. Use one of {PERSONAL}.", *key))
    ordinary = body.get("ordinary")
    if values and ordinary is not None and str(ordinary) not in values:
        faults.append(file.fault(f"The ordinary value '{ordinary}' is not among the values of '{name}'.", *key))
    return Column(
        name=name,
        type=type_,
        meaning=_text(file, faults, *key),
        kind=kind,
        code_from=tuple(body.get("code_from", ())),
        null=bool(body.get("optional")),
        values=values,
        personal=body.get("personal", "none"),
        ordinary=ordinary,
        taken_from=body.get("taken_from"),
    )


def _split_faults(file: YamlFile, table: Table, tables: Mapping[str, Table]) -> Iterator[Fault]:
    for split in table.splits:
        if split.table not in tables:
            yield file.fault(f"'{table.name}' splits into '{split.table}', which does not exist.", table.name, "split")
            continue
        known = {column.delivered_as for column in tables[split.table].columns}
        for column in sorted({*split.columns.values(), split.place} - known):
            message = f"'{table.name}' splits into '{split.table}.{column}', which does not exist."
            yield file.fault(message + suggestion(column, known), table.name, "split")


def _head_faults(file: YamlFile, table: Table, tables: Mapping[str, Table]) -> Iterator[Fault]:
    head = tables.get(table.head or "")
    if table.head and head is None:
        yield file.fault(f"'{table.name}' names the head '{table.head}', which does not exist.", table.name, "head")
        return
    known = {column.name for column in head.columns} if head else set()
    for column in table.columns:
        if column.taken_from and column.taken_from not in known:
            message = f"'{column.name}' is taken from '{column.taken_from}', which is not a column of its head."
            yield file.fault(message + suggestion(column.taken_from, known), table.name, "columns", column.name)
