"""The trail for people: what is in it, whether it is whole, and who read what. Shown here, for who may read it is a
matter of accounts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.models import RoleGrant, User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import permissions_of
from dauhieu.web.accounts.scope import Scope
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import ACT_TITLES, READS, Act
from dauhieu.web.audit.chain import verify
from dauhieu.web.audit.models import Entry
from dauhieu.web.identities.queries import known_handles

PAGE = 50
# How far back the page of readers counts, and how many reads of one subject it shows.
DAYS_COUNTED, MOST_READS = 30, 200


def within(scope: Scope) -> QuerySet[Entry]:
    """All entries for whoever may read of the whole country; else those of accounts with a role in the same place."""
    if scope.is_national:
        return Entry.objects.all()
    place = Q(pk__in=[])
    for reach in scope.reaches:
        same = Q(territory_kind=reach.kind, territory_code=reach.code)
        place |= same & Q(branch=reach.branch) if reach.branch else same
    return Entry.objects.filter(actor__in=RoleGrant.objects.filter(place, waits=False).values("user__username"))


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the trail; what is not understood is left out."""

    act: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None

    def of(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        if self.act:
            entries = entries.filter(act=self.act)
        if self.actor:
            entries = entries.filter(actor=self.actor)
        if self.since:
            entries = entries.filter(moment__date__gte=self.since)
        if self.until:
            entries = entries.filter(moment__date__lte=self.until)
        return entries

    @property
    def told(self) -> dict[str, object]:
        """For the trail itself, which keeps no words somebody typed."""
        return {"act": self.act, "actor": bool(self.actor), "since": self.since, "until": self.until}


def read_asked(query: QueryDict) -> Asked:
    act = query.get("act", "")
    return Asked(
        act if act in set(Act) else "",
        query.get("actor", "").strip()[:150],
        _day(query.get("since", "")),
        _day(query.get("until", "")),
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Checked:
    """What the last check of the whole trail said; `broken` is the first entry which is not as it was written."""

    moment: datetime
    entries: int
    head: str
    broken: int | None


def last_check() -> Checked | None:
    entry = Entry.objects.filter(act=Act.TRAIL_CHECKED).first()
    return Checked(entry.moment, **json.loads(entry.details)) if entry else None


def check(by: str, seal: str | None = None) -> Checked:
    """Follow the whole trail, and keep in it what came of that."""
    verdict = verify(seal or None)
    told = {"entries": verdict.entries, "head": verdict.head, "broken": verdict.broken}
    entry = record(act=Act.TRAIL_CHECKED, by=by, details=told)
    return Checked(entry.moment, verdict.entries, verdict.head, verdict.broken)


@needs(Permission.SEE_TRAIL)
def trail(request: ScopedRequest) -> HttpResponseBase:
    """The newest entries first; reading it is an entry too. Sending the form checks the whole of it."""
    if request.method == "POST":
        found = check(request.user.username, request.POST.get("seal", "").strip())
        if found.broken is None:
            messages.success(request, _("The whole trail was followed: it is unbroken."))
        return redirect("trail")
    asked = read_asked(request.GET)
    page = Paginator(asked.of(within(request.scope)), PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "rows": [(entry, ACT_TITLES.get(Act(entry.act), entry.act)) for entry in page],
        "checked": last_check(),
        "act_options": list(ACT_TITLES.items()),
        "may_export": Permission.EXPORT_TRAIL in permissions_of(request.user),
    }
    record(act=Act.TRAIL_READ, by=request.user.username, details=asked.told)
    return render(request, "accounts/trail.html", context)


@needs(Permission.SEE_TRAIL)
def readers(request: ScopedRequest) -> HttpResponse:
    """Who read what. Of whom it is asked goes with the form and not in the address: it may be a person."""
    entries = within(request.scope).filter(act__in=READS)
    subject = request.POST.get("subject", "").strip()[:200]
    found: list[Any] | None = None
    if request.method == "POST" and subject:
        # The trail names a person by handle; who asks may have a number.
        persons = [f"person:{handle}" for handle in known_handles(["".join(subject.split())])]
        about = entries.filter(Q(subject=subject) | Q(subject__endswith=f":{subject}") | Q(subject__in=persons))
        names = dict(User.objects.values_list("username", "full_name"))
        found = [(one, names.get(one.actor, ""), ACT_TITLES[Act(one.act)]) for one in about[:MOST_READS]]
        record(act=Act.READERS_ASKED, by=request.user.username, subject=found[0][0].subject if found else "")
    else:
        record(act=Act.READERS_ASKED, by=request.user.username)
    since = timezone.now() - timedelta(days=DAYS_COUNTED)
    context = {
        "found": found,
        "subject": subject,
        "days": DAYS_COUNTED,
        "most": entries.filter(moment__gte=since)
        .values("actor")
        .annotate(reads=Count("number"), subjects=Count("subject", distinct=True), last=Max("moment"))
        .order_by("-reads", "actor")[:PAGE],
    }
    return render(request, "accounts/readers.html", context)
