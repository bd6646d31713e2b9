"""The navigation of a page: the places its user may go to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import permissions_of


@dataclass(frozen=True, slots=True)
class Place:
    """`names` are the addresses which belong to it, the first its own."""

    title: str | Promise
    names: tuple[str, ...]
    needs: Permission


PLACES = (
    Place(_("Overview"), ("home",), Permission.SEE_OVERVIEW),
    Place(_("My work"), ("work", "notices"), Permission.SEE_WORK),
    Place(_("Risk map"), ("risk_map", "province"), Permission.SEE_OVERVIEW),
    Place(_("Units"), ("units", "unit", "evidence", "workers"), Permission.SEE_UNITS),
    Place(_("Persons"), ("persons", "person", "numbers"), Permission.SEE_PERSONS),
    Place(_("Warnings"), ("warnings", "warning"), Permission.TRIAGE),
    Place(_("Catalogue of signs"), ("catalogue", "sign", "sign_findings"), Permission.SEE_CATALOGUE),
    Place(
        _("Data sources"),
        ("sources", "loads", "load", "schema", "table", "deliver", "sending"),
        Permission.SEE_SOURCES,
    ),
    Place(_("Sign editor"), ("drafts", "draft_new", "draft", "draft_example", "sign_retire"), Permission.SEE_DRAFTS),
    Place(_("Administration"), ("accounts", "new_account", "account", "roles"), Permission.MANAGE_ACCOUNTS),
    Place(_("Scans"), ("scans", "scan", "scan_order", "scan_compare"), Permission.SEE_SCANS),
    Place(_("Doctor"), ("doctor",), Permission.SEE_DOCTOR),
    Place(_("Trail"), ("trail", "readers"), Permission.SEE_TRAIL),
)
THEMES = ("light", "dark")


def places_of(user: User) -> tuple[Place, ...]:
    may = permissions_of(user)
    return tuple(place for place in PLACES if place.needs in may)


def navigation(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME)
    context: dict[str, Any] = {"theme": theme if theme in THEMES else "auto"}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    here = request.resolver_match.url_name if request.resolver_match else None
    context["places"] = [
        {"title": place.title, "url": reverse(place.names[0]), "here": here in place.names} for place in places_of(user)
    ]
    return context
