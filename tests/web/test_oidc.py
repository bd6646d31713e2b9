"""Signing in by an identity provider, against one which really runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.management import call_command
from django.test import Client

from dauhieu.web.accounts.models import User
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from tests.web.provider import CLIENT, SECRET, Provider, running

pytestmark = pytest.mark.enable_socket
LOGIN = "/account/oidc/agency/login/"


@pytest.fixture
def provider(site: Any) -> Iterator[Provider]:
    call_command("createcachetable", verbosity=0)
    with running() as found:
        app = {
            "provider_id": "agency",
            "name": "Cổng định danh",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": found.base},
        }
        site.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
        yield found


def way_back(browser: Client, provider: Provider) -> str:
    """To the provider, where the person agrees; the address to which he is sent back."""
    there = urlsplit(browser.get(LOGIN).headers["Location"])
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{provider.base}/authorize"
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) >= {"openid"}
    return provider.authorize(asked)


def signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_the_provider_is_offered(provider: Provider) -> None:
    page = Client().get("/account/login/").content.decode()
    assert f'href="{LOGIN}"' in page
    assert "Đăng nhập bằng Cổng định danh" in page


def test_without_a_provider_none_is_offered(site: Any, db: None) -> None:
    assert LOGIN not in Client().get("/account/login/").content.decode()
    assert Client().get(LOGIN).status_code == 404


def test_somebody_who_has_an_account_comes_in(provider: Provider) -> None:
    user = User.objects.create_user(username="an")
    browser = Client()
    answer = browser.get(way_back(browser, provider))
    assert answer.headers["Location"] == "/start"
    assert browser.session["_auth_user_id"] == str(user.pk)
    assert SocialAccount.objects.get().uid == "p-1"
    assert Entry.objects.get(act=Act.SIGNED_IN).actor == "an"
    assert provider.asked.count("/keys") == 1


def test_the_lasting_name_counts_once_it_is_known(provider: Provider) -> None:
    user = User.objects.create_user(username="an")
    browser = Client()
    browser.get(way_back(browser, provider))
    User.objects.create_user(username="binh")
    provider.person = provider.person | {"preferred_username": "binh"}
    again = Client()
    again.get(way_back(again, provider))
    assert again.session["_auth_user_id"] == str(user.pk)


def test_a_stranger_gets_no_account(provider: Provider) -> None:
    browser = Client()
    answer = browser.get(way_back(browser, provider))
    assert answer.status_code == 403
    assert not User.objects.exists()
    assert not signed_in(browser)
    entry = Entry.objects.get(act=Act.SIGN_IN_FAILED)
    assert "an" not in (entry.actor, entry.subject)


def test_a_shut_account_stays_shut(provider: Provider) -> None:
    User.objects.create_user(username="an", is_active=False)
    browser = Client()
    browser.get(way_back(browser, provider))
    assert not signed_in(browser)


def test_the_second_factor_is_asked_for_all_the_same(provider: Provider) -> None:
    user = User.objects.create_user(username="an")
    Authenticator.objects.create(user=user, type="totp", data={"secret": ""})
    browser = Client()
    answer = browser.get(way_back(browser, provider))
    assert answer.headers["Location"] == "/account/2fa/authenticate/"
    assert not signed_in(browser)


def _bent(**changes: Any) -> Any:
    return lambda provider: provider.token.update(changes)


def _renamed(provider: Provider) -> None:
    """Another provider speaks in this one's place, and all it says agrees."""
    provider.issuer = "https://elsewhere.example"
    provider.token["iss"] = provider.issuer


def _forged(provider: Provider) -> None:
    provider.published, provider.key = provider.key, rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize(
    "bend",
    [
        _bent(iss="https://elsewhere.example"),
        _bent(aud="another-site"),
        _bent(exp=1_000_000_000),
        _bent(sub="p-2"),
        _forged,
        _renamed,
    ],
    ids=["issuer", "audience", "expired", "another person", "another key", "another provider"],
)
def test_a_word_which_is_not_the_providers_for_us_is_refused(bend: Any, provider: Provider) -> None:
    User.objects.create_user(username="an")
    bend(provider)
    browser = Client()
    answer = browser.get(way_back(browser, provider))
    assert not signed_in(browser)
    assert "/start" not in answer.headers.get("Location", "")
    assert not SocialAccount.objects.exists()


def test_an_answer_nobody_asked_for_is_refused(provider: Provider) -> None:
    User.objects.create_user(username="an")
    back = way_back(Client(), provider)
    other = Client()
    other.get(back)
    assert not signed_in(other)


def test_a_code_works_once(provider: Provider) -> None:
    User.objects.create_user(username="an")
    browser = Client()
    back = way_back(browser, provider)
    browser.get(back)
    browser.logout()
    browser.get(back)
    assert not signed_in(browser)


def test_nobody_binds_another_identity_to_his_account(provider: Provider) -> None:
    user = User.objects.create_user(username="binh")
    browser = Client()
    browser.force_login(user)
    there = urlsplit(browser.get(f"{LOGIN}?process=connect").headers["Location"])
    back = provider.authorize({name: values[0] for name, values in parse_qs(there.query).items()})
    browser.get(back)
    assert not SocialAccount.objects.exists()


def test_breaking_off_is_told(provider: Provider) -> None:
    browser = Client()
    there = urlsplit(browser.get(LOGIN).headers["Location"])
    state = parse_qs(there.query)["state"][0]
    answer = browser.get(f"{LOGIN}callback/?error=access_denied&state={state}", follow=True)
    assert "Đã dừng đăng nhập" in answer.content.decode()
