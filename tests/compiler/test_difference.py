"""What changed between two texts of a sign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dauhieu.catalogue.sign import Sign
from dauhieu.compiler.difference import Change, select_changes, sign_changes
from dauhieu.warehouse.contract import Text
from tests.thin import SIGN, catalogue

BEFORE = "WITH low AS (SELECT a, law.x(b) FROM t WHERE a < $share), old AS (SELECT 1 AS one) SELECT a FROM low"


def sign(**fields: object) -> Sign:
    return replace(catalogue().signs[SIGN], **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "after",
    [BEFORE, BEFORE.replace(" FROM t", "\n  -- a note\n  FROM   t"), BEFORE.replace("SELECT", "select")],
)
def test_layout_notes_and_case_of_words_are_no_change(after: str) -> None:
    assert select_changes(BEFORE, after) == ()


def test_a_changed_condition_is_told_with_its_step() -> None:
    assert select_changes(BEFORE, BEFORE.replace("a < $share", "a <= $share")) == (
        "low: - a < $share",
        "low: + a <= $share",
    )


def test_steps_which_come_and_go_are_told() -> None:
    changes = select_changes(BEFORE, BEFORE.replace("old AS", "new AS"))
    assert changes[:2] == ("old: step taken out", "new: new step")


def test_a_text_which_cannot_be_parsed_is_compared_by_lines() -> None:
    assert select_changes("SELECT (", "SELECT ((") == ("text: - SELECT (", "text: + SELECT ((")


def test_every_sign_of_the_catalogue_equals_itself() -> None:
    assert [name for name, one in catalogue().signs.items() if sign_changes(one, one)] == []


def test_each_part_is_told_apart() -> None:
    whole = sign().tuning
    now = sign(
        version=2,
        tuning={**whole, "hazard_uplift": replace(whole["hazard_uplift"], value=6)},
        legal_basis=sign().legal_basis[1:],
        title=Text("Khác", "Other"),
        severity=5,
        sql=sign().sql.replace("wage_base < floor", "wage_base <= floor"),
    )
    changes = sign_changes(sign(), now)
    assert Change("thresholds", "hazard_uplift", 5, 6) in changes
    assert Change("identity", "version", 1, 2) in changes
    assert Change("weight", "severity", 4, 5) in changes
    assert Change("texts", "title (en)", "Insured wage below the statutory floor", "Other") in changes
    assert {change.part for change in changes} == {"identity", "logic", "thresholds", "law", "weight", "texts"}
