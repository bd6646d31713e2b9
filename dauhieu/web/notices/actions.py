from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from dauhieu.web.accounts.models import User
from dauhieu.web.jobs.queue import ask
from dauhieu.web.notices.models import AT_ONCE, MailChoice, Notice
from dauhieu.web.notices.queries import mail_choice
from dauhieu.web.notices.tasks import mail_notices


@transaction.atomic
def tell(users: Iterable[User], kind: str, url: str, **details: object) -> None:
    """Tell each of them; those who want mails at once get one from the next worker."""
    for user in users:
        Notice.objects.create(
            user=user, kind=kind, url=url, details=json.dumps(details, default=str), at=timezone.now()
        )
        if mail_choice(user).how == AT_ONCE:
            ask(mail_notices, by="", user=user.pk)


def read_all(user: User) -> None:
    Notice.objects.filter(user=user, read_at__isnull=True).update(read_at=timezone.now())


def read(user: User, number: int) -> None:
    Notice.objects.filter(user=user, pk=number, read_at__isnull=True).update(read_at=timezone.now())


def choose_mail(user: User, how: str, language: str) -> None:
    choice = MailChoice(user=user, how=how, language=language)
    choice.full_clean(validate_unique=False)
    choice.save()
