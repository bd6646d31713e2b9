from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.scope import BRANCH_TITLES
from dauhieu.web.signs import queries
from dauhieu.web.signs.names import status_options


@needs(Permission.SEE_CATALOGUE)
def catalogue(request: ScopedRequest) -> HttpResponse:
    """Every sign, by violation, with its state."""
    asked = {name: request.GET.get(name, "") for name in ("branch", "status", "q")}
    rows = queries.signs(branch=asked["branch"], status=asked["status"], search=asked["q"])
    context = {
        "asked": asked,
        "rows": rows,
        "branch_options": list(BRANCH_TITLES.items()),
        "status_options": status_options(),
    }
    return render(request, "signs/_catalogue.html" if request.htmx else "signs/catalogue.html", context)


@needs(Permission.SEE_CATALOGUE)
def sign(request: ScopedRequest, sign_id: str) -> HttpResponse:
    found = queries.sign(sign_id)
    if found is None:
        raise Http404
    return render(request, "signs/sign.html", {"page": found})
