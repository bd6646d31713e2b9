"""Copies in the order of persons: nothing but the time of an answer changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dauhieu.web.accounts.scope import ScopeError, system_scope
from dauhieu.web.jobs.models import Job
from dauhieu.web.jobs.worker import work_once
from dauhieu.web.radar import by_person, sorting
from dauhieu.web.radar.insured import RELATIONS
from dauhieu.web.radar.lake import Lake, lake
from tests.web.conftest import NATIONAL_NUMBER, NORTHERNER, SOUTHERNER

LEASE = timedelta(seconds=30)
SCOPE = system_scope("test")


def answers(found: Lake) -> list[Any]:
    told: list[Any] = [found.ask(SCOPE, f"SELECT * FROM {name} ORDER BY ALL") for name in ("finding", "worker_name")]
    for number in (NORTHERNER, SOUTHERNER, NATIONAL_NUMBER):
        person = found.person(SCOPE, number)
        told.append(person)
        told += [found.ask_of(SCOPE, person, f"SELECT * FROM {name} ORDER BY ALL") for name in RELATIONS if person]
    return told


@pytest.fixture
def found(site: Any) -> Iterator[Lake]:
    """The lake, and no copy beside it."""
    found = lake()
    shutil.rmtree(by_person.folder(found.store), ignore_errors=True)
    yield found
    shutil.rmtree(by_person.folder(found.store), ignore_errors=True)


def brought_in_order() -> None:
    for _table in by_person.TABLES:
        sorting.watch()
        assert work_once("worker", LEASE)


def test_answers_from_the_copies_are_those_from_the_tables(found: Lake) -> None:
    plain = answers(found)
    brought_in_order()
    after = replace(found, answers={}, in_order=set())
    after.take_sorted()
    assert after.in_order == set(by_person.TABLES)
    assert answers(after) == plain
    assert sum(map(bool, plain)) > len(RELATIONS)
    # Whoever reads an older version goes on when its copies are gone.
    for copy in by_person.copies(after.store, after.version).values():
        copy.unlink()
    without = replace(after, answers={})
    assert answers(without) == plain
    assert not without.in_order


def test_a_job_makes_each_copy_and_one_alone_is_asked_for(found: Lake) -> None:
    sorting.watch()
    sorting.watch()
    assert Job.objects.get().state == "ready"
    assert not by_person.copied(found.store, found.version)
    assert work_once("worker", LEASE)
    assert Job.objects.get().state == "done"
    assert len(by_person.copied(found.store, found.version)) == 1


def test_what_a_killed_worker_left_is_swept_and_what_a_living_one_writes_is_not(found: Lake) -> None:
    brought_in_order()
    folder = by_person.folder(found.store)
    left = [folder / name for name in ("person-of-before.parquet", "person-of-before.half", "spill/piece.tmp")]
    (folder / "spill").mkdir(exist_ok=True)
    for path in left:
        path.write_bytes(b"")
    with sorting.alone(found.store):
        sorting.watch()
        assert all(path.exists() for path in left)
    sorting.watch()
    assert not any(path.exists() for path in left)
    assert set(by_person.copied(found.store, found.version)) == set(by_person.TABLES)


def test_what_failed_for_good_rests_for_a_while(found: Lake) -> None:
    now = timezone.now()
    Job.objects.create(
        task=sorting.copy_next.module_path, state="failed", enqueued_at=now, run_after=now, finished_at=now
    )
    sorting.watch()
    assert Job.objects.count() == 1
    Job.objects.update(finished_at=now - sorting.REST)
    sorting.watch()
    assert Job.objects.filter(state="ready").count() == 1


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
