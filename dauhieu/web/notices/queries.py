from __future__ import annotations

from dataclasses import dataclass

from dauhieu.web.accounts.models import User
from dauhieu.web.notices.models import MailChoice, Notice
from dauhieu.web.notices.words import sentence

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Told:
    notice: Notice
    sentence: str


def notices(user: User, *, unread: bool = False, most: int = SHOWN) -> tuple[Told, ...]:
    """The newest first."""
    rows = Notice.objects.filter(user=user)
    if unread:
        rows = rows.filter(read_at__isnull=True)
    return tuple(Told(one, sentence(one)) for one in rows[:most])


def unread_count(user: User) -> int:
    return Notice.objects.filter(user=user, read_at__isnull=True).count()


def mail_choice(user: User) -> MailChoice:
    return MailChoice.objects.filter(user=user).first() or MailChoice(user=user)
