"""`dauhieu-web administrator NAME "FULL NAME"`: an administrator of the country.

The first of a new site, who makes other accounts, and the second, who confirms wide roles with him; also another, where
too few are left to confirm. What is done here needs nobody else: whoever runs the server answers for it.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from dauhieu.web.accounts.actions import give_role
from dauhieu.web.accounts.scope import TerritoryKind
from dauhieu.web.administration.actions import invite, make_account

BY = "command line"


class Command(BaseCommand):
    help = "Make an account which manages all others, and print the address at which its password is chosen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("full_name")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = make_account(username=options["name"], full_name=options["full_name"], email="", by=BY)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        give_role(
            user=user,
            role="administrator",
            territory_kind=TerritoryKind.NATION,
            valid_from=timezone.localdate(),
            by=BY,
        )
        self.stdout.write(f"Open this address of the site within a day: {invite(user=user, by=BY)}")
