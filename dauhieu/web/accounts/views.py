"""Where somebody starts, and the trail. The trail is shown here: who may read it is a matter of accounts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from dauhieu.web.accounts.gate import ScopedRequest, needs, signed_in
from dauhieu.web.accounts.navigation import places_of
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import ACT_TITLES, Act
from dauhieu.web.audit.chain import verify
from dauhieu.web.audit.models import Entry

PAGE = 50


@signed_in
def start(request: ScopedRequest) -> HttpResponseBase:
    """The first place which somebody may go to; an auditor has no overview."""
    places = places_of(request.user)
    return redirect(places[0].names[0]) if places else render(request, "accounts/nowhere.html")


@needs(Permission.SEE_TRAIL)
def trail(request: ScopedRequest) -> HttpResponse:
    """The newest entries first, and whether the chain is whole; reading it is an entry too."""
    asked = {name: request.GET.get(name, "").strip() for name in ("act", "actor", "subject")}
    entries = Entry.objects.all()
    for name, value in asked.items():
        if value:
            entries = entries.filter(**{name: value})
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "rows": [(entry, ACT_TITLES.get(Act(entry.act), entry.act)) for entry in page],
        "verdict": verify(),
        "act_options": list(ACT_TITLES.items()),
    }
    record(act=Act.TRAIL_READ, by=request.user.username, details={name: bool(value) for name, value in asked.items()})
    return render(request, "accounts/trail.html", context)
