"""The doctor: each line turns when what it looks at does, in both languages, with what to do."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from dauhieu.warehouse.store import Store
from dauhieu.web.accounts.models import User
from dauhieu.web.administration.doctor import kept, machine, served
from dauhieu.web.administration.doctor.examination import examine
from dauhieu.web.administration.doctor.line import Line
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.jobs import queue
from dauhieu.web.jobs.models import Job, Worker
from tests.web.conftest import Account
from tests.web.test_settings import IDENTITY_KEY, PRODUCTION
from tests.web.test_trail import entries, unguarded

Make = Callable[[], None]


@pytest.fixture
def fit(site: Any, account: Account, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A site as it should be in production, but for TLS in front of the test."""
    call_command("createcachetable", verbosity=0)
    site.PRODUCTION = site.SECOND_FACTOR = site.SECURE_SSL_REDIRECT = True
    site.SECRET_KEY, site.IDENTITY_KEYS = "x7Kq" * 5 + "b2Lm" * 8, [IDENTITY_KEY]
    site.SECURE_HSTS_SECONDS, site.SECURE_HSTS_INCLUDE_SUBDOMAINS, site.SECURE_HSTS_PRELOAD = 31_536_000, True, True
    site.SESSION_COOKIE_SECURE = site.CSRF_COOKIE_SECURE = True
    for name in ("an", "binh"):
        Authenticator.objects.create(user=account("administrator", name=name), type="totp", data={})
    queue.show_life("test", now=timezone.now())
    _stamp(timedelta())(site)
    monkeypatch.setattr(kept, "OVERDUE", timedelta(days=36_500))
    return site


def _stamp(age: timedelta) -> Callable[[Any], None]:
    def write(site: Any) -> None:
        (site.DATA_FOLDER / machine.STAMP).write_text(f"{timezone.now() - age:{machine.STAMPED}}\n")

    return write


def seen(thorough: bool = False) -> dict[str, Line]:
    with translation.override("en"):
        return {line.name: line for line in examine(thorough=thorough, by="test")}


def test_a_fit_site_is_green_but_for_what_the_test_is(fit: Any) -> None:
    call_command("doctor", stdout=StringIO())
    told = seen()
    # No mail server and SQLite: neither is wrong everywhere. The disk is that of whoever tests.
    mild = {
        "Mail",
        "Kind of database",
        "Time from the network",
        "Versions of what is installed",
        *(name for name in told if name.startswith("Room")),
    }
    assert {name: line for name, line in told.items() if line.state != "green" and name not in mild} == {}


def test_the_demo_is_amber_where_production_would_be_red(site: Any) -> None:
    told = {line.name: line for line in served.lines()}
    with translation.override("en"):
        told = {line.name: line for line in served.lines()}
    assert told["Production"].state == told["Key of sessions"].state == told["Second factor"].state == "amber"


def _stop(name: str, value: Any) -> Callable[[Any], None]:
    return lambda site: setattr(site, name, value)


def _sql(text: str) -> Callable[[Any], None]:
    def run(_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(text)

    return run


def _demo_account(_: Any) -> None:
    Authenticator.objects.create(user=User.objects.create_user(username="lanh.dao"), type="totp", data={})


def _open_folder(site: Any) -> None:
    site.DATA_FOLDER.chmod(0o755)


def _job(state: str) -> Callable[[Any], None]:
    def make(_: Any) -> None:
        at = timezone.now() - timedelta(hours=1)
        Job.objects.create(
            task="a.b.load_sending", arguments="{}", state=state, run_after=at, enqueued_at=at, finished_at=at
        )

    return make


@pytest.mark.parametrize(
    ("name", "wound", "state"),
    [
        ("Key of sessions", _stop("SECRET_KEY", "short"), "red"),
        ("Keys of identity numbers", _stop("IDENTITY_KEYS", [served.DEMO_IDENTITY_KEY]), "red"),
        ("Pages of errors", _stop("DEBUG", True), "red"),
        ("Names of the site", _stop("ALLOWED_HOSTS", ["*", "testserver"]), "red"),
        ("Second factor", _stop("SECOND_FACTOR", False), "red"),
        ("Second factor", lambda _: User.objects.create_user(username="moi"), "amber"),
        ("Checks of Django", _stop("SECURE_HSTS_SECONDS", 0), "red"),
        ("Headers for browsers", _stop("SECURE_HSTS_SECONDS", 0), "red"),
        ("Headers for browsers", _stop("SECURE_REFERRER_POLICY", "unsafe-url"), "red"),
        ("Headers for browsers", _stop("CSRF_COOKIE_SECURE", False), "red"),
        ("Folder of the site's data", _open_folder, "red"),
        ("Administrators", lambda _: User.objects.update(is_active=False), "red"),
        ("Administrators", lambda _: User.objects.filter(username="an").update(is_active=False), "amber"),
        ("Accounts of the demo", _demo_account, "red"),
        ("Limits on signing in", _sql("DROP TABLE cache"), "red"),
        ("Worker", lambda _: Worker.objects.all().delete(), "red"),
        ("Worker", _job("ready"), "amber"),
        ("Jobs", _job("failed"), "amber"),
        ("Backup", lambda site: (site.DATA_FOLDER / machine.STAMP).unlink(), "red"),
        ("Backup", lambda site: (site.DATA_FOLDER / machine.STAMP).write_text("yesterday"), "red"),
        ("Backup", _stamp(timedelta(days=3)), "amber"),
        ("Backup", _stamp(timedelta(days=8)), "red"),
        ("Store", _stop("STORE_FOLDER", Path("/nowhere")), "red"),
    ],
)
def test_each_line_turns(name: str, wound: Callable[[Any], None], state: str, fit: Any) -> None:
    assert name not in ("Worker", "Jobs") or seen()[name].state == "green"
    wound(fit)
    line = seen()[name]
    assert line.state == state
    assert line.told
    assert line.todo


def test_old_keys_show(fit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "Age of the keys of identity numbers"
    assert seen()[name].state == "green"
    monkeypatch.setattr(machine, "OLD_KEYS", timedelta(0))
    entries(1)
    assert seen()[name].state == "amber"
    assert seen()[name].todo


@pytest.mark.parametrize(("says", "state"), [("yes", "green"), ("no", "amber"), (None, None)])
def test_the_machine_tells_whether_the_network_keeps_its_time(
    says: str | None, state: str | None, fit: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    teller = tmp_path / "timedatectl"
    if says:
        teller.write_text(f"#!/bin/sh\necho {says}\n")
        teller.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=None)
    line = seen().get("Time from the network")
    assert (line.state if line else None) == state


def test_another_version_than_the_lock_names_shows(fit: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    monkeypatch.setattr(machine, "LOCK", lock)
    assert "Versions of what is installed" not in seen()
    lock.write_text("django==1.0 \\\n    --hash=sha256:00\nno-such-package==3.0\n")
    assert seen()["Versions of what is installed"].state == "amber"
    assert "django" in seen()["Versions of what is installed"].told


def test_a_lock_taken_off_the_trail_shows(fit: Any) -> None:
    trigger = sorted(kept.TRIGGERS[connection.vendor])[0]
    on = " ON audit_entry" if connection.vendor == "postgresql" else ""
    _sql(f"DROP TRIGGER {trigger}{on}")(fit)
    assert seen()["Lock of the trail"].state == "red"
    assert trigger in seen()["Lock of the trail"].told


def test_a_broken_trail_shows_at_its_end_quickly_and_anywhere_thoroughly(
    fit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries(30)
    monkeypatch.setattr(kept, "TAIL", 5)
    unguarded("UPDATE audit_entry SET actor = 'x' WHERE number = 3")
    assert seen()["Trail"].state == "amber"
    assert seen(thorough=True)["Trail"].state == "red"
    # Once known it stays known.
    assert seen()["Trail"].state == "red"


def test_the_end_of_a_broken_trail_shows_quickly(fit: Any) -> None:
    entries(3)
    unguarded("UPDATE audit_entry SET actor = 'x' WHERE number = (SELECT max(number) FROM audit_entry)")
    assert seen()["Trail"].state == "red"


def test_a_trail_from_the_future_shows(fit: Any) -> None:
    entries(1)
    unguarded("UPDATE audit_entry SET moment = '2999-01-01 00:00:00'")
    assert seen()["Clock"].state == "red"


def test_damage_of_the_store_shows_lost_files_quickly_altered_ones_thoroughly(
    fit: Any, radar_store: Store, tmp_path: Path
) -> None:
    shutil.copytree(radar_store.path, tmp_path / "own")
    fit.STORE_FOLDER = tmp_path / "own"
    assert seen()["Store"].state == "amber"
    assert seen(thorough=True)["Store"].state == "green"
    assert seen()["Store"].state == "green"
    state = Store.open(tmp_path / "own").version().tables["employer"]
    path = tmp_path / "own" / state.files[0].path
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert seen(thorough=True)["Store"].state == "red"
    path.unlink()
    assert seen()["Store"].state == "red"


@pytest.fixture
def mail_server() -> Iterator[int]:
    """Says what a server of mail says first, to one who only knocks."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            caller, _ = listening.accept()
            with caller:
                caller.sendall(b"220 test\r\n")
                while (line := caller.recv(200)) and not line.startswith(b"QUIT"):
                    caller.sendall(b"250 test\r\n")

        Thread(target=answer, daemon=True).start()
        yield listening.getsockname()[1]


@pytest.mark.enable_socket
def test_mail_is_green_where_a_server_answers(fit: Any, mail_server: int) -> None:
    fit.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    fit.EMAIL_HOST, fit.EMAIL_PORT = "127.0.0.1", mail_server
    assert seen()["Mail"].state == "green"
    fit.EMAIL_PORT = 1
    assert seen()["Mail"].state == "red"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_command_tells_all_and_ends_with_its_verdict(
    language: str, fit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = StringIO()
    call_command("doctor", "--quick", "--language", language, stdout=out)
    assert {"vi": "[ổn] Khoá phiên", "en": "[in order] Key of sessions"}[language] in out.getvalue()
    Worker.objects.all().delete()
    with pytest.raises(SystemExit):
        call_command("doctor", "--quick", stdout=out)
    assert not Entry.objects.filter(act=Act.EXAMINED).exists()


def test_a_thorough_examination_is_kept(fit: Any) -> None:
    call_command("doctor", stdout=StringIO())
    assert Entry.objects.filter(act=Act.EXAMINED, actor="command line").count() == 1


def test_the_page_shows_the_same_lines(signed_in: Callable[..., Client]) -> None:
    page = signed_in("administrator").get("/administration/doctor").content.decode()
    for line in examine(thorough=False, by="test"):
        assert line.name in page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"DAUHIEU_SECRET_KEY": ""}, "DAUHIEU_SECRET_KEY"),
        ({"DAUHIEU_DEBUG": "1"}, "DAUHIEU_DEBUG"),
        ({"DAUHIEU_HOSTS": "*"}, "DAUHIEU_HOSTS"),
    ],
)
def test_an_unsafe_site_is_not_served(change: dict[str, str], names: str, tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "dauhieu.web", "serve", "--port", "0"],
        env=os.environ | PRODUCTION | {"DAUHIEU_DATA": str(tmp_path)} | change,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.returncode != 0
    assert names in told.stderr
