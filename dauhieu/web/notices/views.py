from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dauhieu.web.accounts.gate import ScopedRequest, signed_in
from dauhieu.web.notices import actions, queries
from dauhieu.web.notices.models import LANGUAGES, MAIL_TITLES, Notice


@signed_in
def notices(request: ScopedRequest) -> HttpResponse:
    """What this account was told, and how it wants to be mailed."""
    context = {
        "rows": queries.notices(request.user),
        "choice": queries.mail_choice(request.user),
        "how_options": list(MAIL_TITLES.items()),
        "language_options": list(LANGUAGES.items()),
    }
    return render(request, "notices/notices.html", context)


@signed_in
def notice(request: ScopedRequest, number: int) -> HttpResponseBase:
    """Go to what a notice is about; it counts as read."""
    found = get_object_or_404(Notice, pk=number, user=request.user)
    actions.read(request.user, found.pk)
    return redirect(found.url)


@signed_in
@require_POST
def read_all(request: ScopedRequest) -> HttpResponseBase:
    actions.read_all(request.user)
    return redirect("notices")


@signed_in
@require_POST
def choose_mail(request: ScopedRequest) -> HttpResponseBase:
    try:
        actions.choose_mail(request.user, request.POST.get("how", ""), request.POST.get("language", ""))
    except ValidationError as error:
        raise Http404 from error
    messages.success(request, _("Kept. This is how you are mailed from now on."))
    return redirect("notices")
