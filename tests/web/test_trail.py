"""The trail is added to and never changed; a change or a loss is named."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from dauhieu.web.accounts.actions import give_role
from dauhieu.web.accounts.models import RoleGrant, User
from dauhieu.web.audit import actions
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.chain import verify
from dauhieu.web.audit.models import Entry
from tests.web.conftest import NORTH, PASSWORD

migration = import_module("dauhieu.web.audit.migrations.0002_append_only")

pytestmark = pytest.mark.django_db


def entries(number: int) -> None:
    for place in range(number):
        record(act=Act.UNIT_READ, by="an", subject=f"employer:{place}", details={"thứ": place})


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def unguarded(sql: str) -> None:
    """As somebody would do who can change the database itself."""
    for statement in migration.UNDO[connection.vendor]:
        execute(statement)
    execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET actor = 'x' WHERE number = 2",
        "DELETE FROM audit_entry WHERE number = 2",
        pytest.param(
            "INSERT OR REPLACE INTO audit_entry SELECT number, moment, 'x', act, subject, purpose, details, previous, "
            "digest FROM audit_entry WHERE number = 2",
            marks=pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite replaces"),
        ),
        pytest.param(
            "TRUNCATE audit_entry",
            marks=pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE"),
        ),
    ],
)
def test_the_database_refuses_to_change_an_entry(sql: str) -> None:
    entries(3)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute(sql)
    assert verify().entries == 3


def test_an_untouched_trail_is_unbroken() -> None:
    entries(5)
    assert (verify().entries, verify().broken) == (5, None)


def test_the_first_changed_entry_is_named() -> None:
    entries(5)
    unguarded("UPDATE audit_entry SET subject = 'employer:9' WHERE number >= 3")
    assert verify().broken == 3


def test_a_missing_entry_is_named() -> None:
    entries(5)
    unguarded("DELETE FROM audit_entry WHERE number = 2")
    assert verify().broken == 2


def test_a_cut_off_end_shows_by_a_kept_seal() -> None:
    entries(5)
    kept = verify().head
    unguarded("DELETE FROM audit_entry WHERE number = 5")
    assert verify().broken is None
    assert verify(kept).broken == 5


def test_the_command_fails_on_a_broken_trail() -> None:
    entries(2)
    unguarded("UPDATE audit_entry SET actor = 'x' WHERE number = 1")
    with pytest.raises(CommandError, match="entry 1"):
        call_command("trail", "verify")


def test_what_is_not_kept_in_the_trail_is_not_done(monkeypatch: pytest.MonkeyPatch, account: Any) -> None:
    user = account(None)

    def fail() -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(actions, "_take_turn", fail)
    with pytest.raises(DatabaseError), transaction.atomic():
        give_role(user=user, role="leader", territory_kind="nation", valid_from="2025-07-01", by="test")
    assert not RoleGrant.objects.exists()


def acts() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("act", flat=True))


def test_signing_in_failing_to_and_out_are_told(site: Any) -> None:
    User.objects.create_user(username="an", password=PASSWORD)
    client = Client()
    client.post("/account/login/", {"login": "an", "password": "sai mật khẩu"})
    client.post("/account/login/", {"login": "an", "password": PASSWORD})
    client.post("/account/logout/")
    assert acts() == [Act.SIGN_IN_FAILED, Act.SIGNED_IN, Act.SIGNED_OUT]


def test_a_name_typed_wrong_is_not_kept(site: Any) -> None:
    Client().post("/account/login/", {"login": PASSWORD, "password": "x"})
    assert PASSWORD not in Entry.objects.get().details


def test_reading_a_unit_and_being_refused_are_told(signed_in: Any) -> None:
    signed_in("leader", name="lan").get(f"/units/employer/{NORTH}")
    signed_in("auditor", name="binh").get("/units")
    assert list(
        Entry.objects.filter(act__in=[Act.UNIT_READ, Act.REFUSED]).order_by("number").values_list("actor", "subject")
    ) == [
        ("lan", f"employer:{NORTH}"),
        ("binh", ""),
    ]


def test_whoever_reads_the_trail_of_one_province_reads_of_accounts_there(signed_in: Any) -> None:
    signed_in("leader", "province", "01", name="lan").get("/units")
    signed_in("officer", "province", "01", name="lan2").get("/units")
    signed_in("officer", "province", "79", name="nam").get("/units")
    page = signed_in("auditor", "province", "01", name="binh").get("/trail").content.decode()
    assert "lan2" in page
    assert "<td>nam</td>" not in page


def test_the_trail_is_filtered_by_day(signed_in: Any) -> None:
    signed_in("officer", name="lan").get("/units")
    browser = signed_in("auditor", name="binh")
    assert "<td>lan</td>" in browser.get("/trail?since=2020-01-01").content.decode()
    assert "<td>lan</td>" not in browser.get("/trail?until=2020-01-01").content.decode()
    assert browser.get("/trail?since=31/02/2026").status_code == 200


def test_a_check_is_kept_and_its_answer_shown(signed_in: Any) -> None:
    browser = signed_in("auditor", name="binh")
    browser.post("/trail", {"seal": ""})
    assert "không đứt đoạn" in browser.get("/trail").content.decode()
    unguarded("UPDATE audit_entry SET actor = 'x' WHERE number = 1")
    browser.post("/trail")
    assert "bị đứt ở mục 1" in browser.get("/trail").content.decode()


def test_a_seal_which_is_not_in_the_trail_shows(signed_in: Any) -> None:
    browser = signed_in("auditor", name="binh")
    browser.post("/trail", {"seal": "f" * 64})
    assert "bị đứt ở mục" in browser.get("/trail").content.decode()


def test_who_read_a_unit_is_told_and_of_whom_it_was_asked_is_not_in_the_address(signed_in: Any) -> None:
    signed_in("leader", name="lan").get(f"/units/employer/{NORTH}")
    browser = signed_in("data_protection", name="chi")
    answer = browser.post("/trail/readers", {"subject": NORTH})
    assert "<td>lan" in answer.content.decode()
    assert "<td>lan" not in browser.post("/trail/readers", {"subject": "NONE"}).content.decode()
    assert "<td>lan" not in browser.get(f"/trail/readers?subject={NORTH}").content.decode()
    assert Entry.objects.filter(act=Act.READERS_ASKED, actor="chi").first().subject in ("", f"employer:{NORTH}")


@pytest.mark.slow
def test_many_who_add_at_once_make_one_chain(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DAUHIEU_DATABASE"}
    environment |= {"DAUHIEU_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "dauhieu.web.settings"}
    subprocess.run([sys.executable, "-m", "dauhieu.web", "migrate", "-v", "0"], env=environment, check=True)
    adding = (
        "import django; django.setup()\n"
        "from dauhieu.web.audit.actions import record\n"
        "from dauhieu.web.audit.acts import Act\n"
        "for _ in range(25): record(act=Act.UNIT_READ, by='an')\n"
    )
    people = [subprocess.Popen([sys.executable, "-c", adding], env=environment) for _ in range(3)]
    assert [one.wait(60) for one in people] == [0, 0, 0]
    told = subprocess.run(
        [sys.executable, "-m", "dauhieu.web", "trail", "verify"], env=environment, capture_output=True, text=True
    )
    assert told.stdout.strip() == "75 entries, unbroken."
