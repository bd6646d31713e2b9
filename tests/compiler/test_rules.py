"""Each construct which engines understand differently is refused, with what to write instead."""

# ruff: noqa: E501  one query a line reads best

from datetime import date

import pyarrow as pa
import pytest

from dauhieu.compiler.dialect import FUNCTIONS, REFUSED_NAMES
from dauhieu.errors import SignError

# An expression over contribution_month -> a piece of what its author is told.
REFUSED = {
    "now()": "Use $as_of",
    "today()": "Use $as_of",
    "current_date": "Use $as_of",
    "current_timestamp": "Use $as_of",
    "random()": "Nothing random",
    "wage_base / person_id": "nullif(b, 0)",
    "wage_base // person_id": "a // nullif(b, 0)",
    "wage_base % person_id": "a % nullif(b, 0)",
    "wage_base // 0": "Division by zero",
    "date_diff('month', month, $as_of)": "calc.months(a, b)",
    "date_sub('month', month, $as_of)": "calc.months(a, b)",
    "datediff('year', month, $as_of)": "calc.months(a, b)",
    "date_trunc('month', month)": "calc.month(d)",
    "month + INTERVAL 3 MONTH": "calc.add_months(d, 3)",
    "month + INTERVAL 1 DAY": "d + 7",
    "last_day(month)": "calc.last_day(d)",
    "dayofweek(month)": "isodow",
    "strftime(month, '%Y')": "Give the date itself",
    "extract(year FROM month)": "year(d)",
    "date_part('year', month)": "year(d)",
    "CAST(2.5 AS INTEGER)": "round",
    "CAST(wage_base / 2 AS BIGINT)": "round",
    "CAST(calc.safe_div(wage_base, 2) AS BIGINT)": "round",
    "CAST(wage_base * 1.5 AS BIGINT)": "round",
    "CAST(wage_base AS FLOAT)": "Casting to",
    "CAST(wage_base AS HUGEINT)": "Casting to",
    "CAST(recorded_at AS DATE)": "UTC moment",
    "date(recorded_at)": "UTC moment",
    "list(scheme)": "string_agg",
    "array_agg(scheme ORDER BY month)": "string_agg",
    "[1, 2][1]": "string_agg",
    "string_agg(scheme, ',')": "ORDER BY",
    "median(wage_base)": "calc.median",
    "quantile_cont(wage_base, 0.5)": "calc.pctl",
    "mad(wage_base)": "calc.mad",
    "mode(scheme)": "picks any",
    "any_value(scheme)": "picks any",
    "first(scheme)": "picks any",
    "approx_count_distinct(scheme)": "count(DISTINCT x)",
    "concat(scheme, scheme)": "a || b",
    "regexp_replace(scheme, 'a', 'b')": "replace",
    "row_number() OVER ()": "ORDER BY",
    "lag(wage_base) OVER (PARTITION BY person_id)": "ORDER BY",
    "hash(scheme)": "differs",
    "ln(wage_base)": "ln(0)",
    "unnest([1, 2])": "FROM t, unnest",
    "{'a': 1}": "columns of their own",
    "list_transform([1], x -> x + 1)": None,
    "wage_bse(month)": "not in the list of functions",
    "months_between(month, month)": None,
    "person_id.month": None,
    "?": None,
}  # fmt: skip
# A whole query -> a piece of what its author is told.
REFUSED_QUERIES = {
    "SELECT month FROM contribution_month LIMIT 5": "QUALIFY row_number()",
    "SELECT month FROM contribution_month OFFSET 5": "QUALIFY row_number()",
    "SELECT DISTINCT ON (person_id) month FROM contribution_month": "QUALIFY row_number()",
    "SELECT c.month FROM contribution_month c ASOF JOIN employer e ON c.employer_id >= e.employer_id": "valid_from",
    "SELECT month FROM contribution_month NATURAL JOIN employer": "Join ON",
    "SELECT month FROM contribution_month POSITIONAL JOIN employer": "Join ON",
    "SELECT c.month FROM contribution_month AS c, employer AS c": "Two sources are called 'c'",
    "WITH a AS (SELECT month AS m FROM contribution_month), b AS (SELECT status FROM employer) SELECT m FROM b": "no column 'm'",
    "SELECT month FROM contribution_month TABLESAMPLE 10%": "random",
    "SELECT month FROM contribution_month UNION ALL BY NAME SELECT month FROM person_month": "BY NAME",
    "SELECT wage_base + 1 FROM contribution_month": "has no name",
    "SELECT month, month FROM contribution_month": "two columns 'month'",
    "SELECT rank() OVER w AS r FROM employer WINDOW w AS (PARTITION BY status)": "without ORDER BY",
    "SELECT calc.median(DISTINCT wage_base) AS r FROM contribution_month": "takes no DISTINCT",
    "SELECT calc.month_window(month, 99999) AS r FROM contribution_month": "at most 1200",
    "SELECT month, scheme FROM contribution_month UNION ALL SELECT status FROM employer": "have 2 and 1 columns",
    "SELECT sum(wage_base / 3) AS s FROM contribution_month": "round(…, 6)",
    "SELECT avg(s.q) AS s FROM (SELECT calc.safe_div(wage_base, 3) AS q FROM contribution_month) AS s": "round(…, 6)",
    "SELECT corr(wage_base, person_id) AS s FROM contribution_month": "round(…, 6)",
    "SELECT arg_max(scheme, month, 3) AS s FROM contribution_month": "take two values",
    "SELECT r.i FROM range(1, 3) AS r": "Name what range() makes",
    "SELECT employer_id FROM contribution_month c JOIN employer e ON c.employer_id = e.employer_id": "Write c.employer_id",
    "SELECT max(c.month) AS month FROM contribution_month c GROUP BY person_id HAVING month > $as_of": "both a column and",
    "SELECT status FROM employer WHERE status = $codes": "x IN ($codes)",
    "SELECT CAST(amount AS BIGINT) AS r FROM hi_claim": "CAST(round(x) AS BIGINT)",
    "SELECT CAST(s.half AS BIGINT) AS r FROM (SELECT amount / 2 AS half FROM hi_claim) AS s": "CAST(round(x) AS BIGINT)",
    "SELECT amount // 2 AS r FROM hi_claim": "CAST(floor(a / nullif(b, 0)) AS BIGINT)",
}


@pytest.mark.parametrize(("expression", "instead"), REFUSED.items())
def test_an_expression_which_engines_read_differently_is_refused(compiled, expression, instead):
    with pytest.raises(SignError) as told:
        compiled(f"SELECT {expression} AS r\nFROM contribution_month")
    assert instead is None or instead in str(told.value)
    assert {fault.line for fault in told.value.faults} == {40}


@pytest.mark.parametrize(("sql", "instead"), REFUSED_QUERIES.items())
def test_a_query_which_engines_read_differently_is_refused(compiled, sql, instead):
    with pytest.raises(SignError) as told:
        compiled(sql)
    assert instead in str(told.value)


ALLOWED = [
    "SELECT count(*) AS n, count(DISTINCT month) AS m, sum(wage_base) FILTER (WHERE scheme = 'a') AS s FROM contribution_month",
    "SELECT person_id, avg(wage_base) AS a FROM contribution_month GROUP BY ALL HAVING avg(wage_base) > 3",
    "SELECT wage_base / nullif(person_id, 0) AS a, wage_base // 3 AS b, wage_base % 12 AS c FROM contribution_month",
    "SELECT CAST(round(wage_base / 2) AS BIGINT) AS a, CAST(floor(1.5) AS INTEGER) AS b FROM contribution_month",
    "SELECT date_diff('day', month, $as_of) AS a, month + 7 AS b, $as_of - month AS c FROM contribution_month",
    "SELECT CASE WHEN scheme IN ($codes) THEN 1 ELSE $loss END AS a, coalesce(wage_base, 0) AS b FROM contribution_month",
    "SELECT month FROM contribution_month QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY month) = 1",
    "SELECT lag(wage_base) OVER w AS a FROM contribution_month WINDOW w AS (PARTITION BY person_id ORDER BY month)",
    "SELECT sum(wage_base) OVER (ORDER BY month ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS a FROM contribution_month",
    "SELECT string_agg(scheme, ', ' ORDER BY scheme) AS a, arg_max(scheme, month) AS b FROM contribution_month",
    "SELECT c.month, r.i FROM contribution_month AS c, range(1, 13) AS r(i)",
    "SELECT c.month, u.code FROM contribution_month AS c, unnest(['a', 'b']) AS u(code)",
    "SELECT v.code FROM (VALUES ('a', 1), ('b', 2)) AS v(code, rank)",
    "SELECT e.status, l.last FROM employer AS e, LATERAL (SELECT max(c.month) AS last FROM contribution_month AS c "
    "WHERE c.employer_id = e.employer_id) AS l",
    "SELECT status FROM employer AS e WHERE EXISTS (SELECT 1 FROM contribution_month AS c WHERE c.employer_id = e.employer_id)",
    "SELECT status FROM employer AS e WHERE NOT e.employer_id IN (SELECT employer_id FROM contribution_month)",
    "SELECT status FROM employer SEMI JOIN contribution_month USING (employer_id)",
    "SELECT e.status FROM employer AS e ANTI JOIN contribution_month AS c ON c.employer_id = e.employer_id",
    "SELECT e.status, c.month FROM employer AS e LEFT JOIN contribution_month AS c USING (employer_id)",
    "SELECT status FROM employer EXCEPT SELECT scheme FROM contribution_month",
    "(SELECT status FROM employer) UNION (SELECT scheme FROM contribution_month)",
    "WITH a AS (SELECT month AS m FROM contribution_month), b(n) AS (SELECT m FROM a) SELECT n FROM b ORDER BY n",
    "SELECT month AS m, calc.last_day(m) AS l FROM contribution_month WHERE m > $from_day AND $strict",
    "SELECT date(admitted_at) AS d, admitted_at + INTERVAL 24 HOUR AS t FROM hi_claim WHERE hour(admitted_at) >= 22",
    "SELECT upper(left(scheme, 1)) || lower(substring(scheme, 2)) AS a FROM contribution_month WHERE scheme LIKE 'a%'",
    "SELECT TRY_CAST(scheme AS BIGINT) AS a FROM contribution_month WHERE regexp_matches(scheme, '^[0-9]+$')",
    "SELECT month FROM contribution_month WHERE recorded_at > TIMESTAMP '2025-01-01 00:00:00'",
    "SELECT round(sum(wage_base / 3), 6) AS s, round(corr(wage_base, person_id) FILTER (WHERE scheme = 'a'), 4) AS c FROM contribution_month",
    "SELECT sum(amount) AS s, avg(amount) AS a, round(avg(amount / 2), 6) AS w FROM hi_claim",
    "SELECT len(scheme) AS n FROM contribution_month",
    "SELECT DISTINCT scheme, month IS NOT DISTINCT FROM $as_of AS same FROM contribution_month",
    "SELECT grouped.n FROM (SELECT count(*) AS n FROM employer GROUP BY GROUPING SETS ((status), ())) AS grouped",
]


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_signs_need_is_allowed_and_runs(compiled, schema, engine, sql):
    for table, columns in schema.tables.items():
        fields = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in columns.items())
        engine.materialise(table, f"SELECT {fields} WHERE false")
    found = compiled(sql)
    assert tuple(engine.columns(found.sql)) == found.columns
    engine.rows(found.sql)


def test_a_bare_name_means_the_column_before_the_alias_of_the_same_select(compiled, engine):
    engine.register("contribution_month", pa.table({"month": [date(2024, 5, 31)], "wage_base": [5]}))
    sql = (
        "SELECT calc.month(month) AS month, wage_base + 1 AS wage_base, wage_base * 2 AS twice FROM contribution_month"
    )
    where = " WHERE month = DATE '2024-05-31' AND wage_base = 5"
    assert engine.rows(compiled(sql + where).sql) == [(date(2024, 5, 1), 6, 10)]


def test_of_equal_rows_arg_max_takes_the_largest_and_arg_min_the_smallest(compiled, engine):
    engine.register("employer", pa.table({
        "employer_id": [5, 5, 2, 2, None, 9], "wage_region": ["I"] * 6, "status": ["b", "a", "c", "d", "e", None],
    }))  # fmt: skip
    sql = "SELECT arg_max(status, employer_id) AS a, arg_min(status, employer_id) FILTER (WHERE wage_region = 'I') AS b"
    assert engine.rows(compiled(f"{sql} FROM employer").sql) == [("b", "c")]


def test_count_if_counts_nothing_as_zero(compiled, engine):
    engine.register("employer", pa.table({
        "employer_id": [5, 5, 7], "wage_region": ["I", "II", "I"], "status": pa.array([None, None, "a"], pa.string()),
    }))  # fmt: skip
    counts = (
        "count_if(status = 'a') AS a, count_if(status = 'a') FILTER (WHERE wage_region = 'II') AS b, "
        "count_if(status = 'a' OR wage_region = 'II') FILTER (WHERE wage_region = 'I' OR status IS NULL) AS c"
    )
    by_employer = f"SELECT employer_id, {counts} FROM employer GROUP BY employer_id ORDER BY employer_id"
    assert engine.rows(compiled(by_employer).sql) == [(5, 0, 0, 1), (7, 1, 0, 1)]
    assert engine.rows(compiled(f"SELECT {counts} FROM employer WHERE employer_id = 9").sql) == [(0, 0, 0)]
    over = "SELECT count_if(status = 'a') OVER (PARTITION BY employer_id) AS n FROM employer ORDER BY employer_id"
    assert engine.rows(compiled(over).sql) == [(0,), (0,), (1,)]


def test_division_gives_a_double_of_whole_numbers_and_decimals(compiled, engine):
    engine.materialise("hi_claim", "SELECT CAST(1 AS DECIMAL(18,3)) AS amount, CAST(1 AS BIGINT) AS hi_claim_id")
    assert engine.rows(compiled("SELECT amount / 8 AS a, hi_claim_id / 8 AS b FROM hi_claim").sql) == [(0.125, 0.125)]


def test_every_function_is_either_allowed_or_refused():
    assert not FUNCTIONS.keys() & REFUSED_NAMES.keys()
