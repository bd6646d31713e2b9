"""Budgets on synthetic nations: louder, blinder or slower than the line allows is a fault, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from dauhieu.catalogue.budget import BUDGETS, Budget, read_budgets, write_budgets
from dauhieu.errors import SignError
from dauhieu.law.read import law
from dauhieu.proof.nations import (
    Measured,
    Measures,
    Nations,
    budget_faults,
    maker_digest,
    measure,
    nation,
    proposed,
)
from dauhieu.scoring.interval import share
from tests.thin import SIGN, catalogue

QUIET = Measured(SIGN, noise=4, subjects=200_000, recall=share(18, 20), cpu=0.4)
LINE = Budget(noise=2, cpu=0.4, recall=90)


def faults(one: Measured, **lines: Budget) -> list[str]:
    found = budget_faults(Nations(Measures(), (one,)), catalogue(), {SIGN: LINE} | lines, Path("budgets.yaml"))
    return [fault.message for fault in found]


def test_what_just_keeps_its_line_is_fine() -> None:
    assert faults(QUIET) == []


@pytest.mark.parametrize(
    ("worse", "word"),
    [
        (replace(QUIET, noise=5), "noise"),
        (replace(QUIET, recall=share(17, 20)), "recall"),
        (replace(QUIET, recall=None), "recall"),
        (replace(QUIET, cpu=1.31), "CPU"),
        (replace(QUIET, trouble="out of memory"), "out of memory"),
    ],
)
def test_each_step_over_the_line_is_told(worse: Measured, word: str) -> None:
    (message,) = faults(worse)
    assert word in message


def test_a_time_within_twice_the_recorded_and_the_slack_is_fine() -> None:
    assert faults(replace(QUIET, cpu=1.29)) == []


def test_a_sign_which_ran_needs_a_line_and_one_which_did_not_needs_none() -> None:
    nobody = Nations(Measures(), (QUIET, Measured("SI-BEN-09-S1", None, 200_000, None, None)))
    (fault,) = budget_faults(nobody, catalogue(), {}, Path("budgets.yaml"))
    assert SIGN in fault.message


def test_what_ran_in_one_nation_alone_needs_no_line_and_is_proposed_none() -> None:
    half = replace(QUIET, noise=None)
    assert list(budget_faults(Nations(Measures(), (half,)), catalogue(), {}, Path("budgets.yaml"))) == []
    assert proposed(half) is None


def test_what_is_proposed_holds_for_what_was_measured() -> None:
    for one in (QUIET, replace(QUIET, noise=0), replace(QUIET, recall=share(1, 20)), replace(QUIET, noise=9_999)):
        line = proposed(one)
        assert line is not None
        assert faults(one, **{SIGN: line}) == []


def test_a_proposal_leaves_no_room_for_twice_the_noise() -> None:
    loud = replace(QUIET, noise=100)
    line = proposed(loud)
    assert line is not None
    assert faults(replace(loud, noise=200), **{SIGN: line})


def test_lines_are_read_as_they_were_written(tmp_path: Path) -> None:
    lines = {SIGN: LINE, "SI-BEN-09-S1": Budget(0, 0.05, None, "pensions of one month")}
    write_budgets(tmp_path / "budgets.yaml", lines)
    assert read_budgets(tmp_path / "budgets.yaml", catalogue()) == lines


def test_a_line_of_no_sign_is_told(tmp_path: Path) -> None:
    (tmp_path / "budgets.yaml").write_text("SI-EMP-05-S9: {noise: 1, cpu: 1}\n")
    with pytest.raises(SignError, match="no sign 'SI-EMP-05-S9'"):
        read_budgets(tmp_path / "budgets.yaml", catalogue())


def test_the_shipped_budgets_can_be_read() -> None:
    assert len(read_budgets(BUDGETS, catalogue())) > 200


@pytest.mark.slow
def test_a_nation_is_kept_until_what_makes_it_changes(tmp_path: Path) -> None:
    small = Measures(scale="0.00002", months=1)
    moment = datetime(2026, 11, 1)

    def quiet(what: str, done: float) -> None: ...

    first = nation(tmp_path / "clean", small, moment, quiet, planted=False)
    kept = nation(tmp_path / "clean", small, moment, quiet, planted=False)
    assert kept.version().number == first.version().number
    mark = tmp_path / "clean.made"
    assert maker_digest() in mark.read_text()
    mark.write_text("made by other code")
    (first.path / "stale").touch()
    nation(tmp_path / "clean", small, moment, quiet, planted=False)
    assert not (first.path / "stale").exists()


@pytest.mark.long
def test_two_nations_are_built_scanned_and_measured(tmp_path: Path) -> None:
    small = Measures(scale="0.00002", months=2)
    few = {name: catalogue().signs[name] for name in (SIGN, "SI-EMP-06-S1", "SI-BEN-09-S1")}
    known = replace(catalogue(), signs=few)
    found = measure(tmp_path, known, law(), lambda: datetime(2026, 11, 1), measures=small)
    assert [one.sign for one in found.signs] == list(few)
    assert [one.trouble for one in found.signs] == ["", "", ""]
    wages = next(one for one in found.signs if one.sign == SIGN)
    assert wages.noise is not None
    assert wages.cpu is not None
    assert wages.cpu > 0
    assert wages.subjects >= 400
