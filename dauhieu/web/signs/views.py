from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from dauhieu.web.accounts.gate import ScopedRequest, needs
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import permissions_of
from dauhieu.web.accounts.scope import BRANCH_TITLES, Branch
from dauhieu.web.signs import queries
from dauhieu.web.signs.names import amount_name, status_options, subject_options
from dauhieu.web.ui.words import language


@needs(Permission.SEE_CATALOGUE)
def catalogue(request: ScopedRequest) -> HttpResponse:
    """Every sign, by violation, with its state."""
    wanted = queries.asked(request.GET)
    context = {
        "asked": wanted,
        "rows": queries.signs(wanted),
        "branch_options": list(BRANCH_TITLES.items()),
        "subject_options": subject_options(queries.subjects_in_use()),
        "severity_options": [(str(level), f"{level}/5") for level in range(5, 0, -1)],
        "violation_options": queries.violation_options(),
        "status_options": status_options(),
    }
    return render(request, "signs/_catalogue.html" if request.htmx else "signs/catalogue.html", context)


@needs(Permission.SEE_CATALOGUE)
def sign(request: ScopedRequest, sign_id: str) -> HttpResponse:
    found = queries.sign(sign_id)
    if found is None:
        raise Http404
    context = {
        "page": found,
        "branch": BRANCH_TITLES[Branch(found.row.sign.branch)],
        "amount": amount_name(found.row.sign.amount_kind),
        "retired_reason": getattr(retired.reason, language()) if (retired := found.row.sign.retired) else "",
        "may_write": Permission.WRITE_SIGNS in permissions_of(request.user),
        "may_see_units": Permission.SEE_UNITS in permissions_of(request.user),
    }
    return render(request, "signs/sign.html", context)
