from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST

from dauhieu.web.accounts.gate import ScopedRequest, signed_in
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.exports import actions
from dauhieu.web.exports.actions import ask
from dauhieu.web.exports.kinds import Kind, Wish
from dauhieu.web.exports.models import KEPT, Export
from dauhieu.web.exports.queries import still_may
from dauhieu.web.jobs.queue import is_anybody_working
from dauhieu.web.jobs.words import TONES, job_state
from dauhieu.web.ui.workbook import MOST_ROWS, download, workbook

HOUR = 3600
NOTHING: Mapping[str, str] = {}


def hand_out(request: ScopedRequest, kind: str, arguments: Mapping[str, str] = NOTHING) -> HttpResponseBase:
    """A small file at once; a large one is asked for by sending the form, and made by a worker."""
    known: Kind = import_string(kind)
    wish = Wish(request.user, request.scope, request.GET, arguments)
    rows = min(known.count(wish), MOST_ROWS)
    if rows > settings.EXPORT_AT_ONCE:
        if request.method == "POST":
            return redirect("export", ask(wish, kind).pk)
        context = {"rows": rows, "most": settings.EXPORT_AT_ONCE, "hours": int(KEPT.total_seconds() // HOUR)}
        return render(request, "exports/ask.html", context)
    found = known.make(wish)
    content = workbook(found.sheet)
    record(act=Act.EXPORTED, by=request.user.username, subject=found.subject, details=found.details)
    return download(content, found.name)


def _mine(request: ScopedRequest, number: UUID) -> Export:
    """Nobody learns of what others asked for."""
    return get_object_or_404(Export.objects.select_related("user", "job"), pk=number, user=request.user)


@signed_in
def export(request: ScopedRequest, number: UUID) -> HttpResponse:
    """How far it has come, and the file once it is there."""
    found = _mine(request, number)
    state = found.job.state if found.job else "done"
    is_open = state in ("ready", "running")
    context: dict[str, Any] = {
        "export": found,
        "state": job_state(state, is_open and found.job.cancel_asked),
        "tone": TONES[state],
        "is_open": is_open,
        "is_refused": found.refused or not still_may(found),
        "nobody_works": is_open and not is_anybody_working(now=timezone.now()),
    }
    return render(request, "exports/_export.html" if request.htmx else "exports/export.html", context)


@signed_in
@require_POST
def export_cancel(request: ScopedRequest, number: UUID) -> HttpResponseBase:
    actions.cancel(_mine(request, number), by=request.user.username)
    return redirect("export", number)


@signed_in
def export_file(request: ScopedRequest, number: UUID) -> HttpResponseBase:
    """Asked anew each time whether the account may still have it; each time is told."""
    found = _mine(request, number)
    if not found.is_ready or not found.path.is_file():
        raise Http404
    if not still_may(found):
        record(act=Act.REFUSED, by=request.user.username, subject=f"export:{found.pk}", details={"what": found.subject})
        raise PermissionDenied("The rights of the account no longer reach as far as when it asked.")
    details = json.loads(found.details) | {"export": str(found.pk)}
    record(act=Act.EXPORTED, by=request.user.username, subject=found.subject, details=details)
    return download(found.path.read_bytes(), found.name)
