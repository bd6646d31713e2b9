from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dauhieu.errors import DauhieuError
from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.models import RoleGrant
from dauhieu.web.accounts.permissions import PERMISSION_TITLES, Permission
from dauhieu.web.accounts.roles import ROLES
from dauhieu.web.administration import actions
from dauhieu.web.administration.accounts import Account, account, visible
from dauhieu.web.administration.doctor.examination import examine
from dauhieu.web.administration.forms import AccountForm, RoleForm
from dauhieu.web.administration.territories import Territories, territories
from dauhieu.web.audit.acts import ACT_TITLES, Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.radar.lake import lake

PAGE = 50
SHOWN_ENTRIES = 15
# What is done to an account with one button.
DEEDS: dict[str, Callable[..., None]] = {
    "disable": actions.disable,
    "enable": actions.enable,
    "forget_factors": actions.forget_factors,
    "end_sessions": actions.end_sessions,
}


def _territories(request: ScopedRequest) -> Territories:
    try:
        found = lake()
    except DauhieuError:
        # Accounts are kept also where the store cannot be read.
        return territories(request.scope, None)
    return territories(request.scope, found)


@needs(Permission.MANAGE_ACCOUNTS)
def accounts(request: ScopedRequest) -> HttpResponse:
    search, role, state = (request.GET.get(name, "").strip()[:60] for name in ("q", "role", "state"))
    places = _territories(request)
    found = visible(places, search, role if role in ROLES else "", state)
    context = {
        "asked": {"q": search, "role": role, "state": state},
        "waiting": [(one, held) for one in visible(places) for held in one.roles if held.waits],
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "role_options": [(one.name, one.title) for one in ROLES.values()],
        "state_options": [("active", _("open")), ("disabled", _("shut"))],
    }
    return render(request, "administration/accounts.html", context)


@needs(Permission.MANAGE_ACCOUNTS)
def new_account(request: ScopedRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = request.user.username
        user = actions.make_account(**form.cleaned_data, by=by)
        return _invited(request, user.pk, actions.invite(user=user, by=by))
    return render(request, "administration/new_account.html", {"form": form})


@needs(Permission.MANAGE_ACCOUNTS)
def one_account(request: ScopedRequest, number: int) -> HttpResponseBase:
    """One account; what is asked of it comes as `deed`."""
    places = _territories(request)
    found = account(number, places)
    if found is None:
        raise Http404
    form = RoleForm(places, request.POST if request.POST.get("deed") == "appoint" else None)
    if request.method == "POST":
        try:
            answer = _do(request, found, form, places)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            answer = redirect("account", number)
        if answer is not None:
            return answer
    about = Entry.objects.filter(Q(subject=f"account:{found.user.username}") | Q(actor=found.user.username))
    context = {
        "account": found,
        "form": form,
        "sessions": UserSession.objects.filter(user=found.user).order_by("-last_seen_at"),
        "entries": [(one, ACT_TITLES[Act(one.act)]) for one in about[:SHOWN_ENTRIES]],
    }
    return render(request, "administration/account.html", context)


def _do(request: ScopedRequest, found: Account, form: RoleForm, places: Territories) -> HttpResponseBase | None:
    """None where the form has faults to show."""
    deed, by = request.POST.get("deed"), request.user.username
    if deed == "invite":
        return _invited(request, found.user.pk, actions.invite_again(account=found, by=by))
    if deed == "appoint":
        if not form.is_valid():
            return None
        given = form.cleaned_data
        when = {"valid_from": given["valid_from"], "valid_to": given["valid_to"]}
        grant = actions.appoint(account=found, role=given["role"], reach=form.reach, territories=places, by=by, **when)
        told = _("The role is given. It holds at once.")
        if grant.waits:
            told = _("The role waits: it holds as soon as another administrator has confirmed it.")
        messages.success(request, told)
    elif deed == "confirm":
        actions.confirm(account=found, grant=_grant(request, found), territories=places, by=by)
        messages.success(request, _("The role is confirmed. It holds at once."))
    elif deed == "dismiss":
        actions.dismiss(account=found, grant=_grant(request, found), by=by)
        messages.success(request, _("The role has ended."))
    elif deed in DEEDS:
        DEEDS[deed](account=found, by=by)
        messages.success(request, _("Done. It holds at once, and stands in the trail."))
    else:
        raise Http404
    return redirect("account", found.user.pk)


def _grant(request: ScopedRequest, found: Account) -> RoleGrant:
    number = request.POST.get("grant", "")
    grant = RoleGrant.objects.filter(user=found.user, pk=number if number.isdecimal() else None).first()
    if grant is None:
        raise Http404
    return grant


def _invited(request: ScopedRequest, number: int, path: str) -> HttpResponse:
    """Shown once, kept nowhere."""
    return render(request, "administration/invited.html", {"number": number, "link": request.build_absolute_uri(path)})


@needs(Permission.MANAGE_ACCOUNTS)
def roles(request: ScopedRequest) -> HttpResponse:
    """Which role may do what."""
    told: list[dict[str, Any]] = [
        {"role": role, "may": [PERMISSION_TITLES[one] for one in Permission if one in role.permissions]}
        for role in ROLES.values()
    ]
    return render(request, "administration/roles.html", {"roles": told})


@needs(Permission.SEE_DOCTOR)
def doctor(request: ScopedRequest) -> HttpResponse:
    """A quick look; what takes long is for the command."""
    lines = examine(thorough=False, by=request.user.username)
    context = {"lines": lines, "counts": Counter(line.state for line in lines)}
    return render(request, "administration/doctor.html", context)
