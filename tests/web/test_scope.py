"""Nothing is read without a scope, in the store and in the database alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, models
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.web.accounts.placed import Placed
from dauhieu.web.accounts.scope import Reach, Scope, ScopeError, TerritoryKind, system_scope
from dauhieu.web.radar.lake import condition, lake
from tests.web.conftest import NORTH, SOUTH


def scope(*reaches: Reach) -> Scope:
    return Scope(frozenset(reaches), "test")


def codes(one: Scope) -> set[str]:
    return {row["subject_code"] for row in lake().ask(one, "SELECT DISTINCT subject_code FROM reason")}


def test_the_store_does_not_answer_without_a_scope(site: Any) -> None:
    with pytest.raises(ScopeError):
        lake().ask(None, "SELECT 1 AS one")


def test_a_scope_without_any_place_cannot_be_opened() -> None:
    with pytest.raises(ScopeError):
        Scope(frozenset(), "test")


@pytest.mark.parametrize("relation", ["reason", "finding", "unit", "due", "paid"])
def test_a_question_cannot_name_what_is_not_narrowed(site: Any, relation: str) -> None:
    with pytest.raises(ScopeError):
        lake().ask(system_scope("test"), f"SELECT * FROM whole__{relation}")
    with pytest.raises(ScopeError):
        lake().reference(f"SELECT * FROM whole__{relation}")


def test_a_territory_of_an_unknown_kind_lets_nothing_through() -> None:
    with pytest.raises(ScopeError):
        condition(scope(Reach("planet", "3")), branch=True)


def test_a_province_sees_its_own_units(site: Any) -> None:
    assert SOUTH not in codes(scope(Reach(TerritoryKind.PROVINCE, "01")))
    assert codes(scope(Reach(TerritoryKind.PROVINCE, "79"))) >= {SOUTH}


def test_a_province_of_before_the_merger_still_names_its_units(site: Any) -> None:
    assert SOUTH in codes(scope(Reach(TerritoryKind.FORMER_PROVINCE, "74")))
    assert SOUTH not in codes(scope(Reach(TerritoryKind.FORMER_PROVINCE, "79")))


def test_two_places_are_both_seen(site: Any) -> None:
    both = codes(scope(Reach(TerritoryKind.PROVINCE, "01"), Reach(TerritoryKind.PROVINCE, "79")))
    assert {NORTH, SOUTH} <= both


def test_a_code_cannot_break_out_of_its_quotes(site: Any) -> None:
    assert codes(scope(Reach(TerritoryKind.PROVINCE, "01' OR 'a'='a"))) == set()


@given(st.text(max_size=30))
def test_no_code_widens_a_condition(code: str) -> None:
    written = condition(scope(Reach(TerritoryKind.OFFICE, code)), branch=True)
    assert written == "(org_code = '" + code.replace("'", "''") + "')"


class Note(Placed):
    text = models.CharField(max_length=20)

    class Meta(Placed.Meta):
        app_label = "accounts"
        managed = False
        db_table = "test_note"


@pytest.fixture
def notes(db: None) -> Iterator[None]:
    columns = "province_code text, former_province_code text, office_code text, branch text, text text"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE test_note (id integer PRIMARY KEY, {columns})")
        cursor.execute("INSERT INTO test_note VALUES (1, '01', '01', 'C01001', 'social', 'north')")
        cursor.execute("INSERT INTO test_note VALUES (2, '79', '74', 'C79001', 'health', 'south')")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_note")


def seen(one: Scope) -> set[str]:
    return set(Note.objects.within(one).values_list("text", flat=True))


def test_rows_of_the_site_keep_to_their_place_and_branch(notes: None) -> None:
    assert seen(system_scope("test")) == {"north", "south"}
    assert seen(scope(Reach(TerritoryKind.PROVINCE, "01"))) == {"north"}
    assert seen(scope(Reach(TerritoryKind.FORMER_PROVINCE, "74"))) == {"south"}
    assert seen(scope(Reach(TerritoryKind.OFFICE, "C01001", "health"))) == set()
    assert seen(scope(Reach(TerritoryKind.NATION, "", "health"))) == {"south"}


@pytest.mark.parametrize(
    "read",
    [
        lambda rows: list(rows),
        lambda rows: rows.count(),
        lambda rows: rows.exists(),
        lambda rows: rows.first(),
        lambda rows: rows.get(pk=1),
        lambda rows: list(rows.values("text")),
        lambda rows: list(rows.iterator()),
        lambda rows: rows.aggregate(models.Max("id")),
        lambda rows: rows.filter(pk=1).update(text="x"),
        lambda rows: rows.filter(pk=1).delete(),
    ],
)
def test_rows_of_the_site_are_not_read_without_a_scope(notes: None, read: Any) -> None:
    with pytest.raises(ScopeError):
        read(Note.objects.all())


def test_rows_behind_a_relation_are_not_read_without_a_scope(notes: None) -> None:
    note = Note.objects.within(system_scope("test")).get(pk=1)
    with pytest.raises(ScopeError):
        note.refresh_from_db()
