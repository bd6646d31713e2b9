"""The data contract: tables, columns and the kinds of things ids stand for, read from `tables/*.yaml` and `kinds.yaml`."""

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


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing with ids of its own; `table` is where its own row stands, if it has one."""

    name: str
    meaning: Text
    personal: bool
    table: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `kind` is set for ids, `code_from` names delivered columns which together make the code."""

    name: str
    type: str
    meaning: Text
    kind: str | None = None
    code_from: tuple[str, ...] = ()
    null: bool = False
    values: tuple[str, ...] = ()
    personal: str = "none"
    ordinary: Any = None

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
    """One table. `happens` is the column which dates its rows for a scan; `left_out` rows no sign sees."""

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

    @cached_property
    def identity_tables(self) -> frozenset[str]:
        return frozenset(name for name in self.tables if name.endswith("_identity"))


def read_contract(folder: Path = TABLES_FOLDER, kinds_file: Path = KINDS_FILE) -> Contract:
    """Read and check all files; every fault of every file is in the error."""
    faults: list[Fault] = []
    kinds = _kinds(read_yaml(kinds_file, ContractError), faults)
    tables: dict[str, Table] = {}
    for path in sorted(folder.glob("*.yaml")):
        file = read_yaml(path, ContractError)
        for name in file.data:
            if name in tables:
                faults.append(file.fault(f"Table '{name}' stands in two files. Keep one.", name))
            tables[name] = _table(file, name, kinds, faults)
    faults += list(_cross_faults(tables, kinds, kinds_file))
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


TABLE_WORDS = frozenset(
    "vi en key partition sort happens document left_out split written_by columns".split()
)
COLUMN_WORDS = frozenset("vi en type id code_from null values personal ordinary".split())


def _table(file: YamlFile, name: str, kinds: Mapping[str, Kind], faults: list[Fault]) -> Table:
    body = file.data[name]
    for word in body.keys() - TABLE_WORDS:
        faults.append(file.fault(f"Unknown word '{word}' in a table.{suggestion(word, TABLE_WORDS)}", name, word))
    columns = tuple(_column(file, name, column, kinds, faults) for column in body["columns"])
    names = {column.name for column in columns}
    sort = tuple(body.get("sort", body["key"]))
    named = [*body["key"], *sort, *filter(None, (body.get("partition"), body.get("happens")))]
    for column in [*named, *body.get("document", []), *body.get("left_out", {})]:
        if column not in names:
            faults.append(file.fault(f"Table '{name}' names '{column}', which is not one of its columns.", name))
    return Table(
        name=name,
        area=file.path.stem,
        meaning=_text(file, faults, name),
        columns=columns,
        key=tuple(body["key"]),
        partition=body.get("partition"),
        sort=sort,
        happens=body.get("happens"),
        document=tuple(body.get("document", ())),
        left_out={column: tuple(values) for column, values in body.get("left_out", {}).items()} or None,
        splits=tuple(
            Split(split["table"], split["columns"], split["place"]) for split in body.get("split", [])
        ),
        written_by=body.get("written_by", "delivery"),
    )


def _column(file: YamlFile, table: str, name: str, kinds: Mapping[str, Kind], faults: list[Fault]) -> Column:
    key = (table, "columns", name)
    body = file.data[table]["columns"][name]
    for word in body.keys() - COLUMN_WORDS:
        faults.append(file.fault(f"Unknown word '{word}' in a column.{suggestion(word, COLUMN_WORDS)}", *key, word))
    kind = body.get("id")
    type_ = "id" if kind else body.get("type", "")
    if type_ not in SQL_TYPES:
        faults.append(file.fault(f"Unknown type '{type_}'.{suggestion(type_, SQL_TYPES)}", *key))
    if kind and kind not in kinds:
        faults.append(file.fault(f"Unknown kind '{kind}'.{suggestion(kind, kinds)}", *key))
    if kind and not name.endswith("_id"):
        faults.append(file.fault(f"The id column '{name}' must end in '_id'.", *key))
    if body.get("personal", "none") not in PERSONAL:
        faults.append(file.fault(f"Unknown class of personal data '{body['personal']}'. Use one of {PERSONAL}.", *key))
    return Column(
        name=name,
        type=type_,
        meaning=_text(file, faults, *key),
        kind=kind,
        code_from=tuple(body.get("code_from", ())),
        null=bool(body.get("null")),
        values=tuple(str(value) for value in body.get("values", ())),
        personal=body.get("personal", "none"),
        ordinary=body.get("ordinary"),
    )


def _cross_faults(tables: Mapping[str, Table], kinds: Mapping[str, Kind], kinds_file: Path) -> Iterator[Fault]:
    for kind in kinds.values():
        if kind.table and kind.table not in tables:
            yield Fault(kinds_file, 0, f"Kind '{kind.name}' names table '{kind.table}', which does not exist.")
    for table in tables.values():
        for split in table.splits:
            child = tables.get(split.table)
            if child is None:
                yield Fault(None, 0, f"Table '{table.name}' splits into '{split.table}', which does not exist.")
                continue
            known = {column.delivered_as for column in child.columns}
            for column in {*split.columns.values(), split.place} - known:
                yield Fault(None, 0, f"Table '{table.name}' splits into '{split.table}.{column}', which does not exist.")
