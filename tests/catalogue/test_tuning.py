"""Local thresholds over shipped ones: what is checked, and what becomes of them when the catalogue is updated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.catalogue.catalogue import read_catalogue
from dauhieu.catalogue.sign import Local, Sign, Threshold, Tuning
from dauhieu.catalogue.tuning import Merged, merge, read_overlay, tuning_digest
from dauhieu.catalogue.tuning_file import set_threshold, settle
from dauhieu.errors import SignError
from dauhieu.warehouse.contract import Text, contract
from tests.site import put
from tests.thin import OCTOBER, SIGN, catalogue

UPLIFT = "hazard_uplift"
FILE = f"tuning/{SIGN}.yaml"


@pytest.fixture
def sign() -> Sign:
    return catalogue().signs[SIGN]


def updated(sign: Sign, value: Threshold, unit: str = "percent", name: str = UPLIFT) -> Sign:
    """The sign as a later catalogue ships it."""
    tuning = {one: threshold for one, threshold in sign.tuning.items() if one != UPLIFT}
    return replace(sign, tuning=tuning | {name: Tuning(value, unit, Text("theo luật", "as the law says"))}, version=2)


def local(value: Threshold, valid_from: date | None = None) -> Local:
    return Local(value, "measured here", "Phòng Kiểm tra", valid_from)


def overlay(site: Path, sign: Sign, value: Threshold) -> Path:
    return set_threshold(site, sign, None, UPLIFT, local(value))


def merged(sign: Sign, path: Path) -> Merged:
    return merge(sign, read_overlay(path))


def faults(site: Path) -> str:
    return "\n".join(str(fault) for fault in read_catalogue(contract(), site).faults)


def written(tmp_path: Path, sign: Sign, **entry: object) -> str:
    """The faults of a hand-written file with one value."""
    body = {
        "sign": SIGN,
        "based_on": {"version": 1, "digest": tuning_digest(sign)},
        "values": {UPLIFT: {"value": 7, "why": "measured", "by": "we"} | entry},
    }
    put(tmp_path, FILE, yaml.safe_dump(body))
    return faults(tmp_path)


def test_a_local_threshold_is_in_force_and_told_by_the_digest(tmp_path: Path, sign: Sign) -> None:
    overlay(tmp_path, sign, 7)
    found = read_catalogue(contract(), tmp_path).signs[SIGN]
    assert (found.thresholds(OCTOBER)[UPLIFT], found.tuning[UPLIFT].value) == (7, 5)
    assert found.digest != sign.digest


def test_a_local_threshold_holds_from_its_day_on(tmp_path: Path, sign: Sign) -> None:
    path = set_threshold(tmp_path, sign, None, UPLIFT, local(7, date(2026, 10, 31)))
    found = merged(sign, path).sign
    assert [found.thresholds(day)[UPLIFT] for day in (date(2026, 9, 30), OCTOBER)] == [5, 7]


def test_a_file_by_hand_needs_no_base_values_while_its_digest_is_that_of_the_shipped_tuning(
    tmp_path: Path, sign: Sign
) -> None:
    assert written(tmp_path, sign) == ""
    assert read_catalogue(contract(), tmp_path).overlays[SIGN].states == {UPLIFT: "local"}


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"value": "7"}, "of another type"),
        ({"value": 7.5}, "of another type"),
        ({"value": True}, "of another type"),
        ({"unit": "ppm"}, "is in percent, not in ppm"),
        ({"why": ""}, "needs 'why'"),
        ({"by": None}, "needs 'by'"),
        ({"from": "soon"}, "must be a date"),
        ({"wy": "x"}, "Did you mean 'why'?"),
    ],
)
def test_what_does_not_fit_is_told_and_the_shipped_value_stays(
    tmp_path: Path, sign: Sign, entry: dict[str, object], told: str
) -> None:
    assert told in written(tmp_path, sign, **entry)
    assert read_catalogue(contract(), tmp_path).signs[SIGN].digest == sign.digest


def test_a_misspelt_threshold_is_suggested(tmp_path: Path, sign: Sign) -> None:
    with pytest.raises(SignError, match=f"Did you mean '{UPLIFT}'"):
        set_threshold(tmp_path, sign, None, "hazard_uplft", local(7))


def test_a_file_for_no_shipped_sign_is_told(tmp_path: Path) -> None:
    body = "sign: SI-EMP-05-S99\nbased_on: {version: 1, digest: x}\nvalues: {a: {value: 1, why: x, by: y}}\n"
    put(tmp_path, "tuning/SI-EMP-05-S99.yaml", body)
    assert "There is no sign 'SI-EMP-05-S99'" in faults(tmp_path)


def test_unchanged_upstream_the_local_value_stays(tmp_path: Path, sign: Sign) -> None:
    found = merged(replace(sign, version=2), overlay(tmp_path, sign, 7))
    assert (found.states, found.notes, found.sign.thresholds(OCTOBER)[UPLIFT]) == ({UPLIFT: "local"}, (), 7)


def test_changed_upstream_a_local_value_like_the_base_gives_way(tmp_path: Path, sign: Sign) -> None:
    found = merged(updated(sign, 6), _pinned(tmp_path, sign))
    assert (found.states, found.notes, found.sign.thresholds(OCTOBER)[UPLIFT]) == ({UPLIFT: "shipped"}, (), 6)


def _pinned(site: Path, sign: Sign) -> Path:
    path = overlay(site, sign, 7)
    path.write_text(path.read_text(encoding="utf-8").replace("value: 7", "value: 5"), encoding="utf-8")
    return path


def test_changed_on_both_sides_the_local_value_stays_until_it_is_decided(tmp_path: Path, sign: Sign) -> None:
    found = merged(updated(sign, 6), overlay(tmp_path, sign, 7))
    assert (found.states, found.sign.thresholds(OCTOBER)[UPLIFT]) == ({UPLIFT: "conflict"}, 7)
    assert "from 5 to 6" in found.notes[0].message


def test_changed_alike_on_both_sides_there_is_nothing_to_decide(tmp_path: Path, sign: Sign) -> None:
    found = merged(updated(sign, 7), overlay(tmp_path, sign, 7))
    assert (found.states, found.notes) == ({UPLIFT: "same"}, ())


@pytest.mark.parametrize("later", [(6, "ppm", UPLIFT), (date(2026, 1, 1), "percent", UPLIFT), (6, "percent", "other")])
def test_a_local_value_which_means_nothing_any_more_does_nothing(
    tmp_path: Path, sign: Sign, later: tuple[Threshold, str, str]
) -> None:
    value, unit, name = later
    newer = updated(sign, value, unit, name)
    found = merged(newer, overlay(tmp_path, sign, 7))
    assert (found.states, found.sign.digest) == ({UPLIFT: "lost"}, newer.digest)
    assert "does nothing" in found.notes[0].message


@pytest.mark.parametrize(("keep", "value"), [("local", 7), ("shipped", 6)])
def test_a_decision_settles_the_conflict(tmp_path: Path, sign: Sign, keep: str, value: int) -> None:
    newer = updated(sign, 6)
    path = settle(tmp_path, merged(newer, overlay(tmp_path, sign, 7)), keep)
    assert (path is None) == (keep == "shipped")
    after = merged(newer, path).sign if path else newer
    assert after.thresholds(OCTOBER)[UPLIFT] == value
    assert not path or merged(newer, path).notes == ()


def test_setting_one_threshold_does_not_settle_the_conflict_of_another(tmp_path: Path, sign: Sign) -> None:
    newer = updated(sign, 6)
    before = merged(newer, overlay(tmp_path, sign, 7))
    path = set_threshold(tmp_path, newer, before, "especially_hazardous_uplift", local(9))
    states = merged(newer, path).states
    assert states == {UPLIFT: "conflict", "especially_hazardous_uplift": "local"}


def test_an_unknown_base_is_a_conflict_and_stays_one(tmp_path: Path, sign: Sign) -> None:
    written(tmp_path, sign)
    newer = updated(sign, 6)
    before = merged(newer, tmp_path / FILE)
    assert before.states == {UPLIFT: "conflict"}
    path = set_threshold(tmp_path, newer, before, "especially_hazardous_uplift", local(9))
    assert merged(newer, path).states[UPLIFT] == "conflict"


@given(base=st.integers(0, 3), now=st.integers(0, 3), here=st.integers(0, 3))
def test_whatever_the_three_values_are_the_one_in_force_follows_the_rule(
    tmp_path_factory: pytest.TempPathFactory, base: int, now: int, here: int
) -> None:
    sign = catalogue().signs[SIGN]
    path = set_threshold(tmp_path_factory.mktemp("t"), updated(sign, base), None, UPLIFT, local(here))
    found = merged(updated(sign, now), path)
    expected = now if here == base else here
    assert found.sign.thresholds(OCTOBER)[UPLIFT] == expected
    assert bool(found.notes) == (now not in (base, here) and here != base)


def test_every_shipped_threshold_says_why_in_both_languages() -> None:
    signs = catalogue().signs.values()
    assert [f"{s.id} {name}" for s in signs for name, one in s.tuning.items() if one.why.vi == one.why.en] == []
