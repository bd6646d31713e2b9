from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

STATES = ("ready", "running", "done", "failed", "cancelled")


class Job(models.Model):
    """One piece of work. `worker` and `attempts` together say who may finish it; `lease_until` for how long."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    task = models.CharField(max_length=200)
    # JSON: {"args": [...], "kwargs": {...}}
    arguments = models.TextField()
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES], default="ready")
    priority = models.SmallIntegerField(default=0)
    run_after = models.DateTimeField()
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    # How far it has come, for people.
    percent = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField(max_length=200, blank=True)
    result = models.TextField(blank=True)
    # The kind of the fault and its place in the code; never its words, which may quote data.
    error = models.CharField(max_length=300, blank=True)
    # The account which asked for it; empty where a schedule or a watch did.
    asked_by = models.CharField(max_length=150, blank=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["state", "run_after"], name="job_waiting")]
        constraints = [
            models.CheckConstraint(
                name="job_runs_under_a_lease", condition=~Q(state="running") | Q(lease_until__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.state}"


class Schedule(models.Model):
    """A task which comes again: every day or every month, from `next_at` on."""

    name = models.CharField(max_length=60, unique=True)
    task = models.CharField(max_length=200)
    arguments = models.TextField(default='{"args":[],"kwargs":{}}')
    every = models.CharField(max_length=10, choices=[("day", "day"), ("month", "month")])
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Worker(models.Model):
    """When a worker last showed a sign of life, busy or not; its row goes when it ends well."""

    name = models.CharField(max_length=60, primary_key=True)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
