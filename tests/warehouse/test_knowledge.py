"""Random histories of deliveries against a plain model of what was known when."""

import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import day, deliver, query, small_contract, wage

from dauhieu.warehouse.store import Store

DAYS = range(12)


@dataclass
class Model:
    """Per key, what was said when, in the order of arrival; None says that the row is gone."""

    said: dict[tuple[object, ...], list[tuple[int, int | None]]] = field(default_factory=dict)

    def known(self, at: int) -> dict[tuple[object, ...], int]:
        found = {}
        for key, events in self.said.items():
            past = [event for event in events if event[0] <= at]
            if past and (value := max(enumerate(past), key=lambda one: (one[1][0], one[0]))[1][1]) is not None:
                found[key] = value
        return found

    def deliver(self, moment: int, rows: list[tuple[tuple[object, ...], int, int]], listed: set[object]) -> None:
        gone = {key for key in self.known(moment) if key[-1] in listed} - {key for key, _, _ in rows}
        last = {(key, min(recorded, moment)): value for key, recorded, value in rows}
        for (key, recorded), value in sorted(last.items(), key=lambda one: one[0][1]):
            # What repeats the version in force says nothing.
            if self.known(recorded).get(key) != value:
                self.said.setdefault(key, []).append((recorded, value))
        for key in gone:
            self.said[key].append((moment, None))


rows = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from([1, 2]), st.integers(0, 11), st.integers(1, 3)), max_size=6
)
deliveries = st.lists(
    st.tuples(rows, st.sampled_from(["adds", "adds", "replaces", "whole"]), st.integers(0, 2), st.sampled_from([1, 2])),
    min_size=1,
    max_size=5,
)


@pytest.mark.slow
@given(deliveries)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_the_store_knows_at_every_moment_what_a_plain_model_knows(history: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "store", small_contract(Path(folder)))
        wages, visits, moment = Model(), Model(), 0
        for number, (said, mode, later, month) in enumerate(history):
            moment += later
            listed = {"adds": set(), "replaces": {month}, "whole": {1, 2}}[mode]
            deliver(
                store,
                day(moment),
                {
                    "wage": [wage(p, m, value, recorded_at=day(recorded)) for p, m, recorded, value in said],
                    # Here the month is not in the key: a correction may move the row.
                    "visit": [
                        {
                            "visit_no": "AB".index(p),
                            "day": date(2026, 1, m),
                            "price": value,
                            "recorded_at": day(recorded),
                        }
                        for p, m, recorded, value in said
                    ],
                },
                mode,
                months=(date(2026, month, 1),) if mode == "replaces" else (),
                digest=str(number),
            )
            wages.deliver(moment, [((p, m), recorded, value) for p, m, recorded, value in said], listed)
            listed_visits = {"adds": set(), "replaces": {True} if month == 1 else set(), "whole": {True}}[mode]
            visits.deliver(
                moment,
                [(("AB".index(p), True), recorded, m * 10 + value) for p, m, recorded, value in said],
                listed_visits,
            )
        if store.latest() is None:
            return
        keyed = query(
            store, f"SELECT code, month(month), wage_base, {CLOCK} FROM wage JOIN key_person ON id = person_id"
        )
        moved = query(store, f"SELECT visit_no, true, day(day) * 10 + CAST(price AS INTEGER), {CLOCK} FROM visit")
        for at in DAYS:
            assert known(keyed, at) == wages.known(at)
            assert known(moved, at) == visits.known(at)


CLOCK = "recorded_at, superseded_at"


def known(found: list[tuple[Any, ...]], at: int) -> dict[tuple[object, ...], int]:
    moment = day(at).replace(tzinfo=None)
    rows = [row[:3] for row in found if row[3] <= moment and (row[4] is None or row[4] > moment)]
    assert len({row[:2] for row in rows}) == len(rows)
    return {row[:2]: row[2] for row in rows}
