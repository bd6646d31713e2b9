"""The scan which comes by itself every month."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django_tasks import task

from dauhieu.web.scans import actions
from dauhieu.web.scans.models import SCHEDULE, Plan


@task
def run_month() -> None:
    """Scan the month which has ended, unless that was switched off."""
    plan = Plan.objects.first()
    if plan is None or plan.monthly:
        actions.order(as_of=month_before(timezone.localdate()), cause=SCHEDULE, by="")


def month_before(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)
