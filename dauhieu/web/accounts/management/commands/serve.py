"""`dauhieu-web serve`: the site, by a server fit for many people at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from granian import Granian
from granian.constants import Interfaces

from dauhieu.web.practice.store import ready_store

# How long a worker has to hand its job back, and how long to wait before a dead one is followed by another.
LAST_WORDS = 15
PAUSE = 5.0


class Command(BaseCommand):
    help = "Serve the site on one address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="Each opens the store for itself.")
        parser.add_argument("--threads", type=int, default=4)
        parser.add_argument(
            "--with-jobs", action="store_true", help="Do what is enqueued, too, in a process beside; both end together."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        ready_store()
        server = Granian(
            "dauhieu.web.wsgi:application",
            address=options["host"],
            port=options["port"],
            interface=Interfaces.WSGI,
            workers=options["workers"],
            blocking_threads=options["threads"],
        )
        if not options["with_jobs"]:
            server.serve()
            return
        with self._worker_beside():
            server.serve()

    @contextmanager
    def _worker_beside(self) -> Iterator[None]:
        """A worker which is told of when it dies, and followed by another."""
        ending = Event()
        running = [_start_worker()]

        def watch() -> None:
            while not ending.is_set():
                code = running[0].wait()
                if ending.is_set():
                    return
                self.stderr.write(f"The worker of the jobs ended with {code}. Another is started; no job is lost.")
                if not ending.wait(PAUSE):
                    running[0] = _start_worker()

        watcher = Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            ending.set()
            running[0].terminate()
            try:
                running[0].wait(LAST_WORDS)
            except subprocess.TimeoutExpired:
                # In the middle of a long query; its lease ends by itself.
                running[0].kill()
            watcher.join(PAUSE)


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "dauhieu.web", "work", "--parent", str(os.getpid())])
