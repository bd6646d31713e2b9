"""Every column exists and is meant without doubt; all faults at once, at their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from dauhieu.compiler.work import Work
from dauhieu.yamlfile import suggestion


def columns(work: Work) -> None:
    try:
        scopes = traverse_scope(work.tree)
    except SqlglotError as error:
        work.fault(1, f"The SQL cannot be understood: {error}")
        return
    for scope in scopes:
        for column in scope.columns:
            _check(work, scope, column)


def _check(work: Work, scope: Scope, column: exp.Column) -> None:
    name, table = column.name, column.table
    if column.args.get("db") or not isinstance(column.this, exp.Identifier):
        work.fault(column, f"Write '{column.sql()}' as table.column.")
        return
    if table:
        around = [source for outer in _outwards(scope) if (source := outer.sources.get(table)) is not None]
        if not around:
            names = {word for outer in _outwards(scope) for word in outer.sources}
            work.fault(column, f"'{table}' of '{table}.{name}' is not read here.{suggestion(table, names)}")
            return
        known = source_columns(work, around[0])
        if known is not None and name not in known:
            work.fault(column, f"Column '{name}' is not in '{_called(around[0], table)}'.{suggestion(name, known)}")
        return
    everything: list[str] = []
    for outer in _outwards(scope):
        holders = []
        for word, source in outer.sources.items():
            known = source_columns(work, source)
            if known is None:
                return
            everything += known
            if name in known:
                holders.append(word)
        if len(holders) > 1 and name not in _joined_using(outer):
            work.fault(column, f"'{name}' is in {' and '.join(sorted(holders))}. Write {holders[0]}.{name}.")
        if holders or name in _aliases(outer):
            return
    work.fault(column, f"There is no column '{name}' in what is read here.{suggestion(name, everything)}")


def _outwards(scope: Scope) -> Iterator[Scope]:
    """The scope and, for a subquery or a lateral, those around it. A WITH query sees nothing of those around."""
    current: Scope | None = scope
    while current is not None:
        yield current
        if current.is_cte:
            return
        current = current.parent


def source_columns(work: Work, source: exp.Expr | Scope) -> Sequence[str] | None:
    """The columns of a source; None if it is itself faulty."""
    if isinstance(source, exp.Table):
        if source.alias_column_names:
            return source.alias_column_names
        found = work.schema.columns(source.name) if isinstance(source.this, exp.Identifier) else None
        return list(found) if found is not None else None
    if not isinstance(source, Scope):
        return None
    if source.outer_columns:
        return source.outer_columns
    inner = source.expression
    if isinstance(inner, exp.Query):
        return inner.named_selects
    return inner.alias_column_names or None


def _called(source: exp.Expr | Scope, alias: str) -> str:
    return source.name.replace("__", ".") if isinstance(source, exp.Table) else alias


def _aliases(scope: Scope) -> Sequence[str]:
    return scope.expression.named_selects if isinstance(scope.expression, exp.Query) else ()


def _joined_using(scope: Scope) -> set[str]:
    joins = scope.expression.args.get("joins") or ()
    return {identifier.name for join in joins for identifier in join.args.get("using") or ()}


def outputs(work: Work) -> None:
    """Every column of the result has one name, and every part of a UNION the same number."""
    if not isinstance(work.tree, exp.Query):
        return
    names = work.tree.named_selects
    for place, node in enumerate(work.tree.selects, start=1):
        if not node.alias_or_name:
            work.fault(node, f"Column {place} of the result has no name. Write: … AS name.")
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        work.fault(work.tree, f"The result has two columns '{name}'. Rename one.")
