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
        names = [name for name, _ in scope.references]
        for name in sorted({name for name in names if names.count(name) > 1}):
            work.fault(scope.expression, f"Two sources are called '{name}'. Give one of them another name with AS.")
        for column in scope.columns:
            _check(work, scope, column)
        _no_double_meaning(work, scope)


def _check(work: Work, scope: Scope, column: exp.Column) -> None:
    name, table = column.name, column.table
    if column.args.get("db") or not isinstance(column.this, exp.Identifier):
        work.fault(column, f"Write '{column.sql()}' as table.column.")
        return
    if table:
        source = owner(scope, column)
        if source is None:
            names = {word for outer in _outwards(scope) for word in _sources(outer)}
            work.fault(column, f"'{table}' of '{table}.{name}' is not read here.{suggestion(table, names)}")
            return
        known = source_columns(work, source)
        if known is not None and name not in known:
            work.fault(column, f"Column '{name}' is not in '{_called(source, table)}'.{suggestion(name, known)}")
        return
    if not _owner_found(work, scope, column):
        everything = [
            word
            for outer in _outwards(scope)
            for source in _sources(outer).values()
            for word in source_columns(work, source) or ()
        ]
        work.fault(column, f"There is no column '{name}' in what is read here.{suggestion(name, everything)}")


def owner(scope: Scope, column: exp.Column) -> exp.Expr | Scope | None:
    """The source which a column with a qualifier is of."""
    around = (_sources(outer).get(column.table) for outer in _outwards(scope))
    return next((source for source in around if source is not None), None)


def _owner_found(work: Work, scope: Scope, column: exp.Column) -> bool:
    """Give a bare column its source. A source goes before an alias of the same SELECT, as in the engine."""
    name = column.name
    for outer in _outwards(scope):
        holders = []
        for word, source in _sources(outer).items():
            known = source_columns(work, source)
            if known is None:
                return True  # the source itself is faulty, which is told elsewhere
            if name in known:
                holders.append(word)
        if len(holders) > 1 and name not in _joined_using(outer):
            work.fault(column, f"'{name}' is in {' and '.join(sorted(holders))}. Write {holders[0]}.{name}.")
        if len(holders) == 1:
            column.set("table", exp.to_identifier(holders[0]))
        if holders or _alias(outer, name) not in (None, column.find_ancestor(exp.Alias)):
            return True
    return False


def _no_double_meaning(work: Work, scope: Scope) -> None:
    """In HAVING and QUALIFY engines differ on whether a bare name is the alias or the column."""
    for clause in ("having", "qualify"):
        node = scope.expression.args.get(clause)
        for column in node.find_all(exp.Column) if node else ():
            aliased = _alias(scope, column.name)
            sources = [
                word for word, source in _sources(scope).items() if column.name in (source_columns(work, source) or ())
            ]
            if (
                not column.table
                and aliased is not None
                and sources
                and column.find_ancestor(exp.Query) is scope.expression
            ):
                work.fault(
                    column,
                    f"'{column.name}' is both a column and an alias here. Write {sources[0]}.{column.name}.",
                )


def _outwards(scope: Scope) -> Iterator[Scope]:
    """The scope and, for a subquery or a lateral, those around it. A WITH query sees nothing of those around."""
    current: Scope | None = scope
    while current is not None:
        yield current
        if current.is_cte:
            return
        current = current.parent


def _sources(scope: Scope) -> dict[str, exp.Expr | Scope]:
    """What the FROM and JOINs of a scope name; WITH queries it does not read are no sources of its columns."""
    return {name: scope.sources[name] for name, _ in scope.references if name in scope.sources}


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


def _alias(scope: Scope, name: str) -> exp.Expr | None:
    """The output column which a SELECT calls by this name with AS."""
    if not isinstance(scope.expression, exp.Select):
        return None
    return next((one for one in scope.expression.selects if isinstance(one, exp.Alias) and one.alias == name), None)


def _joined_using(scope: Scope) -> set[str]:
    joins = scope.expression.args.get("joins") or ()
    return {identifier.name for join in joins for identifier in join.args.get("using") or ()}


def outputs(work: Work) -> None:
    """Every column of the result has one name, and every part of a UNION the same number."""
    if not isinstance(work.tree, exp.Query):
        return
    for both in work.tree.find_all(exp.SetOperation):
        left, right = len(both.left.selects), len(both.right.selects)
        if left != right:
            work.fault(both, f"The parts of {both.key.upper()} have {left} and {right} columns. Give them the same.")
    names = work.tree.named_selects
    for place, node in enumerate(work.tree.selects, start=1):
        if not node.alias_or_name:
            work.fault(node, f"Column {place} of the result has no name. Write: … AS name.")
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        work.fault(work.tree, f"The result has two columns '{name}'. Rename one.")
