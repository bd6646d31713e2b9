"""Scans from the screen: started, watched, stopped, gone on with after a kill, told of, compared."""

from __future__ import annotations

import fcntl
import shutil
import signal
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.warehouse.store import Store
from dauhieu.web.audit.models import Entry
from dauhieu.web.jobs import queue, worker
from dauhieu.web.jobs.models import Job
from dauhieu.web.jobs.worker import work_once
from dauhieu.web.notices.actions import choose_mail
from dauhieu.web.notices.models import Notice
from dauhieu.web.scans import actions, watches
from dauhieu.web.scans.models import DELIVERY, Order, Plan
from dauhieu.web.scans.schedule import month_before, run_month
from dauhieu.web.scans.words import doing_words, reason_words
from tests.thin import MONTH_HEAD, OCTOBER, SCANNED, SIGN, TWO_SIGNS, deliver, month_line, scanned
from tests.web.conftest import NORTH, WORK, ended, wait_for

LEASE = timedelta(seconds=30)
# Enough for a kill to meet a scan in its middle.
SIGNS = (
    *TWO_SIGNS,
    *"SI-EMP-01-S1 SI-EMP-02-S1 SI-EMP-03-S1 SI-EMP-04-S1 SI-EMP-06-S1 SI-EMP-07-S1 SI-EMP-08-S1 SI-EMP-09-S1".split(),
    *"SI-EMP-10-S1 SI-EMP-11-S1 SI-EMP-12-S1 SI-EMP-14-S1 SI-EMP-16-S1".split(),
)
STATES = """
from dauhieu.web.jobs import queue, worker
from dauhieu.web.jobs.models import Job
print(*Job.objects.filter(task='dauhieu.web.scans.tasks.run').values_list('state', 'attempts').get())
"""


@pytest.fixture
def own_store(settings: Any, site: Any, radar_store: Store, tmp_path: Path) -> Store:
    """The store of the tests once more, to be written to."""
    settings.STORE_FOLDER = Path(shutil.copytree(radar_store.path, tmp_path / "store"))
    settings.SCAN_MEMORY = "500MB"
    return Store.open(settings.STORE_FOLDER)


def what_was_found(store: Store) -> dict[str, list[dict[str, Any]]]:
    with DuckDBEngine(EngineOptions(memory="500MB", folders=(store.path / "tables",))) as engine:
        found = {}
        for table in ("finding", "finding_gone", "warning"):
            engine.register(table, store.input(store.version(), table))
            found[table] = engine.table(f"SELECT * FROM {table} ORDER BY ALL").to_pylist()
        return found


def ordered(signs: tuple[str, ...] = (SIGN,), by: str = "") -> Order:
    return actions.order(as_of=OCTOBER, signs=signs, by=by)[0]


def asking(signs: tuple[str, ...]) -> str:
    return (
        "from datetime import date\nfrom dauhieu.web.scans import actions\n"
        f"actions.order(as_of=date(2026, 10, 31), signs={signs!r}, by='')"
    )


@pytest.mark.slow
def test_a_scan_whose_worker_is_killed_is_finished_by_another_as_if_undisturbed(
    apart: Any, radar_store: Store, tmp_path: Path
) -> None:
    disturbed = Store.open(Path(shutil.copytree(radar_store.path, tmp_path / "store")))
    undisturbed = Store.open(Path(shutil.copytree(radar_store.path, tmp_path / "undisturbed")))
    before = disturbed.version().number
    ended(apart(asking(SIGNS)))
    killed = apart(WORK)
    wait_for(disturbed.path / "work", "*/*.parquet")
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert ended(apart(STATES)).split() == ["running", "1"]
    assert disturbed.version().number == before
    # The lease of the dead ends.
    time.sleep(2.1)
    ended(apart(WORK))
    assert ended(apart(STATES)).split() == ["done", "2"]
    assert disturbed.version().number == before + 1
    scanned(undisturbed, OCTOBER, SIGNS)
    found = what_was_found(disturbed)
    assert found == what_was_found(undisturbed)
    assert found["finding"]


def test_a_running_scan_stops_when_it_is_cancelled_and_leaves_the_store_as_it_was(own_store: Store) -> None:
    before = own_store.version().number
    order = ordered()
    job = queue.claim("a", now=timezone.now(), lease=LEASE)
    actions.cancel(found=order, by="")
    worker._do(job)
    order.refresh_from_db()
    assert order.job.state == "cancelled"
    assert own_store.version().number == before


def test_a_scan_waits_while_another_writes_and_then_lands(own_store: Store) -> None:
    order = ordered()
    lock = (own_store.path / "writer.lock").open("a")
    fcntl.flock(lock, fcntl.LOCK_EX)
    Timer(2, lock.close).start()
    work_once("a", LEASE)
    order.refresh_from_db()
    assert (order.job.state, order.job.attempts) == ("done", 1)
    assert own_store.version().note.startswith(f"scan {order.scan_id}")


def test_the_same_scan_is_asked_for_once_until_it_has_ended(own_store: Store) -> None:
    first = ordered()
    assert ordered().pk == first.pk
    assert ordered(TWO_SIGNS).pk != first.pk
    actions.cancel(found=first, by="")
    assert ordered().pk != first.pk


def test_a_delivery_is_scanned_once_and_what_it_set_aside_is_told(
    own_store: Store, account: Any, tmp_path: Path
) -> None:
    clerk, _inspector = account("officer", "province", "01"), account("inspector")
    watches.deliveries()
    watches.deliveries()
    assert not Order.objects.exists()
    lines = "".join(month_line(f"X{n}", NORTH, "2026-10-01", 2_000_000) for n in range(150))
    deliver(
        own_store, tmp_path / "second", SCANNED, contribution_month=MONTH_HEAD + lines + month_line("", NORTH, "x", 1)
    )
    for _look in range(2):
        watches.deliveries()
    order = Order.objects.get()
    assert (order.cause, order.as_of, order.signs) == (DELIVERY, OCTOBER, "")
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.details) == (clerk, "set_aside", '{"number": 1}')


def test_a_delivery_is_not_scanned_where_that_was_switched_off(own_store: Store, tmp_path: Path) -> None:
    watches.deliveries()
    actions.plan(monthly=False, on_delivery=False, by="an")
    line = month_line("X1", NORTH, "2026-10-01", 2_000_000)
    deliver(own_store, tmp_path / "second", SCANNED, contribution_month=MONTH_HEAD + line)
    watches.deliveries()
    run_month.call()
    assert not Order.objects.exists()


def test_a_scan_of_the_site_is_no_delivery(own_store: Store) -> None:
    watches.deliveries()
    scanned(own_store, OCTOBER)
    watches.deliveries()
    assert not Order.objects.exists()
    assert Plan.objects.get().seen_version == own_store.version().number


def test_the_month_which_has_ended_is_scanned() -> None:
    assert month_before(date(2026, 11, 5)) == date(2026, 10, 31)
    assert month_before(date(2027, 1, 1)) == date(2026, 12, 31)


def test_whoever_asked_is_told_of_the_end_once(own_store: Store, account: Any) -> None:
    user = account("analyst", name="lan")
    user.email = "lan@example.org"
    user.save()
    choose_mail(user, "at_once", "vi")
    ordered(by="lan")
    work_once("a", LEASE)
    for _look in range(2):
        watches.ended_scans()
    work_once("a", LEASE)
    assert [one.kind for one in Notice.objects.all()] == ["scan_ended"]
    assert [(one.to, "10/2026" in one.body) for one in mail.outbox] == [(["lan@example.org"], True)]


Browser = Callable[..., Client]


def post(client: Client, path: str, **data: Any) -> Any:
    return client.post(path, data)


def test_a_scan_is_started_with_its_month_and_signs_and_stands_in_the_trail(signed_in: Browser) -> None:
    client = signed_in("analyst", name="lan")
    answer = post(client, "/scans/start", month="2026-10", which="some", signs=[SIGN])
    order = Order.objects.get()
    assert (order.as_of, order.signs, order.job.asked_by) == (OCTOBER, SIGN, "lan")
    assert answer.headers["Location"] == f"/scans/orders/{order.pk}"
    assert list(Entry.objects.filter(actor="lan").values_list("act", "actor", "subject")) == [
        ("scan_asked", "lan", "scan:2026-10")
    ]


@pytest.mark.parametrize("wrong", [{"month": "2031-01"}, {"which": "some", "signs": ["NONE"]}])
def test_what_cannot_be_scanned_is_not_asked_for(signed_in: Browser, wrong: dict[str, Any]) -> None:
    assert (
        post(signed_in("analyst"), "/scans/start", **({"month": "2026-10", "which": "all"} | wrong)).status_code == 404
    )
    assert not Order.objects.exists()


def test_choosing_no_sign_is_not_choosing_all(signed_in: Browser) -> None:
    post(signed_in("analyst"), "/scans/start", month="2026-10", which="some")
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("role", "place"), [("inspector", ("nation", "")), ("analyst", ("province", "01")), ("auditor", ("nation", ""))]
)
def test_a_scan_is_for_those_who_may_run_one_everywhere(signed_in: Browser, role: str, place: tuple[str, str]) -> None:
    client = signed_in(role, *place)
    assert post(client, "/scans/start", month="2026-10", which="all").status_code == 403
    assert "/scans/start" not in client.get("/scans").content.decode()
    assert not Order.objects.exists()


def test_the_progress_is_shown_and_asks_again_until_the_end(signed_in: Browser) -> None:
    client = signed_in("analyst")
    order = ordered()
    Job.objects.update(state="running", lease_until=order.asked_at, percent=42, doing=f"99/237 {SIGN}")
    part = client.get(f"/scans/orders/{order.pk}", headers={"HX-Request": "true"})
    page = part.content.decode()
    assert 'aria-valuenow="42"' in page
    assert "99/237" in page
    assert "every 2s" in page
    assert "HX-Refresh" not in part.headers
    assert 'aria-valuenow="42"' in client.get("/scans", headers={"HX-Request": "true"}).content.decode()
    Job.objects.update(state="cancelled", lease_until=None)
    part = client.get(f"/scans/orders/{order.pk}", headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    assert "every 2s" not in part.content.decode()


def test_without_a_worker_the_page_says_that_jobs_wait(signed_in: Browser) -> None:
    ordered()
    assert "Không có tiến trình nền" in signed_in("analyst").get("/scans").content.decode()


def test_a_cancelled_scan_is_tried_again_as_a_new_order(signed_in: Browser) -> None:
    client = signed_in("analyst")
    order = ordered()
    post(client, f"/scans/orders/{order.pk}/cancel")
    post(client, f"/scans/orders/{order.pk}/retry")
    assert sorted(Job.objects.values_list("state", flat=True)) == ["cancelled", "ready"]


def test_scans_are_listed_and_each_has_its_page(signed_in: Browser) -> None:
    client = signed_in("leader")
    page = client.get("/scans").content.decode()
    assert "dòng lệnh" in page
    number = page.split('href="/scans/')[2].split('"')[0]
    assert SIGN in client.get(f"/scans/{number}").content.decode()
    assert client.get("/scans/none").status_code == 404


def test_comparing_two_months_tells_what_came_and_went(signed_in: Browser) -> None:
    # In October P2 and P4 are found besides, and the findings of September go on.
    whole = signed_in("inspector").get("/scans/compare").content.decode()
    row = whole[whole.index(f"<small>{SIGN}</small>") :].split("</tr>")[0]
    assert row.count('data-name="Mới có">2<') == 1
    assert row.count('data-name="Không còn">0<') == 1
    for client in (signed_in("inspector", "province", "79"), signed_in("leader")):
        # Nothing came there; and so few are not told to who may not see persons.
        assert 'data-name="Mới có">2<' not in client.get("/scans/compare").content.decode()


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("table hi_claim_lab is empty", "chưa có dữ liệu"),
        ("table si_book is stale: its newest row is of 2024-10-31", "31/10/2024"),
        ("sign X did not run", "X"),
        ("it applies from 2025-07-01", "01/07/2025"),
        ("Binder Error", "Binder Error"),
    ],
)
def test_reasons_are_told_in_words(reason: str, told: str, db: None) -> None:
    assert told in reason_words(reason)


def test_what_a_scan_is_at_is_told_in_words(site: Any) -> None:
    assert doing_words(f"3/9 {SIGN}").startswith(f"3/9 dấu hiệu – {SIGN} · ")
    assert "kho" in doing_words("9/9 busy")
