"""Which signs the slow steps of `dauhieu check` look at, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dauhieu.catalogue.catalogue import Catalogue
from dauhieu.catalogue.sign import Sign
from dauhieu.catalogue.tried import TRIED, digest_of, read_tried
from dauhieu.cli.check import SAMPLE, recorded, slow_signs
from dauhieu.proof.mutation import MutationScore
from tests.thin import SIGN, catalogue


def changed(sign: Sign) -> Sign:
    return replace(sign, sql=sign.sql + " AND 1 = 1")


def test_of_signs_which_are_as_recorded_the_slow_steps_take_a_small_sample_which_stays_the_same() -> None:
    lines = read_tried(catalogue())
    still = {name: sign for name, sign in catalogue().signs.items() if name in lines}
    known = replace(
        catalogue(), signs={name: sign for name, sign in still.items() if lines[name].of == digest_of(sign)}
    )
    chosen = slow_signs(known, (), changed=True)
    assert len(chosen) == SAMPLE < len(known.signs)
    assert chosen == slow_signs(known, (), changed=True)


def test_a_changed_sign_is_among_the_slow_ones() -> None:
    known = replace(catalogue(), signs={**catalogue().signs, SIGN: changed(catalogue().signs[SIGN])})
    assert SIGN in slow_signs(known, (), changed=True)


def test_a_sign_which_was_never_recorded_is_among_the_slow_ones() -> None:
    new = replace(catalogue().signs[SIGN], id="SI-EMP-05-S77")
    known = replace(catalogue(), signs={**catalogue().signs, new.id: new})
    assert new.id in slow_signs(known, (), changed=True)


def test_retired_signs_are_left_out_and_named_ones_alone_are_taken() -> None:
    retired = replace(catalogue().signs[SIGN], status="retired")
    known = replace(catalogue(), signs={**catalogue().signs, SIGN: retired})
    assert SIGN not in slow_signs(known, (), changed=False)
    assert slow_signs(known, ["SI-BEN-09-S1"], changed=False) == ["SI-BEN-09-S1"]


@pytest.fixture
def own(tmp_path: Path) -> tuple[Catalogue, Sign]:
    """The shipped catalogue beside a sign of the agency's own, with its examples."""
    sign = catalogue().signs[SIGN]
    path = tmp_path / "signs" / sign.path.name
    path.parent.mkdir()
    for file in (sign.path, sign.path.with_suffix(".examples.yaml")):
        (path.parent / file.name).write_bytes(file.read_bytes())
    mine = replace(sign, id="SI-EMP-05-S77", path=path, site=True)
    return replace(catalogue(), site=tmp_path, signs={**catalogue().signs, mine.id: mine}), mine


def test_what_was_recorded_is_no_change_until_the_sign_or_an_example_is_another(own: tuple[Catalogue, Sign]) -> None:
    known, mine = own
    shipped = TRIED.read_bytes()
    assert recorded([MutationScore(mine.id, 10, ("one",))], known, record=True) == []
    assert mine.id not in slow_signs(known, (), changed=True)
    assert TRIED.read_bytes() == shipped
    assert (known.site / "tried.yaml").read_text(encoding="utf-8").count(mine.id) == 1  # type: ignore[operator]
    other = replace(known, signs={**known.signs, mine.id: changed(mine)})
    assert mine.id in slow_signs(other, (), changed=True)
    examples = mine.path.with_suffix(".examples.yaml")
    examples.write_text(examples.read_text(encoding="utf-8") + "\n# another\n", encoding="utf-8")
    assert mine.id in slow_signs(known, (), changed=True)


def test_a_score_which_differs_from_what_is_recorded_of_the_same_sign_is_a_fault(own: tuple[Catalogue, Sign]) -> None:
    known, mine = own
    recorded([MutationScore(mine.id, 10, ("one",))], known, record=True)
    assert recorded([MutationScore(mine.id, 10, ("another",))], known, record=False) == []
    (fault,) = recorded([MutationScore(mine.id, 10, ("one", "two"))], known, record=False)
    assert fault.path == mine.path
    assert "8 are noticed; recorded are 9 of 10" in fault.message
    other = replace(known, signs={**known.signs, mine.id: changed(mine)})
    assert recorded([MutationScore(mine.id, 10, ("one", "two"))], other, record=False) == []
