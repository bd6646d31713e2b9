from __future__ import annotations

from django.db import models

DIGEST = 64


class Entry(models.Model):
    """One entry; `digest` seals all its fields and the digest of the entry before it."""

    number = models.BigIntegerField(primary_key=True)
    moment = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=150, db_index=True, blank=True)
    act = models.CharField(max_length=40)
    # What it was done to, as people name it: employer:YN0123.
    subject = models.CharField(max_length=200, blank=True, db_index=True)
    purpose = models.CharField(max_length=500, blank=True)
    # JSON with sorted keys: text, so that what was sealed is what is kept.
    details = models.TextField(default="{}")
    previous = models.CharField(max_length=DIGEST)
    digest = models.CharField(max_length=DIGEST, unique=True)

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.number} {self.act}"
