"""Identity numbers are kept sealed, found by their index, and named by handles which say nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from dauhieu.web import settings as defaults
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.identities.actions import handles_of, seal_anew
from dauhieu.web.identities.models import KnownPerson
from dauhieu.web.identities.queries import known_handles, number_of
from dauhieu.web.identities.sealing import Keyring, SealError, keyring, new_key

NUMBER, OTHER = "0123456789", "001304775872"

pytestmark = pytest.mark.django_db


def stored() -> str:
    """Everything the table holds, as somebody reads it who has the database alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM identities_knownperson")
        return repr(cursor.fetchall())


def test_a_handle_leads_back_to_its_number_and_stays_the_same() -> None:
    first = handles_of([NUMBER, OTHER])
    assert number_of(first[NUMBER]) == NUMBER
    assert handles_of([OTHER, NUMBER, NUMBER]) == first
    assert first[NUMBER] != first[OTHER]
    assert number_of("nobody") is None


def test_the_database_alone_tells_no_number() -> None:
    handles = handles_of([NUMBER])
    assert NUMBER not in stored()
    assert NUMBER not in handles[NUMBER]


def test_the_same_number_is_not_sealed_to_the_same_text() -> None:
    assert keyring().seal(NUMBER, "a") != keyring().seal(NUMBER, "a")


def test_the_index_asks_for_the_key() -> None:
    assert Keyring((new_key(),)).index(NUMBER) != Keyring((new_key(),)).index(NUMBER)


def test_a_number_moved_to_another_row_does_not_open() -> None:
    handles = handles_of([NUMBER, OTHER])
    moved = KnownPerson.objects.get(pk=handles[NUMBER]).sealed
    KnownPerson.objects.filter(pk=handles[OTHER]).update(sealed=moved)
    with pytest.raises(SealError):
        number_of(handles[OTHER])


def test_without_its_key_nothing_opens(settings: Any) -> None:
    handle = handles_of([NUMBER])[NUMBER]
    settings.IDENTITY_KEYS = [new_key()]
    with pytest.raises(SealError, match="key missing"):
        number_of(handle)


def test_a_new_key_takes_over_and_the_old_one_may_go(settings: Any) -> None:
    before = handles_of([NUMBER, OTHER])
    newer = new_key()
    settings.IDENTITY_KEYS = [newer, defaults.DEMO_IDENTITY_KEY]
    assert handles_of([NUMBER]) == {NUMBER: before[NUMBER]}
    call_command("rotate_keys")
    settings.IDENTITY_KEYS = [newer]
    assert number_of(before[NUMBER]) == NUMBER
    assert known_handles([OTHER]) == [before[OTHER]]
    assert handles_of([NUMBER, OTHER]) == before
    assert Entry.objects.get(act=Act.KEYS_ROTATED).details == f'{{"key":"{keyring().name}","rows":2}}'
    assert seal_anew(by="test") == 0


def test_rotating_without_the_old_key_changes_nothing(settings: Any) -> None:
    handles_of([NUMBER])
    before = stored()
    settings.IDENTITY_KEYS = [new_key()]
    with pytest.raises(CommandError, match="key missing"):
        call_command("rotate_keys")
    assert stored() == before


def test_two_handles_of_one_number_both_stand_for_it() -> None:
    first = handles_of([NUMBER])[NUMBER]
    second = KnownPerson(handle="~later")
    second.put(NUMBER, keyring())
    second.save()
    assert handles_of([NUMBER]) == {NUMBER: first}
    assert known_handles([NUMBER]) == sorted([first, "~later"])


def test_the_command_makes_a_key_which_the_settings_take(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rotate_keys", "--make-key")
    key = capsys.readouterr().out.strip()
    assert defaults._identity_keys(key) == [key]
