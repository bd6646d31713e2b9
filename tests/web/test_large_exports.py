"""A large file is made by a worker: for who asked alone, no further than his rights reach, and not for ever."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dauhieu.web.accounts.actions import give_role
from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.scope import Branch, Reach, Scope
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.exports.models import KEPT, Export
from dauhieu.web.exports.tasks import make
from dauhieu.web.exports.watches import ended, sweep
from dauhieu.web.jobs.models import Job
from dauhieu.web.jobs.worker import work_once
from dauhieu.web.notices.models import EXPORT_FAILED, EXPORT_READY, Notice
from tests.web.conftest import NORTH, SOUTH

Browser = Callable[..., Client]
LEASE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def small(site: Any) -> None:
    """More than one row is a large file."""
    site.EXPORT_AT_ONCE = 1


def asked(browser: Client, path: str = "/exports/units") -> Export:
    answer = browser.post(path)
    assert answer.status_code == 302
    return Export.objects.get(pk=answer.headers["Location"].split("/")[3])


def made(browser: Client, path: str = "/exports/units") -> Export:
    export = asked(browser, path)
    assert work_once("worker", LEASE)
    ended()
    export.refresh_from_db()
    return export


def fetch(browser: Client, export: Export) -> Any:
    return browser.get(f"/exports/files/{export.pk}/fetch")


def file(answer: Any) -> str:
    book = openpyxl.load_workbook(BytesIO(answer.content))
    return str([row for page in book for row in page.iter_rows(values_only=True)])


def test_a_large_file_is_told_of_before_it_is_asked_for(signed_in: Browser) -> None:
    browser = signed_in("inspector")
    page = browser.get("/exports/units").content.decode()
    assert "Lập tệp" in page
    assert not Export.objects.exists()
    assert not Entry.objects.filter(act=Act.EXPORTED).exists()


def test_a_small_one_is_there_at_once(signed_in: Browser, site: Any) -> None:
    site.EXPORT_AT_ONCE = 3
    assert "spreadsheet" in signed_in("inspector").get("/exports/units").headers["Content-Type"]


def test_it_is_made_told_of_and_fetched(signed_in: Browser) -> None:
    browser = signed_in("inspector", name="lan")
    export = made(browser, "/exports/units?q=a")
    assert export.path.stat().st_mode & 0o777 == 0o600
    notice = Notice.objects.get(kind=EXPORT_READY)
    assert (notice.user.username, notice.url) == ("lan", f"/exports/files/{export.pk}")
    page = browser.get(notice.url).content.decode()
    assert f"/exports/files/{export.pk}/fetch" in page
    assert notice.url in browser.get("/work").content.decode()
    answer = fetch(browser, export)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    told = file(answer)
    assert NORTH in told
    assert SOUTH in told


def test_asking_and_each_fetching_are_told(signed_in: Browser) -> None:
    browser = signed_in("inspector", name="lan")
    export = made(browser)
    fetch(browser, export)
    fetch(browser, export)
    entries = Entry.objects.filter(act__in=(Act.EXPORT_ASKED, Act.EXPORTED)).order_by("number")
    assert [(one.actor, one.act) for one in entries] == [
        ("lan", "export_asked"),
        ("lan", "exported"),
        ("lan", "exported"),
    ]
    details = json.loads(entries[2].details)
    assert (details["what"], details["rows"], details["export"]) == ("units", 3, str(export.pk))


def test_what_was_searched_for_stands_in_no_job_trail_or_notice(signed_in: Browser) -> None:
    made(signed_in("inspector"), "/exports/units?q=000")
    told = [*Job.objects.values_list("arguments", "doing", "result"), *Entry.objects.values_list("subject", "details")]
    assert "q=000" not in str([*told, *Notice.objects.values_list("url", "details")])


def test_nobody_else_learns_of_it(signed_in: Browser) -> None:
    export = made(signed_in("inspector", name="lan"))
    other = signed_in("inspector", name="binh")
    assert fetch(other, export).status_code == 404
    assert other.get(f"/exports/files/{export.pk}").status_code == 404


def test_it_holds_no_more_than_who_asked_may_see(signed_in: Browser) -> None:
    browser = signed_in("inspector", "province", "01")
    told = file(fetch(browser, made(browser)))
    assert NORTH in told
    assert SOUTH not in told


def test_it_is_not_made_under_rights_which_were_lost_meanwhile(signed_in: Browser) -> None:
    browser = signed_in("inspector", name="lan")
    export = asked(browser)
    User.objects.get(username="lan").grants.update(territory_kind="province", territory_code="01")
    assert work_once("worker", LEASE)
    export.refresh_from_db()
    assert export.refused
    assert not export.path.exists()
    assert fetch(browser, export).status_code == 404
    assert "không còn bao trùm" in browser.get(f"/exports/files/{export.pk}").content.decode()


@pytest.mark.parametrize(
    "lost",
    [
        {"territory_kind": "province", "territory_code": "01"},
        {"branch": "health"},
        {"role": "leader"},
        {"valid_from": "2020-01-01", "valid_to": "2020-12-31"},
    ],
    ids=["territory", "branch", "persons", "all"],
)
def test_it_is_not_handed_out_when_rights_were_lost(signed_in: Browser, lost: dict[str, str]) -> None:
    browser = signed_in("inspector", name="lan")
    export = made(browser)
    User.objects.get(username="lan").grants.update(**lost)
    assert fetch(browser, export).status_code == 403
    assert Entry.objects.get(act=Act.REFUSED).subject == f"export:{export.pk}"
    assert not Entry.objects.filter(act=Act.EXPORTED).exists()
    assert "fetch" not in browser.get(f"/exports/files/{export.pk}").content.decode()


def test_more_rights_do_no_harm(signed_in: Browser) -> None:
    browser = signed_in("inspector", "province", "01", name="lan")
    export = made(browser)
    user = User.objects.get(username="lan")
    give_role(
        user=user,
        role="inspector",
        territory_kind="nation",
        territory_code="",
        branch="",
        valid_from=date(2025, 7, 1),
        by="test",
    )
    assert fetch(browser, export).status_code == 200


def test_it_is_deleted_when_its_time_is_over(signed_in: Browser) -> None:
    browser = signed_in("inspector")
    export = made(browser, "/exports/units?q=a")
    sweep()
    assert export.path.exists()
    Export.objects.update(ready_at=timezone.now() - KEPT - timedelta(seconds=1))
    assert fetch(browser, export).status_code == 404
    sweep()
    export.refresh_from_db()
    assert not export.path.exists()
    assert (export.swept, export.wish) == (True, "{}")
    assert "đã bị xoá" in browser.get(f"/exports/files/{export.pk}").content.decode()


def test_who_asked_is_told_when_it_could_not_be_made(signed_in: Browser) -> None:
    browser = signed_in("inspector")
    export = asked(browser)
    Job.objects.update(state="failed", error="KeyError in make, line 3")
    ended()
    ended()
    notice = Notice.objects.get()
    assert notice.kind == EXPORT_FAILED
    page = browser.get(notice.url).content.decode()
    assert "KeyError in make, line 3" in page
    assert f"{export.pk}/fetch" not in page


def test_asked_for_twice_it_is_made_once(signed_in: Browser) -> None:
    browser = signed_in("inspector")
    assert asked(browser) == asked(browser)
    assert asked(browser, "/exports/units?q=a") != asked(browser)
    assert Job.objects.count() == 2


def test_made_again_after_a_kill_it_is_told_of_once(signed_in: Browser) -> None:
    export = made(signed_in("inspector"))
    make.call(export=str(export.pk))
    ended()
    assert Notice.objects.filter(kind=EXPORT_READY).count() == 1
    assert [path.name for path in Path(export.path.parent).iterdir()] == [f"{export.pk}.xlsx"]


def test_who_asked_cancels_it_and_nobody_else(signed_in: Browser) -> None:
    browser = signed_in("inspector")
    export = asked(browser)
    place = f"/exports/files/{export.pk}"
    assert browser.get(f"{place}/cancel").status_code == 405
    assert signed_in("inspector").post(f"{place}/cancel").status_code == 404
    assert f'action="{place}/cancel"' in browser.get(place).content.decode()
    browser.post(f"{place}/cancel")
    browser.post(f"{place}/cancel")
    page = browser.get(place).content.decode()
    assert "Đã huỷ" in page
    assert "/cancel" not in page
    assert not work_once("worker", LEASE)
    assert not export.path.exists()
    assert [one.subject for one in Entry.objects.filter(act=Act.EXPORT_CANCELLED)] == [f"export:{export.pk}"]
    assert asked(browser).pk != export.pk


def test_a_running_one_stops_when_it_next_tells_how_far_it_is(signed_in: Browser) -> None:
    browser = signed_in("inspector")
    export = asked(browser)
    Job.objects.update(cancel_asked=True)
    assert work_once("worker", LEASE)
    export.refresh_from_db()
    assert export.job is not None
    assert export.job.state == "cancelled"
    assert not export.is_ready
    assert asked(browser).pk != export.pk


def test_it_is_in_the_language_in_which_it_was_asked_for(signed_in: Browser) -> None:
    browser = signed_in("inspector")
    browser.cookies["django_language"] = "en"
    told = file(fetch(browser, made(browser)))
    assert "Main sign points at" in told
    assert "Đơn vị" not in told


def test_the_trail_and_findings_are_handed_out_the_same_way(signed_in: Browser) -> None:
    auditor = signed_in("auditor")
    auditor.get("/trail")
    auditor.get("/trail")
    trail = file(fetch(auditor, made(auditor, "/exports/trail")))
    assert "xem nhật ký" in trail
    assert "trail_read" not in trail
    inspector = signed_in("inspector")
    assert "SI-EMP-05-S1" in file(fetch(inspector, made(inspector, f"/exports/unit/employer/{NORTH}")))


REACHES = st.builds(
    Reach,
    st.just("province"),
    st.sampled_from(["01", "79"]),
    st.sampled_from(["", *(branch.value for branch in Branch)]),
)
WIDE = st.builds(Reach, st.just("nation"), st.just(""), st.sampled_from(["", "social", "health"]))
SCOPES = st.builds(
    Scope, st.frozensets(REACHES | WIDE, min_size=1, max_size=3), st.just("test"), sees_persons=st.booleans()
)


def lets_through(scope: Scope, code: str, branch: str) -> bool:
    return any(
        (one.kind == "nation" or one.code == code) and (not one.branch or one.branch == branch) for one in scope.reaches
    )


@given(SCOPES, SCOPES)
def test_a_scope_which_covers_another_lets_through_all_of_it(wide: Scope, narrow: Scope) -> None:
    if wide.covers(narrow):
        assert wide.sees_persons or not narrow.sees_persons
        for code in ("01", "79", "48"):
            for branch in Branch:
                assert lets_through(wide, code, branch) or not lets_through(narrow, code, branch)


@given(SCOPES)
def test_a_scope_covers_itself(scope: Scope) -> None:
    assert scope.covers(scope)
