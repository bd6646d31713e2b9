"""Exceptions: what a file must say, and that no code of a person leaves it."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.exception import FindingException, read_exception
from dauhieu.catalogue.violation import violations
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import contract
from tests.site import EXCEPTION, put
from tests.thin import SIGN, catalogue

CODE = "7901234567"
BODY: dict[str, Any] = EXCEPTION | {"subjects": [{"kind": "person", "code": CODE}]}


def read(folder: Path, body: Any) -> FindingException:
    path = put(folder, "exceptions/one.yaml", body if isinstance(body, str) else yaml.safe_dump(body))
    return read_exception(path, contract(), catalogue().signs, violations())


def faults(folder: Path, **changed: Any) -> str:
    body = {word: value for word, value in (BODY | changed).items() if value is not None}
    with pytest.raises(SignError) as error:
        read(folder, body)
    return str(error.value)


def test_an_exception_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, BODY)
    assert (found.subjects, found.covers(catalogue().signs[SIGN])) == ((("person", CODE),), True)
    assert not found.covers(catalogue().signs["SI-BEN-09-S1"])


def test_an_exception_of_a_violation_covers_all_its_signs(tmp_path: Path) -> None:
    body = {word: value for word, value in BODY.items() if word != "signs"} | {"violation": "SI-EMP-05"}
    covered = {sign.violation for sign in catalogue().signs.values() if read(tmp_path, body).covers(sign)}
    assert covered == {"SI-EMP-05"}


def test_an_exception_acts_from_its_first_to_its_last_day(tmp_path: Path) -> None:
    found = read(tmp_path, BODY)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [found.state(day) for day in days] == ["waiting", "in force", "in force", "expired"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"until": None}, "'until' is missing"),
        ({"until": "never"}, "no exception is for ever"),
        ({"until": date(2028, 1, 2)}, "at most 24 months"),
        ({"until": date(2025, 12, 31)}, "ends before it begins"),
        ({"why": ""}, "'why' is missing"),
        ({"approved_by": " NGUYEN A "}, "not who asks for it"),
        ({"approved_by": None}, "'approved_by' is missing"),
        ({"violation": "SI-EMP-05"}, "either 'signs' or one 'violation'"),
        ({"signs": None}, "either 'signs' or one 'violation'"),
        ({"signs": ["SI-EMP-05-S77"]}, "There is no sign 'SI-EMP-05-S77'"),
        ({"signs": None, "violation": "SI-EMP-77"}, "There is no violation"),
        ({"subjects": None}, "'subjects', a condition 'where', or both"),
        ({"subjects": [{"kind": "persn", "code": CODE}]}, "no such kind of subject"),
        ({"subjects": [{"kind": "person", "code": int(CODE)}]}, "between quotes"),
        ({"subjects": [CODE]}, "{kind: …, code: …}"),
        ({"where": " "}, "is a condition such as"),
        ({"id": "a/b"}, "An id is at most 40 letters"),
        ({"id": CODE}, "no long number"),
        ({CODE: 1}, "Unknown word"),
        ({"whre": "x"}, "Did you mean 'where'?"),
    ],
)
def test_what_is_wrong_is_told_without_the_code_of_a_person(tmp_path: Path, changed: dict[str, Any], told: str) -> None:
    message = faults(tmp_path, **changed)
    assert told in message
    assert CODE not in message


def test_twenty_four_months_are_the_longest(tmp_path: Path) -> None:
    assert read(tmp_path, BODY | {"from": date(2024, 2, 29), "until": date(2026, 2, 28)})
    assert "24 months" in faults(tmp_path, **{"from": date(2024, 2, 29), "until": date(2026, 3, 1)})


@pytest.mark.parametrize("word", sorted({*BODY, "where", "violation"}))
def test_whatever_stands_in_the_file_it_is_told_as_a_fault(tmp_path: Path, word: str) -> None:
    for odd in (5, "x", True, [], [1], [[]], {}, {"a": 1}, {1: None}, None, 1.5, date(2026, 1, 1)):
        with contextlib.suppress(SignError):
            read(tmp_path, BODY | {word: odd})


def test_a_fault_of_the_yaml_itself_repeats_no_code(tmp_path: Path) -> None:
    with pytest.raises(SignError, match="stands twice") as error:
        read(tmp_path, f"subjects:\n  {CODE}: person\n  {CODE}: person\n")
    assert CODE not in str(error.value)


def test_one_broken_exception_hides_no_other_and_both_change_the_digest(tmp_path: Path) -> None:
    put(tmp_path, "exceptions/good.yaml", yaml.safe_dump(BODY))
    put(tmp_path, "exceptions/same.yaml", yaml.safe_dump(BODY))
    put(tmp_path, "exceptions/worse.yaml", "[]")
    found = read_catalogue(contract(), tmp_path)
    assert [one.id for one in found.exceptions] == ["EXC-1"]
    assert ["also in good.yaml" in fault.message for fault in found.faults] == [True, False]
    assert found.digest != catalogue().digest
