"""What a worker does: a scan of the core, told sign by sign. Done again after a kill it goes on where it was."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from django.conf import settings
from django_tasks import task

from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.errors import StoreBusyError
from dauhieu.findings.report import ScanRequest
from dauhieu.law.read import law
from dauhieu.scan import in_order, scan
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.writer import is_busy
from dauhieu.web.jobs.worker import tell
from dauhieu.web.practice.store import the_store
from dauhieu.web.scans.models import Order

WAITING = "busy"
PAUSE = 2.0


@task
def run(order: str) -> str:
    """Scan, and wait for whoever else writes to the store: what was found so far stays in the scan's folder."""
    asked = Order.objects.get(pk=order)
    store = the_store()
    catalogue = catalogue_in_force(store)
    request = ScanRequest(asked.as_of, asked.sign_ids, memory=settings.SCAN_MEMORY, threads=settings.SCAN_THREADS)
    signs = len(in_order(catalogue, request.signs))

    def told(what: str, done: float) -> None:
        tell(int(done * 99), f"{round(done * signs)}/{signs} {what}")

    while True:
        try:
            report = scan(store, catalogue, law(), request, now=lambda: datetime.now(UTC), tell=told)
            break
        except StoreBusyError:
            _wait(store, signs)
    Order.objects.filter(pk=order).update(scan_id=report.scan_id)
    return report.scan_id


def _wait(store: Store, signs: int) -> None:
    """At least once a pause: somebody may be doing this very scan, who does not write yet."""
    while True:
        tell(99, f"{signs}/{signs} {WAITING}")
        time.sleep(PAUSE)
        if not is_busy(store.path):
            return
