"""Signing in by the agency's or the national identity provider: generic OpenID Connect, with one provider in settings.

The provider says who somebody is; what he may do stands here. So an account must be there already: at the first time it
is found by its name, from then on by the provider's own lasting name of the person.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from dauhieu.web.accounts.models import User
from dauhieu.web.audit.actions import record
from dauhieu.web.audit.acts import Act


class SocialAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody gets an account by having one elsewhere."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the account, or refuse: told to nobody but the trail why."""
        told = sociallogin.account.extra_data
        token, info = told.get("id_token", {}), told.get("userinfo", {})
        if sociallogin.state.get("process") not in (None, "login"):
            self._refuse(request, "not for signing in")
        if not token or token.get("sub") != info.get("sub"):
            self._refuse(request, "the provider tells of two persons")
        if sociallogin.is_existing:
            return
        name = str(info.get(settings.OIDC_ACCOUNT, ""))
        user = User.objects.filter(username=name).first() if name else None
        if user is None:
            self._refuse(request, "no such account")
        sociallogin.connect(request, user)

    def get_requests_session(self) -> Any:
        """The provider is asked where it is, and nowhere it may point to."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def _refuse(self, request: HttpRequest, why: str) -> None:
        record(act=Act.SIGN_IN_FAILED, by="", details={"by": "oidc", "why": why})
        raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))


class Strict(OpenIDConnectOAuth2Adapter):
    """Asks for the signature of the provider's word also where it came straight from the provider."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        if _plain(self.openid_config["issuer"]) != _plain(app.settings["server_url"]):
            raise OAuth2Error("The provider calls itself otherwise than the settings do.")
        found: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        return found


def _plain(address: str) -> str:
    return address.removesuffix("/.well-known/openid-configuration").rstrip("/")


def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Stands before allauth's own address of the same name."""
    try:
        answer: HttpResponseBase = OAuth2CallbackView.adapter_view(Strict(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return answer
