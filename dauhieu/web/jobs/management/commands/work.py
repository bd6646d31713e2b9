"""`dauhieu-web work`: a worker. As many as wanted may run, on this machine and, with PostgreSQL, on others."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from dauhieu.web.jobs import queue
from dauhieu.web.jobs.worker import look_out, work_once
from dauhieu.web.practice.store import ready_store

PAUSE = 1.0
LOOK_OUT_EVERY = 10.0


class Command(BaseCommand):
    help = "Do what is enqueued and scheduled, until ended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-empty", action="store_true", help="End when nothing is due.")
        parser.add_argument("--lease", type=int, default=30, help="Seconds after which a silent worker loses its job.")
        parser.add_argument("--parent", type=int, help="End when this process, which started it, is gone.")

    def handle(self, *args: Any, **options: Any) -> None:
        ready_store()
        worker = f"{socket.gethostname()[:40]}:{os.getpid()}"
        lease = timedelta(seconds=options["lease"])
        # A polite end hands the job back at once; only a kill leaves it to the lease.
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
        queue.keep_schedules(settings.SCHEDULES, now=timezone.now())
        try:
            self._work(worker, lease, options["until_empty"], options["parent"])
        except KeyboardInterrupt:
            pass
        finally:
            queue.leave(worker)

    def _work(self, worker: str, lease: timedelta, until_empty: bool, parent: int | None) -> None:
        looked = -LOOK_OUT_EVERY
        while parent in (None, os.getppid()):
            if time.monotonic() - looked >= LOOK_OUT_EVERY:
                look_out(worker)
                looked = time.monotonic()
            if work_once(worker, lease):
                continue
            if until_empty:
                return
            time.sleep(PAUSE)
