"""The restricted dialect as data: what a SELECT may say so that every engine answers the same and no file is reached.

Nothing is allowed but what stands here. `PARTS` and `FUNCTIONS` are the allowed pieces; `REFUSED` says for the rest,
where a sign's author is likely to reach for it, what to write instead. `rules` has those allowed in one form only.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

# The grammar: clauses, operators, literals.
PARTS: frozenset[type[exp.Expr]] = frozenset(
    {
        exp.Select, exp.Union, exp.Intersect, exp.Except, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join,
        exp.Where, exp.Group, exp.Cube, exp.Rollup, exp.GroupingSets, exp.Having, exp.Qualify, exp.Order, exp.Ordered,
        exp.Distinct, exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Lateral, exp.Unnest,
        exp.Values, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Tuple, exp.Array, exp.Placeholder, exp.Parameter,
        exp.Kwarg, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In,
        exp.Between, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Like, exp.ILike, exp.Escape, exp.Exists,
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
    "upper": exp.Upper, "lower": exp.Lower, "trim": exp.Trim, "length": exp.Length, "left": exp.Left,
    "right": exp.Right,
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
