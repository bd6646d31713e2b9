"""One's own work: what is with one, what one planned and asked for, what one was told, where one left off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from dauhieu.web import settings as site_settings
from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.scope import Reach, Scope, TerritoryKind, system_scope
from dauhieu.web.desk import queries
from dauhieu.web.jobs.models import Job
from dauhieu.web.notices import actions as telling
from dauhieu.web.notices import tasks as mailing
from dauhieu.web.notices.models import HANDED, SCAN_ENDED, Notice
from dauhieu.web.radar.lake import lake
from dauhieu.web.scans import actions as scans
from dauhieu.web.triage import actions
from dauhieu.web.triage.actions import Deed
from dauhieu.web.triage.queries import key_of
from tests.thin import OCTOBER
from tests.web.conftest import NORTH, SOUTH

EVERYWHERE = system_scope("test")
Browser = Callable[..., Client]
TODAY = date(2026, 11, 5)


def decide(by: User, deed: Deed, code: str = NORTH) -> None:
    rows = lake().ask(EVERYWHERE, f"SELECT * FROM finding WHERE unit_code = '{code}' AND as_of = '{OCTOBER}'")
    actions.decide(lake(), EVERYWHERE, by=by, seen={key_of(row): 0 for row in rows}, deed=deed)


def test_what_was_handed_on_stands_with_who_handed_it(signed_in: Browser, account: Any) -> None:
    client = signed_in("inspector", name="binh")
    sender = account("inspector", name="lan")
    User.objects.filter(username="lan").update(full_name="Chị Lan")
    decide(sender, Deed("hand", to=User.objects.get(username="binh")))
    page = client.get("/work").content.decode()
    assert "Công ty Đường Sắt" in page
    assert "Chị Lan" in page
    assert "được chuyển cho bạn" in page


def test_the_plan_is_by_unit_and_what_is_late_is_told(site: Any, account: Any) -> None:
    user = account("inspector")
    decide(user, Deed("plan", due=date(2026, 11, 4)))
    decide(user, Deed("plan", due=date(2026, 11, 30)), SOUTH)
    visits = queries.plan(lake(), EVERYWHERE, user, TODAY)
    assert [(one.code, one.is_late) for one in visits] == [(NORTH, True), (SOUTH, False)]
    assert [one.findings for one in visits] == [2, 1]
    assert queries.totals((), visits)["late"] == 1


def test_what_left_ones_territory_is_no_longer_shown(site: Any, account: Any) -> None:
    user = account("inspector")
    decide(user, Deed("acknowledge"))
    south = Scope(frozenset({Reach(TerritoryKind.PROVINCE, "79")}), "test")
    assert queries.held(lake(), EVERYWHERE, user)
    assert queries.held(lake(), south, user) == ()


def test_units_read_last_are_those_one_may_still_see(signed_in: Browser) -> None:
    client = signed_in("inspector", name="lan")
    for code in (NORTH, SOUTH, NORTH):
        client.get(f"/units/employer/{code}")
    user = User.objects.get(username="lan")
    assert [code for _kind, code, _name in queries.last_read(lake(), EVERYWHERE, user)] == [NORTH, SOUTH]
    south = Scope(frozenset({Reach(TerritoryKind.PROVINCE, "79")}), "test")
    assert [code for _kind, code, _name in queries.last_read(lake(), south, user)] == [SOUTH]


def test_ones_jobs_are_followed_while_they_run(signed_in: Browser) -> None:
    client, other = signed_in("analyst", name="lan"), signed_in("analyst", name="binh")
    order = scans.order(as_of=OCTOBER, by="lan")[0]
    Job.objects.update(state="running", lease_until=timezone.now(), percent=42, doing="99/237 warnings")
    part = client.get("/work", headers={"HX-Request": "true"}).content.decode()
    assert 'aria-valuenow="42"' in part
    assert "every 3s" in part
    assert f"/scans/orders/{order.pk}" in part
    assert "10/2026" not in other.get("/work").content.decode()
    Job.objects.update(state="cancelled", lease_until=None)
    assert "every 3s" not in client.get("/work", headers={"HX-Request": "true"}).content.decode()


def test_who_has_nothing_to_do_is_told_what_comes_next(signed_in: Browser) -> None:
    page = signed_in("inspector").get("/work").content.decode()
    for told in ("Bạn chưa giữ phát hiện nào", "Kế hoạch của bạn đang trống", "Chưa yêu cầu gì", "Chưa có thông báo"):
        assert told in page
    assert "Kế hoạch của tôi" not in signed_in("auditor").get("/work").content.decode()


def test_notices_are_ones_own_and_read_by_opening_them(signed_in: Browser) -> None:
    client, other = signed_in("leader", name="lan"), signed_in("leader", name="binh")
    telling.tell([User.objects.get(username="lan")], SCAN_ENDED, "/scans", as_of=OCTOBER)
    number = Notice.objects.get().pk
    assert "10/2026" in client.get("/notices").content.decode()
    assert "10/2026" not in other.get("/notices").content.decode()
    assert other.get(f"/notices/{number}").status_code == 404
    assert client.get(f"/notices/{number}").headers["Location"] == "/scans"
    assert Notice.objects.get().read_at is not None


def mailed(user: User, how: str, language: str = "vi") -> None:
    User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    telling.choose_mail(user, how, language)


@pytest.mark.parametrize(("day", "to"), [(23, {"daily", "weekly"}), (24, {"daily"})], ids=["on Monday", "on Tuesday"])
def test_digests_go_to_those_who_want_one(
    site: Any, account: Any, monkeypatch: pytest.MonkeyPatch, day: int, to: set[str]
) -> None:
    users = [account("leader", name=how) for how in ("daily", "weekly", "never")]
    for user in users:
        mailed(user, user.username)
    telling.tell(users, HANDED, "/work", number=3, by="Chị Lan")
    morning = datetime(2026, 11, day, 7, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    monkeypatch.setattr(timezone, "now", lambda: morning)
    mailing.mail_digests.call()
    mailing.mail_digests.call()
    assert sorted(one.to[0] for one in mail.outbox) == sorted(f"{how}@example.org" for how in to)


def test_a_mail_names_nobody(site: Any, account: Any) -> None:
    user = account("leader", name="lan")
    mailed(user, "at_once", "en")
    telling.tell([user], HANDED, "/work", number=3, by="Chị Lan")
    mailing.mail_notices.call(user=user.pk)
    text = mail.outbox[0].subject + mail.outbox[0].body
    assert "3 findings were handed to you." in text
    assert "Lan" not in text
    assert "http://127.0.0.1:8000/notices" in text


def test_what_was_read_is_not_mailed(site: Any, account: Any) -> None:
    user = account("leader", name="lan")
    mailed(user, "daily")
    telling.tell([user], SCAN_ENDED, "/scans", as_of=OCTOBER)
    telling.read_all(user)
    assert mailing.mail_notices.call(user=user.pk) == 0


def test_how_one_is_mailed_is_chosen_among_what_there_is(signed_in: Browser) -> None:
    client = signed_in("leader")
    assert client.post("/notices/mail", {"how": "weekly", "language": "en"}).status_code == 302
    assert '<option value="weekly" selected>' in client.get("/notices").content.decode()
    assert client.post("/notices/mail", {"how": "hourly", "language": "en"}).status_code == 404


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", ("console", "", 0, False, False)),
        ("smtp://an:p%40ss@mail.example", ("smtp", "mail.example", 587, False, True)),
        ("smtps://mail.example", ("smtp", "mail.example", 465, True, False)),
        ("smtp://localhost", ("smtp", "localhost", 25, False, False)),
    ],
)
def test_the_server_of_mails_is_read_from_an_address(url: str, server: tuple[Any, ...]) -> None:
    read = site_settings._mail_server(url)
    assert (read.backend, read.host, read.port, read.ssl, read.tls) == server
