"""The `calc.` functions: one table of name -> what it means and what it becomes.

Engines disagree on month differences, clamping, percentiles, empty lists and division by zero; a sign says what it
means, and the expansion says it to the engine. An argument which is NULL gives NULL unless the meaning says otherwise.
In the texts `{a}` is an argument and `{as_of}` the last day scanned.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import sqlglot
from sqlglot import exp

from dauhieu.compiler.bind import literal
from dauhieu.compiler.work import OURS, Work
from dauhieu.yamlfile import suggestion


@dataclass(frozen=True, slots=True)
class Calc:
    """`arguments` in order; `sql` is DuckDB's text; `reads` are relations of the contract which it looks into."""

    arguments: tuple[str, ...]
    returns: str
    meaning: str
    sql: str
    reads: Mapping[str, tuple[str, ...]] | None = None


MOST_MONTHS = 1200
MONTH_INDEX = "(CAST(year({0}) AS BIGINT) * 12 + month({0}) - 1)"
WORKING_INDEX = "(SELECT _c.working_index FROM calendar_day AS _c WHERE _c.day = CAST({0} AS DATE))"
# A day before its month's end which comes earlier in the month than the other has not completed that month.
SHORT_OF_MONTH = "CASE WHEN day({b}) < day({a}) AND CAST({b} AS DATE) < last_day({b}) THEN 1 ELSE 0 END"
PLAIN_NAME = (
    "replace(strip_accents(lower(array_to_string("
    "list_filter(string_split({0}, ' '), lambda w: w <> ''), ' '))), 'đ', 'd')"
)
# Terms further than twelve deviations (and sixty) from the mean are below 1e-16 of the sum.
REACH = "CAST(60 + 12 * sqrt(p.l) AS BIGINT)"
TERM = "exp(i * ln(p.l) - p.l - lgamma(i + 1))"
POISSON_TAIL = f"""
list_transform([struct_pack(k := CAST({{k}} AS BIGINT), l := CAST({{lambda}} AS DOUBLE))], lambda p: CASE
    WHEN p.k IS NULL OR p.l IS NULL OR p.l < 0 THEN NULL
    WHEN p.k <= 0 THEN 1e0
    WHEN p.l = 0 THEN 0e0
    WHEN p.k > p.l THEN list_sum(list_transform(range(p.k, p.k + {REACH}), lambda i: {TERM}))
    ELSE greatest(0e0, 1e0 - coalesce(list_sum(list_transform(
        range(greatest(0, CAST(floor(p.l) AS BIGINT) - {REACH}), p.k), lambda i: {TERM})), 0e0)) END)[1]
"""
# least() passes over NULLs, so they are asked for first.
KM = """
CASE WHEN {lat1} + {lon1} + {lat2} + {lon2} IS NOT NULL THEN 2 * 6371e0 * asin(sqrt(least(1e0,
    power(sin(radians({lat2} - {lat1}) / 2), 2)
    + cos(radians({lat1})) * cos(radians({lat2})) * power(sin(radians({lon2} - {lon1}) / 2), 2)))) END
"""
OVERLAP = """
CASE WHEN {a1} IS NOT NULL AND {b1} IS NOT NULL THEN greatest(0, date_diff('day',
    CAST(greatest({a1}, {b1}) AS DATE),
    CAST(least(coalesce({a2}, {b2}, {as_of}), coalesce({b2}, {a2}, {as_of})) AS DATE)) + 1) END
"""

CALC: Mapping[str, Calc] = {
    # Dates. A month difference counts full months; an end of month is clamped (30 Nov + 3 months = 28 or 29 Feb).
    "months": Calc(
        ("a", "b"),
        "BIGINT",
        "full months from a to b, clamped to the month's end: 30 Nov to 28 Feb is 3; negative if b is before a",
        f"{MONTH_INDEX.format('{b}')} - {MONTH_INDEX.format('{a}')} - {SHORT_OF_MONTH}",
    ),
    "add_months": Calc(
        ("d", "n"),
        "DATE",
        "the day n months after d (before, if n is negative), clamped to the month's end",
        "CAST(CAST({d} AS DATE) + to_months(CAST({n} AS INTEGER)) AS DATE)",
    ),
    "month": Calc(("d",), "DATE", "first day of the month of d", "CAST(date_trunc('month', {d}) AS DATE)"),
    "last_day": Calc(("d",), "DATE", "last day of the month of d", "last_day({d})"),
    "quarter": Calc(("d",), "DATE", "first day of the quarter of d", "CAST(date_trunc('quarter', {d}) AS DATE)"),
    "month_index": Calc(
        ("d",), "BIGINT", "year * 12 + month - 1: neighbouring months differ by 1", MONTH_INDEX.format("{d}")
    ),
    "years": Calc(
        ("birth", "d"),
        "BIGINT",
        "age in completed years on day d; one born on 29 Feb completes a year on 28 Feb of common years",
        "CAST(year({d}) - year({birth}) - CASE WHEN month({d}) < month({birth}) OR (month({d}) = month({birth})"
        " AND day({d}) < day({birth}) AND CAST({d} AS DATE) < last_day({d})) THEN 1 ELSE 0 END AS BIGINT)",
    ),
    "age_months": Calc(
        ("birth", "d"),
        "BIGINT",
        "age in completed months on day d, as `months`",
        f"{MONTH_INDEX.format('{d}')} - {MONTH_INDEX.format('{birth}')} - "
        + SHORT_OF_MONTH.replace("{b}", "{d}").replace("{a}", "{birth}"),
    ),
    "minutes": Calc(
        ("a", "b"), "BIGINT", "full minutes from moment a to moment b, cut towards zero", "date_sub('minute', {a}, {b})"
    ),
    "overlap_days": Calc(
        ("a1", "a2", "b1", "b2"),
        "BIGINT",
        "days shared by [a1, a2] and [b1, b2], both ends counted, 0 if apart; a NULL end is open, both: to $as_of",
        OVERLAP,
    ),
    "in_last_months": Calc(
        ("d", "n"),
        "BOOLEAN",
        "d is in ($as_of - n months, $as_of]",
        "({d} >= {after_months_ago} AND {d} < {day_after})",
    ),
    "month_window": Calc(
        ("m", "n"),
        "BOOLEAN",
        "m is in the n calendar months which end with the month of $as_of",
        "({m} >= {window_start} AND {m} < {day_after})",
    ),
    "working_days": Calc(
        ("a", "b"),
        "BIGINT",
        "working days after a up to and including b; negative if b is before a; NULL outside the calendar",
        f"CAST({WORKING_INDEX.format('{b}')} - {WORKING_INDEX.format('{a}')} AS BIGINT)",
        {"calendar_day": ("day", "working_index")},
    ),
    # Statistics. pctl, median and mad are aggregates: OVER and FILTER may follow them.
    "pctl": Calc(
        ("x", "p"),
        "DOUBLE",
        "percentile p (0 to 1, a constant) of x, interpolated between neighbours, NULLs left out",
        "quantile_cont(CAST({x} AS DOUBLE), {p})",
    ),
    "median": Calc(("x",), "DOUBLE", "median of x, NULLs left out", "quantile_cont(CAST({x} AS DOUBLE), 0.5)"),
    "mad": Calc(("x",), "DOUBLE", "median of the distances from the median, not scaled", "mad(CAST({x} AS DOUBLE))"),
    "robust_z": Calc(
        ("x", "med", "mad"),
        "DOUBLE",
        "(x - med) / (1.4826 * mad): deviations from the median; NULL if mad is 0",
        "CAST({x} - {med} AS DOUBLE) / (1.4826e0 * nullif(CAST({mad} AS DOUBLE), 0e0))",
    ),
    "poisson_tail": Calc(
        ("k", "lambda"),
        "DOUBLE",
        "P(X >= k) for a count with mean lambda; NULL if lambda < 0; error below 1e-8 for lambda up to 1e6",
        POISSON_TAIL,
    ),
    "safe_div": Calc(
        ("a", "b"), "DOUBLE", "a / b; NULL if b is 0", "CAST({a} AS DOUBLE) / nullif(CAST({b} AS DOUBLE), 0e0)"
    ),
    # Places and names.
    "km": Calc(
        ("lat1", "lon1", "lat2", "lon2"), "DOUBLE", "kilometres on the great circle, degrees in, radius 6371 km", KM
    ),
    "fact": Calc(
        ("facts", "name"),
        "VARCHAR",
        "the fact of this name among the `facts` of a finding, as text; NULL if there is none",
        "json_extract_string({facts}, '$.' || {name})",
    ),
    "name_distance": Calc(
        ("a", "b"),
        "BIGINT",
        "edits between two names after taking away case, accents (đ is d) and surplus spaces",
        f"levenshtein({PLAIN_NAME.format('{a}')}, {PLAIN_NAME.format('{b}')})",
    ),
}


def calc_functions(work: Work) -> None:
    for call, name in work.own_calls("calc"):
        if name not in CALC:
            work.fault(call, f"There is no function 'calc.{name}'.{suggestion(name, CALC)}")
            continue
        calc = CALC[name]
        if len(call.expressions) != len(calc.arguments) or call.find(exp.Kwarg):
            work.fault(
                call, f"'calc.{name}' takes {len(calc.arguments)} values: calc.{name}({', '.join(calc.arguments)})."
            )
            continue
        if call.find(exp.Distinct, exp.Order):
            work.fault(call, f"'calc.{name}' takes no DISTINCT and no ORDER BY. Make the values distinct before.")
            continue
        work.replace(call, _expanded(work, call, name, calc))


def _expanded(work: Work, call: exp.Anonymous, name: str, calc: Calc) -> exp.Expr:
    given = dict(zip(calc.arguments, call.expressions, strict=True))
    given["as_of"] = literal(work.as_of)
    if name in ("in_last_months", "month_window"):
        given |= _window(work, call.expressions[1])
    for relation, columns in (calc.reads or {}).items():
        (work.tables if relation in work.schema.tables else work.views).add(relation)
        work.used.setdefault(relation, set()).update(columns)
    tree = _template(name).copy()
    for slot in list(tree.find_all(exp.Placeholder)):
        by = exp.paren(given[slot.name], copy=True) if _compound(given[slot.name]) else given[slot.name].copy()
        if slot is tree:
            tree = by
        else:
            slot.replace(by)
    return exp.paren(tree, copy=False) if isinstance(tree, exp.Binary) else tree


def _window(work: Work, n: exp.Expr) -> dict[str, exp.Expr]:
    """Bounds as date literals, so that the engine can leave out whole files; n must be a number by now."""
    if not (isinstance(n, exp.Literal) and n.is_int and int(n.name) <= MOST_MONTHS):
        work.fault(n, f"The number of months must be a number or a tuning value, at most {MOST_MONTHS}.")
        return {word: exp.Null() for word in ("after_months_ago", "day_after", "window_start")}
    count = int(n.name)
    ago = add_months(work.as_of, -count)
    return {
        "after_months_ago": literal(date.fromordinal(ago.toordinal() + 1)),
        "window_start": literal(add_months(work.as_of.replace(day=1), 1 - count)),
        "day_after": literal(date.fromordinal(work.as_of.toordinal() + 1)),
    }


def add_months(day: date, months: int) -> date:
    """Clamped to the end of the month, as `calc.add_months`."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _compound(node: exp.Expr) -> bool:
    return isinstance(node, exp.Binary | exp.Unary | exp.Between | exp.In) and not isinstance(node, exp.Paren | exp.Dot)


@cache
def _template(name: str) -> exp.Expr:
    """The text of a function as a tree, its `{a}` as placeholders."""
    text = CALC[name].sql
    words = [*CALC[name].arguments, "as_of", "after_months_ago", "window_start", "day_after"]
    for word in words:
        text = text.replace(f"{{{word}}}", f"${word}")
    tree = sqlglot.parse_one(text, read="duckdb")
    for node in tree.walk():
        node.meta[OURS] = True
    return tree
