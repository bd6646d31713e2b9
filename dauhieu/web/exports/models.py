from __future__ import annotations

import json
import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone

from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.scope import Reach, Scope
from dauhieu.web.jobs.models import Job

# From when a file is ready; then it is deleted.
KEPT = timedelta(hours=24)


class Export(models.Model):
    """A file which a worker makes for one account, with the scope under which it was asked for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True)
    # Where the kind stands in the code, such as dauhieu.web.radar.exports.UNITS.
    kind = models.CharField(max_length=100)
    # JSON: {"query": ..., "arguments": {...}}; emptied with the file, for what was searched for may name a person.
    wish = models.TextField()
    # JSON: [[kind, code, branch], ...]
    reaches = models.TextField()
    sees_persons = models.BooleanField()
    language = models.CharField(max_length=2)
    name = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    details = models.TextField(default="{}")
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    # The rights of the account no longer reached as far when a worker came to it.
    refused = models.BooleanField(default=False)
    # Whether its account was told what came of it.
    told = models.BooleanField(default=False, db_index=True)
    swept = models.BooleanField(default=False, db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"

    @property
    def scope(self) -> Scope:
        reaches = frozenset(Reach(*one) for one in json.loads(self.reaches))
        return Scope(reaches, self.user.username, self.sees_persons)

    @property
    def path(self) -> Path:
        return Path(settings.DATA_FOLDER) / "exports" / f"{self.pk}.xlsx"

    @property
    def ends_at(self) -> object:
        return self.ready_at + KEPT if self.ready_at else None

    @property
    def is_ready(self) -> bool:
        return self.ready_at is not None and not self.swept and timezone.now() < self.ready_at + KEPT
