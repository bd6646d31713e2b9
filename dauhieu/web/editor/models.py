from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from dauhieu.web.jobs.models import Job

WRITING, SUBMITTED, PUBLISHED, WITHDRAWN = "writing", "submitted", "published", "withdrawn"
STATES = (WRITING, SUBMITTED, PUBLISHED, WITHDRAWN)
OPEN_STATES = (WRITING, SUBMITTED)
DRY_RUN, BACK_TEST = "dry_run", "back_test"


class Draft(models.Model):
    """A sign being written, changed or retired. Its texts are those of the files; `base_…` are those it began from.

    `blocks` is the form (JSON) which makes the SQL, as long as nobody wrote by hand. `revision` rises with each save.
    """

    sign_id = models.CharField(max_length=30)
    branch = models.CharField(max_length=20)
    # The name of the files without ending, and the sign it was copied from, if any.
    stem = models.CharField(max_length=150)
    copied_from = models.CharField(max_length=30, blank=True)
    sign_text = models.TextField()
    examples_text = models.TextField(blank=True)
    base_sign_text = models.TextField(blank=True)
    base_examples_text = models.TextField(blank=True)
    blocks = models.TextField(blank=True)
    by_hand = models.BooleanField(default=True)
    to_status = models.CharField(max_length=20, blank=True)
    retiring = models.BooleanField(default=False)
    reason_vi = models.TextField(blank=True)
    reason_en = models.TextField(blank=True)
    replaced_by = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES], default=WRITING)
    revision = models.PositiveIntegerField(default=1)
    author = models.CharField(max_length=150)
    approver = models.CharField(max_length=150, blank=True)
    # What the author said when submitting, and the approver when deciding.
    message = models.TextField(blank=True)
    words = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-changed_at",)
        constraints = [
            models.UniqueConstraint(
                name="one_open_draft_a_sign", fields=["sign_id"], condition=Q(state__in=("writing", "submitted"))
            ),
            models.CheckConstraint(name="nobody_approves_alone", condition=Q(approver="") | ~Q(approver=F("author"))),
        ]

    def __str__(self) -> str:
        return f"{self.sign_id} {self.state}"

    @property
    def is_new(self) -> bool:
        return not self.base_sign_text


class DraftTrial(models.Model):
    """A dry run or back-test of the text as it was when it was asked for; `text` is the digest of that text."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="trials")
    kind = models.CharField(max_length=10, choices=[(DRY_RUN, DRY_RUN), (BACK_TEST, BACK_TEST)])
    sign_text = models.TextField()
    text = models.CharField(max_length=64)
    first = models.DateField()
    last = models.DateField()
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True)
    # JSON of the study; or what stood against it.
    result = models.TextField(blank=True)
    fault = models.TextField(blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")

    def __str__(self) -> str:
        return f"{self.kind} of {self.draft_id}"

    @property
    def months(self) -> tuple[date, date]:
        return self.first, self.last
