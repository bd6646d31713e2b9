"""Mails. One is sent before it is noted as sent, so that after a kill it may come twice, but is never left out."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from dauhieu.web.accounts.models import User
from dauhieu.web.notices.models import DAILY, WEEKLY, Notice
from dauhieu.web.notices.queries import mail_choice
from dauhieu.web.notices.words import sentence
from dauhieu.web.practice.words import marked, practice_mark

MONDAY = 0


@task
def mail_notices(user: int) -> int:
    """One mail with all this account was not yet mailed; returns how many notices are in it."""
    return _mail(User.objects.get(pk=user))


@task
def mail_digests() -> int:
    """The mails of those who want one a day, and on Mondays of those who want one a week."""
    wanted = {DAILY, WEEKLY} if timezone.localdate().weekday() == MONDAY else {DAILY}
    waiting = User.objects.filter(Q(notices__mailed_at__isnull=True, notices__isnull=False), is_active=True).distinct()
    return sum(_mail(user) > 0 for user in waiting if mail_choice(user).how in wanted)


def _mail(user: User) -> int:
    notices = list(Notice.objects.filter(user=user, mailed_at__isnull=True, read_at__isnull=True).order_by("at", "id"))
    if not user.email or not notices:
        return 0
    with translation.override(mail_choice(user).language):
        number = len(notices)
        title = ngettext("Dauhieu: %(number)s notice", "Dauhieu: %(number)s notices", number) % {"number": number}
        lines = [f"- {sentence(one, outside=True)}" for one in notices]
        ending = _("Read more and choose how you are mailed: %(url)s") % {
            "url": settings.SITE_ADDRESS + reverse("notices")
        }
        opening = [mark, ""] if (mark := practice_mark()) else []
        send_mail(marked(title), "\n".join([*opening, *lines, "", ending]), None, [user.email])
    Notice.objects.filter(pk__in=[one.pk for one in notices]).update(mailed_at=timezone.now())
    return number
