from __future__ import annotations

import json
from collections import Counter
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dauhieu.deliveries.messages import message
from dauhieu.warehouse.contract import contract
from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import permissions_of, scope_of
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.practice.words import file_name
from dauhieu.web.radar.lake import lake
from dauhieu.web.radar.names import table_name
from dauhieu.web.radar.owners import owner_of
from dauhieu.web.sources import queries
from dauhieu.web.sources.actions import send
from dauhieu.web.sources.forms import SendForm
from dauhieu.web.sources.freshness import STATES, sources
from dauhieu.web.sources.models import Sending
from dauhieu.web.sources.names import AREA_TITLES, MODE_TITLES, PERSONAL_TITLES, STATE_TITLES, TYPE_TITLES
from dauhieu.web.sources.tasks import SET_ASIDE
from dauhieu.web.sources.upload import folder_of
from dauhieu.web.ui.words import language

PAGE = 50
SHOWN_SENDINGS = 20


@needs(Permission.SEE_SOURCES)
def overview(request: ScopedRequest) -> HttpResponse:
    found = lake()
    rows = sources(found)
    state = request.GET.get("state", "")
    context = {
        "state": state if state in STATES else "",
        "state_options": [(one, STATE_TITLES[one]) for one in STATES],
        "rows": [(row, STATE_TITLES[row.state]) for row in rows if state not in STATES or row.state == state],
        "counts": Counter(row.state for row in rows),
        "month": found.months[-1] if found.months else None,
        "moment": found.moment,
        "may_deliver": Permission.DELIVER in permissions_of(request.user),
    }
    return render(request, "sources/overview.html", context)


@needs(Permission.SEE_SOURCES)
def loads(request: ScopedRequest) -> HttpResponse:
    page = Paginator(queries.loads(lake()), PAGE).get_page(request.GET.get("page"))
    return render(request, "sources/loads.html", {"page": page, "modes": MODE_TITLES})


@needs(Permission.SEE_SOURCES)
def load(request: ScopedRequest, number: int) -> HttpResponse:
    found = lake()
    row = queries.load(found, number)
    if row is None:
        raise Http404
    may_deliver = Permission.DELIVER in permissions_of(request.user)
    sending = queries.sending_of(row, scope_of(request.user, Permission.DELIVER)) if may_deliver else None
    context = {
        "load": row,
        "mode": MODE_TITLES[row["mode"]],
        "aside": queries.faults(found, number, "set_aside"),
        "noted": queries.faults(found, number, "data_fault"),
        "may_deliver": may_deliver,
        "sending": sending,
        "has_file": sending is not None and queries.has_set_aside(sending),
    }
    return render(request, "sources/load.html", context)


@needs(Permission.SEE_SOURCES)
def schema(request: ScopedRequest) -> HttpResponse:
    areas: dict[str, list[Any]] = {}
    for table in contract().tables.values():
        areas.setdefault(table.area, []).append((table, table_name(table.name), owner_of(table.name)))
    return render(
        request, "sources/schema.html", {"areas": [(AREA_TITLES[name], rows) for name, rows in areas.items()]}
    )


@needs(Permission.SEE_SOURCES)
def table(request: ScopedRequest, name: str) -> HttpResponse:
    found = queries.table_of(name)
    if found is None:
        raise Http404
    words = language()
    columns = [
        {
            "column": column,
            "meaning": getattr(column.meaning, words),
            "type": TYPE_TITLES[column.type],
            "personal": PERSONAL_TITLES.get(column.personal, ""),
            "key": column.name in found.key,
        }
        for column in found.columns
    ]
    context = {"table": found, "title": table_name(name), "owner": owner_of(name), "columns": columns}
    return render(request, "sources/table.html", context)


@needs(Permission.DELIVER)
def deliver(request: ScopedRequest) -> HttpResponseBase:
    national = request.scope.is_national
    form = SendForm(request.POST or None, request.FILES or None, initial=_asked(request), national=national)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        file, by = given.pop("file"), request.user.username
        sending = send(file, by=by, source=f"{request.user.get_full_name()} ({by})", given=given)
        return redirect("sending", sending.pk)
    mine = [(one, *_came_of(one)) for one in queries.sendings(request.scope)[:SHOWN_SENDINGS]]
    return render(request, "sources/deliver.html", {"form": form, "sendings": mine, "national": national})


def _asked(request: ScopedRequest) -> dict[str, str]:
    """A mended file is meant as the one it mends."""
    return {name: request.GET.get(name, "") for name in ("table", "mode", "encoding")}


@needs(Permission.DELIVER)
def sending(request: ScopedRequest, number: UUID) -> HttpResponse:
    found = queries.sendings(request.scope).filter(pk=number).first()
    if found is None:
        raise Http404
    state, tone = _came_of(found)
    report = json.loads(found.report) if found.report else None
    context = {
        "sending": found,
        "state": state,
        "tone": tone,
        "job": queries.job_of(found),
        "waiting": found.landed is None and tone != "bad",
        "report": report,
        "aside": _messages(report, "set_aside"),
        "noted": _messages(report, "noted"),
        "faults": [
            one | {"message": message(one["code"], language(), tuple(one["allowed"]))}
            for one in (report["first"] if report else ())
        ],
        "has_file": queries.has_set_aside(found),
        "mode": MODE_TITLES[found.mode],
    }
    return render(request, "sources/_sending.html" if request.htmx else "sources/sending.html", context)


def _messages(report: dict[str, Any] | None, kind: str) -> list[tuple[str, int]]:
    found = report[kind] if report else {}
    return [(message(code, language()), count) for code, count in sorted(found.items(), key=lambda one: -one[1])]


def _came_of(sending: Sending) -> tuple[str, str]:
    """In a word what came of it, and its tone."""
    if sending.landed:
        aside = json.loads(sending.report)["documents"]["set_aside"] if sending.report else 0
        return (_("landed, a part set aside"), "warn") if aside else (_("landed"), "good")
    if sending.landed is None:
        job = queries.job_of(sending)
        if job is None or job.state in ("failed", "cancelled"):
            return _("not loaded: the work failed"), "bad"
        return (_("being loaded"), "cool") if job.state == "running" else (_("waiting its turn"), "cool")
    if sending.refused or not sending.report:
        return _("refused"), "bad"
    report = json.loads(sending.report)
    return (_("refused: too much would be set aside"), "bad") if report["set_aside"] else (_("known already"), "")


@needs(Permission.DELIVER)
def sending_file(request: ScopedRequest, number: UUID) -> HttpResponseBase:
    """The sender's own rows back, with a comment on each cell to be mended."""
    found = queries.sendings(request.scope).filter(pk=number).first()
    if found is None or not queries.has_set_aside(found):
        raise Http404
    record(act=Act.EXPORTED, by=request.user.username, subject=f"delivery:{found.pk}", details={"what": "set_aside"})
    name = f"{found.name.rsplit('.', 1)[0]}-can-sua.xlsx"
    return FileResponse((folder_of(found.pk) / SET_ASIDE).open("rb"), as_attachment=True, filename=file_name(name))
