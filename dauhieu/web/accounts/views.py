"""Where somebody starts."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from dauhieu.web.accounts.gate import ScopedRequest, signed_in
from dauhieu.web.accounts.navigation import places_of


@signed_in
def start(request: ScopedRequest) -> HttpResponseBase:
    """The first place which somebody may go to; an auditor has no overview."""
    places = places_of(request.user)
    return redirect(places[0].names[0]) if places else render(request, "accounts/nowhere.html")
