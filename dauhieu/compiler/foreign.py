"""A SELECT written for another contract, put into the names of this one; its layout and notes stay.

Only names change, at the places where they stand in the text. A step inside keeps the names of its own columns, so
what reads it need not change; so does a view. The result of a sign takes the new names: they tell the kinds of ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from dauhieu.catalogue.sign import OPTIONAL_OUTPUT, REQUIRED_OUTPUT
from dauhieu.compiler.columns import columns, owner
from dauhieu.compiler.parse import one_select, parse
from dauhieu.compiler.relations import relations
from dauhieu.compiler.schema import Schema
from dauhieu.compiler.work import Work
from dauhieu.errors import SignError
from dauhieu.law.law import Law

FIXED = (*REQUIRED_OUTPUT, *OPTIONAL_OUTPUT)


@dataclass(frozen=True, slots=True)
class Renamed:
    """What a foreign table and its columns are called here; a column which is not named keeps its name."""

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Translated:
    """The text with the names of here, and the columns of its result which have another name now."""

    sql: str
    results: Mapping[str, str]


def translate(
    sql: str, names: Mapping[str, Renamed], *, schema: Schema, law: Law, path: Path, line: int, view: bool = False
) -> Translated:
    """`schema` is what the SELECT was written for; a SignError carries all faults of its names."""
    work = Work(sql, schema, law, date.min, {}, path, line, "duckdb")
    tables: list[exp.Table] = []
    for stage in ((one_select,), (parse,), (relations, columns)):
        for one in stage:
            one(work)
        if work.faults:
            raise SignError(faults=sorted(work.faults, key=lambda fault: fault.line))
        if stage == (parse,):
            # `relations` gives `history.t` a name of its own, which stands nowhere in the text.
            tables = [table.copy() for table in work.tree.find_all(exp.Table) if _read_by_name(table, work)]
    rewriting = _Rewriting(work, names)
    rewriting.name_tables(tables)
    if not view:
        rewriting.name_results()
    rewriting.name_columns()
    return Translated(rewriting.text(), rewriting.results)


def _read_by_name(table: exp.Table, work: Work) -> bool:
    steps = {step.alias for step in work.tree.find_all(exp.CTE)}
    return isinstance(table.this, exp.Identifier) and (
        table.db == "history" or (not table.db and table.name not in steps)
    )


@dataclass
class _Rewriting:
    """Places of the text -> what stands there instead."""

    work: Work
    names: Mapping[str, Renamed]
    places: dict[tuple[int, int], str] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        text = self.work.text
        for (start, end), new in sorted(self.places.items(), reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def name_tables(self, tables: list[exp.Table]) -> None:
        for table in tables:
            renamed = self.names.get(table.name)
            if renamed:
                # Columns go on naming the table by its old name where it has no other.
                alias = "" if table.alias else f" AS {table.name}"
                self._put(table.this, renamed.table + alias)

    def name_columns(self) -> None:
        outermost = _parts(self.work.tree)
        for scope in traverse_scope(self.work.tree):
            for join in scope.expression.args.get("joins") or ():
                self._using(join, scope)
            for column in scope.columns:
                new = self._new_name(scope, column)
                if new is None:
                    if not column.table and scope.expression in outermost and column.name in self.results:
                        self._put(column.this, self.results[column.name])
                    continue
                shown = (
                    column.name if isinstance(column.parent, exp.Select) and column.arg_key == "expressions" else new
                )
                if scope.expression in outermost and column.parent is scope.expression:
                    shown = self.results.get(column.name, column.name)
                self._put(column.this, new if shown == new else f"{new} AS {shown}")

    def name_results(self) -> None:
        """Results which bear the name of a renamed column take its new one, wherever they come from."""
        meant: dict[str, set[str]] = {}
        for renamed in self.names.values():
            for old, new in renamed.columns.items():
                meant.setdefault(old, set()).add(new)
        settled = {old: next(iter(new)) for old, new in meant.items() if len(new) == 1 and old not in FIXED}
        for part in _parts(self.work.tree):
            for shown in part.selects:
                name = shown.alias_or_name
                if name not in settled or settled[name] == name:
                    continue
                self.results[name] = settled[name]
                if isinstance(shown, exp.Alias):
                    self._put(shown.args["alias"], settled[name])
                elif isinstance(shown, exp.Column):
                    # One of a step inside, which keeps its name there; that of a table is put right below.
                    self._put(shown.this, f"{name} AS {settled[name]}")

    def _new_name(self, scope: Scope, column: exp.Column) -> str | None:
        source = owner(scope, column) if column.table else None
        if not isinstance(source, exp.Table):
            return None
        renamed = self.names.get(source.name.removeprefix("history__"))
        return renamed.columns.get(column.name) if renamed else None

    def _using(self, join: exp.Expr, scope: Scope) -> None:
        renamed = {name for one in self.names.values() for name in one.columns}
        for identifier in join.args.get("using") or ():
            if identifier.name in renamed:
                self.work.fault(scope.expression, f"'{identifier.name}' has another name here. Write ON, not USING.")
        if self.work.faults:
            raise SignError(faults=self.work.faults)

    def _put(self, identifier: exp.Expr, new: str) -> None:
        start, end = identifier.meta.get("start"), identifier.meta.get("end")
        here = "" if start is None or end is None else self.work.text[start : end + 1]
        if start is None or end is None or here.strip('"').lower() != identifier.name.lower():
            self.work.fault(
                identifier, f"The place of '{identifier.name}' cannot be told. Write it out with its table."
            )
            raise SignError(faults=self.work.faults)
        self.places[start, end + 1] = new


def _parts(tree: exp.Expr) -> list[exp.Select]:
    """The SELECTs whose columns are the result."""
    if isinstance(tree, exp.SetOperation):
        return [*_parts(tree.left), *_parts(tree.right)]
    inner = tree.unnest() if isinstance(tree, exp.Subquery) else tree
    return [inner] if isinstance(inner, exp.Select) else _parts(inner) if isinstance(inner, exp.SetOperation) else []
