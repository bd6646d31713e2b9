"""What a change of the law would do to the latest month, before it takes effect."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.errors import LawError, SignError
from dauhieu.findings.report import ScanRequest
from dauhieu.law.read import law
from dauhieu.scan import scan
from dauhieu.studies.lawdiff import LawDiff, law_diff
from dauhieu.studies.running import Ground
from dauhieu.warehouse.store import Store
from tests.thin import OCTOBER, SCANNED, SIGN, catalogue, thin_store

OTHER = "SI-BEN-09-S1"


def known(**changes: object) -> Catalogue:
    """The thin store's sign, and one which reads no parameter."""
    sign = replace(catalogue().signs[SIGN], **changes)  # type: ignore[arg-type]
    plain = "SELECT e.employer_id AS subject_id, CAST(NULL AS VARCHAR) AS item, DATE '2026-10-01' AS period_from, "
    plain += "DATE '2026-10-31' AS period_to, CAST(1 AS BIGINT) AS amount FROM employer AS e"
    other = replace(sign, id=OTHER, subject="employer", item_kind=None, sql=plain)
    return replace(catalogue(), signs={SIGN: sign, OTHER: other})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = thin_store(tmp_path_factory.mktemp("radar"))
    scan(made, known(), law(), ScanRequest(OCTOBER, memory="500MB"), now=lambda: SCANNED)
    return made


def asked(
    store: Store, folder: Path, *changes: str, by: Catalogue | None = None, signs: tuple[str, ...] = ()
) -> LawDiff:
    return law_diff(Ground(store, by or known(), folder, "500MB"), law(), changes, signs=signs)


def every_file(store: Store) -> dict[str, str]:
    files = [path for path in store.path.rglob("*") if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_higher_floor_to_come_finds_more_in_the_month_scanned(store: Store, tmp_path: Path) -> None:
    before = every_file(store)
    answer = asked(store, tmp_path, "reference_level=10000000@2027-01-01")
    (sign,) = answer.signs
    assert (sign.sign, sign.parameters, sign.gained, sign.lost) == (SIGN, ("reference_level",), 1, 0)
    assert (sign.before.findings, sign.after.findings) == (2, 3)
    assert sign.after.money > sign.before.money
    assert answer.as_of == OCTOBER
    assert every_file(store) == before


def test_one_may_ask_about_some_signs_alone(store: Store, tmp_path: Path) -> None:
    change = "reference_level=10000000@2027-01-01"
    assert [one.sign for one in asked(store, tmp_path, change, signs=(SIGN,)).signs] == [SIGN]
    assert asked(store, tmp_path, change, signs=(OTHER,)).signs == ()
    with pytest.raises(SignError, match="Did you mean"):
        asked(store, tmp_path, change, signs=("SI-EMP-05-S9",))


def test_a_lower_floor_loses_findings(store: Store, tmp_path: Path) -> None:
    (sign,) = asked(store, tmp_path, "reference_level=2100000@2026-07-01").signs
    assert (sign.gained, sign.lost, sign.after.findings) == (0, 1, 1)


def test_months_before_the_one_scanned_keep_their_law(store: Store, tmp_path: Path) -> None:
    """P3 is short in September alone: a value to come changes nothing of it."""
    (sign,) = asked(store, tmp_path, "reference_level=2540000@2027-01-01").signs
    assert (sign.gained, sign.lost, sign.changed) == (0, 0, 1)


def test_a_sign_which_does_not_read_the_value_is_not_run(store: Store, tmp_path: Path) -> None:
    answer = asked(store, tmp_path, "hi_payment_request_working_days=9@2027-01-01")
    assert (answer.signs, answer.unjudged, list(tmp_path.glob("run*/*.parquet"))) == ((), {}, [])


def test_what_is_stored_is_not_run_again_for_the_side_before(store: Store, tmp_path: Path) -> None:
    asked(store, tmp_path, "reference_level=2700000@2027-01-01")
    assert len(list(tmp_path.glob("run*"))) == 1


def test_a_sign_changed_since_the_scan_is_run_on_both_sides(store: Store, tmp_path: Path) -> None:
    answer = asked(store, tmp_path, "reference_level=10000000@2027-01-01", by=known(severity=1))
    assert len(list(tmp_path.glob("run*"))) == 2
    assert (answer.signs[0].gained, answer.signs[0].before.findings) == (1, 2)


def test_a_sign_which_cannot_run_is_named_with_the_reason(store: Store, tmp_path: Path) -> None:
    later = known(applies_from=date(2027, 1, 1), digest="of 2027")
    answer = asked(store, tmp_path, "reference_level=2700000@2027-01-01", by=later)
    assert answer.signs == ()
    assert answer.unjudged == {SIGN: "it applies from 2027-01-01"}


def test_what_is_assumed_is_said_in_both_languages(store: Store, tmp_path: Path) -> None:
    answer = asked(store, tmp_path, "reference_level=2700@2027-01-01")
    vietnamese, english = (" ".join(told) for told in zip(*answer.assumptions, strict=True))
    assert "01/10/2026" in vietnamese
    assert "taken to hold from 2026-10-01" in english
    assert "check the unit" in english
    assert {"base_salary", "statutory_base"} <= set(answer.alike)


def test_an_unknown_parameter_is_told_with_the_likely_one(store: Store, tmp_path: Path) -> None:
    with pytest.raises(LawError, match="reference_level"):
        asked(store, tmp_path, "reference_leve=2700000@2027-01-01")
