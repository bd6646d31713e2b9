"""What a worker looks after: deliveries which have landed since it last looked, and scans which have ended."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from dauhieu.engines.base import EngineOptions
from dauhieu.engines.duckdb import DuckDBEngine
from dauhieu.findings.stored import scanned_months
from dauhieu.warehouse.store import Store
from dauhieu.warehouse.version import Version
from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import holders
from dauhieu.web.notices.actions import tell
from dauhieu.web.notices.models import SCAN_ENDED, SCAN_FAILED, SET_ASIDE
from dauhieu.web.practice.store import the_store
from dauhieu.web.scans import actions
from dauhieu.web.scans.models import DELIVERY, Order, Plan
from dauhieu.web.scans.schedule import month_before


def deliveries() -> None:
    """Tell of what was set aside, and scan again. At the first look the store counts as seen."""
    store = the_store()
    newest = store.latest()
    if newest is None:
        return
    plan, _made = Plan.objects.get_or_create(pk=1, defaults={"seen_version": newest.number})
    if newest.number <= plan.seen_version:
        return
    # A delivery is kept as the digest of its content and the mode in which it landed.
    landed = [key.split("/")[0] for key, number in newest.deliveries.items() if number > plan.seen_version]
    with transaction.atomic():
        # Of several workers who look at once, the first to move the mark goes on.
        mark = Plan.objects.filter(pk=plan.pk, seen_version=plan.seen_version)
        if not mark.update(seen_version=newest.number) or not landed:
            return
        if aside := _set_aside(store, newest, landed):
            tell(holders(Permission.DELIVER, everywhere=False), SET_ASIDE, reverse("loads"), number=aside)
        if plan.on_delivery:
            months = scanned_months(newest)
            as_of = months[-1] if months else month_before(timezone.localdate())
            actions.order(as_of=as_of, cause=DELIVERY, by="")


def _set_aside(store: Store, version: Version, digests: list[str]) -> int:
    """How many documents of these deliveries were set aside."""
    with DuckDBEngine(EngineOptions(memory="500MB", folders=(store.path / "tables",))) as engine:
        engine.register("delivery", store.input(version, "delivery"))
        rows = engine.table("SELECT digest, set_aside FROM delivery").to_pylist()
    return sum(row["set_aside"] for row in rows if row["digest"] in digests)


def ended_scans() -> None:
    """Tell whoever asked; of a scan which nobody asked for, those who may run one."""
    for order in Order.objects.filter(told=False, job__state__in=("done", "failed")).select_related("job"):
        with transaction.atomic():
            if not Order.objects.filter(pk=order.pk, told=False).update(told=True):
                continue
            by = order.job.asked_by
            users = User.objects.filter(username=by) if by else holders(Permission.RUN_SCANS, everywhere=True)
            kind = SCAN_ENDED if order.job.state == "done" else SCAN_FAILED
            url = reverse("scan", args=[order.scan_id]) if order.scan_id else reverse("scan_order", args=[order.pk])
            tell(users, kind, url, as_of=order.as_of)
