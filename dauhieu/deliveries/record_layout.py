"""The layout of a set of XML records as data: which record holds which fields, and how fields become table rows.

`layouts/claims_xml.yaml` is read into plain functions once, because a large file asks for a value a billion times.
A field of a later form is a name added there; nothing here knows a name of the exchange format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dauhieu.deliveries.record_values import CHANGES, person_code
from dauhieu.errors import DeliveryError
from dauhieu.yamlfile import YamlFile, read_yaml, suggestion

LAYOUTS = Path(__file__).parent / "layouts"

# The fields of a record which are there, and with them the `$words` of its document.
Record = Mapping[str, str]
Take = Callable[[Record], str | None]


@dataclass(frozen=True, slots=True)
class RowLayout:
    """One table's row out of one record; `once` a row for all records of the kind together."""

    table: str
    columns: tuple[str, ...]
    # Of each column the field which is handed on as it is, or a function; most are fields, and those are fast.
    fields: tuple[str, ...]
    takes: tuple[tuple[int, Take], ...]
    once: bool

    def row(self, record: Record) -> list[str | None]:
        values = list(map(record.get, self.fields))
        for place, take in self.takes:
            values[place] = take(record)
        return values


@dataclass(frozen=True, slots=True)
class RecordLayout:
    """One kind of record: the root names seen, its fields over all versions, the rows it makes.

    `document` are fields which make a key where no visit does; `coded` the codes known of fields which have others.
    """

    name: str
    roots: frozenset[str]
    fields: frozenset[str]
    document: tuple[str, ...]
    rows: tuple[RowLayout, ...]
    coded: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Sum:
    """A total of one record which should equal parts: fields of records, by kind."""

    record: str
    total: Take
    column: str
    parts: tuple[tuple[str, Take], ...]


@dataclass(frozen=True, slots=True)
class RecordSet:
    """All kinds of records, where each root name belongs, and what holds for a document as a whole.

    `words` are values every row of a document may use; they are asked of the `head` record where there is one.
    `order` are pairs of fields of one record of which the second may not lie before the first,
    `needed` the names of fields a record may be stored without, but should have.
    """

    records: Mapping[str, RecordLayout]
    by_root: Mapping[str, RecordLayout]
    head: str
    words: Mapping[str, Take]
    key: tuple[str, ...]
    sums: tuple[Sum, ...]
    order: tuple[tuple[str, str, str], ...]
    needed: tuple[tuple[str, tuple[str, ...]], ...]


def _first(names: Sequence[str]) -> Take:
    """The first of these fields, or `$words` of the document, which is there."""
    if len(names) == 1:
        name = names[0]
        return lambda record: record.get(name)

    def take(record: Record) -> str | None:
        for name in names:
            found = record.get(name)
            if found:
                return found
        return None

    return take


def _changed(names: Sequence[str], change: Callable[[str], str | None]) -> Take:
    first = _first(names)

    def take(record: Record) -> str | None:
        found = first(record)
        return change(found) if found else None

    return take


def _joined(names: Sequence[str]) -> Take:
    """Parts with a stroke between; nothing if no field of the record itself is there."""
    own = [name for name in names if name[0] not in "$="]

    def take(record: Record) -> str | None:
        if own and not any(name in record for name in own):
            return None
        parts = [name[1:] if name[0] == "=" else record.get(name) for name in names]
        return "/".join(part for part in parts if part)

    return take


def _take(rule: Any) -> tuple[Take, list[str]] | None:
    """The function of one rule and the names it reads; None for a rule of no known form."""
    match rule:
        case str():
            return _first([rule]), [rule]
        case {"const": value}:
            return (lambda record: value), []
        case {"person": names}:
            return _changed(names, person_code), names
        case {"join": names}:
            return _joined(names), [name for name in names if name[0] != "="]
        case {"from": names, "values": values}:
            words, other = _texts(values), rule.get("else")
            return _changed(_list(names), lambda text: words.get(text, other or text)), _list(names)
        case {"from": names, "as": kind} if kind in CHANGES:
            return _changed(_list(names), CHANGES[kind]), _list(names)
        case {"from": names} if len(rule) == 1:
            return _first(_list(names)), _list(names)
    return None


def _texts(values: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): word for code, word in values.items()}


def _list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


RECORD_WORDS = frozenset("roots document rows unused".split())


def read_layout(path: Path) -> RecordSet:
    """Read and check a layout file; every fault is in the error."""
    file = read_yaml(path, DeliveryError)
    faults = []
    records: dict[str, RecordLayout] = {}
    for name, body in file.data["records"].items():
        for word in body.keys() - RECORD_WORDS:
            faults.append(file.fault(f"Unknown word '{word}'.{suggestion(word, RECORD_WORDS)}", "records", name, word))
        fields = {*body.get("unused", ()), *body.get("document", ())}
        rows = []
        coded: dict[str, frozenset[str]] = {}
        for table, columns in body.get("rows", {}).items():
            takes: list[tuple[int, Take]] = []
            plain: list[str] = []
            once = bool(columns.get("once"))
            rules = {column: rule for column, rule in columns.items() if column != "once"}
            for place, (column, rule) in enumerate(rules.items()):
                taken = _take(rule)
                if taken is None:
                    key = ("records", name, "rows", table, column)
                    faults.append(file.fault(f"The rule of '{column}' has no known form.", *key))
                    continue
                plain.append(rule if isinstance(rule, str) else "")
                if not isinstance(rule, str):
                    takes.append((place, taken[0]))
                fields |= {field for field in taken[1] if field[0] != "$"}
                if isinstance(rule, dict) and "else" in rule:
                    coded |= {field: frozenset(_texts(rule["values"])) for field in _list(rule["from"])}
            rows.append(RowLayout(table, tuple(rules), tuple(plain), tuple(takes), once))
        records[name] = RecordLayout(
            name,
            frozenset(body.get("roots", ())),
            frozenset(fields),
            tuple(body.get("document", ())),
            tuple(rows),
            coded,
        )
    faults += list(_shared_roots(file, records.values()))
    if faults:
        raise DeliveryError(faults=faults)
    whole = file.data["document"]
    return RecordSet(
        records,
        {root: record for record in records.values() for root in record.roots},
        whole["head"],
        {word: _rule(rule) for word, rule in whole["words"].items()},
        tuple(whole["key"]),
        tuple(_sum(body) for body in whole["sums"]),
        tuple((record, *pair) for record, pairs in whole["order"].items() for pair in pairs),
        tuple((record, tuple(names)) for record, fields in whole["needed"].items() for names in fields),
    )


def _sum(body: Mapping[str, Any]) -> Sum:
    parts = tuple((record, _rule({"from": names})) for record, lists in body["parts"].items() for names in lists)
    return Sum(body["record"], _rule({"from": body["total"]}), body["total"][0], parts)


def _rule(rule: Any) -> Take:
    taken = _take(rule)
    assert taken is not None, rule
    return taken[0]


def _shared_roots(file: YamlFile, records: Iterable[RecordLayout]) -> Iterable[Any]:
    seen: dict[str, str] = {}
    for record in records:
        for root in record.roots:
            if root in seen:
                yield file.fault(f"Root '{root}' belongs to '{seen[root]}' too.", "records", record.name)
            seen[root] = record.name


@cache
def claims_layout() -> RecordSet:
    """The layout of the health claims exchange which this product ships."""
    return read_layout(LAYOUTS / "claims_xml.yaml")
