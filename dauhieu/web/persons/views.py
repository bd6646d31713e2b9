from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import permissions_of
from dauhieu.web.accounts.scope import system_scope
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.identities.actions import handles_of
from dauhieu.web.identities.queries import number_of
from dauhieu.web.persons import actions, dossier
from dauhieu.web.persons.names import fund_name, state_name
from dauhieu.web.persons.purpose import NUMBERS_LAST, PURPOSE_LASTS, fault_of, purpose_of, told
from dauhieu.web.persons.ribbon import Ribbon, State
from dauhieu.web.persons.workers import worker_list
from dauhieu.web.radar.filters import read_filters
from dauhieu.web.radar.insured import Insured
from dauhieu.web.radar.lake import Lake, lake
from dauhieu.web.radar.names import month_options

MOST_SEARCHES = 60
SEARCHES_COUNTED = timedelta(hours=1)


@needs(Permission.SEE_PERSONS)
def persons(request: ScopedRequest) -> HttpResponseBase:
    """Find a person by a number, which is sent in the form and never stands in an address."""
    fault = ""
    if request.method == "POST":
        number = "".join(request.POST.get("number", "").split())[:30]
        if _searches(request.user.username) >= MOST_SEARCHES:
            return render(request, "persons/search.html", {"fault": _too_many()}, status=429)
        handle = _sought(request, number) if number else ""
        if handle:
            return redirect("person", handle)
        fault = _("Nobody with this number lies in your territory.")
    return render(request, "persons/search.html", {"fault": fault})


def _too_many() -> str:
    return _("You have searched very often within an hour. Try again later.")


def _searches(username: str) -> int:
    since = timezone.now() - SEARCHES_COUNTED
    return Entry.objects.filter(actor=username, act=Act.PERSON_SOUGHT, moment__gte=since).count()


def _sought(request: ScopedRequest, number: str) -> str:
    """The handle of whom the number leads to in the scope. The trail is told of tries at others too."""
    open_lake = lake()
    inside = open_lake.person(request.scope, number)
    known = inside or open_lake.person(system_scope("the trail tells whom somebody searched for"), number)
    handle = actions.tell_search(known.number if known else None, found=inside is not None, by=request.user.username)
    return handle if inside else ""


def _person(request: ScopedRequest, handle: str) -> tuple[Lake, Insured]:
    number = number_of(handle)
    open_lake = lake()
    found = open_lake.person(request.scope, number) if number and open_lake.months else None
    if found is None:
        raise Http404
    return open_lake, found


@needs(Permission.SEE_PERSONS)
def person(request: ScopedRequest, handle: str) -> HttpResponseBase:
    """Everything on one person, once a purpose has been given; sending the form gives one."""
    open_lake, found = _person(request, handle)
    if request.method == "POST":
        case, reason = (request.POST.get(name, "").strip() for name in ("case", "reason"))
        fault = fault_of(case, reason)
        if fault:
            return _gate(request, handle, found, fault)
        actions.give_purpose(request.session, handle, told(case, reason), by=request.user.username)
        return redirect("person", handle)
    purpose = purpose_of(request.session, handle)
    if purpose is None:
        return _gate(request, handle, found)
    actions.tell_read(handle, purpose, by=request.user.username)
    filters = read_filters(request.GET, open_lake)
    page = dossier.person_page(open_lake, request.scope, found, filters.month, numbers=purpose.shows_numbers)
    context = {
        "person": page,
        "handle": handle,
        "purpose": purpose,
        "filters": filters,
        "month_chosen": f"{filters.month:%Y-%m}",
        "month_options": month_options(open_lake.months),
        "bands": _bands(page.ribbon),
        "may_unmask": Permission.UNMASK_PERSONS in permissions_of(request.user),
        "may_see_evidence": Permission.SEE_EVIDENCE in permissions_of(request.user),
    }
    return render(request, "persons/person.html", context)


@needs(Permission.UNMASK_PERSONS)
def numbers(request: ScopedRequest, handle: str) -> HttpResponseBase:
    """Ask why the numbers are needed, and show them for a while."""
    _lake, found = _person(request, handle)
    purpose = purpose_of(request.session, handle)
    if purpose is None:
        return _gate(request, handle, found)
    fault = ""
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        fault = fault_of("", reason)
        if not fault:
            actions.unmask(request.session, handle, purpose, reason, by=request.user.username)
            return redirect("person", handle)
    context = {"handle": handle, "masked": dossier.masked_number(found), "fault": fault, "minutes": _minutes()}
    return render(request, "persons/numbers.html", context)


def _minutes() -> int:
    return int(NUMBERS_LAST.total_seconds() // 60)


def _gate(request: ScopedRequest, handle: str, found: Insured, fault: str = "") -> HttpResponse:
    context = {
        "handle": handle,
        "masked": dossier.masked_number(found),
        "fault": fault,
        "minutes": int(PURPOSE_LASTS.total_seconds() // 60),
    }
    return render(request, "persons/purpose.html", context)


MARKS = {State.PAID: "●", State.DUE: "◐", State.UNPAID: "○", State.NONE: ""}


def _bands(shown: Ribbon | None) -> list[dict[str, Any]]:
    if shown is None:
        return []
    return [
        {
            "name": fund_name(band.fund),
            "cells": [(month, state, MARKS[state], state_name(state)) for month, state in band.cells],
        }
        for band in shown.bands
    ]


@needs(Permission.SEE_PERSONS)
def workers(request: ScopedRequest, code: str) -> HttpResponse:
    """Whom an employer insured in a month, those first on whom something was found; names and numbers masked."""
    open_lake = lake()
    if not open_lake.months:
        raise Http404
    filters = read_filters(request.GET, open_lake)
    page = worker_list(open_lake, request.scope, code, filters.month, filters.page)
    if page is None:
        raise Http404
    record(act=Act.WORKERS_READ, by=request.user.username, subject=f"employer:{code}")
    handles = handles_of(row.number for row in page.rows)
    context = {
        "page": page,
        "code": code,
        "filters": filters,
        "month_chosen": f"{filters.month:%Y-%m}",
        "month_options": month_options(open_lake.months),
        "rows": [(row, handles[row.number]) for row in page.rows],
    }
    return render(request, "persons/workers.html", context)
