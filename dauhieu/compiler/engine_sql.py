"""Tree -> SQL of one engine."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify as sqlglot_qualify
from sqlglot.optimizer.scope import traverse_scope

from dauhieu.compiler.work import Work


def qualify(work: Work) -> None:
    """Every name in full and quoted, so that the text means the same whatever else the engine holds."""
    read = {table.name for table in work.tree.find_all(exp.Table) if table.name}
    schema: dict[str, object] = {
        name: dict(columns) for name in read if (columns := work.schema.columns(name)) is not None
    }
    try:
        work.tree = sqlglot_qualify(work.tree, dialect="duckdb", schema=schema, validate_qualify_columns=True)
    except SqlglotError as error:
        work.fault(1, f"The names cannot be resolved: {error}")


def used_columns(work: Work) -> None:
    """Which columns of which relation are read; the planner reads no others."""
    for scope in traverse_scope(work.tree):
        for source in scope.sources.values():
            if isinstance(source, exp.Table) and work.schema.columns(source.name) is not None:
                work.used.setdefault(source.name, set())
        for column in scope.columns:
            source = scope.sources.get(column.table)
            if isinstance(source, exp.Table) and source.name in work.used:
                work.used[source.name].add(column.name)


def true_division(work: Work) -> None:
    """`/` is division of doubles on every engine; whole numbers and decimals are cast first."""
    for node in work.tree.find_all(exp.Div):
        if not _is_double(node.this):
            node.set("this", exp.cast(node.this, "DOUBLE"))


def _is_double(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and node.to.is_type(exp.DataType.Type.DOUBLE)
