from __future__ import annotations

import uuid

from django.db import models

MODES = ("adds", "replaces")


class Sending(models.Model):
    """One file which somebody sent by the site. Its content lies in a folder of its own until it is swept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    by = models.CharField(max_length=150, db_index=True)
    moment = models.DateTimeField(db_index=True)
    name = models.CharField(max_length=150)
    size = models.BigIntegerField()
    table = models.CharField(max_length=60, blank=True)
    mode = models.CharField(max_length=10, choices=[(mode, mode) for mode in MODES])
    # Months which it replaces: 2026-09,2026-10.
    months = models.CharField(max_length=200, blank=True)
    encoding = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=200)
    job = models.UUIDField(null=True)
    # What the core names the same delivery by, once it is read.
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    landed = models.BooleanField(null=True)
    # What came of it, as the core tells it (JSON); or why it was refused.
    report = models.TextField(blank=True)
    refused = models.TextField(blank=True)
    swept = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
