"""A mapping file: what the tables and columns of a pack are called here.

    tables:
      giay_nghi_om:
        table: sickness_certificate
        columns: {ma_nguoi: person_id, ngay_cap: issued_at}

What it does not name has the same name here. It changes names alone: words in the data stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dauhieu.catalogue.view import read_view
from dauhieu.catalogue.writing import yaml_text
from dauhieu.compiler.foreign import Renamed, Translated, translate
from dauhieu.compiler.schema import Schema
from dauhieu.errors import Fault, PackError
from dauhieu.law.law import Law
from dauhieu.packs.manifest import Manifest
from dauhieu.warehouse.contract import Contract
from dauhieu.yamlfile import read_yaml, suggestion

WORDS = ("table", "columns")
NAMED = re.compile(r"\{(\w+)(?=[:}])")
EXAMPLE_WORDS = ("example", "as_of", "known_at", "finds")


@dataclass(frozen=True)
class TableNames:
    """Foreign table -> what it and its columns are called here."""

    names: Mapping[str, Renamed]

    def table(self, name: str) -> str:
        return self.names[name].table if name in self.names else name

    def column(self, table: str, name: str) -> str:
        return self.names[table].columns.get(name, name) if table in self.names else name


def read_mapping(path: Path, contract: Contract) -> TableNames:
    """Read and check a mapping file; all its faults at once."""
    file = read_yaml(path, PackError)
    body = file.data.get("tables") if isinstance(file.data, dict) and set(file.data) == {"tables"} else None
    if not isinstance(body, dict) or not body:
        raise PackError("A mapping file has one word 'tables', a mapping of tables of the pack.", path=path, line=1)
    faults: list[Fault] = []
    names: dict[str, Renamed] = {}
    for name, words in body.items():
        key = ("tables", name)
        words = words if isinstance(words, dict) else {}
        columns = words.get("columns") or {}
        if set(words) - set(WORDS) or not isinstance(columns, dict) or "table" not in words:
            faults.append(file.fault(f"'{name}' is a mapping of 'table' and 'columns'.", *key))
            continue
        table = str(words["table"])
        if table not in contract.tables:
            faults.append(
                file.fault(f"There is no table '{table}'.{suggestion(table, contract.tables)}", *key, "table")
            )
            continue
        known = contract.tables[table].sql_columns()
        for old, new in columns.items():
            if new not in known:
                message = f"Column '{new}' is not in table '{table}'.{suggestion(str(new), known)}"
                faults.append(file.fault(message, *key, "columns", old))
        names[str(name)] = Renamed(table, {str(old): str(new) for old, new in columns.items()})
    if faults:
        raise PackError(faults=faults)
    return TableNames(names)


@dataclass(frozen=True)
class Translation:
    """Puts the files of a pack, written out below `folder`, into the names of here."""

    manifest: Manifest
    mapping: TableNames
    law: Law
    kinds: Iterable[str]

    def files(self, folder: Path) -> None:
        for path in sorted(folder.glob("views/*.sql")):
            view = read_view(path)
            head = path.read_text(encoding="utf-8").splitlines(keepends=True)[: view.line - 1]
            path.write_text("".join(head) + self._select(view.sql, path, view.line, view=True).sql, encoding="utf-8")
        for path in sorted(folder.glob("signs/*/*.yaml")):
            if path.name.endswith(".examples.yaml"):
                continue
            results = self._sign(path)
            examples = path.with_name(path.stem + ".examples.yaml")
            if examples.exists():
                self._examples(examples, results)

    def _select(self, sql: str, path: Path, line: int, *, view: bool = False) -> Translated:
        schema = Schema(self.manifest.reads, {}, frozenset(self.kinds))
        return translate(sql, self.mapping.names, schema=schema, law=self.law, path=path, line=line, view=view)

    def _sign(self, path: Path) -> dict[str, str]:
        """Returns the facts which have another name now."""
        file = read_yaml(path, PackError)
        body, results = file.data, {}
        if "sql" in body:
            found = self._select(body["sql"], path, file.line("sql") + 1)
            body["sql"], results = found.sql, dict(found.results)
            body["evidence"] = self._select(body["evidence"], path, file.line("evidence") + 1).sql
            results |= {_code(old): _code(new) for old, new in results.items()}
            needs = body.get("needs") or {}
            if "required" in needs:
                needs["required"] = {self.mapping.table(name): age for name, age in needs["required"].items()}
            if "helpful" in needs:
                needs["helpful"] = [self.mapping.table(name) for name in needs["helpful"]]
            for language, text in body["explain"].items():
                body["explain"][language] = NAMED.sub(lambda at: "{" + results.get(at[1], at[1]), text)
        path.write_text(yaml_text(body), encoding="utf-8")
        return results

    def _examples(self, path: Path, results: Mapping[str, str]) -> None:
        body = read_yaml(path, PackError).data
        labels = {**results} | {old.removesuffix("_id"): new.removesuffix("_id") for old, new in results.items()}
        if isinstance(body, dict):
            body = {**body, "given": self._tables(body.get("given") or {})}
        for example in body["examples"] if isinstance(body, dict) else body:
            drawn = {name: text for name, text in example.items() if name not in EXAMPLE_WORDS}
            for name in drawn:
                del example[name]
            example |= self._tables(drawn)
            example["finds"] = [
                {labels.get(name, name): value for name, value in one.items()} for one in example["finds"]
            ]
        path.write_text(yaml_text(body), encoding="utf-8")

    def _tables(self, drawn: Mapping[str, Any]) -> dict[str, str]:
        return {self.mapping.table(name): self._header(name, str(text)) for name, text in drawn.items()}

    def _header(self, table: str, text: str) -> str:
        """Columns are drawn by their names or, of ids, without `_id`."""
        head, _, rows = text.partition("\n")
        words = (cell.strip() for cell in head.split("|"))
        names = []
        for word in words:
            new = self.mapping.column(table, word)
            names.append(new if new != word else self.mapping.column(table, f"{word}_id").removesuffix("_id"))
        return f"{' | '.join(names)}\n{rows}"


def _code(name: str) -> str:
    return name.removesuffix("_id") + "_code" if name.endswith("_id") else name
