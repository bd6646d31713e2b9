from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.scope import BRANCH_TITLES
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.radar import dossiers
from dauhieu.web.radar.lake import Lake, lake
from dauhieu.web.radar.names import block_options, kind_options, month_options
from dauhieu.web.radar.queries import province_names, scanned_at
from dauhieu.web.triage import actions, queries
from dauhieu.web.triage.filters import ALL, read_queue
from dauhieu.web.triage.models import ACKNOWLEDGE, DISMISS, HAND, PLAN, REOPEN
from dauhieu.web.triage.words import TONES, holder_options, order_options, reason_options, state_name, state_options
from dauhieu.web.ui.words import written

DEEDS = (ACKNOWLEDGE, PLAN, DISMISS, HAND, REOPEN)
SHOWN_EVIDENCE = 10


def _list(request: ScopedRequest, found: Lake, query: QueryDict, **more: Any) -> dict[str, Any]:
    """What the list needs; `query` is the address of the queue, also where an answer comes from elsewhere."""
    filters = read_queue(query, found)
    page = queries.queue(found, request.scope, request.user, filters)
    return {
        "filters": filters,
        "queue": page,
        "query": query.urlencode(),
        "tones": TONES,
        "state_names": dict(state_options()),
        "reason_options": reason_options(),
        "colleagues": [one for one in queries.colleagues([row.row for row in page.rows]) if one != request.user],
        **more,
    }


@needs(Permission.TRIAGE)
def warnings(request: ScopedRequest) -> HttpResponse:
    """What was found in one's territory and waits for a look, unit by unit, the worst first."""
    found = lake()
    if not found.months:
        return render(request, "radar/nothing.html")
    context = _list(request, found, request.GET)
    if not request.GET.get("page"):
        actions.save_view(request.user, "", request.GET.urlencode())
    if request.htmx:
        return render(request, "triage/_list.html", context)
    filters = context["filters"]
    context |= {
        "month_options": month_options(found.months),
        "month_chosen": f"{filters.month:%Y-%m}",
        "branch_options": list(BRANCH_TITLES.items()),
        "block_options": block_options(),
        "kind_options": kind_options(),
        "place_options": list(province_names(found, "34").items()),
        "state_options": [*state_options(), (ALL, _("all"))],
        "holder_options": holder_options(),
        "order_options": order_options(),
        "views": queries.saved_views(request.user),
        "scanned_at": scanned_at(found, filters),
        "sign_title": queries.sign_title(filters.sign) if filters.sign else "",
        "panel": None,
    }
    return render(request, "triage/warnings.html", context)


@needs(Permission.TRIAGE)
def warning(request: ScopedRequest, key: str) -> HttpResponse:
    """One finding beside the queue: why, since when, what was decided before; by itself without the queue."""
    found, wanted = lake(), queries.read_key(key)
    page = queries.panel(found, request.scope, request.user, wanted) if wanted and found.months else None
    if page is None:
        raise Http404
    record(act=Act.UNIT_READ, by=request.user.username, subject=f"{page.key.kind}:{page.key.code}")
    context = {
        "panel": page,
        "query": request.GET.urlencode(),
        "reason_options": reason_options(),
        "state_name": state_name(page.state),
        "tones": TONES,
    }
    return render(request, "triage/_panel.html" if request.htmx else "triage/warning.html", context)


@needs(Permission.SEE_EVIDENCE)
def rows(request: ScopedRequest, finding_id: str) -> HttpResponse:
    """The first rows which show a finding, for the panel."""
    found = lake()
    page = dossiers.evidence_page(found, request.scope, finding_id) if found.months else None
    if page is None:
        raise Http404
    record(act=Act.EVIDENCE_READ, by=request.user.username, subject=f"finding:{finding_id}")
    return render(request, "triage/_evidence.html", {"page": page, "rows": (page.rows or ())[:SHOWN_EVIDENCE]})


@needs(Permission.TRIAGE)
@require_POST
def decide(request: ScopedRequest) -> HttpResponseBase:
    """Do something to the findings chosen, each in the version which was seen."""
    found = lake()
    try:
        seen = _seen(request.POST.getlist("seen"))
        deed = _deed(request)
        if not seen:
            raise actions.DeedError("seen")
        done = actions.decide(
            found, request.scope, by=request.user, seen=seen, deed=deed, with_alike="alike" in request.POST
        )
    except actions.DeedError as error:
        return _answer(request, found, fault=_fault(str(error)))
    return _answer(request, found, done=done, told=_told(done))


@needs(Permission.TRIAGE)
@require_POST
def undo(request: ScopedRequest) -> HttpResponseBase:
    try:
        number = UUID(request.POST.get("number", ""))
    except ValueError as error:
        raise Http404 from error
    done = actions.undo(request.scope, by=request.user, number=number)
    if done.keys or done.changed:
        return _answer(request, lake(), done=done, told=_told(done))
    return _answer(request, lake(), fault=_("It is too late to take this back. Decide of it anew."))


@needs(Permission.TRIAGE)
@require_POST
def save_view(request: ScopedRequest) -> HttpResponseBase:
    name = request.POST.get("name", "").strip()
    query = QueryDict(request.POST.get("query", ""))
    if name:
        actions.save_view(request.user, name, query.urlencode())
        messages.success(request, _("Kept under this name."))
    return redirect(f"{reverse('warnings')}?{query.urlencode()}")


@needs(Permission.TRIAGE)
@require_POST
def drop_view(request: ScopedRequest, number: int) -> HttpResponseBase:
    actions.drop_view(request.user, number)
    return redirect("warnings")


def _seen(written_keys: list[str]) -> dict[queries.Key, int]:
    """`finding:kind:code@version`; what cannot be read is left out."""
    seen = {}
    for one in written_keys[: queries.PAGE]:
        key, _at, version = one.rpartition("@")
        if (read := queries.read_key(key)) and version.isdecimal():
            seen[read] = int(version)
    return seen


def _deed(request: ScopedRequest) -> actions.Deed:
    asked = request.POST
    did = asked.get("did", "")
    if did not in DEEDS:
        raise Http404
    to = User.objects.filter(pk=asked["to"]).first() if did == HAND and asked.get("to", "").isdecimal() else None
    try:
        due = date.fromisoformat(asked["due"]) if asked.get("due") else None
    except ValueError as error:
        raise actions.DeedError("due") from error
    return actions.Deed(did, asked.get("reason", ""), asked.get("words", ""), to, due)


def _fault(what: str) -> str:
    told = {
        "seen": _("Choose at least one finding. Nothing was changed."),
        "reason": _("Say why: choose a reason. Nothing was changed."),
        "words": _("Say the other reason in words. Nothing was changed."),
        "to": _("Choose to whom. Nothing was changed."),
        "due": _("This is no day. Nothing was changed."),
    }
    return told[what]


def _told(done: actions.Done) -> str:
    number = len(done.keys)
    told = {
        "acknowledge": ngettext("%(n)s finding acknowledged.", "%(n)s findings acknowledged.", number),
        "plan": ngettext("%(n)s finding put into the plan.", "%(n)s findings put into the plan.", number),
        "dismiss": ngettext("%(n)s finding dismissed.", "%(n)s findings dismissed.", number),
        "hand": ngettext("%(n)s finding handed on.", "%(n)s findings handed on.", number),
        "reopen": ngettext("%(n)s finding waits again.", "%(n)s findings wait again.", number),
        "undo": ngettext("%(n)s finding is as before.", "%(n)s findings are as before.", number),
    }
    return told[done.did] % {"n": written("count", number)}


def _answer(
    request: ScopedRequest, found: Lake, *, done: actions.Done | None = None, told: str = "", fault: str = ""
) -> HttpResponseBase:
    """The list as it is now; without htmx the page of the queue again."""
    query = QueryDict(request.POST.get("query", ""))
    changed: Mapping[str, str] = queries.full_names(one.changed_by for one in done.changed) if done else {}
    if not request.htmx:
        for words, tag in ((told, messages.SUCCESS), (fault, messages.ERROR)):
            if words:
                messages.add_message(request, tag, words)
        return redirect(f"{reverse('warnings')}?{query.urlencode()}")
    # What links of the list stand on is the page it is part of.
    request.path, request.GET = reverse("warnings"), query
    context = _list(
        request,
        found,
        query,
        told=told,
        fault=fault,
        done=done,
        changed=[(one, changed.get(one.changed_by, one.changed_by), state_name(one.state)) for one in done.changed]
        if done
        else [],
        may_undo=done is not None and done.did != "undo" and bool(done.keys),
    )
    return render(request, "triage/_list.html", context)
