"""Compound signs: what a file must say, and what becomes of it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.read import read_sign
from dauhieu.catalogue.sign import Sign
from dauhieu.catalogue.violation import violations
from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.errors import SignError
from dauhieu.law.read import law
from dauhieu.proof.ladder import Ladder
from dauhieu.warehouse.contract import contract
from tests.site import compound_sign, put

COUNTED = ["SI-EMP-11-S1", "SI-EMP-11-S2", "SI-EMP-11-S3"]


def read(folder: Path, text: str) -> Sign:
    return read_sign(put(folder, "signs/social/compound.yaml", text), contract(), violations())


def told(folder: Path, **changed: Any) -> str:
    with pytest.raises(SignError) as error:
        read(folder, compound_sign(COUNTED, **changed))
    return str(error.value)


def test_a_compound_sign_needs_the_signs_it_counts_and_has_both_numbers_as_thresholds(tmp_path: Path) -> None:
    sign = read(tmp_path, compound_sign(COUNTED))
    assert sign.needs.signs == tuple(COUNTED)
    assert {name: one.value for name, one in sign.tuning.items()} == {"at_least": 2, "within_months": 12}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"at_least": 4}, "from 2 to the number of signs"),
        ({"at_least": 1}, "from 2 to the number of signs"),
        ({"within_months": 0}, "from 1 to 120"),
        ({"signs": COUNTED[:1]}, "at least two ids"),
        ({"signs": [*COUNTED, COUNTED[0]]}, "stands twice"),
        ({"subject": "facility"}, "cannot be on another"),
        ({"roll_up": "facility"}, "'roll_up' is the subject of the sign"),
        ({"at_last": 2}, "Did you mean 'at_least'?"),
    ],
)
def test_what_is_wrong_with_it_is_told(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    assert message in told(tmp_path, **changed)


def test_it_has_no_sql_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(SignError, match="A compound sign has no 'sql'"):
        read(tmp_path, compound_sign(COUNTED) + "sql: SELECT 1\n")


@pytest.mark.parametrize("odd", [5, "x", True, [], [1], {}, {"signs": {}}, {"signs": COUNTED, "at_least": "3"}, None])
def test_whatever_stands_there_it_is_told_as_a_fault(tmp_path: Path, odd: Any) -> None:
    body = yaml.safe_load(compound_sign(COUNTED)) | {"compound": odd}
    with contextlib.suppress(SignError):
        read(tmp_path, yaml.safe_dump(body, allow_unicode=True))


def test_a_sign_on_another_subject_could_never_count_and_is_told(tmp_path: Path) -> None:
    text = compound_sign(["SI-EMP-11-S1", "SI-EMP-05-S1"])
    put(tmp_path, "signs/social/compound.yaml", text)
    with DuckDBEngine(EngineOptions(memory="500MB", threads=1)) as engine:
        catalogue = read_catalogue(contract(), tmp_path)
        report = Ladder(engine, contract(), catalogue, law()).climb([yaml.safe_load(text)["id"]])
    assert any("counts 'SI-EMP-05-S1', whose findings are on 'person'" in str(fault) for fault in report.failures)
