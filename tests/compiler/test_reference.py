"""The page sign authors read names every function there is."""

from pathlib import Path

import pytest

from dauhieu.compiler.calc import CALC
from dauhieu.compiler.dialect import FUNCTIONS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "dialect.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CALC)
def test_a_function_of_ours_stands_there_with_its_meaning(name):
    calc = CALC[name]
    assert f"| `calc.{name}({', '.join(calc.arguments)})` | {calc.returns} | {calc.meaning} |" in PAGE


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_allowed_function_of_the_engine_stands_there(name):
    assert f"`{name}`" in PAGE


def test_the_least_and_the_greatest_leave_a_missing_value_out(compiled, engine):
    nothing = "CAST(NULL AS BIGINT)"
    sql = f"SELECT least({nothing}, 1) AS a, greatest({nothing}, 1) AS b, least({nothing}, {nothing}) AS c"
    assert engine.rows(compiled(sql).sql) == [(1, 1, None)]
