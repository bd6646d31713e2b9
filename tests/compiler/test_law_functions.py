"""`law.` in SQL gives what the law room gives, on every day and for every dimension."""

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauhieu.errors import LawError, SignError

DAYS = st.dates(date(2014, 1, 1), date(2027, 12, 31)) | st.sampled_from(
    [day + timedelta(days=step) for day in (date(2020, 1, 1), date(2022, 7, 1), date(2024, 7, 1), date(2021, 1, 1))
     for step in (-1, 0, 1)]
)  # fmt: skip
ASKED = st.lists(
    st.tuples(
        DAYS | st.none(), st.sampled_from(["I", "II", "III", None]), st.sampled_from(["f", "m"]), st.integers(-5, 60)
    ),
    min_size=1,
    max_size=30,
)
SQL = """SELECT i, law.rate(day) AS rate, law.min_wage(day, region => region) AS wage,
  law.cap_days(day, years => years, sex => sex) AS cap, law.ended(day) AS ended, law.start_day(day) AS start,
  law.method(day) AS method, law.cap_days($as_of, sex => 'm', years => 20) AS fixed
FROM asked ORDER BY i"""
COLUMNS = {"i": "BIGINT", "day": "DATE", "region": "VARCHAR", "sex": "VARCHAR", "years": "BIGINT"}


def _lawful(law, name, day, **dimensions):
    if day is None or None in dimensions.values():
        return None
    try:
        return law.value(name, day, **dimensions)
    except LawError:
        return None


@settings(max_examples=50)
@given(asked=ASKED)
def test_the_engine_and_the_law_agree(compiled, schema, law, engine, asked):
    days, regions, sexes, years = zip(*asked, strict=True)
    engine.register("asked", pa.table({
        "i": range(len(asked)), "day": pa.array(days, pa.date32()), "region": pa.array(regions, pa.string()),
        "sex": sexes, "years": years,
    }))  # fmt: skip
    own = type(schema)(tables={"asked": COLUMNS})
    assert engine.rows(compiled(SQL, schema=own).sql) == [
        (
            i,
            _lawful(law, "rate", day),
            _lawful(law, "min_wage", day, region=region),
            _lawful(law, "cap_days", day, sex=sex, years=year),
            _lawful(law, "ended", day),
            _lawful(law, "start_day", day),
            _lawful(law, "method", day),
            law.value("cap_days", date(2025, 1, 31), sex="m", years=20),
        )
        for i, (day, region, sex, year) in enumerate(asked)
    ]


def test_a_moment_late_on_the_last_day_still_has_the_old_value(compiled, engine):
    engine.register("hi_claim", pa.table({"admitted_at": pa.array(["2021-06-30 23:59:59"]).cast(pa.timestamp("us"))}))
    assert engine.rows(compiled("SELECT law.rate(admitted_at) AS r FROM hi_claim").sql) == [(80_000,)]


def test_a_value_multiplies_without_overflow(compiled, engine):
    engine.register("try_date", pa.table({"n": pa.array([2_000_000_000], pa.int32())}))
    sql = "SELECT n * law.rate($as_of) // 1000000 AS r FROM try_date"
    assert engine.rows(compiled(sql).sql) == [(105_000 * 2_000_000_000 // 1_000_000,)]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("law.min_wage(month)", "needs 'region'. Write law.min_wage(date, region => …)."),
        ("law.min_wage(month, region => 'V')", "'V' is no region of 'law.min_wage'. It knows: I, II."),
        ("law.min_wage(month, regoin => 'I')", "has no dimension 'regoin'. Did you mean 'region'?"),
        ("law.rate()", "takes one date, then its dimensions by name. Write law.rate(date)."),
        ("law.rate(month, 'I')", "takes one date"),
        ("law.rate(month, region => 'I')", "has no dimension 'region'."),
    ],
)
def test_a_wrong_call_is_told_with_the_right_form(compiled, call, told):
    with pytest.raises(SignError) as error:
        compiled(f"SELECT {call} AS r FROM contribution_month")
    assert told in str(error.value)
