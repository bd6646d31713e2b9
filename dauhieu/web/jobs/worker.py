"""A worker: takes one job after the other, shows signs of life while it works, and looks out in between."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from dauhieu.errors import StoreBusyError
from dauhieu.web.jobs import queue
from dauhieu.web.jobs.models import Job

log = logging.getLogger(__name__)
_current: ContextVar[Job | None] = ContextVar("job", default=None)


def tell(percent: int, doing: str) -> None:
    """For tasks: say how far the work has come. Raises where the work is to stop. Outside a job nothing happens."""
    job = _current.get()
    if job is not None:
        queue.tell(job, percent, doing)


def look_out(worker: str) -> None:
    """What is done between jobs: a sign of life, and the watches of settings.WATCHES, each for itself."""
    queue.show_life(worker, now=timezone.now())
    for name in settings.WATCHES:
        try:
            import_string(name)()
        except Exception as error:
            # Its words may quote data.
            log.error("The watch %s failed: %s", name, type(error).__name__)


def work_once(worker: str, lease: timedelta) -> bool:
    """Do the next job; False if there is none."""
    queue.enqueue_due(now=timezone.now())
    job = queue.claim(worker, now=timezone.now(), lease=lease)
    if job is None:
        return False
    try:
        with _alive(job, lease):
            _do(job)
    except queue.LeaseLostError:
        # Another worker has it by now, and what it says counts.
        pass
    return True


def _do(job: Job) -> None:
    token = _current.set(job)
    try:
        arguments = json.loads(job.arguments)
        result = import_string(job.task).call(*arguments["args"], **arguments["kwargs"])
    except queue.LeaseLostError:
        raise
    except (KeyboardInterrupt, SystemExit):
        queue.give_back(job, now=timezone.now())
        raise
    except StoreBusyError:
        queue.put_off(job, now=timezone.now())
    except queue.CancelledError:
        queue.stop(job, now=timezone.now())
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        queue.fail(job, f"{type(error).__name__} in {last.name}, line {last.lineno}", now=timezone.now())
    else:
        queue.finish(job, result, now=timezone.now())
    finally:
        _current.reset(token)


@contextmanager
def _alive(job: Job, lease: timedelta) -> Iterator[None]:
    """Signs of life three times a lease, from a thread of their own: the work may be one long query."""
    done = Event()

    def beat() -> None:
        try:
            while not done.wait(lease.total_seconds() / 3):
                queue.beat(job, now=timezone.now(), lease=lease)
                queue.show_life(job.worker, now=timezone.now())
        except queue.LeaseLostError:
            pass
        finally:
            connection.close()

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
