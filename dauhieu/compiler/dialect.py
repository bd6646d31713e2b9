"""The restricted dialect: what a SELECT may say so that every engine answers the same, and no file or setting is reached.

Nothing is allowed but what stands here. `PARTS` and `FUNCTIONS` are the allowed pieces; `REFUSED` says for the rest, where
a sign's author is likely to reach for it, what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlglot import exp

from dauhieu.compiler.work import Work, own_room
from dauhieu.yamlfile import suggestion

# The grammar: clauses, operators, literals.
PARTS: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Select, exp.Union, exp.Intersect, exp.Except, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join, exp.Where,
        exp.Group, exp.Cube, exp.Rollup, exp.GroupingSets, exp.Having, exp.Qualify, exp.Order, exp.Ordered, exp.Distinct,
        exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Lateral, exp.Unnest, exp.Values,
        exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Tuple, exp.Array, exp.Placeholder, exp.Parameter, exp.Kwarg,
        exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In, exp.Between,
        exp.NullSafeEQ, exp.NullSafeNEQ, exp.Like, exp.ILike, exp.Escape, exp.Exists,
        exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.DPipe,
        exp.Case, exp.If, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam, exp.Interval, exp.Var,
        exp.Window, exp.WindowSpec, exp.Filter, exp.Star,
    }
)  # fmt: skip

# Functions: DuckDB's name -> the parser's class.
FUNCTIONS: Mapping[str, type[exp.Expr]] = {
    # aggregates
    "count": exp.Count, "count_if": exp.CountIf, "sum": exp.Sum, "avg": exp.Avg, "min": exp.Min, "max": exp.Max,
    "bool_and": exp.LogicalAnd, "bool_or": exp.LogicalOr, "arg_min": exp.ArgMin, "arg_max": exp.ArgMax,
    "string_agg": exp.GroupConcat, "stddev_samp": exp.StddevSamp, "stddev_pop": exp.StddevPop, "corr": exp.Corr,
    # windows
    "row_number": exp.RowNumber, "rank": exp.Rank, "dense_rank": exp.DenseRank, "percent_rank": exp.PercentRank,
    "cume_dist": exp.CumeDist, "ntile": exp.Ntile, "lag": exp.Lag, "lead": exp.Lead, "first_value": exp.FirstValue,
    "last_value": exp.LastValue,
    # choices
    "coalesce": exp.Coalesce, "nullif": exp.Nullif, "greatest": exp.Greatest, "least": exp.Least,
    # numbers
    "abs": exp.Abs, "round": exp.Round, "floor": exp.Floor, "ceil": exp.Ceil, "sign": exp.Sign, "sqrt": exp.Sqrt,
    "exp": exp.Exp, "power": exp.Pow,
    # text
    "upper": exp.Upper, "lower": exp.Lower, "trim": exp.Trim, "length": exp.Length, "left": exp.Left, "right": exp.Right,
    "substring": exp.Substring, "replace": exp.Replace, "strpos": exp.StrPosition, "contains": exp.Contains,
    "starts_with": exp.StartsWith, "ends_with": exp.EndsWith, "split_part": exp.SplitPart, "lpad": exp.Pad,
    "concat_ws": exp.ConcatWs, "regexp_matches": exp.RegexpLike, "levenshtein": exp.Levenshtein,
    # dates and moments
    "year": exp.Year, "quarter": exp.Quarter, "month": exp.Month, "day": exp.Day, "hour": exp.Hour,
    "minute": exp.Minute, "isodow": exp.DayOfWeekIso, "date_diff": exp.DateDiff, "make_date": exp.DateFromParts,
    "date": exp.Date,
    # rows out of numbers and lists, in FROM
    "range": exp.GenerateSeries,
}  # fmt: skip

CLOCK = "A scan knows no clock of the machine. Use $as_of."
FINDINGS_COMPLETE = (
    "Findings are complete and in no order. Use QUALIFY row_number() OVER (… ORDER BY …) = 1, or a threshold."
)
LISTS = "Lists lose their order and their NULLs between engines. Use string_agg(x, ', ' ORDER BY x), or rows."
TIES = "It picks any of equal values. Use min(), max(), arg_max(x, y) or QUALIFY row_number()."
PERCENTILE = "Engines compute it differently. Use calc.median(x) or calc.pctl(x, 0.9)."
FILES = "A SELECT reads tables of the contract alone, no file and no setting."
RANDOM = "A scan gives the same answer every time. Nothing random is allowed."

# Refused pieces the parser has a class for: what it is called, and what to write instead.
REFUSED: Mapping[type[exp.Expr], tuple[str, str]] = {
    exp.CurrentDate: ("current_date", CLOCK),
    exp.CurrentTimestamp: ("current_timestamp", CLOCK),
    exp.CurrentTime: ("current_time", CLOCK),
    exp.CurrentDatetime: ("current_datetime", CLOCK),
    exp.Localtimestamp: ("localtimestamp", CLOCK),
    exp.Localtime: ("localtime", CLOCK),
    exp.CurrentUser: ("current_user", FILES),
    exp.CurrentSchema: ("current_schema", FILES),
    exp.ReadCSV: ("read_csv", FILES),
    exp.Rand: ("random", RANDOM),
    exp.Randn: ("randn", RANDOM),
    exp.Uuid: ("uuid", RANDOM),
    exp.TableSample: ("TABLESAMPLE", RANDOM),
    exp.Limit: ("LIMIT", FINDINGS_COMPLETE),
    exp.Offset: ("OFFSET", FINDINGS_COMPLETE),
    exp.Fetch: ("FETCH", FINDINGS_COMPLETE),
    exp.ArrayAgg: ("list", LISTS),
    exp.ArraySize: ("len", LISTS),
    exp.Bracket: ("x[n]", LISTS),
    exp.Explode: ("unnest in SELECT", "Write it in FROM: FROM t, unnest(…) AS u(x)."),
    exp.Struct: ("{…}", "Give the values columns of their own."),
    exp.Lambda: ("lambda", LISTS),
    exp.AnyValue: ("any_value", TIES),
    exp.First: ("first", TIES),
    exp.Last: ("last", TIES),
    exp.Mode: ("mode", TIES),
    exp.Median: ("median", PERCENTILE),
    exp.PercentileCont: ("quantile_cont", PERCENTILE),
    exp.PercentileDisc: ("quantile_disc", PERCENTILE),
    exp.Quantile: ("quantile", PERCENTILE),
    exp.WithinGroup: ("WITHIN GROUP", PERCENTILE),
    exp.ApproxDistinct: ("approx_count_distinct", "It is not exact. Use count(DISTINCT x)."),
    exp.ApproxQuantile: ("approx_quantile", PERCENTILE),
    exp.TimestampTrunc: (
        "date_trunc",
        "Its type differs between engines. Use calc.month(d), calc.quarter(d) or date(t).",
    ),
    exp.DateTrunc: ("date_trunc", "Its type differs between engines. Use calc.month(d), calc.quarter(d) or date(t)."),
    exp.LastDay: ("last_day", "Use calc.last_day(d)."),
    exp.DayOfWeek: ("dayofweek", "Engines start the week on different days. Use isodow(d): Monday is 1."),
    exp.Extract: ("extract", "Use year(d), month(d), day(d), hour(t), minute(t)."),
    exp.TimeToUnix: ("epoch", "Use calc.minutes(a, b) between two moments."),
    exp.TimeToStr: ("strftime", "Texts of dates differ between engines. Give the date itself."),
    exp.Concat: ("concat", "Engines treat NULL differently in it. Use a || b, with coalesce()."),
    exp.RegexpReplace: ("regexp_replace", "Engines replace the first or all. Use replace(x, a, b)."),
    exp.Ln: ("ln", "ln(0) is an error on one engine and NULL on the other."),
    exp.Log: ("log", "log(0) is an error on one engine and NULL on the other."),
    exp.Columns: ("COLUMNS", "Name the columns."),
    exp.Pivot: ("PIVOT", "Use sum(x) FILTER (WHERE …) for each column."),
    exp.HistoricalData: ("AT", "Use history.<table> and its recorded_at."),
    exp.Command: ("a command", FILES),
}
# Refused functions the parser has no class for, by name.
REFUSED_NAMES: Mapping[str, str] = {
    "now": CLOCK,
    "today": CLOCK,
    "get_current_timestamp": CLOCK,
    "date_part": "Use year(d), month(d), day(d), hour(t), minute(t).",
    "date_sub": "Use calc.months(a, b), calc.minutes(a, b) or date_diff('day', a, b).",
    "age": "Use calc.years(birth, d), calc.months(a, b).",
    "mad": "Use calc.mad(x).",
    "len": LISTS,
    "strip_accents": "Use calc.name_distance(a, b).",
    "to_months": "Use calc.add_months(d, n).",
    "getenv": FILES,
    "getvariable": FILES,
    "current_setting": FILES,
    "read_text": FILES,
    "read_blob": FILES,
    "glob": FILES,
    "query": FILES,
    "query_table": FILES,
    "nextval": RANDOM,
    "setseed": RANDOM,
    "hash": "Its value differs between engines.",
}

CAST_TYPES = frozenset("BIGINT INT DOUBLE DECIMAL DATE TIMESTAMP TIME VARCHAR TEXT BOOLEAN".split())
WHOLE_TYPES = frozenset("BIGINT INT".split())
INTERVAL_UNITS = frozenset("HOUR MINUTE SECOND".split())
INSTANTS = frozenset("recorded_at superseded_at loaded_at".split())
ORDERED_WINDOWS = (
    exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Ntile, exp.Lag, exp.Lead,
    exp.FirstValue, exp.LastValue,
)  # fmt: skip
FRACTIONS = (exp.Div, exp.Avg, exp.StddevSamp, exp.StddevPop, exp.Sqrt, exp.Pow, exp.Exp)
FRACTION_CALCS = frozenset(
    "calc.safe_div calc.pctl calc.median calc.mad calc.robust_z calc.km calc.poisson_tail".split()
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
            node, f"Casting to {node.to.sql('duckdb')} is not allowed. Use one of {', '.join(sorted(CAST_TYPES))}."
        )
    if name in WHOLE_TYPES and _fraction(node.this.unnest()):
        work.fault(
            node,
            "2.5 as a whole number is 3 on one engine and 2 on the other. Write CAST(round(x) AS BIGINT), or floor.",
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
            "Of intervals only HOUR, MINUTE and SECOND are allowed. For days write d + 7, for months calc.add_months(d, 3).",
        )


def _date_diff(work: Work, node: exp.DateDiff) -> None:
    if node.text("unit").upper() not in ("DAY", "DAYS"):
        work.fault(
            node,
            "date_diff counts boundaries on one engine and full units on the other. Use calc.months(a, b), calc.minutes(a, b) or date_diff('day', a, b).",
        )


def _string_agg(work: Work, node: exp.GroupConcat) -> None:
    if node.find(exp.Order) is None:
        work.fault(node, "string_agg without ORDER BY has no fixed answer. Write string_agg(x, ', ' ORDER BY x).")


def _window(work: Work, node: exp.Window) -> None:
    if isinstance(node.this, ORDERED_WINDOWS) and not node.args.get("order") and not node.args.get("alias"):
        work.fault(node, "This window has no fixed answer without ORDER BY. Order by columns which leave no ties.")


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
    exp.GroupConcat: _string_agg,
    exp.Window: _window,
}
