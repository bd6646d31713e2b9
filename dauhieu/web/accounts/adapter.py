"""Where the agency's ways of signing in differ from the ordinary: nobody signs up, and the trail hears of each try."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # The name as typed may be a password typed into the wrong field, so only its length is kept.
        record(act=Act.SIGN_IN_FAILED, by="", details={"name_length": len(str(credentials.get("username", "")))})
        super().authentication_failed(request, **credentials)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        record(act=Act.SIGNED_IN, by=user.username)
        return super().post_login(request, user, **kwargs)

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            record(act=Act.SIGNED_OUT, by=request.user.username)
        super().logout(request)
