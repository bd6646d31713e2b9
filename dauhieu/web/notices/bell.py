"""How many notices wait, on every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from dauhieu.web.notices.queries import unread_count


def bell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {"unread": unread_count(user)} if user is not None and user.is_authenticated else {}
