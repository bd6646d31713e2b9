from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dauhieu.web.accounts.models import User

SCAN_ENDED, SCAN_FAILED, HANDED, SET_ASIDE = "scan_ended", "scan_failed", "handed", "set_aside"
SIGN_WAITS, SIGN_BACK, SIGN_OUT = "sign_waits", "sign_back", "sign_out"
EXPORT_READY, EXPORT_FAILED = "export_ready", "export_failed"
KINDS = (SCAN_ENDED, SCAN_FAILED, HANDED, SET_ASIDE, SIGN_WAITS, SIGN_BACK, SIGN_OUT, EXPORT_READY, EXPORT_FAILED)

NEVER, AT_ONCE, DAILY, WEEKLY = "never", "at_once", "daily", "weekly"
MAIL_TITLES = {
    NEVER: _("no mails"),
    AT_ONCE: _("a mail for each notice"),
    DAILY: _("one mail a day"),
    WEEKLY: _("one mail a week, on Monday"),
}
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


class Notice(models.Model):
    """Something one account is told. The sentence is made when it is shown, in the language of who reads it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in KINDS])
    # JSON: what the sentence of this kind names.
    details = models.TextField(default="{}")
    url = models.CharField(max_length=300)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["user", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"


class MailChoice(models.Model):
    """How somebody wants notices mailed; who has not chosen gets one mail a day."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
    how = models.CharField(max_length=10, choices=list(MAIL_TITLES.items()), default=DAILY)
    language = models.CharField(max_length=2, choices=list(LANGUAGES.items()), default="vi")

    def __str__(self) -> str:
        return f"{self.user_id} {self.how}"
