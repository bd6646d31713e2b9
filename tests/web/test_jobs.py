"""Jobs: nothing is lost and nothing done twice, also when a worker is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django_tasks import default_task_backend

from dauhieu.web.jobs import queue
from dauhieu.web.jobs.models import Job, Schedule
from dauhieu.web.jobs.worker import look_out, work_once
from tests.web import job_tasks
from tests.web.conftest import WORK, ended, wait_for

NOW = datetime(2026, 11, 5, 8, tzinfo=UTC)
LEASE = timedelta(seconds=30)
LATER = NOW + timedelta(minutes=1)
ROOT = Path(__file__).parent.parent.parent

pytestmark = pytest.mark.django_db


def enqueued(**more: Any) -> Job:
    return queue.enqueue("tests.web.job_tasks.add", {"args": [1, 2], "kwargs": {}}, now=NOW, **more)


def claimed(worker: str = "a", now: datetime = NOW) -> Job:
    job = queue.claim(worker, now=now, lease=LEASE)
    assert job is not None
    return job


def state(job: Job) -> str:
    return str(Job.objects.get(pk=job.pk).state)


def test_a_job_goes_to_one_worker() -> None:
    enqueued()
    claimed("a")
    assert queue.claim("b", now=NOW, lease=LEASE) is None


def test_what_is_due_later_waits() -> None:
    enqueued(run_after=LATER)
    assert queue.claim("a", now=NOW, lease=LEASE) is None
    assert claimed(now=LATER)


def test_the_more_urgent_goes_first() -> None:
    enqueued()
    urgent = enqueued(priority=10)
    assert claimed().pk == urgent.pk


def test_a_silent_worker_loses_the_job_and_cannot_finish_it() -> None:
    enqueued()
    silent = claimed("a")
    other = claimed("b", LATER)
    assert other.pk == silent.pk
    with pytest.raises(queue.LeaseLostError):
        queue.finish(silent, "late", now=LATER)
    queue.finish(other, "in time", now=LATER)
    assert Job.objects.get(pk=other.pk).result == '"in time"'


def test_the_same_worker_cannot_finish_an_attempt_it_has_lost() -> None:
    enqueued()
    first = claimed("a")
    claimed("a", LATER)
    with pytest.raises(queue.LeaseLostError):
        queue.finish(first, None, now=LATER)


def test_a_sign_of_life_keeps_the_job() -> None:
    enqueued()
    job = claimed("a")
    queue.beat(job, now=NOW + timedelta(seconds=20), lease=LEASE)
    assert queue.claim("b", now=NOW + timedelta(seconds=40), lease=LEASE) is None


def test_a_job_whose_workers_die_is_given_up() -> None:
    job = enqueued()
    for turn in range(queue.MOST_ATTEMPTS):
        claimed(now=NOW + turn * timedelta(minutes=1))
    assert queue.claim("a", now=NOW + timedelta(hours=1), lease=LEASE) is None
    assert state(job) == "failed"


def test_a_failure_is_tried_again_later_and_given_up_in_the_end() -> None:
    job = enqueued()
    now = NOW
    for _ in range(queue.MOST_ATTEMPTS - 1):
        queue.fail(claimed(now=now), "ValueError", now=now)
        assert queue.claim("a", now=now, lease=LEASE) is None
        now += timedelta(minutes=10)
    queue.fail(claimed(now=now), "ValueError", now=now)
    assert state(job) == "failed"


def test_a_waiting_job_is_cancelled_at_once() -> None:
    job = enqueued()
    queue.cancel(job.pk, now=NOW)
    assert state(job) == "cancelled"


def test_a_running_job_hears_that_it_is_to_stop() -> None:
    enqueued()
    job = claimed()
    queue.cancel(job.pk, now=NOW)
    with pytest.raises(queue.CancelledError):
        queue.tell(job, 10, "counting")


def test_a_schedule_comes_once_a_turn_and_makes_up_for_missed_ones_by_one() -> None:
    Schedule.objects.create(name="daily", task="tests.web.job_tasks.add", every="day", next_at=NOW)
    assert queue.enqueue_due(now=NOW) == 1
    assert queue.enqueue_due(now=NOW) == 0
    assert queue.enqueue_due(now=NOW + timedelta(days=5)) == 1
    assert Schedule.objects.get().next_at == NOW + timedelta(days=6)


def test_a_monthly_schedule_keeps_its_day() -> None:
    Schedule.objects.create(name="monthly", task="tests.web.job_tasks.add", every="month", next_at=NOW)
    queue.enqueue_due(now=NOW)
    assert Schedule.objects.get().next_at == datetime(2026, 12, 5, 8, tzinfo=UTC)


def test_djangos_interface_enqueues_and_gives_the_result() -> None:
    result = job_tasks.add.enqueue(2, b=3)
    assert work_once("a", LEASE)
    assert default_task_backend.get_result(result.id).return_value == 5
    assert not work_once("a", LEASE)


def test_a_fault_is_kept_without_its_words() -> None:
    job_tasks.fall.enqueue("số định danh 001099012345")
    work_once("a", LEASE)
    job = Job.objects.get()
    assert job.error.startswith("ValueError in fall")
    assert "001099" not in job.error


def test_a_job_which_is_given_back_is_taken_at_once() -> None:
    enqueued()
    job = claimed("a")
    queue.give_back(job, now=NOW)
    assert claimed("b").pk == job.pk


def test_a_job_is_among_the_work_of_whoever_asked_for_it() -> None:
    queue.ask(job_tasks.add, by="lan", a=2, b=3)
    assert work_once("a", LEASE)
    assert Job.objects.get(asked_by="lan").result == "5"


def test_a_worker_which_falls_silent_counts_for_none() -> None:
    assert not queue.is_anybody_working(now=NOW)
    queue.show_life("a", now=NOW)
    assert queue.is_anybody_working(now=NOW + timedelta(seconds=59))
    assert not queue.is_anybody_working(now=NOW + timedelta(seconds=61))
    queue.leave("a")
    assert not queue.is_anybody_working(now=NOW)


def test_schedules_are_kept_once_from_their_next_turn_on() -> None:
    monthly = ("monthly", "tests.web.job_tasks.add", "month", 5, 2)
    # The 5th of November at 15 o'clock in Ha Noi: the turn of this month is over, that of today's evening is not.
    for _ in range(2):
        queue.keep_schedules([monthly, ("daily", "tests.web.job_tasks.add", "day", 0, 19)], now=NOW)
    assert dict(Schedule.objects.values_list("name", "next_at")) == {
        "monthly": datetime(2026, 12, 4, 19, tzinfo=UTC),
        "daily": datetime(2026, 11, 5, 12, tzinfo=UTC),
    }


def test_a_job_which_finds_the_store_busy_waits_as_often_as_it_must() -> None:
    job_tasks.find_busy.enqueue()
    for _ in range(queue.MOST_ATTEMPTS + 2):
        assert work_once("a", LEASE)
        assert not work_once("a", LEASE)
        Job.objects.update(run_after=NOW)
    assert Job.objects.get().state == "ready"


def test_a_watch_which_fails_stops_neither_worker_nor_other_watches(settings: Any) -> None:
    job_tasks.watched.clear()
    settings.WATCHES = ("tests.web.job_tasks.blind_watch", "tests.web.job_tasks.watch")
    look_out("a")
    assert job_tasks.watched == ["seen"]


STATES = """
from dauhieu.web.jobs.models import Job
print(*sorted(Job.objects.values_list('state', flat=True)))
"""


@pytest.mark.slow
def test_a_killed_worker_loses_no_job_and_doubles_none(apart: Any, tmp_path: Path) -> None:
    filling = "from tests.web.job_tasks import write_down\nfor n in range(12): "
    ended(apart(f"{filling}write_down.enqueue({str(tmp_path)!r}, n, 0.3)"))
    killed = apart(WORK)
    wait_for(tmp_path, "begun")
    other = apart(WORK)
    time.sleep(0.1)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    ended(other)
    # What the killed one held comes back when its lease is over.
    time.sleep(2.1)
    ended(apart(WORK))
    assert ended(apart(STATES)).split() == ["done"] * 12
    begun = [int(line.split()[0]) for line in (tmp_path / "begun").read_text(encoding="utf-8").splitlines()]
    assert set(begun) == set(range(12))
    assert len(begun) <= 13


@pytest.mark.slow
def test_a_worker_which_is_asked_to_end_hands_its_job_back(apart: Any, tmp_path: Path) -> None:
    ended(apart(f"from tests.web.job_tasks import write_down\nwrite_down.enqueue({str(tmp_path)!r}, 1, 60)"))
    worker = apart(WORK)
    wait_for(tmp_path, "begun")
    worker.terminate()
    ended(worker)
    assert ended(apart(STATES)).split() == ["ready"]


@pytest.mark.slow
@pytest.mark.enable_socket
def test_site_and_worker_end_together_and_a_dead_worker_is_followed(tmp_path: Path) -> None:
    environment = os.environ | {"DAUHIEU_DATA": str(tmp_path), "DAUHIEU_STORE": str(tmp_path)}
    site = [sys.executable, "-m", "dauhieu.web"]
    subprocess.run([*site, "migrate", "-v", "0"], env=environment, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    server = subprocess.Popen(
        [*site, "serve", "--port", port, "--with-jobs"], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        first = worker_of(server.pid)
        os.kill(first, signal.SIGKILL)
        second = worker_of(server.pid, other_than=first)
    finally:
        server.send_signal(signal.SIGINT)
        told = server.communicate(timeout=60)[1]
    assert "no job is lost" in told
    assert not Path(f"/proc/{second}").exists()


def worker_of(server: int, other_than: int = 0) -> int:
    """The process which does the jobs beside a server."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        children = [path.read_text(encoding="ascii") for path in Path(f"/proc/{server}/task").glob("*/children")]
        for child in " ".join(children).split():
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if b"work" in words and int(child) != other_than:
                return int(child)
        time.sleep(0.1)
    raise AssertionError("no worker came up")


@pytest.mark.slow
def test_a_running_job_stops_when_it_is_cancelled(apart: Any, tmp_path: Path) -> None:
    ended(apart(f"from tests.web.job_tasks import count_up\ncount_up.enqueue({str(tmp_path)!r})"))
    worker = apart(WORK)
    wait_for(tmp_path, "begun")
    cancelling = "from dauhieu.web.jobs import queue\nfrom dauhieu.web.jobs.models import Job\n"
    cancelling += "from django.utils import timezone\nqueue.cancel(Job.objects.get().pk, now=timezone.now())"
    ended(apart(cancelling))
    ended(worker)
    assert ended(apart(STATES)).split() == ["cancelled"]
