"""Mutants of a SELECT: the same query with one condition weaker. An example should notice each of them.

A condition is what stands between ANDs or ORs in WHERE, ON, HAVING, QUALIFY or FILTER, a WHEN, or an inequality
anywhere. Each is dropped (an AND part becomes true, an OR part or a WHEN false), each inequality also moved by its
border. What an expansion of `law.` or `calc.` wrote is not the author's and stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlglot import exp

from dauhieu.compiler.work import EXPANDED

# With the border and without it.
_BORDERS: dict[type[exp.Expr], type[exp.Expr]] = {exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT}
_HOLDERS = (exp.Where, exp.Having, exp.Qualify)


@dataclass(frozen=True, slots=True)
class Mutant:
    """`sql` is the whole compiled text; `change` tells what became of which condition; `place` is its number."""

    place: int
    sql: str
    change: str


def mutants(tree: exp.Expr, dialect: str, chosen: Collection[int] | None = None) -> Iterator[Mutant]:
    """The mutants of a compiled tree, or the chosen ones, numbered in the order of its text.

    The same sign has the same mutants in every month. The tree is as before when the last one is taken.
    """
    changes = [(node, new) for node in tree.walk(prune=lambda node: EXPANDED in node.meta) for new in _weaker(node)]
    for place, (node, new) in enumerate(changes):
        if chosen is not None and place not in chosen:
            continue
        told = node.sql(dialect)
        change = f"without {told}" if isinstance(new, exp.Boolean) else f"{new.sql(dialect)} for {told}"
        node.replace(new)
        sql = tree.sql(dialect)
        new.replace(node)
        yield Mutant(place, sql, change)


def _weaker(node: exp.Expr) -> Iterator[exp.Expr]:
    neutral = _neutral(node)
    if neutral is not None:
        yield exp.Boolean(this=neutral)
    other = _BORDERS.get(type(node))
    if other:
        yield other(this=node.this.copy(), expression=node.expression.copy())


def _neutral(node: exp.Expr) -> bool | None:
    """The value which takes a condition out of its place; None for what is no condition of its own."""
    if isinstance(node, (exp.And, exp.Or, exp.Paren, exp.Boolean)):
        return None
    held, parent = node, node.parent
    while isinstance(parent, exp.Paren):
        held, parent = parent, parent.parent
    key = held.arg_key
    if isinstance(parent, exp.And) or (isinstance(parent, _HOLDERS) and key == "this"):
        return True
    if isinstance(parent, exp.Or) or (isinstance(parent, exp.If) and key == "this"):
        return False
    if isinstance(parent, exp.Join) and key == "on":
        return True
    return None
