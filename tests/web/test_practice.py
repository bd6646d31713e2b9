"""Practice is never mistaken for real: its mark stands on everything, and it never meets a real store, nor real it."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from dauhieu.errors import StoreError
from dauhieu.warehouse.store import MARK, Store
from dauhieu.web import settings as of_site
from dauhieu.web.accounts.actions import give_role
from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.roles import ROLES
from dauhieu.web.notices.models import HANDED, Notice
from dauhieu.web.notices.queries import notices
from dauhieu.web.notices.tasks import mail_notices
from dauhieu.web.practice.store import the_store
from dauhieu.web.radar.lake import lake
from tests.web.conftest import PASSWORD, pdf_pages
from tests.web.test_rights import POSTS, address, own_patterns

VI, EN = "Tập dượt – số liệu bịa", "Practice – invented figures"


@pytest.fixture
def invented(radar_store: Store) -> Iterator[Store]:
    """The store of the tests, marked as invented for as long as a test lasts."""
    mark = radar_store.path / MARK
    before = mark.read_bytes()
    mark.write_text(json.dumps(json.loads(before) | {"invented": True}), encoding="utf-8")
    yield radar_store
    mark.write_bytes(before)


@pytest.fixture
def practice(site: Any, invented: Store) -> Any:
    site.PRACTICE = True
    return site


@pytest.fixture
def may_all(practice: Any, account: Callable[..., User]) -> Client:
    """A browser of somebody who has every role there is."""
    user = account(None, name="moi.vai")
    user.email = "moi.vai@example.vn"
    user.save()
    for role in ROLES:
        give_role(
            user=user,
            role=role,
            territory_kind="nation",
            territory_code="",
            branch="",
            valid_from=date(2025, 7, 1),
            by="test",
        )
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.mark.slow
def test_the_mark_stands_on_everything_which_can_be_asked_for(may_all: Client) -> None:
    pages = files = 0
    others = [
        "/account/2fa/",
        "/account/sessions/",
        "/account/password/change/",
        "/no/such/page",
        "/units/employer/NONE",
    ]
    addresses = [address(one) for one in own_patterns() if one.name not in {*POSTS, "oidc_callback"}]
    for path in (*addresses, *others):
        answer = may_all.get(path)
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith("text/html") and b"<html" in answer.content:
            page = answer.content.decode()
            assert "data-practice" in page, path
            assert VI in page, path
            assert page.split("<title>")[1].startswith("[Tập dượt] "), path
            pages += 1
        elif kind == "application/pdf":
            assert all(VI in text for text in pdf_pages(answer.content)), path
            files += 1
        elif "spreadsheet" in kind:
            assert openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]["A1"].value == VI, path
            files += 1
        if "attachment" in answer.headers.get("Content-Disposition", ""):
            assert "TAP-DUOT-" in answer.headers["Content-Disposition"], path
    assert pages > 40
    assert files >= 7


def test_pages_before_signing_in_and_of_errors_have_it_too(practice: Any, db: None) -> None:
    assert VI in Client().get("/account/login/").content.decode()
    assert VI in render_to_string("500.html")


def test_the_mark_is_in_the_language_of_the_reader(may_all: Client) -> None:
    may_all.cookies["django_language"] = "en"
    page = may_all.get("/units").content.decode()
    assert EN in page
    assert "<title>[Practice] " in page
    assert EN in pdf_pages(may_all.get("/papers/units").content)[0]


def test_notices_and_mails_have_it(may_all: Client) -> None:
    user = User.objects.get(username="moi.vai")
    Notice.objects.create(user=user, kind=HANDED, url="/work", details='{"number": 2, "by": "Lan"}', at=timezone.now())
    assert notices(user)[0].sentence.startswith("[Tập dượt] ")
    mail_notices.call(user=user.pk)
    assert mail.outbox[0].subject.startswith("[Tập dượt] ")
    assert mail.outbox[0].body.startswith(VI)


def test_a_real_site_has_no_such_mark(site: Any, db: None) -> None:
    page = Client().get("/account/login/").content.decode()
    assert "data-practice" not in page
    assert "dượt" not in page


def test_practice_refuses_a_real_store(site: Any, radar_store: Store) -> None:
    site.PRACTICE = True
    for ask in (the_store, lake):
        with pytest.raises(StoreError, match="not marked as invented"):
            ask()
    for command in (["serve", "--port", "1"], ["work", "--until-empty"]):
        with pytest.raises(CommandError, match="not marked as invented"):
            call_command(*command)


def test_a_real_site_refuses_an_invented_store(site: Any, invented: Store) -> None:
    for ask in (the_store, lake):
        with pytest.raises(StoreError, match="invented nation"):
            ask()
    for command in (["serve", "--port", "1"], ["work", "--until-empty"]):
        with pytest.raises(CommandError, match="invented nation"):
            call_command(*command)


def test_nothing_of_a_refused_store_is_shown(may_all: Client, settings: Any) -> None:
    settings.PRACTICE = False
    for path in ("/", "/units", "/papers/units", "/exports/units", "/signs"):
        assert may_all.get(path).status_code == 500, path


def read(monkeypatch: pytest.MonkeyPatch, **given: str) -> dict[str, Any]:
    """The settings as these variables make them."""
    for name, value in given.items():
        monkeypatch.setenv(f"DAUHIEU_{name}", value)
    return runpy.run_path(str(of_site.__file__))


NAMES = ("SECRET_KEY", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "DATABASES", "MFA_TOTP_ISSUER")


def test_practice_shares_no_key_cookie_or_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAUHIEU_DATABASE", raising=False)
    real, practice = read(monkeypatch, PRACTICE="0"), read(monkeypatch, PRACTICE="1")
    assert [name for name in NAMES if real[name] == practice[name]] == []


def test_a_session_of_one_is_nobodys_in_the_other(practice: Any, account: Callable[..., User]) -> None:
    """Even in one database and under one name of the cookie: what the other key signed opens nothing."""
    user = account("inspector")
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    client.force_login(user)
    assert client.get("/units").status_code == 200
    practice.SECRET_KEY = f"practice {practice.SECRET_KEY}"
    assert client.get("/units").status_code == 302


@pytest.mark.parametrize(("practice", "name"), [("1", "dauhieu"), ("0", "dauhieu_practice")])
def test_a_database_of_the_other_is_refused(monkeypatch: pytest.MonkeyPatch, practice: str, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DAUHIEU_DATABASE"):
        read(monkeypatch, PRACTICE=practice, DATABASE=f"postgresql://u:p@db/{name}")


def test_a_database_for_practice_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    made = read(monkeypatch, PRACTICE="1", DATABASE="postgresql://u:p@db/dauhieu_practice")
    assert made["DATABASES"]["default"]["NAME"] == "dauhieu_practice"
