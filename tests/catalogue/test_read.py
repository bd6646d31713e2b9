"""Sign files: what is read, and how faults are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from dauhieu.catalogue.catalogue import SIGNS_FOLDER
from dauhieu.catalogue.read import read_sign
from dauhieu.catalogue.violation import violations
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import contract

MODEL = (SIGNS_FOLDER / "social" / "wage_below_floor.yaml").read_text(encoding="utf-8")


def write(folder: Path, text: str, branch: str = "social") -> Path:
    path = folder / branch / "sign.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, branch: str = "social") -> list[str]:
    with pytest.raises(SignError) as error:
        read_sign(write(folder, text, branch), contract(), violations())
    return [str(fault) for fault in error.value.faults]


def test_a_sign_file_becomes_a_sign(tmp_path: Path) -> None:
    sign = read_sign(write(tmp_path, MODEL), contract(), violations())
    assert (sign.id, sign.subject, sign.tuning["hazard_uplift"].value) == ("SI-EMP-05-S1", "person", 5)


def test_the_line_of_the_sql_is_that_of_its_first_word(tmp_path: Path) -> None:
    sign = read_sign(write(tmp_path, MODEL), contract(), violations())
    assert MODEL.splitlines()[sign.sql_line - 1].strip().startswith("WITH paid")


def test_a_misspelt_word_is_told_with_line_and_suggestion(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, MODEL.replace("severity: 4", "severity: 4\nevidense: x"))
    assert ":8\n" in fault
    assert "Did you mean 'evidence'?" in fault


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = MODEL.replace("severity: 4", "severity: 9").replace("status: test", "status: finished")
    assert len(faults(tmp_path, text)) == 2


def test_a_missing_language_is_a_fault(tmp_path: Path) -> None:
    text = MODEL.replace("  en: Insured wage below the statutory floor\n", "")
    assert "'title' needs a text in vi and one in en." in faults(tmp_path, text)[0]


def test_a_sign_without_innocent_explanation_is_refused(tmp_path: Path) -> None:
    head, _, rest = MODEL.partition("innocent_explanations:")
    text = head + "innocent_explanations: {vi: [], en: []}\nask_for:" + rest.partition("ask_for:")[2]
    assert "never empty" in faults(tmp_path, text)[0]


def test_a_fraction_as_threshold_is_refused(tmp_path: Path) -> None:
    text = MODEL.replace("{value: 5, unit: percent", "{value: 0.05, unit: percent")
    assert "parts per million" in faults(tmp_path, text)[0]


def test_an_id_must_stand_in_the_folder_of_its_branch(tmp_path: Path) -> None:
    assert "stands in the folder 'health'" in faults(tmp_path, MODEL, "health")[0]


def test_a_key_which_stands_twice_is_a_fault(tmp_path: Path) -> None:
    assert "stands twice" in faults(tmp_path, MODEL + "\nseverity: 3\n")[0]


def test_an_unknown_table_in_needs_is_suggested(tmp_path: Path) -> None:
    text = MODEL.replace("required: {contribution_month:", "required: {contribution_moth:")
    assert "Did you mean 'contribution_month'?" in faults(tmp_path, text)[0]


def test_one_reason_of_a_threshold_serves_both_languages_and_half_a_reason_none(tmp_path: Path) -> None:
    head, _, rest = MODEL.partition("hazard_uplift: {")
    tail = rest.partition("\n")[2]
    one = f"{head}hazard_uplift: {{value: 5, unit: percent, why: as we see it}}\n{tail}"
    why = read_sign(write(tmp_path, one), contract(), violations()).tuning["hazard_uplift"].why
    assert (why.vi, why.en) == ("as we see it", "as we see it")
    assert "a text in vi and one in en" in faults(tmp_path, one.replace("why: as we see it", "why: {en: x}"))[0]
