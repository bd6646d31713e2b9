from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from dauhieu.web.jobs.models import Job

PERSON, SCHEDULE, DELIVERY = "person", "schedule", "delivery"
CAUSE_TITLES = {PERSON: _("a person"), SCHEDULE: _("the schedule"), DELIVERY: _("a new delivery")}


class Order(models.Model):
    """A scan somebody or something asked for; its job says how far it has come."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="scan_order")
    as_of = models.DateField()
    # Ids with commas between; empty means all signs.
    signs = models.TextField(blank=True)
    cause = models.CharField(max_length=10, choices=list(CAUSE_TITLES.items()))
    asked_at = models.DateTimeField()
    # Of the scan in the store, once it has landed.
    scan_id = models.CharField(max_length=16, blank=True, db_index=True)
    # Whether those whom it concerns were told of its end.
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"{self.as_of} {self.cause}"

    @property
    def sign_ids(self) -> tuple[str, ...]:
        return tuple(filter(None, self.signs.split(",")))


class Plan(models.Model):
    """What is scanned without being asked for, and the newest delivery which was seen: one row."""

    monthly = models.BooleanField(default=True)
    on_delivery = models.BooleanField(default=True)
    seen_version = models.BigIntegerField()

    def __str__(self) -> str:
        return f"monthly {self.monthly}, on delivery {self.on_delivery}"
