"""Tree -> SQL of one engine."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify as sqlglot_qualify
from sqlglot.optimizer.scope import traverse_scope

from dauhieu.compiler.rules import ROUND_FIRST
from dauhieu.compiler.work import EXPANDED, OURS, Work

WHOLE = (exp.DataType.Type.BIGINT, exp.DataType.Type.INT)
FRACTIONS = (exp.DataType.Type.DECIMAL, exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT)
DOUBLES = (exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT)
SUMS = (exp.Sum, exp.Avg, exp.StddevSamp, exp.StddevPop, exp.Corr)
ROUNDED = (exp.Round, exp.Floor, exp.Ceil)


def qualify(work: Work) -> None:
    """Every name in full and quoted, so that the text means the same whatever else the engine holds."""
    try:
        work.tree = sqlglot_qualify(work.tree, dialect="duckdb", schema=_schema(work), validate_qualify_columns=True)
    except SqlglotError as error:
        work.fault(1, f"The names cannot be resolved: {error}")


def _schema(work: Work) -> dict[str, object]:
    read = {table.name for table in work.tree.find_all(exp.Table) if table.name}
    return {name: dict(columns) for name in read if (columns := work.schema.columns(name)) is not None}


def types(work: Work) -> None:
    """What can be told only when types are known: rounding, which engines do differently, and sums of doubles."""
    annotate_types(work.tree, schema=_schema(work), dialect="duckdb")
    for total in work.tree.find_all(*SUMS):
        doubles = not isinstance(total, exp.Sum | exp.Avg) or total.this.is_type(*DOUBLES)
        if doubles and OURS not in total.meta and not isinstance(_holder(total), exp.Round):
            work.fault(total, "The last digits depend on the order of the rows. Write round(…, 6) around it.")
    for node in work.tree.find_all(exp.Cast, exp.IntDiv):
        if OURS in node.meta:
            continue
        if isinstance(node, exp.IntDiv):
            if any(part.is_type(*FRACTIONS) for part in (node.this, node.expression)):
                work.fault(node, "// is for whole numbers. Write CAST(floor(a / nullif(b, 0)) AS BIGINT).")
        elif node.is_type(*WHOLE) and node.this.is_type(*FRACTIONS) and not isinstance(node.this.unnest(), ROUNDED):
            work.fault(node, ROUND_FIRST)


def _holder(node: exp.Expr) -> exp.Expr | None:
    """What a call stands in, past its FILTER and OVER."""
    holder = node.parent
    while isinstance(holder, exp.Filter | exp.Window | exp.Paren):
        holder = holder.parent
    return holder


def used_columns(work: Work) -> None:
    """Which columns of which relation are read; the planner reads no others."""
    for scope in traverse_scope(work.tree):
        for source in scope.sources.values():
            if isinstance(source, exp.Table) and work.schema.columns(source.name) is not None:
                work.used.setdefault(source.name, set())
        for column in scope.columns:
            read = scope.sources.get(column.table)
            if isinstance(read, exp.Table) and read.name in work.used:
                work.used[read.name].add(column.name)


def settled_ties(work: Work) -> None:
    """Of rows with equal y, arg_max(x, y) takes the one with the largest x, arg_min the smallest: never any of them."""
    for node in list(work.tree.find_all(exp.ArgMax, exp.ArgMin)):
        x, y = node.this, node.expression
        known = exp.and_(x.is_(exp.Null()).not_(), y.is_(exp.Null()).not_())
        known.meta[EXPANDED] = True
        node.set("expression", exp.Case().when(known, exp.Struct(expressions=[y.copy(), x.copy()])))


def whole_counts(work: Work) -> None:
    """count_if of rows whose conditions are all NULL, and of no rows, is 0 and not NULL."""
    for node in list(work.tree.find_all(exp.CountIf)):
        holder = node.parent
        if isinstance(holder, exp.Filter):
            holder.set("this", exp.Count(this=exp.Star()))
            holder.expression.set("this", exp.and_(holder.expression.this, node.this))
        else:
            node.replace(exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=node.this)))


def true_division(work: Work) -> None:
    """`/` is division of doubles on every engine; whole numbers and decimals are cast first."""
    for node in work.tree.find_all(exp.Div):
        if not _is_double(node.this):
            node.set("this", exp.cast(node.this, "DOUBLE"))


def _is_double(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and node.to.is_type(exp.DataType.Type.DOUBLE)
