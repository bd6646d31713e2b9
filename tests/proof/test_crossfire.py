"""Cross-fire: signs on the silent examples of others; a crash or an unreviewed finding is a fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dauhieu.catalogue.catalogue import Catalogue, read_catalogue, read_sign_examples
from dauhieu.catalogue.sign import Needs
from dauhieu.cli.catalogue import small_engine
from dauhieu.engines.base import Engine
from dauhieu.law.read import law
from dauhieu.proof.crossfire import REVIEWED, cross_fire, has_its_tables, read_reviews, volley
from dauhieu.proof.ladder import Ladder
from dauhieu.warehouse.contract import contract

OWNER, OTHER = "SI-EMP-05-S1", "SI-BEN-09-S1"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(contract())


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with small_engine() as opened:
        yield opened


def shooting(engine: Engine, catalogue: Catalogue, sql: str, site: Path | None = None) -> Ladder:
    """The sign whose examples are shot at, and another which reads contributions and finds what `sql` says."""
    other = replace(
        catalogue.signs[OTHER], sql=sql, needs=Needs({"contribution_month": None}), tuning={}, subject="person"
    )
    few = replace(catalogue, signs={OTHER: other, OWNER: catalogue.signs[OWNER]}, site=site)
    return Ladder(engine, contract(), few, law())


EVERYBODY = """SELECT DISTINCT c.person_id AS subject_id, NULL AS item, c.month AS period_from, c.month AS period_to,
    NULL AS amount FROM contribution_month AS c"""
CRASHING = EVERYBODY.replace("c.month AS period_to", "CAST(c.scheme AS DATE) AS period_to")


def test_a_finding_on_anothers_silent_example_is_told_with_what_to_do(engine: Engine, catalogue: Catalogue) -> None:
    crossed = cross_fire(shooting(engine, catalogue, EVERYBODY))
    silent = [one for one in read_sign_examples(catalogue.signs[OWNER], contract()) if not one.finds]
    assert {hit.example for hit in crossed.hits if hit.sign == OTHER} <= {one.title for one in silent}
    told = [fault for fault in crossed.faults if f"{OTHER} finds" in fault.message]
    assert told
    assert all(REVIEWED in fault.message and fault.line for fault in told)


def test_a_reviewed_finding_is_no_fault(engine: Engine, catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / REVIEWED).write_text(f"{OTHER}:\n- of: [{OWNER}]\n  reviewed: it finds everybody\n")
    crossed = cross_fire(shooting(engine, catalogue, EVERYBODY, tmp_path))
    assert any(hit.sign == OTHER for hit in crossed.hits)
    assert not [fault for fault in crossed.faults if f"{OTHER} finds" in fault.message]


def test_a_crash_is_a_fault_whatever_was_reviewed(engine: Engine, catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / REVIEWED).write_text(f"{OTHER}:\n- of: [{OWNER}]\n  reviewed: it finds everybody\n")
    crossed = cross_fire(shooting(engine, catalogue, CRASHING, tmp_path))
    assert any(f"{OTHER} crashes" in fault.message for fault in crossed.faults)


def test_a_sign_whose_required_tables_are_empty_does_not_run(catalogue: Catalogue) -> None:
    example = read_sign_examples(catalogue.signs[OWNER], contract())[0]
    assert has_its_tables(catalogue.signs[OWNER], example)
    without = replace(catalogue.signs[OWNER], needs=Needs({"contribution_month": None, "hi_claim": None}))
    assert not has_its_tables(without, example)


def test_no_sign_is_run_on_its_own_examples(engine: Engine, catalogue: Catalogue) -> None:
    ladder = Ladder(engine, contract(), catalogue, law())
    assert volley(ladder, (OWNER, (OWNER,))).ran == {}


def test_a_review_which_names_no_sign_or_no_reason_is_told_with_its_line(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / REVIEWED).write_text(f"{OTHER}:\n- of: [SI-EMP-05-S9]\n  reviewed: ''\n")
    _, faults = read_reviews(replace(catalogue, site=tmp_path))
    assert [fault.line for fault in faults if fault.path == tmp_path / REVIEWED] == [2, 2]


def test_every_shipped_review_can_be_read(catalogue: Catalogue) -> None:
    reviews, faults = read_reviews(catalogue)
    assert faults == []
    assert all(len(reason.split()) > 3 for reason in reviews.values())
