"""What the ladder says of a sign beside what its examples show."""

from __future__ import annotations

from dataclasses import replace

from dauhieu.cli.catalogue import small_engine
from dauhieu.law.read import law
from dauhieu.proof.ladder import Ladder
from dauhieu.warehouse.contract import contract
from tests.thin import catalogue

# Its item is a change of a record.
SIGN = "SI-PAR-04-S1"


def test_an_item_which_is_an_id_wants_its_kind_since_an_id_means_nothing_to_anybody() -> None:
    sign = catalogue().signs[SIGN]
    untold = replace(catalogue(), signs={**catalogue().signs, SIGN: replace(sign, item_kind=None)})
    with small_engine() as engine:
        assert Ladder(engine, contract(), catalogue(), law()).examine(SIGN).faults == ()
        found = Ladder(engine, contract(), untold, law()).examine(SIGN).faults
    told = [fault for fault in found if "item_kind: adjustment" in fault.message]
    assert [fault.path for fault in told] == [sign.path]
    assert "'adjustment_id', an id" in told[0].message
