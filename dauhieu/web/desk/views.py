from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import permissions_of, scope_of
from dauhieu.web.desk import queries
from dauhieu.web.jobs.queue import is_anybody_working
from dauhieu.web.notices.queries import notices
from dauhieu.web.radar.lake import lake
from dauhieu.web.triage.queries import left_off, saved_views

SHOWN_NOTICES = 6


def _jobs(request: ScopedRequest) -> dict[str, Any]:
    rows = queries.jobs(request.user)
    any_open = any(one.is_open for one in rows)
    return {
        "jobs": rows,
        "any_open": any_open,
        "nobody_works": any_open and not is_anybody_working(now=timezone.now()),
    }


@needs(Permission.SEE_WORK)
def work(request: ScopedRequest) -> HttpResponse:
    """What waits for this account: handed to it, in its plan, its jobs, its notices, and where it left off."""
    if request.htmx:
        return render(request, "desk/_jobs.html", _jobs(request))
    may = permissions_of(request.user)
    context = {
        **_jobs(request),
        "rows": notices(request.user, unread=True, most=SHOWN_NOTICES),
        "may_triage": Permission.TRIAGE in may,
        "has_findings": False,
    }
    found = lake()
    if found.months:
        context["has_findings"] = True
        if Permission.TRIAGE in may:
            context |= _triage(request)
        if Permission.SEE_UNITS in may:
            context["last_read"] = queries.last_read(found, scope_of(request.user, Permission.SEE_UNITS), request.user)
    return render(request, "desk/work.html", context)


def _triage(request: ScopedRequest) -> dict[str, Any]:
    found, scope = lake(), scope_of(request.user, Permission.TRIAGE)
    held = queries.held(found, scope, request.user)
    visits = queries.plan(found, scope, request.user, timezone.localdate())
    return {
        "held": held,
        "visits": visits,
        "totals": queries.totals(held, visits),
        "left_off": left_off(request.user),
        "views": saved_views(request.user),
    }
