"""Walks the tree and tells every piece which the dialect does not allow, or not in this form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import exp

from dauhieu.compiler.dialect import FUNCTIONS, PARTS, REFUSED, REFUSED_NAMES
from dauhieu.compiler.work import Work, own_room
from dauhieu.yamlfile import suggestion

# The parser's name of a type -> the contract's.
CAST_TYPES = {
    "BIGINT": "BIGINT",
    "INT": "INTEGER",
    "DOUBLE": "DOUBLE",
    "DECIMAL": "DECIMAL",
    "DATE": "DATE",
    "TIMESTAMPNTZ": "TIMESTAMP",
    "TIME": "TIME",
    "TEXT": "VARCHAR",
    "BOOLEAN": "BOOLEAN",
}
ROUND_FIRST = "2.5 as a whole number is 3 on one engine and 2 on the other. Write CAST(round(x) AS BIGINT), or floor."
WHOLE_TYPES = frozenset({"BIGINT", "INT"})
INTERVAL_UNITS = frozenset({"HOUR", "MINUTE", "SECOND"})
INSTANTS = frozenset({"recorded_at", "superseded_at", "loaded_at"})
ORDERED_WINDOWS = (
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Ntile, exp.Lag, exp.Lead,
    exp.FirstValue, exp.LastValue,
)  # fmt: skip
FRACTIONS = (exp.Div, exp.Avg, exp.StddevSamp, exp.StddevPop, exp.Sqrt, exp.Pow, exp.Exp)
FRACTION_CALCS = frozenset(
    {"calc.safe_div", "calc.pctl", "calc.median", "calc.mad", "calc.robust_z", "calc.km", "calc.poisson_tail"}
)

_ALLOWED = PARTS | frozenset(FUNCTIONS.values())


def dialect_rules(work: Work) -> None:
    for node in work.tree.walk():
        kind = type(node)
        if kind in RULES:
            RULES[kind](work, node)
        elif own_room(node) is None and kind not in _ALLOWED:
            _refuse(work, node)


def _refuse(work: Work, node: exp.Expr) -> None:
    if type(node) in REFUSED:
        name, instead = REFUSED[type(node)]
    elif isinstance(node, exp.Anonymous):
        name = node.name.lower()
        instead = REFUSED_NAMES.get(name) or f"It is not in the list of functions.{suggestion(name, FUNCTIONS)}"
    elif isinstance(node, exp.Func):
        name = node.sql_name().lower()
        instead = f"It is not in the list of functions.{suggestion(name, FUNCTIONS)}"
    else:
        name, instead = node.key, "It is not part of the dialect of signs."
    work.fault(work.row_of_word(name) or node, f"'{name}' is not allowed. {instead}")


def _anonymous(work: Work, node: exp.Anonymous) -> None:
    if own_room(node) is None:
        _refuse(work, node)


def _star(work: Work, node: exp.Star) -> None:
    if not isinstance(node.parent, exp.Count):
        work.fault(node, "'*' hides which columns are read. Name the columns; only count(*) is allowed.")


def _column(work: Work, node: exp.Column) -> None:
    if isinstance(node.this, exp.Star):
        return  # told at the star itself
    if not isinstance(node.this, exp.Identifier):
        work.fault(node, f"'{node.sql('duckdb')}' is not allowed: only law. and calc. have functions of their own.")


def _join(work: Work, node: exp.Join) -> None:
    method = str(node.args.get("method") or "").upper()
    if method == "ASOF":
        work.fault(
            node, "ASOF joins do not translate. Join on valid_from <= day AND (valid_to IS NULL OR day <= valid_to)."
        )
    elif method:
        work.fault(node, f"{method} joins are not allowed. Join ON named columns.")


def _with(work: Work, node: exp.With) -> None:
    if node.args.get("recursive"):
        work.fault(node, "RECURSIVE may never end. What needs it is a view of the catalogue.")


def _set_operation(work: Work, node: exp.SetOperation) -> None:
    if node.args.get("by_name"):
        work.fault(node, "BY NAME is not allowed. Give both parts the same columns in the same order.")


def _distinct(work: Work, node: exp.Distinct) -> None:
    if node.args.get("on"):
        work.fault(node, "DISTINCT ON is not allowed. Use QUALIFY row_number() OVER (PARTITION BY … ORDER BY …) = 1.")


def _divisor(work: Work, node: exp.Binary) -> None:
    by = node.expression.unnest()
    never_zero = isinstance(by, exp.Literal) and not by.is_string and float(by.name) != 0
    if not never_zero and not isinstance(by, exp.Nullif):
        sign = {exp.Div: "/", exp.IntDiv: "//", exp.Mod: "%"}[type(node)]
        work.fault(
            node, f"Division by zero differs between engines. Write a {sign} nullif(b, 0), or calc.safe_div(a, b)."
        )


def _cast(work: Work, node: exp.Cast) -> None:
    name = node.to.this.name if isinstance(node.to.this, exp.DataType.Type) else ""
    if name not in CAST_TYPES:
        work.fault(
            node, f"Casting to {node.to.sql('duckdb')} is not allowed. Use one of {', '.join(CAST_TYPES.values())}."
        )
    if name in WHOLE_TYPES and _fraction(node.this.unnest()):
        work.fault(
            node,
            ROUND_FIRST,
        )
    if name == "DATE":
        _no_instant(work, node)


def _date(work: Work, node: exp.Date) -> None:
    _no_instant(work, node)


def _no_instant(work: Work, node: exp.Expr) -> None:
    if isinstance(node.this, exp.Column) and node.this.name in INSTANTS:
        work.fault(node, f"'{node.this.name}' is a UTC moment; its date is not the day in Viet Nam. Compare moments.")


def _fraction(node: exp.Expr) -> bool:
    if isinstance(node, exp.Literal):
        return not node.is_int and not node.is_string
    if isinstance(node, exp.Anonymous):
        return node.name in FRACTION_CALCS
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Neg):
        return any(_fraction(part.unnest()) for part in (node.this, node.args.get("expression")) if part is not None)
    return isinstance(node, FRACTIONS)


def _interval(work: Work, node: exp.Interval) -> None:
    unit = node.text("unit").upper().rstrip("S")
    if unit not in INTERVAL_UNITS:
        work.fault(
            node,
            "Only intervals of HOUR, MINUTE and SECOND. Write d + 7 for days, calc.add_months(d, 3) for months.",
        )


def _date_diff(work: Work, node: exp.DateDiff) -> None:
    if node.text("unit").upper() not in ("DAY", "DAYS"):
        work.fault(
            node,
            "Units but 'day' are counted differently by engines. Use calc.months(a, b) or calc.minutes(a, b).",
        )


def _arg_extreme(work: Work, node: exp.ArgMax | exp.ArgMin) -> None:
    if node.args.get("count"):
        work.fault(node, "arg_max and arg_min take two values. Use QUALIFY row_number() OVER (…) <= n for more rows.")


def _string_agg(work: Work, node: exp.GroupConcat) -> None:
    if node.find(exp.Order) is None:
        work.fault(node, "string_agg without ORDER BY has no fixed answer. Write string_agg(x, ', ' ORDER BY x).")


def _window(work: Work, node: exp.Window) -> None:
    if isinstance(node.this, ORDERED_WINDOWS) and not node.args.get("order") and not _named_order(node):
        work.fault(node, "This window has no fixed answer without ORDER BY. Order by columns which leave no ties.")


def _named_order(node: exp.Window) -> bool:
    """Whether the WINDOW clause which it names has an ORDER BY."""
    select = node.find_ancestor(exp.Select)
    named = {window.name: window for window in (select.args.get("windows") or ())} if select else {}
    return node.alias in named and bool(named[node.alias].args.get("order"))


Rule = Callable[[Work, Any], None]

# Pieces allowed only in some form.
RULES: Mapping[type[exp.Expr], Rule] = {
    exp.Anonymous: _anonymous,
    exp.Star: _star,
    exp.Column: _column,
    exp.Join: _join,
    exp.With: _with,
    exp.Union: _set_operation,
    exp.Intersect: _set_operation,
    exp.Except: _set_operation,
    exp.Distinct: _distinct,
    exp.Div: _divisor,
    exp.IntDiv: _divisor,
    exp.Mod: _divisor,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Date: _date,
    exp.Interval: _interval,
    exp.DateDiff: _date_diff,
    exp.ArgMax: _arg_extreme,
    exp.ArgMin: _arg_extreme,
    exp.GroupConcat: _string_agg,
    exp.Window: _window,
}
