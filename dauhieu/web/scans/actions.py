from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.jobs import queue
from dauhieu.web.scans.models import PERSON, Order, Plan
from dauhieu.web.scans.tasks import run

OPEN_STATES = ("ready", "running")


@transaction.atomic
def order(*, as_of: date, signs: Sequence[str] = (), cause: str = PERSON, by: str) -> tuple[Order, bool]:
    """Ask for a scan; one of the same month and signs which has not ended stands for it. Says whether it is new."""
    chosen = ",".join(sorted(signs))
    waiting = Order.objects.filter(as_of=as_of, signs=chosen, job__state__in=OPEN_STATES, job__cancel_asked=False)
    if (found := waiting.first()) is not None:
        return found, False
    number = uuid.uuid4()
    job = queue.ask(run, by=by, order=str(number))
    made = Order.objects.create(pk=number, job=job, as_of=as_of, signs=chosen, cause=cause, asked_at=timezone.now())
    details = {"signs": len(signs) or "all", "cause": cause}
    record(act=Act.SCAN_ASKED, by=by, subject=f"scan:{as_of:%Y-%m}", details=details)
    return made, True


@transaction.atomic
def cancel(*, found: Order, by: str) -> None:
    queue.cancel(found.job_id, now=timezone.now())
    record(act=Act.SCAN_CANCELLED, by=by, subject=f"scan:{found.as_of:%Y-%m}")


def retry(*, found: Order, by: str) -> Order:
    """Another order of the same: a scan goes on where the one before it stopped."""
    return order(as_of=found.as_of, signs=found.sign_ids, by=by)[0]


@transaction.atomic
def plan(*, monthly: bool, on_delivery: bool, by: str) -> None:
    Plan.objects.update(monthly=monthly, on_delivery=on_delivery)
    details = {"monthly": monthly, "on_delivery": on_delivery}
    record(act=Act.SCANS_PLANNED, by=by, subject="scan:plan", details=details)
