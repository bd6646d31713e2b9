"""What belongs to the look alone: the choice of language and theme, and the page of components."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEMES = ("light", "dark", "auto")
YEAR = 365 * 24 * 3600


@require_POST
def choose_look(request: HttpRequest) -> HttpResponseBase:
    """Keep the chosen language or theme in a cookie, and go back to where it was chosen."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = redirect(back)
    for name, cookie, known in (
        ("language", settings.LANGUAGE_COOKIE_NAME, dict(settings.LANGUAGES)),
        ("theme", settings.THEME_COOKIE_NAME, THEMES),
    ):
        value = request.POST.get(name)
        if value in known:
            response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


def components(request: HttpRequest) -> HttpResponse:
    """Every component once, for whoever builds a screen; nobody does where the site is in use."""
    if settings.PRODUCTION:
        raise Http404
    return render(request, "ui/components.html")
