"""Second factors from setting up to losing them, sessions, and limits on tries which hold over all workers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from dauhieu.web.accounts.actions import give_role
from dauhieu.web.accounts.models import User
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.identities.actions import seal_anew
from dauhieu.web.identities.sealing import new_key
from tests.web.conftest import PASSWORD

AUTHENTICATE = "/account/2fa/authenticate/"


@pytest.fixture
def an(site: Any) -> User:
    """A leader with a password, on a site which asks for a second factor."""
    call_command("createcachetable", verbosity=0)
    site.SECOND_FACTOR = True
    user = User.objects.create_user(username="an", password=PASSWORD, full_name="Nguyễn An")
    give_role(user=user, role="leader", territory_kind="nation", valid_from="2025-07-01", by="test")
    return user


def with_password() -> tuple[Client, str]:
    browser = Client()
    answer = browser.post("/account/login/", {"login": "an", "password": PASSWORD})
    return browser, answer.headers["Location"]


def code_of(secret: str, ago: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - ago))


def set_up(browser: Client) -> str:
    """Adds an authenticator app; its secret."""
    there = "/account/2fa/totp/activate/"
    asked = browser.get(there).headers["Location"]
    # Whoever changes his factors says his password once more, however lately he signed in.
    assert asked.startswith("/account/reauthenticate/")
    page = browser.post(asked, {"password": PASSWORD}, follow=True).content.decode()
    secret = re.search(r"\b[A-Z2-7]{32}\b", page)
    assert secret is not None
    browser.post(there, {"code": code_of(secret.group())})
    # A code counts once; in the test the next sign-in comes in the same half minute.
    cache.clear()
    return secret.group()


def test_the_app_is_set_up_and_asked_for_from_then_on(an: User, django_capture_on_commit_callbacks: Any) -> None:
    browser, there = with_password()
    assert browser.get(there, follow=True).redirect_chain[-1][0] == "/account/2fa/"
    # allauth tells of it when it is kept for good.
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up(browser)
    assert browser.get("/units").status_code == 200
    again, there = with_password()
    assert there == AUTHENTICATE
    assert again.get("/units").headers["Location"].startswith("/account/login/")
    again.post(AUTHENTICATE, {"code": "000000"})
    assert again.get("/units").status_code == 302
    assert again.post(AUTHENTICATE, {"code": code_of(secret)}).headers["Location"] == "/start"
    assert again.get("/units").status_code == 200
    assert {one.actor for one in Entry.objects.filter(act=Act.FACTOR_ADDED)} == {"an"}


def test_a_code_counts_once(an: User) -> None:
    browser, _ = with_password()
    secret = set_up(browser)
    code = code_of(secret)
    first, _ = with_password()
    assert first.post(AUTHENTICATE, {"code": code}).status_code == 302
    second, _ = with_password()
    assert second.post(AUTHENTICATE, {"code": code}).status_code == 200
    assert second.get("/units").status_code == 302


def test_an_old_code_is_refused(an: User) -> None:
    browser, _ = with_password()
    secret = set_up(browser)
    other, _ = with_password()
    assert other.post(AUTHENTICATE, {"code": code_of(secret, ago=10)}).status_code == 200


def test_secrets_are_sealed_at_rest_and_open_after_a_change_of_keys(an: User, site: Any) -> None:
    browser, _ = with_password()
    secret = set_up(browser)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))
    old, new = site.IDENTITY_KEYS, new_key()
    site.IDENTITY_KEYS = [new, *old]
    assert seal_anew(by="test") > 0
    assert seal_anew(by="test") == 0
    site.IDENTITY_KEYS = [new]
    again, _ = with_password()
    assert again.post(AUTHENTICATE, {"code": code_of(secret)}).headers["Location"] == "/start"


def test_a_recovery_code_lets_in_once(an: User) -> None:
    browser, _ = with_password()
    set_up(browser)
    browser.post("/account/2fa/recovery-codes/generate/")
    page = browser.get("/account/2fa/recovery-codes/").content.decode()
    text = browser.get("/account/2fa/recovery-codes/download/").content.decode()
    code = text.split()[-1]
    assert code in page
    lost, _ = with_password()
    assert lost.post(AUTHENTICATE, {"code": code}).headers["Location"] == "/start"
    assert lost.get("/units").status_code == 200
    again, _ = with_password()
    assert again.post(AUTHENTICATE, {"code": code}).status_code == 200
    assert again.get("/units").status_code == 302


def test_guessing_codes_is_stopped(an: User) -> None:
    browser, _ = with_password()
    secret = set_up(browser)
    guesser, _ = with_password()
    for _ in range(12):
        guesser.post(AUTHENTICATE, {"code": "000000"})
    assert guesser.post(AUTHENTICATE, {"code": code_of(secret)}).status_code != 302
    assert guesser.get("/units").status_code == 302


def test_other_sessions_are_ended(an: User, site: Any) -> None:
    site.SECOND_FACTOR = False
    here, _ = with_password()
    there, _ = with_password()
    assert there.get("/units").status_code == 200
    page = here.get("/account/sessions/").content.decode()
    assert page.count("127.0.0.1") == 2
    here.post("/account/sessions/")
    assert there.get("/units").status_code == 302
    assert here.get("/units").status_code == 200


def test_a_new_password_ends_all_sessions(an: User, site: Any) -> None:
    site.SECOND_FACTOR = False
    here, _ = with_password()
    there, _ = with_password()
    new = "mật khẩu khác hẳn 2026"
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert there.get("/units").status_code == 302


def test_signing_in_gives_a_new_session(an: User, site: Any) -> None:
    browser = Client()
    browser.get("/account/login/")
    browser.session["seen"] = True
    before = browser.session.session_key
    browser.post("/account/login/", {"login": "an", "password": PASSWORD})
    assert browser.session.session_key != before


PAGES = (
    "/account/login/",
    "/account/logout/",
    "/account/inactive/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/2fa/recovery-codes/",
    "/account/2fa/recovery-codes/generate/",
    "/account/sessions/",
)
# What of allauth's own words may not be left over on a Vietnamese page.
ENGLISH = re.compile(
    r"\b(sign|password|authenticat\w*|security|recovery|session|your|code|activate|add|please|account)\b", re.I
)


def test_signing_in_leads_nowhere_which_is_not_there(site: Any, db: None) -> None:
    page = Client().get("/account/login/").content.decode()
    for link in re.findall(r'href="(/account/[^"?]+)', page):
        assert Client().get(link).status_code == 200, link


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_accounts_is_vietnamese_and_ours(path: str, signed_in: Callable[..., Client]) -> None:
    browser = signed_in("leader")
    page = browser.get(path, follow=True).content.decode()
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.S)
    words = re.sub(r"\b(Passkey|passkey|English|Dauhieu)\b", "", words)
    assert ENGLISH.search(words) is None, ENGLISH.search(words)
    assert "ui/site.css" in page


@pytest.mark.parametrize(
    "path", ["/account/signup/", "/account/email/", "/account/password/reset/", "/account/3rdparty/"]
)
def test_what_is_not_offered_is_not_there(path: str, signed_in: Callable[..., Client]) -> None:
    assert signed_in("leader").get(path).status_code == 404


TRY = """
import sys, django
django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
for word in sys.argv[1:]:
    answer = Client().post("/account/login/", {"login": "an", "password": word})
print(answer.status_code, answer.headers.get("Location", ""))
"""


@pytest.mark.slow
def test_tries_are_counted_over_all_workers(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DAUHIEU_DATABASE"}
    environment |= {"DAUHIEU_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "dauhieu.web.settings"}

    def run(*words: str) -> str:
        return subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout.strip()

    make = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from dauhieu.web.accounts.models import User\n"
        "call_command('migrate', verbosity=0); call_command('createcachetable')\n"
        f"User.objects.create_user(username='an', password='{PASSWORD}')"
    )
    run(sys.executable, "-c", make)
    for _ in range(2):
        run(sys.executable, "-c", TRY, "sai", "sai", "sai")
    assert not run(sys.executable, "-c", TRY, PASSWORD).startswith("302")
