"""Which signs the slow steps of `dauhieu check` look at."""

from __future__ import annotations

from dataclasses import replace

from dauhieu.catalogue.lock import changed_parts, lock_path, read_lock
from dauhieu.cli.check import SAMPLE, slow_signs
from tests.thin import SIGN, catalogue


def test_of_unchanged_signs_the_slow_steps_take_a_small_sample_which_stays_the_same() -> None:
    lines = read_lock(lock_path(None))
    still = {
        name: sign
        for name, sign in catalogue().signs.items()
        if name in lines and not changed_parts(sign, lines[name]) and sign.status != "retired"
    }
    known = replace(catalogue(), signs=still)
    chosen = slow_signs(known, (), changed=True)
    assert len(chosen) == SAMPLE < len(still)
    assert chosen == slow_signs(known, (), changed=True)


def test_a_changed_sign_is_among_the_slow_ones() -> None:
    changed = replace(catalogue().signs[SIGN], sql=catalogue().signs[SIGN].sql + " AND 1 = 1")
    known = replace(catalogue(), signs={**catalogue().signs, SIGN: changed})
    assert SIGN in slow_signs(known, (), changed=True)


def test_a_sign_which_was_never_released_is_among_the_slow_ones() -> None:
    new = replace(catalogue().signs[SIGN], id="SI-EMP-05-S77")
    known = replace(catalogue(), signs={**catalogue().signs, new.id: new})
    assert new.id in slow_signs(known, (), changed=True)


def test_retired_signs_are_left_out_and_named_ones_alone_are_taken() -> None:
    retired = replace(catalogue().signs[SIGN], status="retired")
    known = replace(catalogue(), signs={**catalogue().signs, SIGN: retired})
    assert SIGN not in slow_signs(known, (), changed=False)
    assert slow_signs(known, ["SI-BEN-09-S1"], changed=False) == ["SI-BEN-09-S1"]
