"""`dauhieu-web trail verify` checks the chain; `trail head` prints the seal to put aside."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dauhieu.web.audit.chain import verify


class Command(BaseCommand):
    help = "Check the trail, or print its last seal. Kept elsewhere, the seal shows that no end was cut off."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("verify", "head"))
        parser.add_argument("--kept", help="A seal which was put aside.")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(options["kept"])
        if verdict.broken is not None:
            raise CommandError(f"The trail is broken at entry {verdict.broken}: {verdict.why}.")
        self.stdout.write(verdict.head if options["what"] == "head" else f"{verdict.entries} entries, unbroken.")
