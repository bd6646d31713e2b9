"""Copies in the order of persons: nothing but the time of an answer changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dauhieu.web.accounts.scope import ScopeError, system_scope
from dauhieu.web.radar import by_person
from dauhieu.web.radar.insured import RELATIONS
from dauhieu.web.radar.lake import Lake, lake
from tests.web.conftest import NATIONAL_NUMBER, NORTHERNER, SOUTHERNER

SCOPE = system_scope("test")


def answers(found: Lake) -> list[Any]:
    told: list[Any] = [found.ask(SCOPE, f"SELECT * FROM {name} ORDER BY ALL") for name in ("finding", "worker_name")]
    for number in (NORTHERNER, SOUTHERNER, NATIONAL_NUMBER):
        person = found.person(SCOPE, number)
        told.append(person)
        told += [found.ask_of(SCOPE, person, f"SELECT * FROM {name} ORDER BY ALL") for name in RELATIONS if person]
    return told


def test_answers_from_the_copies_are_those_from_the_tables(site: Any) -> None:
    before = lake()
    assert not by_person.copied(before.store, before.version)
    plain = answers(before)
    stray = by_person.folder(before.store) / "person-of-before.parquet"
    for _table in by_person.TABLES:
        by_person.watch()
    stray.write_bytes(b"")
    by_person.watch()
    after = replace(before, answers={})
    assert answers(after) == plain
    assert after.in_order == set(by_person.TABLES)
    assert sum(map(bool, plain)) > len(RELATIONS)
    assert not stray.exists()


def test_the_copies_are_read_through_a_scope_alone(site: Any) -> None:
    with pytest.raises(ScopeError):
        lake().ask(SCOPE, "SELECT * FROM sorted_person")


def test_what_is_asked_for_often_is_kept(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dauhieu.web.radar.lake.KEPT_ANSWERS", 2)
    found = replace(lake(), answers={})
    for key in ("often", "once", "often", "another"):
        found.keep(key, lambda key=key: f"the first {key}")
    assert found.keep("often", lambda: "worked out again") == "the first often"
    assert found.keep("once", lambda: "worked out again") == "worked out again"
