"""`$as_of`, tuning and evidence values become literals; nothing is left for the engine to fill in."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlglot import exp

from dauhieu.compiler.work import Value, Work
from dauhieu.yamlfile import suggestion


def bind(work: Work) -> None:
    for node in list(work.tree.find_all(exp.Placeholder, exp.Parameter)):
        name = node.name
        if name not in work.values:
            known = ", ".join(f"${word}" for word in sorted(work.values))
            work.fault(node, f"'${name}' has no value.{suggestion(name, work.values)} Known here: {known}.")
            continue
        value = work.values[name]
        if not isinstance(value, tuple):
            work.replace(node, literal(value))
        elif isinstance(node.parent, exp.In) and node.arg_key == "expressions":
            node.replace([literal(part) for part in value])
        else:
            work.fault(node, f"'${name}' is a list. Use it as: x IN (${name}).")


def literal(value: Value | Sequence[str]) -> exp.Expr:
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int | Decimal):
        number = exp.Literal.number(str(abs(value)))
        return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), exp.DataType.Type.DATE)
    return exp.Literal.string(str(value))


def known_date(node: exp.Expr) -> date | None:
    """The date of a DATE literal."""
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal) and node.to.is_type(exp.DataType.Type.DATE):
        with contextlib.suppress(ValueError):  # a text which is no date is the engine's to refuse
            return date.fromisoformat(node.this.name)
    return None
