"""`dauhieu-web rotate_keys` seals identity numbers anew with the newest key; `--make-key` prints a key to add."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dauhieu.web.identities.actions import seal_anew
from dauhieu.web.identities.sealing import SealError, new_key


class Command(BaseCommand):
    help = (
        "Seal identity numbers anew. Put a new key on the first line of DAUHIEU_IDENTITY_KEYS_FILE, keep the old one "
        "below it, restart the site, run this, then take the old key away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--make-key", action="store_true", help="Print a new key and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["make_key"]:
            self.stdout.write(new_key())
            return
        try:
            done = seal_anew(by="rotate_keys")
        except SealError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done} numbers sealed anew; every number is under the newest key.")
