from __future__ import annotations

from django.db import models

from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.placed import Placed

WAITING, ACKNOWLEDGED, PLANNED, DISMISSED = "waiting", "acknowledged", "planned", "dismissed"
STATES = (WAITING, ACKNOWLEDGED, PLANNED, DISMISSED)
ACKNOWLEDGE, PLAN, DISMISS, HAND, REOPEN, UNDO = "acknowledge", "plan", "dismiss", "hand", "reopen", "undo"
DEEDS = (ACKNOWLEDGE, PLAN, DISMISS, HAND, REOPEN, UNDO)
# Of these somebody takes note in words.
OTHER = "other"
REASONS = ("explained", "data_error", "checked", "small", "twice", "elsewhere", OTHER)


class Triage(Placed):
    """What people decided of one finding on one unit. Without a row a finding waits.

    It is named by the finding's id, which a later scan gives the same finding again. `version` counts the changes: who
    decides says which one he saw, so that nobody overwrites what he has not seen.
    """

    finding_id = models.CharField(max_length=64)
    unit_kind = models.CharField(max_length=20)
    unit_code = models.CharField(max_length=60)
    sign_id = models.CharField(max_length=60)
    violation_id = models.CharField(max_length=60)
    # The month whose scan was looked at, and the sum it told then.
    as_of = models.DateField()
    amount = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES], default=WAITING)
    reason = models.CharField(max_length=12, choices=[(reason, reason) for reason in REASONS], blank=True)
    words = models.CharField(max_length=500, blank=True)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="held")
    due = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    class Meta(Placed.Meta):
        constraints = [
            models.UniqueConstraint(fields=["finding_id", "unit_kind", "unit_code"], name="triage_once"),
        ]
        indexes = [
            models.Index(fields=["unit_kind", "unit_code"], name="triage_unit"),
            models.Index(fields=["holder", "state"], name="triage_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.state}"


class Step(models.Model):
    """One change of one triage; those of one deed share its number, so that it is undone as a whole."""

    triage = models.ForeignKey(Triage, on_delete=models.PROTECT, related_name="steps")
    number = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    did = models.CharField(max_length=12, choices=[(deed, deed) for deed in DEEDS])
    # JSON: state, reason, words, holder and due as they were before.
    before = models.TextField()
    # The version it made.
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=12, blank=True)
    words = models.CharField(max_length=500, blank=True)
    handed_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.did} {self.triage_id}"


class SavedView(models.Model):
    """The filters of a list, kept by an account; the one without a name is where it left off."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    place = models.CharField(max_length=40)
    name = models.CharField(max_length=60, blank=True)
    query = models.CharField(max_length=500, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["user", "place", "name"], name="view_named_once")]

    def __str__(self) -> str:
        return self.name
