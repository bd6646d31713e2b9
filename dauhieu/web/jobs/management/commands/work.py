"""`dauhieu-web work`: a worker. As many as wanted may run, on this machine and, with PostgreSQL, on others."""

from __future__ import annotations

import os
import socket
import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dauhieu.web.jobs.worker import work_once

PAUSE = 1.0


class Command(BaseCommand):
    help = "Do what is enqueued and scheduled, until ended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-empty", action="store_true", help="End when nothing is due.")
        parser.add_argument("--lease", type=int, default=30, help="Seconds after which a silent worker loses its job.")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = f"{socket.gethostname()}:{os.getpid()}"
        lease = timedelta(seconds=options["lease"])
        while True:
            if work_once(worker, lease):
                continue
            if options["until_empty"]:
                return
            time.sleep(PAUSE)
