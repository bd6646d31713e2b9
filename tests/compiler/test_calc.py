"""Every `calc.` function gives on the engine what plain Python gives."""

import calendar
import math
import statistics
import unicodedata
from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauhieu.compiler.calc import CALC, add_months
from dauhieu.errors import SignError

LAST = date(2025, 1, 31)
FEW = settings(max_examples=40)  # each example is up to forty rows
ENDS = [date(year, month, calendar.monthrange(year, month)[1]) for year in (2023, 2024, 2025) for month in range(1, 13)]
DAYS = st.dates(date(1930, 1, 1), date(2060, 12, 31)) | st.sampled_from([*ENDS, date(2024, 2, 28), date(2000, 2, 29)])
DATE_ROWS = st.lists(st.tuples(*[st.none() | DAYS] * 4, st.none() | st.integers(-700, 700)), min_size=1, max_size=40)
REALS = st.none() | st.integers(-1000, 1000).map(lambda whole: whole / 8)
NUMBER_ROWS = st.lists(st.tuples(REALS, REALS, REALS, st.integers(0, 3)), min_size=1, max_size=40)


def put_dates(engine, rows):
    columns = dict(zip("abcd", list(zip(*rows, strict=True))[:4], strict=True))
    engine.register("try_date", pa.table({
        "i": pa.array(range(len(rows)), pa.int32()),
        **{name: pa.array(days, pa.date32()) for name, days in columns.items()},
        "n": pa.array([row[4] for row in rows], pa.int32()),
    }))  # fmt: skip


def put_numbers(engine, rows):
    x, y, z, g = zip(*rows, strict=True)
    engine.register("try_number", pa.table({
        "i": pa.array(range(len(rows)), pa.int32()),
        **{name: pa.array(values, pa.float64()) for name, values in (("x", x), ("y", y), ("z", z))},
        "g": pa.array(g, pa.int64()),
    }))  # fmt: skip


def by_row(compiled, engine, expression, table="try_date", **options):
    return [
        row[1] for row in engine.rows(compiled(f"SELECT i, {expression} AS r FROM {table} ORDER BY i", **options).sql)
    ]


def full_months(a, b):
    """The largest n with add_months(a, n) <= b, by trying."""
    n = (b.year - a.year) * 12 + b.month - a.month + 1
    while add_months(a, n) > b:
        n -= 1
    return n


def unless_null(function):
    return lambda *values: None if None in values else function(*values)


def overlap(a1, a2, b1, b2):
    if a1 is None or b1 is None:
        return None
    end_a, end_b = a2 or b2 or LAST, b2 or a2 or LAST
    return max(0, (min(end_a, end_b) - max(a1, b1)).days + 1)


PLAIN_DATES = {
    "calc.months(a, b)": unless_null(lambda a, b, c, d, n: full_months(a, b)),
    "calc.age_months(a, b)": unless_null(lambda a, b, c, d, n: full_months(a, b)),
    "calc.years(a, b)": unless_null(lambda a, b, c, d, n: full_months(a, b) // 12),
    "calc.add_months(a, n)": unless_null(lambda a, b, c, d, n: add_months(a, n)),
    "calc.month(a)": unless_null(lambda a, b, c, d, n: a.replace(day=1)),
    "calc.last_day(a)": unless_null(lambda a, b, c, d, n: a.replace(day=calendar.monthrange(a.year, a.month)[1])),
    "calc.quarter(a)": unless_null(lambda a, b, c, d, n: date(a.year, (a.month - 1) // 3 * 3 + 1, 1)),
    "calc.month_index(a)": unless_null(lambda a, b, c, d, n: a.year * 12 + a.month - 1),
}


@pytest.mark.parametrize("expression", PLAIN_DATES)
@FEW
@given(rows=DATE_ROWS)
def test_date_functions_agree_with_python(compiled, engine, expression, rows):
    rows = [_with_only(expression, row) for row in rows]
    put_dates(engine, rows)
    assert by_row(compiled, engine, expression) == [PLAIN_DATES[expression](*row) for row in rows]


def _with_only(expression, row):
    """Nothing is missing but what the expression reads."""
    read = expression.split("(")[1]
    ordinary = dict(zip("abcdn", (LAST, LAST, LAST, LAST, 0), strict=True))
    return tuple(
        ordinary[name] if value is None and name not in read else value
        for name, value in zip("abcdn", row, strict=True)
    )


@FEW
@given(rows=DATE_ROWS)
def test_overlap_counts_both_ends_and_takes_a_missing_end_as_open(compiled, engine, rows):
    put_dates(engine, rows)
    assert by_row(compiled, engine, "calc.overlap_days(a, b, c, d)") == [overlap(*row[:4]) for row in rows]


@FEW
@given(rows=DATE_ROWS, months=st.integers(1, 60), as_of=st.sampled_from(ENDS))
def test_windows_reach_back_from_the_month_scanned(compiled, engine, rows, months, as_of):
    put_dates(engine, rows)
    found = by_row(compiled, engine, f"calc.in_last_months(a, {months})", as_of=as_of)
    assert found == [None if row[0] is None else add_months(as_of, -months) < row[0] <= as_of for row in rows]
    first = add_months(as_of.replace(day=1), 1 - months)
    found = by_row(compiled, engine, f"calc.month_window(a, {months})", as_of=as_of)
    assert found == [None if row[0] is None else first <= row[0] <= as_of for row in rows]


def test_thirty_november_and_three_months_is_the_end_of_february(compiled, engine):
    put_dates(engine, [(date(2024, 11, 30), date(2025, 2, 28), None, None, 3)])
    assert by_row(compiled, engine, "calc.add_months(a, n)") == [date(2025, 2, 28)]
    assert by_row(compiled, engine, "calc.months(a, b)") == [3]


def test_one_born_on_a_leap_day_is_a_year_older_on_28_february(compiled, engine):
    put_dates(engine, [(date(2004, 2, 29), day, None, None, 0) for day in (date(2025, 2, 27), date(2025, 2, 28))])
    assert by_row(compiled, engine, "calc.years(a, b)") == [20, 21]
    put_dates(engine, [(date(2004, 2, 29), date(2024, 2, 28), None, None, 0)])
    assert by_row(compiled, engine, "calc.years(a, b)") == [19]


def test_working_days_come_from_the_calendar(compiled, engine):
    days = [date(2025, 1, 20) + timedelta(days=step) for step in range(30)]
    index = [sum(day.weekday() < 5 for day in days[: place + 1]) for place in range(len(days))]
    engine.register("calendar_day", pa.table({"day": days, "working_index": pa.array(index, pa.int32())}))
    put_dates(
        engine,
        [
            (date(2025, 1, 24), date(2025, 1, 28), None, None, 0),
            (date(2025, 1, 24), LAST.replace(year=2031), None, None, 0),
        ],
    )
    assert by_row(compiled, engine, "calc.working_days(a, b)") == [2, None]
    found = compiled("SELECT calc.working_days(a, b) AS r FROM try_date")
    assert found.used["calendar_day"] == {"day", "working_index"}
    assert "calendar_day" in found.tables


@FEW
@given(rows=NUMBER_ROWS)
def test_statistics_agree_with_python(compiled, engine, rows):
    put_numbers(engine, rows)
    sql = compiled(
        "SELECT g, calc.median(x) AS m, calc.mad(x) AS d, calc.pctl(x, 0.25) AS q FROM try_number GROUP BY g ORDER BY g"
    ).sql
    for group, median, mad, quarter in engine.rows(sql):
        values = sorted(row[0] for row in rows if row[3] == group and row[0] is not None)
        if not values:
            assert (median, mad, quarter) == (None, None, None)
            continue
        middle = statistics.median(values)
        place = 0.25 * (len(values) - 1)
        low = values[math.floor(place)]
        assert median == middle
        assert mad == statistics.median(abs(value - middle) for value in values)
        assert quarter == pytest.approx(low + (values[math.ceil(place)] - low) * (place % 1))


@FEW
@given(rows=NUMBER_ROWS)
def test_divisions_by_zero_are_null(compiled, engine, rows):
    put_numbers(engine, rows)
    assert by_row(compiled, engine, "calc.safe_div(x, y)", "try_number") == [
        None if None in row[:2] or row[1] == 0 else row[0] / row[1] for row in rows
    ]
    assert by_row(compiled, engine, "calc.robust_z(x, y, z)", "try_number") == [
        None if None in row[:3] or row[2] == 0 else pytest.approx((row[0] - row[1]) / (1.4826 * row[2])) for row in rows
    ]


@FEW
@given(
    st.lists(
        st.tuples(st.integers(-2, 400), st.integers(0, 2400).map(lambda eighths: eighths / 8)), min_size=1, max_size=20
    )
)
def test_the_poisson_tail_agrees_with_the_sum(compiled, engine, asked):
    put_numbers(engine, [(mean, None, None, count) for count, mean in asked])
    found = by_row(compiled, engine, "calc.poisson_tail(g, x)", "try_number")

    def term(i, mean):
        return math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) if mean else float(i == 0)

    for (count, mean), got in zip(asked, found, strict=True):
        whole = math.fsum(term(i, mean) for i in range(max(count, 0), 1200))
        assert got == pytest.approx(whole if count > 0 else 1.0, rel=1e-9, abs=1e-12)


def test_the_poisson_tail_takes_aggregates_and_big_means(compiled, engine):
    put_numbers(engine, [(1_000_000.0, None, None, 3), (None, None, None, 2), (-1.0, None, None, 1)])
    assert by_row(compiled, engine, "calc.poisson_tail(g * 333333, x)", "try_number") == [
        pytest.approx(0.5, abs=0.01),
        None,
        None,
    ]
    rows = engine.rows(compiled("SELECT calc.poisson_tail(count(*), max(x)) AS r FROM try_number").sql)
    assert rows == [(pytest.approx(1.0),)]


def test_the_two_sides_of_the_poisson_tail_meet_at_a_big_mean(compiled, engine):
    put_numbers(engine, [(1e6, None, None, 1_000_000), (1e6, None, None, 1_000_001)])
    at_mean, above = by_row(compiled, engine, "calc.poisson_tail(g, x)", "try_number")
    assert at_mean - above == pytest.approx(1 / math.sqrt(2 * math.pi * 1e6), abs=1e-8)


def test_one_degree_on_the_equator_is_111_kilometres(compiled, engine):
    put_numbers(engine, [(0.0, 1.0, None, 0), (21.0285, 10.8231, None, 0), (None, 1.0, None, 0)])
    assert by_row(compiled, engine, "calc.km(0, x, 0, y)", "try_number")[0] == pytest.approx(111.195, abs=0.001)
    # Hà Nội to Ho Chi Minh City
    assert by_row(compiled, engine, "calc.km(x, 105.8542, y, 106.6297)", "try_number")[1] == pytest.approx(1138, abs=2)
    assert by_row(compiled, engine, "calc.km(x, 0, y, 0)", "try_number")[2] is None


def test_names_are_compared_without_case_accents_and_spaces(compiled, engine):
    pairs = [("Nguyễn Văn  Đức", " nguyen van duc"), ("Lê Thị Hoa", "Lê Thị Hòa "), ("Trần An", "Trần Anh"),
             (None, "x"), (unicodedata.normalize("NFD", "Nguyễn"), "Nguyễn")]  # fmt: skip
    engine.register("try_text", pa.table({"i": range(5), "s": [s for s, _ in pairs], "t": [t for _, t in pairs]}))
    assert by_row(compiled, engine, "calc.name_distance(s, t)", "try_text") == [0, 0, 1, None, 0]


def test_minutes_are_counted_between_moments(compiled, engine):
    engine.register("hi_claim", pa.table({"admitted_at": pa.array(["2025-01-01 08:00:30"]).cast(pa.timestamp("us"))}))
    sql = "SELECT calc.minutes(admitted_at, admitted_at + INTERVAL 90 SECOND) AS r FROM hi_claim"
    assert engine.rows(compiled(sql).sql) == [(1,)]


def test_an_aggregate_takes_filter_and_over(compiled, engine):
    put_numbers(engine, [(1.0, None, None, 0), (5.0, None, None, 0), (9.0, None, None, 1)])
    over = "calc.median(x) OVER (PARTITION BY g)"
    assert by_row(compiled, engine, over, "try_number") == [3.0, 3.0, 9.0]
    filtered = compiled("SELECT calc.median(x) FILTER (WHERE g = 0) AS r FROM try_number").sql
    assert engine.rows(filtered) == [(3.0,)]


def test_an_argument_keeps_its_own_brackets(compiled, engine):
    put_numbers(engine, [(7.0, 3.0, 2.0, 0)])
    assert by_row(compiled, engine, "10 - calc.safe_div(x - y, z + 2)", "try_number") == [9.0]
    assert by_row(compiled, engine, "2 * calc.safe_div(calc.safe_div(x, z), y - 1)", "try_number") == [3.5]


def test_a_wrong_number_of_values_is_told(compiled):
    with pytest.raises(SignError, match=r"calc.months\(a, b\)"):
        compiled("SELECT calc.months(a) AS r FROM try_date")


def test_a_window_needs_a_plain_number(compiled):
    with pytest.raises(SignError, match="must be a number or a tuning value"):
        compiled("SELECT calc.in_last_months(a, n) AS r FROM try_date")
    assert compiled("SELECT calc.in_last_months(a, $months) AS r FROM try_date").columns == ("r",)


@pytest.mark.parametrize("name", CALC)
def test_every_function_has_the_type_it_promises(compiled, engine, name):
    """With NULLs for everything, but a number where a constant is asked for."""
    put_dates(engine, [(None, None, None, None, None)])
    engine.register("calendar_day", pa.table({"day": [LAST], "working_index": pa.array([1], pa.int32())}))
    words = {"p": "0.5", "n": "3"} | dict.fromkeys(["a", "b", "d", "m", "birth", "a1", "a2", "b1", "b2"], "a")
    alike = {"name_distance": "CAST(a AS VARCHAR)", "safe_div": "n"}.get(name)
    arguments = [alike or words.get(word, "n") for word in CALC[name].arguments]
    sql = compiled(f"SELECT calc.{name}({', '.join(arguments)}) AS r FROM try_date").sql
    assert engine.columns(sql) == {"r": CALC[name].returns}
    assert engine.rows(sql) == [(None,)]
