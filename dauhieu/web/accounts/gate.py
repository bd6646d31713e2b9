"""Who comes in where. A view names what it needs; one which names nothing is shut to everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.queries import scope_of
from dauhieu.web.accounts.scope import Scope, ScopeError
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act

OPEN, SIGNED_IN = "open", "signed in"
# allauth guards its own pages: what is for people signed in, it asks them to sign in for.
GUARDED_BY_ITSELF = "allauth."
# Of its pages those which are not offered: nobody signs up, and who forgot a password asks the administrator.
NOT_OFFERED = frozenset(
    "account_signup account_email account_email_verification_sent account_confirm_email account_set_password "
    "account_reset_password account_reset_password_done account_confirm_login_code socialaccount_signup "
    "socialaccount_connections".split()
)
# Where somebody who still lacks a second factor may go: to set it up, or out.
BEFORE_SECOND_FACTOR = ("mfa_", "account_")

P = ParamSpec("P")
View = Callable[Concatenate[Any, P], HttpResponseBase]


class ScopedRequest(HttpRequest):
    """A request which has passed the gate: its user, and where this user may do what the view needs."""

    user: User
    scope: Scope


def needs(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Only for those who have the permission somewhere; the view finds the places in `request.scope`."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                request.scope = scope_of(request.user, permission)
            except ScopeError as error:
                record(act=Act.REFUSED, by=request.user.username, details={"needs": permission.value})
                raise PermissionDenied from error
            return view(request, *args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return cast("View[P]", guarded)

    return guard


def signed_in(view: View[P]) -> View[P]:
    """For everybody who has an account."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def open_to_all(view: View[P]) -> View[P]:
    """Also for those who are not signed in."""
    view.access = OPEN  # type: ignore[attr-defined]
    return view


class Gate:
    """Asks for an account, for its second factor, and that the view says whom it lets in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if _holds_nul(request, kwargs):
            raise BadRequest("No text has such a letter, and no database takes it.")
        match = request.resolver_match
        name = (match.url_name or "") if match else ""
        if name in NOT_OFFERED:
            raise Http404
        access = getattr(view, "access", None)
        if view.__module__.startswith(GUARDED_BY_ITSELF):
            access = OPEN
        if access is None:
            raise PermissionDenied("The view does not say whom it lets in.")
        if access == OPEN and not request.user.is_authenticated:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        before = name.startswith(BEFORE_SECOND_FACTOR)
        if settings.SECOND_FACTOR and access != OPEN and not before and not is_mfa_enabled(request.user):
            return redirect("mfa_index")
        return None


def _holds_nul(request: HttpRequest, arguments: Mapping[str, Any]) -> bool:
    written = (one for query in (request.GET, request.POST) for _name, values in query.lists() for one in values)
    return any("\0" in str(one) for one in (*written, *arguments.values()))
