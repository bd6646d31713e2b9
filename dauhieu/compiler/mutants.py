"""Mutants of a SELECT: the same query with one condition weaker. An example should notice each of them.

A condition is what stands between ANDs or ORs in WHERE, ON, HAVING, QUALIFY or FILTER, a WHEN, or an inequality
anywhere. Each is dropped (an AND part becomes true, an OR part or a WHEN false), each inequality also moved by its
border. What an expansion of `law.` or `calc.` wrote is not the author's and stays as it is.

Two kinds of conditions change nothing. `x IS NOT NULL` beside a comparison of x, or beside an inner join on x, is not
weakened: the other refuses NULL as well. A SELECT, JOIN or WHERE under a comment `-- Narrows: why` only lessens what
the rest must read: what widens it must change nothing, so it is tried with the opposite hope.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlglot import exp

from dauhieu.compiler.work import EXPANDED

# With the border and without it.
_BORDERS: dict[type[exp.Expr], type[exp.Expr]] = {exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT}
_WIDER = (exp.LTE, exp.GTE)
_HOLDERS = (exp.Where, exp.Having, exp.Qualify)
_REFUSE_NULL = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between, exp.In, exp.Like)
NARROWS = "narrows:"


@dataclass(frozen=True, slots=True)
class Mutant:
    """`sql` is the whole compiled text; `change` tells what became of which condition; `place` is its number.

    `idle`: the sign says that this changes nothing, so no example may notice it.
    """

    place: int
    sql: str
    change: str
    idle: bool = False


def mutants(tree: exp.Expr, dialect: str, chosen: Collection[int] | None = None) -> Iterator[Mutant]:
    """The mutants of a compiled tree, or the chosen ones, numbered in the order of its text.

    The same sign has the same mutants in every month. The tree is as before when the last one is taken.
    """
    changes = [(node, new) for node in tree.walk(prune=lambda node: EXPANDED in node.meta) for new in _weaker(node)]
    for place, (node, new) in enumerate(changes):
        if chosen is not None and place not in chosen:
            continue
        idle = _widens(new) and _in_narrowing(node)
        told = node.sql(dialect, comments=False)
        change = f"without {told}" if isinstance(new, exp.Boolean) else f"{new.sql(dialect)} for {told}"
        node.replace(new)
        sql = tree.sql(dialect, comments=False)
        new.replace(node)
        yield Mutant(place, sql, change, idle)


def _weaker(node: exp.Expr) -> Iterator[exp.Expr]:
    neutral = _neutral(node)
    if neutral is not None and not (neutral and _guards_in_vain(node)):
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


def _guards_in_vain(node: exp.Expr) -> bool:
    """Whether it is `x IS NOT NULL` where another condition of the same rows refuses a missing x too."""
    guard = node.this if isinstance(node, exp.Not) else None
    if not isinstance(guard, exp.Is) or not isinstance(guard.expression, exp.Null):
        return False
    top = node
    while isinstance(top.parent, exp.And):
        top = top.parent
    beside = list(top.flatten()) if isinstance(top, exp.And) else []
    if isinstance(top.parent, exp.Where) and isinstance(top.parent.parent, exp.Select):
        beside += _inner_conditions(top.parent.parent)
    return any(other is not node and _refuses_null(other, guard.this) for other in beside)


def _inner_conditions(select: exp.Select) -> list[exp.Expr]:
    """What the inner joins of a SELECT ask of its rows; nothing where an outer join may add rows without them."""
    joins: list[exp.Join] = select.args.get("joins") or []
    if any(join.side in ("RIGHT", "FULL") for join in joins):
        return []
    asked = [join.args.get("on") for join in joins if not join.side and join.kind in ("", "INNER")]
    return [part for on in asked if on is not None for part in (on.flatten() if isinstance(on, exp.And) else [on])]


def _refuses_null(condition: exp.Expr, column: exp.Expr) -> bool:
    if not isinstance(condition, _REFUSE_NULL):
        return False
    return any(side == column for side in (condition.this, condition.args.get("expression")))


def _narrows(node: exp.Expr) -> bool:
    return any(comment.strip().lower().startswith(NARROWS) for comment in node.comments or ())


def _widens(new: exp.Expr) -> bool:
    """More rows pass it than what it stands for: a dropped AND part, or a border let in."""
    return bool(new.this) if isinstance(new, exp.Boolean) else isinstance(new, _WIDER)


def _in_narrowing(node: exp.Expr) -> bool:
    """Whether the SELECT, WHERE or JOIN around a condition says that it narrows."""
    while node.parent is not None and not isinstance(node, exp.Select):
        node = node.parent
        if isinstance(node, (exp.Not, exp.Case)):
            return False
        if _narrows(node):
            return True
    return False
