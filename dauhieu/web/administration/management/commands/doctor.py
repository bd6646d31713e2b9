"""`dauhieu-web doctor`: is the site fit to serve? Ends with 1 where something is red."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from dauhieu.web.administration.doctor.examination import examine
from dauhieu.web.administration.doctor.line import worst

BY = "command line"


class Command(BaseCommand):
    help = "Examine settings, database, trail, store, worker, disks: one line each, red, amber or green."
    # It looks at these itself, and tells them with the rest.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quick", action="store_true", help="Follow no whole trail, compare no checksums.")
        parser.add_argument("--language", choices=[code for code, _ in settings.LANGUAGES], default="vi")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            lines = examine(thorough=not options["quick"], by=BY)
            for line in lines:
                self.stdout.write(f"[{line.state_title}] {line.name}: {line.told}")
                if line.todo:
                    self.stdout.write(f"    → {line.todo}")
        if worst(lines) == "red":
            sys.exit(1)
