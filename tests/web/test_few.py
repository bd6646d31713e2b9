"""Counts of few persons are not told to who may not see persons, nor can they be worked out of what is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import pytest
from django.test import Client
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import scope_of
from dauhieu.web.accounts.scope import Reach, Scope, TerritoryKind, system_scope
from dauhieu.web.radar import few
from dauhieu.web.radar.dossiers import all_findings
from dauhieu.web.radar.few import LEAST, hidden, sum_shown, withheld
from dauhieu.web.radar.lake import lake
from tests.thin import OCTOBER
from tests.web.conftest import NORTH

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=5)


def may_come_of(counts: Sequence[int], places: frozenset[int]) -> bool:
    """Whether the rule could hide just these places of these counts: which other is drawn, nobody knows beforehand."""
    small = {place for place, count in enumerate(counts) if 0 < count < LEAST}
    if not small:
        return not places
    number, total = len(small), sum(counts[place] for place in small)
    enough = number > 1 and number < total < (LEAST - 1) * number
    if enough or number == len(counts):
        return places == small
    return small < places and len(places) == number + 1


def others_like(counts: Sequence[int], places: frozenset[int]) -> Iterator[tuple[int, ...]]:
    """All counts which look the same to somebody who sees the shown ones and knows the sum."""
    order = sorted(places)
    rest = sum(counts[place] for place in order)
    for chosen in product(range(rest + 1), repeat=len(order) - 1):
        last = rest - sum(chosen)
        if last < 0:
            continue
        other = list(counts)
        for place, count in zip(order, (*chosen, last), strict=True):
            other[place] = count
        if may_come_of(other, places):
            yield tuple(other)


@given(COUNTS)
@settings(max_examples=300, deadline=None)
def test_no_small_count_comes_out_of_the_others_and_their_sum(counts: list[int]) -> None:
    places = hidden(counts)
    assume(places and sum_shown(counts) is not None)
    like = list(others_like(counts, places))
    for place in places:
        if 0 < counts[place] < LEAST:
            assert len({other[place] for other in like}) > 1, (counts, sorted(places))


@given(COUNTS)
def test_every_small_count_is_hidden_and_no_more_than_needed(counts: list[int]) -> None:
    places = hidden(counts)
    small = {place for place, count in enumerate(counts) if 0 < count < LEAST}
    assert small <= places
    assert len(places) <= len(small) + 1
    assert places or not small
    assert hidden(counts) == places


@given(COUNTS)
def test_a_sum_is_the_sum_or_nothing(counts: list[int]) -> None:
    assert sum_shown(counts) in (None, sum(counts))
    if not hidden(counts):
        assert sum_shown(counts) == sum(counts)


@pytest.mark.parametrize("counts", [[1], [4, 4], [1, 1], [2, 0], [3]])
def test_a_sum_which_gives_a_small_count_away_is_not_told(counts: list[int]) -> None:
    assert sum_shown(counts) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 99)), min_size=1, max_size=6))
def test_an_answer_loses_a_small_count_and_what_hangs_on_it(lines: list[tuple[int, int]]) -> None:
    rows = withheld({"month": place, "heads": heads, "payroll": pay} for place, (heads, pay) in enumerate(lines))
    for row, (heads, pay) in zip(rows, lines, strict=True):
        assert (row["heads"], row["payroll"]) in ((heads, pay), (None, None))
        assert row["heads"] is None or row["heads"] == 0 or row["heads"] >= LEAST
    assert [row["month"] for row in rows] == list(range(len(lines)))


def test_who_may_see_persons_somewhere_else_is_told_no_more_here(account: Any) -> None:
    assert scope_of(account("inspector"), Permission.SEE_UNITS).sees_persons
    assert scope_of(account("analyst"), Permission.SEE_UNITS).sees_persons
    leader = account("leader")
    assert not scope_of(leader, Permission.SEE_UNITS).sees_persons
    grant = leader.grants.get()
    grant.pk, grant.role, grant.territory_kind, grant.territory_code = None, "inspector", TerritoryKind.PROVINCE, "01"
    grant.save()
    assert not scope_of(leader, Permission.SEE_UNITS).sees_persons


WITHOUT = Scope(frozenset({Reach(TerritoryKind.NATION)}), "test")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT count(DISTINCT subject_code) AS persons FROM finding WHERE subject_kind = 'person'",
        "SELECT DISTINCT subject_code FROM finding WHERE subject_kind = 'person' AND subject_code IS NOT NULL",
        "SELECT DISTINCT facts FROM finding WHERE subject_kind = 'person' AND facts <> '{}'",
        "SELECT person_id FROM worker",
        "SELECT full_name FROM worker_name",
        "SELECT month, max(headcount) AS heads, max(wage_fund) AS payroll FROM due GROUP BY month",
    ],
)
def test_the_store_tells_nothing_of_few_persons(site: Any, query: str) -> None:
    assert any(value for row in lake().ask(system_scope("test"), query) for value in row.values())
    for row in lake().ask(WITHOUT, query):
        assert {value for name, value in row.items() if name != "month"} <= {None, 0}


@pytest.mark.parametrize(
    ("path", "about"),
    [
        (f"/units/employer/{NORTH}", "2.000.000"),
        (f"/units/employer/{NORTH}?month=2026-09", "2.000.000"),
        ("/signs/SI-EMP-05-S1/findings", "•••P1"),
    ],
)
def test_a_leader_reads_no_single_person(signed_in: Callable[..., Client], path: str, about: str) -> None:
    assert about in signed_in("inspector").get(path).content.decode()
    answer = signed_in("leader").get(path)
    assert answer.status_code == 200
    assert about not in answer.content.decode()


def test_a_leader_is_handed_out_counts_of_findings_on_persons_alone(site: Any) -> None:
    found = lake()
    singly = all_findings(found, system_scope("test"), OCTOBER, "employer", NORTH)
    assert len(singly) == 2
    assert all("2.000.000" in row["sentence"] and row["finding_id"] for row in singly)
    together = all_findings(found, WITHOUT, OCTOBER, "employer", NORTH)
    assert [(row["sentence"], row["finding_id"], row["amount"]) for row in together] == [
        ("Phát hiện về ít người", None, None)
    ]


def test_a_count_of_five_and_more_is_told(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few, "LEAST", 2)
    together = all_findings(lake(), WITHOUT, OCTOBER, "employer", NORTH)
    assert [row["sentence"] for row in together] == ["2 phát hiện về cá nhân"]


def test_a_leader_sees_no_headcount_under_five(signed_in: Callable[..., Client]) -> None:
    path = f"/units/employer/{NORTH}"
    assert '"values": [2, 3]' in signed_in("inspector").get(path).content.decode()
    page = signed_in("leader").get(path).content.decode()
    assert '"values": [null, null]' in page
    assert "6000000" not in page
    assert "ít người" in page
