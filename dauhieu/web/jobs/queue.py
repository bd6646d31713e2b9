"""Who does what, and who may say that it is done. Every change asks for the state it starts from, in one statement."""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks.base import Task

from dauhieu.web.jobs.models import Job, Schedule, Worker

MOST_ATTEMPTS = 3
# How long to wait after the first failure, and after the second.
BACKOFF = (timedelta(seconds=30), timedelta(minutes=5))


# How long to leave a store alone which somebody else writes to.
BUSY = timedelta(seconds=10)
# A worker which was silent for so long is taken for dead.
SILENT = timedelta(seconds=60)


class LeaseLostError(Exception):
    """Somebody else has the job by now: whatever this worker has to say of it comes too late."""


class CancelledError(Exception):
    """A person asked for the job to stop."""


def enqueue(
    task: str,
    arguments: Mapping[str, Any],
    *,
    now: datetime,
    run_after: datetime | None = None,
    priority: int = 0,
    by: str = "",
) -> Job:
    return Job.objects.create(
        task=task,
        arguments=json.dumps(arguments, ensure_ascii=False),
        enqueued_at=now,
        run_after=run_after or now,
        priority=priority,
        asked_by=by,
    )


def ask(task: Task[Any, Any], *, by: str, **arguments: Any) -> Job:
    """Enqueue a task for an account, which finds it among its own work."""
    return enqueue(task.module_path, {"args": [], "kwargs": arguments}, now=timezone.now(), by=by)


@transaction.atomic
def claim(worker: str, *, now: datetime, lease: timedelta) -> Job | None:
    """The next job for this worker: what is due, or what a worker let go by not showing signs of life."""
    let_go = Q(state="running", lease_until__lt=now)
    Job.objects.filter(let_go, attempts__gte=MOST_ATTEMPTS).update(
        state="failed", error="its workers died", finished_at=now
    )
    Job.objects.filter(let_go, cancel_asked=True).update(state="cancelled", finished_at=now)
    waiting = Job.objects.filter(Q(state="ready", run_after__lte=now) | let_go)
    if connection.vendor == "postgresql":
        # SQLite's transaction holds the whole database from its start.
        waiting = waiting.select_for_update(skip_locked=True)
    job = waiting.order_by("-priority", "run_after", "enqueued_at").first()
    if job is None:
        return None
    job.state, job.worker, job.attempts = "running", worker, job.attempts + 1
    job.lease_until, job.started_at = now + lease, job.started_at or now
    job.percent, job.doing = 0, ""
    job.save()
    return job


def _held(job: Job) -> QuerySet[Job]:
    """The job, as long as it is this worker's: an attempt is never handed out twice."""
    return Job.objects.filter(pk=job.pk, state="running", worker=job.worker, attempts=job.attempts)


def beat(job: Job, *, now: datetime, lease: timedelta) -> None:
    """Show a sign of life."""
    if not _held(job).update(lease_until=now + lease):
        raise LeaseLostError


def tell(job: Job, percent: int, doing: str) -> None:
    """Say how far it has come; also the place where a job hears that it is to stop."""
    if not _held(job).update(percent=percent, doing=doing[:200]):
        raise LeaseLostError
    if _held(job).filter(cancel_asked=True).exists():
        raise CancelledError


def finish(job: Job, result: Any, *, now: datetime) -> None:
    text = json.dumps(result, ensure_ascii=False)
    if not _held(job).update(state="done", result=text, percent=100, finished_at=now, lease_until=None):
        raise LeaseLostError


def fail(job: Job, error: str, *, now: datetime) -> None:
    """Try again later, or give up."""
    if job.attempts < MOST_ATTEMPTS:
        changes: dict[str, Any] = {"state": "ready", "run_after": now + BACKOFF[job.attempts - 1]}
    else:
        changes = {"state": "failed", "finished_at": now}
    if not _held(job).update(error=error[:300], lease_until=None, **changes):
        raise LeaseLostError


def stop(job: Job, *, now: datetime) -> None:
    """What a job does which heard that it is to stop."""
    if not _held(job).update(state="cancelled", finished_at=now, lease_until=None):
        raise LeaseLostError


def put_off(job: Job, *, now: datetime) -> None:
    """What a job does which found the store busy: it waits for a while, as often as it must."""
    if not _held(job).update(state="ready", run_after=now + BUSY, lease_until=None):
        raise LeaseLostError


def give_back(job: Job, *, now: datetime) -> None:
    """What a worker does with its job which is told to end: the next one takes it at once."""
    if not _held(job).update(state="ready", run_after=now, lease_until=None):
        raise LeaseLostError


def cancel(job_id: Any, *, now: datetime) -> None:
    """Take a job back: at once if nobody does it yet, else when it next says how far it has come."""
    if not Job.objects.filter(pk=job_id, state="ready").update(state="cancelled", finished_at=now):
        Job.objects.filter(pk=job_id, state="running").update(cancel_asked=True)


def keep_schedules(schedules: Iterable[tuple[str, str, str, int, int]], *, now: datetime) -> None:
    """Add those which are not kept yet, each with its first turn: name, task, every, day of the month, hour."""
    for name, task, every, day, hour in schedules:
        first = timezone.localtime(now).replace(hour=hour, minute=0, second=0, microsecond=0)
        if every == "month":
            first = first.replace(day=day)
        new = Schedule(task=task, every=every, next_at=first)
        if new.next_at <= now:
            new.next_at = _after(new, now)
        Schedule.objects.get_or_create(
            name=name, defaults={"task": new.task, "every": new.every, "next_at": new.next_at}
        )


def enqueue_due(*, now: datetime) -> int:
    """Enqueue what is scheduled, each turn once however many workers look."""
    enqueued = 0
    for schedule in Schedule.objects.filter(next_at__lte=now):
        with transaction.atomic():
            turn = Schedule.objects.filter(pk=schedule.pk, next_at=schedule.next_at)
            if turn.update(next_at=_after(schedule, now)):
                enqueue(schedule.task, json.loads(schedule.arguments), now=now)
                enqueued += 1
    return enqueued


def _after(schedule: Schedule, now: datetime) -> datetime:
    """The next turn after now: turns which were missed while no worker ran are made up for by one."""
    turn: datetime = schedule.next_at
    while turn <= now:
        days = 1 if schedule.every == "day" else calendar.monthrange(turn.year, turn.month)[1]
        turn += timedelta(days=days)
    return turn


def show_life(worker: str, *, now: datetime) -> None:
    Worker.objects.update_or_create(name=worker, defaults={"seen_at": now})


def leave(worker: str) -> None:
    Worker.objects.filter(name=worker).delete()


def is_anybody_working(*, now: datetime) -> bool:
    """Whether a worker shows signs of life: without one, jobs wait."""
    return Worker.objects.filter(seen_at__gt=now - SILENT).exists()
