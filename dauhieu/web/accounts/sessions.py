"""How long somebody stays signed in: a working day at most, and not while nothing is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act

BEGUN, SEEN = "begun", "seen"
# How often the moment is written: a session which is asked for ten times a minute need not be kept ten times.
WRITTEN_EVERY = 60


class Lifetime:
    """Ends sessions; who comes with an ended one is a stranger to whatever stands behind."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            session = request.session
            begun, seen = session.get(BEGUN, now), session.get(SEEN, now)
            if now - begun > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE:
                record(act=Act.SIGNED_OUT, by=request.user.username, details={"by": "time"})
                logout(request)
            elif BEGUN not in session or now - seen >= WRITTEN_EVERY:
                session[BEGUN], session[SEEN] = begun, now
        return self.get_response(request)
