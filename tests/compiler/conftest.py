"""A small schema, a small law, and one engine; tests compile against them by `compiled(sql)`."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from dauhieu.compiler.compile import Compiled, compile_select
from dauhieu.compiler.schema import Schema
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.law.law import Law
from dauhieu.law.parameter import Band, Choice, Parameter, Span

SCHEMA = Schema(
    tables={
        "contribution_month": {
            "person_id": "BIGINT",
            "employer_id": "BIGINT",
            "month": "DATE",
            "wage_base": "BIGINT",
            "scheme": "VARCHAR",
            "recorded_at": "TIMESTAMP",
        },
        "employer": {"employer_id": "BIGINT", "wage_region": "VARCHAR", "status": "VARCHAR"},
        "hi_claim": {"hi_claim_id": "BIGINT", "amount": "DECIMAL(18,3)", "admitted_at": "TIMESTAMP"},
        "calendar_day": {"day": "DATE", "working_index": "INTEGER"},
        "person_identity": {"person_id": "BIGINT", "full_name": "VARCHAR"},
        "finding": {"sign_id": "VARCHAR", "subject_id": "BIGINT"},
        "try_date": {"i": "INTEGER", "a": "DATE", "b": "DATE", "c": "DATE", "d": "DATE", "n": "INTEGER"},
        "try_number": {"i": "INTEGER", "x": "DOUBLE", "y": "DOUBLE", "z": "DOUBLE", "g": "BIGINT"},
        "try_text": {"i": "INTEGER", "s": "VARCHAR", "t": "VARCHAR"},
    },
    views={"person_month": {"person_id": "BIGINT", "month": "DATE", "days": "INTEGER"}},
    kinds=frozenset({"person", "employer"}),
    closed={
        "person_identity": "It holds identities. Say 'identity: true' under 'needs'.",
        "finding": "Name the signs whose findings it reads under 'needs: signs'.",
    },
)
LAST = date(2025, 1, 31)
TUNING = {"gap_vnd": 5, "loss": -3, "codes": ("a", "o'b"), "months": 12, "from_day": date(2024, 2, 29), "strict": True}
FILE = Path("signs/x.yaml")

Compile = Callable[..., Compiled]


def _parameter(name: str, type_: str, dimensions: tuple[Choice | Band, ...], *spans: Span, repealed=False) -> Parameter:
    return Parameter(name, name, name, type_, dimensions, spans, repealed, "test", Path("law.yaml"), 1)


def _span(valid_from: date, valid_to: date | None, values: dict) -> Span:
    return Span(valid_from, valid_to, values, "a law", "high", "text")


REGION, SEX, YEARS = Choice("region", ("I", "II")), Choice("sex", ("f", "m")), Band("years", (0, 15, 30))
LAW = Law(
    {
        parameter.name: parameter
        for parameter in (
            _parameter(
                "rate", "ppm", (), _span(date(2016, 1, 1), date(2021, 6, 30), {(): 80_000}),
                _span(date(2021, 7, 1), None, {(): 105_000}),
            ),
            _parameter(
                "min_wage", "vnd", (REGION,), _span(date(2020, 1, 1), date(2022, 6, 30), {("I",): 400, ("II",): 300}),
                _span(date(2022, 7, 1), date(2024, 6, 30), {("I",): 500, ("II",): 450}),
                _span(date(2024, 7, 1), None, {("I",): 600, ("II",): None}),
            ),
            _parameter(
                "cap_days", "days", (SEX, YEARS),
                _span(date(2016, 1, 1), None, {
                    (sex, years): years + 10 + (sex == "m") for sex in ("f", "m") for years in (0, 15, 30)
                }),
            ),
            _parameter(
                "ended", "count", (), _span(date(2018, 1, 1), date(2020, 12, 31), {(): 7}), repealed=True
            ),
            _parameter(
                "start_day", "date", (), _span(date(2015, 1, 1), None, {(): date(2025, 7, 1)})
            ),
            _parameter("method", "code", (), _span(date(2015, 1, 1), None, {(): "declaration"})),
        )
    }
)  # fmt: skip


@pytest.fixture(scope="session")
def schema() -> Schema:
    return SCHEMA


@pytest.fixture(scope="session")
def law() -> Law:
    return LAW


@pytest.fixture(scope="session")
def compiled() -> Compile:
    """Compiles SQL which starts at line 40 of a sign file, as of 31 January 2025."""

    def compile_(sql: str, schema: Schema = SCHEMA, as_of: date = LAST, **bindings: object) -> Compiled:
        return compile_select(
            sql, schema=schema, law=LAW, as_of=as_of, tuning=TUNING, bindings=bindings, path=FILE, line=40
        )

    return compile_


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    with DuckDBEngine(EngineOptions(memory="512MB", threads=1, folders=(tmp_path_factory.mktemp("store"),))) as opened:
        yield opened
