from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dauhieu.catalogue.sign import RUNNING
from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import may_everywhere
from dauhieu.web.jobs.models import Schedule
from dauhieu.web.jobs.queue import is_anybody_working
from dauhieu.web.radar.lake import lake
from dauhieu.web.radar.names import month_options
from dauhieu.web.scans import actions, queries
from dauhieu.web.scans.models import CAUSE_TITLES, Order, Plan
from dauhieu.web.scans.words import state_options
from dauhieu.web.signs.shelf import catalogue
from dauhieu.web.ui.words import language


def _running(request: ScopedRequest) -> dict[str, Any]:
    orders = queries.orders()
    return {
        "orders": orders,
        "any_open": any(one.is_open for one in orders),
        "nobody_works": not is_anybody_working(now=timezone.now()),
        "causes": CAUSE_TITLES,
        "may_run": may_everywhere(request.user, Permission.RUN_SCANS),
    }


def _live(answer: HttpResponse, *, refresh: bool) -> HttpResponse:
    """A part which asks again by itself; what has ended changes the rest of the page too."""
    if refresh:
        answer.headers["HX-Refresh"] = "true"
    return answer


@needs(Permission.SEE_SCANS)
def scans(request: ScopedRequest) -> HttpResponse:
    """Every scan: of which month and data, who asked for it, how long it took, what came of it."""
    if request.htmx:
        running = _running(request)
        return _live(render(request, "scans/_orders.html", running), refresh=not running["any_open"])
    spoken = language()
    months = queries.month_ends(timezone.localdate())
    context = {
        **_running(request),
        "rows": queries.scans(lake()),
        "month_options": month_options(months),
        "sign_options": [
            (one.id, getattr(one.title, spoken)) for one in catalogue().signs.values() if one.status in RUNNING
        ],
        "plan": Plan.objects.first() or Plan(seen_version=0),
        "schedule": Schedule.objects.filter(name="monthly-scan").first(),
    }
    return render(request, "scans/scans.html", context)


@needs(Permission.SEE_SCANS)
def scan(request: ScopedRequest, scan_id: str) -> HttpResponse:
    options = state_options()
    asked = request.GET.get("state", "")
    state = asked if asked in dict(options) else "run"
    page = queries.scan_page(lake(), scan_id, state)
    if page is None:
        raise Http404
    others = [one for one in queries.scans(lake()) if one.id != scan_id]
    context = {"page": page, "state": state, "state_options": options, "others": others, "causes": CAUSE_TITLES}
    return render(request, "scans/scan.html", context)


@needs(Permission.SEE_SCANS)
def compare(request: ScopedRequest) -> HttpResponse:
    """Two scans side by side: what each sign gained and lost."""
    rows = queries.scans(lake())
    known = {one.id: one for one in rows}
    # Not asked for: the two newest months, of each the scan of most signs.
    widest = sorted(rows, key=lambda one: (one.as_of, one.signs, one.finished), reverse=True)
    last = [one for i, one in enumerate(widest) if i == 0 or widest[i - 1].as_of != one.as_of]
    now = known.get(request.GET.get("now", "")) or (last[0] if last else None)
    before = known.get(request.GET.get("before", "")) or next(
        (one for one in last if now and one.as_of < now.as_of), now
    )
    context: dict[str, Any] = {"rows": rows, "found": None}
    if now is not None and before is not None:
        context["found"] = queries.compare(lake(), request.scope, before, now)
    return render(request, "scans/compare.html", context)


@needs(Permission.SEE_SCANS)
def order(request: ScopedRequest, number: UUID) -> HttpResponse:
    """One order and how far it has come; once it is done, what came of it is a page of its own."""
    found = get_object_or_404(Order.objects.select_related("job"), pk=number)
    context = {
        **_running(request),
        "row": queries.order_rows([found])[0],
        "signs": [(name, queries.sign_title(name)) for name in found.sign_ids],
    }
    if request.htmx:
        return _live(render(request, "scans/_order.html", context), refresh=not context["row"].is_open)
    return render(request, "scans/order.html", context)


def _only_everywhere(request: ScopedRequest) -> None:
    """A scan is of the whole country, so it is not for those who may run one in a part of it."""
    if not request.scope.is_national:
        raise PermissionDenied


@needs(Permission.RUN_SCANS)
@require_POST
def start(request: ScopedRequest) -> HttpResponseBase:
    _only_everywhere(request)
    months = {f"{month:%Y-%m}": month for month in queries.month_ends(timezone.localdate())}
    month = months.get(request.POST.get("month", ""))
    chosen = request.POST.getlist("signs") if request.POST.get("which") == "some" else []
    known = {one.id for one in catalogue().signs.values() if one.status in RUNNING}
    if month is None or not known.issuperset(chosen):
        raise Http404
    if request.POST.get("which") == "some" and not chosen:
        messages.error(request, _("Choose at least one sign, or all of them. Nothing was started."))
        return redirect("scans")
    made, is_new = actions.order(as_of=month, signs=chosen, by=request.user.username)
    if not is_new:
        messages.info(request, _("This scan was already asked for; here is how far it has come."))
    return redirect("scan_order", made.pk)


@needs(Permission.RUN_SCANS)
@require_POST
def cancel(request: ScopedRequest, number: UUID) -> HttpResponseBase:
    _only_everywhere(request)
    actions.cancel(found=get_object_or_404(Order, pk=number), by=request.user.username)
    return redirect("scan_order", number)


@needs(Permission.RUN_SCANS)
@require_POST
def retry(request: ScopedRequest, number: UUID) -> HttpResponseBase:
    _only_everywhere(request)
    made = actions.retry(found=get_object_or_404(Order, pk=number), by=request.user.username)
    return redirect("scan_order", made.pk)


@needs(Permission.RUN_SCANS)
@require_POST
def plan(request: ScopedRequest) -> HttpResponseBase:
    _only_everywhere(request)
    actions.plan(monthly="monthly" in request.POST, on_delivery="on_delivery" in request.POST, by=request.user.username)
    messages.success(request, _("Kept."))
    return redirect("scans")
