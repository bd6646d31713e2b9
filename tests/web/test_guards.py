"""What stands between the site and harm besides rights: methods, cookies, sessions, passwords, logs, redirects."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.socialaccount.adapter import get_adapter
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import path

from dauhieu.web.accounts.gate import open_to_all
from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.sessions import BEGUN, SEEN
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.ui.logs import Line
from dauhieu.web.urls import urlpatterns as site_patterns
from tests.web.conftest import PASSWORD
from tests.web.test_settings import PRODUCTION

Browser = Callable[..., Client]
ROOT = Path(__file__).parent.parent.parent
SECRET = "001085000017"


@pytest.fixture
def limits(site: Any) -> None:
    """The table in which tries are counted."""
    call_command("createcachetable", verbosity=0)


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT"])
def test_no_other_method_is_answered(signed_in: Browser, method: str) -> None:
    assert signed_in("leader").generic(method, "/").status_code == 405


@pytest.mark.parametrize(
    "address", ["/.git/config", "/static/", "/static/../settings.py", "/deploy/site.env", "/media/"]
)
def test_nothing_but_pages_and_their_files_is_served(site: Any, address: str) -> None:
    assert Client().get(address).status_code == 404


def test_a_letter_which_no_database_takes_is_refused(signed_in: Browser) -> None:
    client = signed_in("auditor")
    assert client.get("/trail", {"actor": "a\0b"}).status_code == 400
    assert client.get("/signs/a%00b").status_code == 400
    assert client.post("/trail/readers", {"subject": "\0"}).status_code == 400


def test_a_deed_is_not_done_by_following_a_link(signed_in: Browser) -> None:
    client = signed_in("inspector")
    assert [client.get(f"/warnings/{name}").status_code for name in ("decide", "undo", "views")] == [405] * 3


def test_what_the_browser_runs_is_ours_alone(site: Any) -> None:
    policy = Client().get("/account/login/").headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy)


def test_a_page_says_what_it_is_and_in_which_letters(signed_in: Browser) -> None:
    answer = signed_in("leader").get("/")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_other_site_may_read(signed_in: Browser) -> None:
    answer = signed_in("leader").get("/", headers={"Origin": "https://elsewhere.example"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_text_which_is_a_script_stays_text(signed_in: Browser) -> None:
    page = signed_in("leader").get("/units", {"q": "<script>alert(1)</script>\"'"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;" in page


@pytest.mark.slow
def test_cookies_of_production_are_bound_to_the_host() -> None:
    asked = (
        "import json; from django.conf import settings as s; "
        "print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        " s.LANGUAGE_COOKIE_NAME, s.THEME_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
        " s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_SSL_REDIRECT,"
        " s.ALLAUTH_TRUSTED_PROXY_COUNT]))"
    )
    environment = os.environ | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "dauhieu.web.settings"}
    told = subprocess.run([sys.executable, "-c", asked], env=environment, check=True, capture_output=True, text=True)
    *rest, hsts, subdomains, redirect, proxies = json.loads(told.stdout)
    assert all(str(name).startswith("__Host-") for name in rest[:4])
    assert rest[4:] == [True, True, True]
    assert (hsts >= 365 * 24 * 3600, subdomains, redirect, proxies) == (True, True, True, 1)


def test_a_chosen_look_is_kept_in_a_cookie_of_its_own_host(site: Any) -> None:
    site.THEME_COOKIE_NAME = "__Host-theme"
    client = Client()
    cookie = client.post("/look", {"theme": "dark"}, secure=True).cookies["__Host-theme"]
    assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["samesite"]) == (True, "/", "", "Lax")
    assert 'data-theme="dark"' in client.get("/account/login/", secure=True).content.decode()


def test_components_are_for_who_builds_the_site(signed_in: Browser, settings: Any) -> None:
    client = signed_in("leader")
    assert client.get("/components").status_code == 200
    settings.PRODUCTION = True
    assert client.get("/components").status_code == 404


@pytest.mark.parametrize(("name", "after"), [(SEEN, "SESSION_IDLE"), (BEGUN, "SESSION_COOKIE_AGE")])
def test_a_session_ends_by_time(signed_in: Browser, settings: Any, name: str, after: str) -> None:
    client = signed_in("leader", name="lan")
    assert client.get("/").status_code == 200
    _set_back(client, name, getattr(settings, after) - 30)
    assert client.get("/").status_code == 200
    _set_back(client, name, getattr(settings, after) + 30)
    assert client.get("/").headers["Location"].startswith("/account/login/")
    assert client.get("/").status_code == 302
    assert Entry.objects.get(act=Act.SIGNED_OUT).actor == "lan"


def _set_back(client: Client, name: str, seconds: int) -> None:
    session = client.session
    session[name] = int(time.time()) - seconds
    session.save()


def test_asking_keeps_a_session_without_writing_it_each_time(signed_in: Browser) -> None:
    client = signed_in("leader")
    client.get("/notices")
    _set_back(client, SEEN, 61)
    client.get("/notices")
    seen = client.session[SEEN]
    assert time.time() - seen < 30
    client.get("/notices")
    assert client.session[SEEN] == seen


@pytest.mark.parametrize(
    "weak", ["BaoHiemXaHoi2026", "bảo hiểm xã hội 1", "dauhieu-dauhieu!", "thanhtra.hanoi.26", "matkhau@BHXH2026"]
)
def test_a_password_of_words_of_the_agency_is_refused(weak: str) -> None:
    with pytest.raises(ValidationError, match="cơ quan"):
        validate_password(weak)


@pytest.mark.parametrize(
    "good", ["gà gáy Hà Nội lúc 5 giờ", "correct horse battery", "ễễễễễễễễễễễễ", "x" * 10 + "y" * 90]
)
def test_any_letters_and_any_length_make_a_password(good: str) -> None:
    validate_password(good)


def test_password_fields_are_masked_and_leave_managers_alone(site: Any) -> None:
    page = Client().get("/account/login/").content.decode()
    (field,) = re.findall(r'<input[^>]*name="password"[^>]*>', page)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page


def test_a_password_is_changed_by_who_knows_it(limits: None) -> None:
    user = User.objects.create_user(username="an", password=PASSWORD)
    client = Client()
    client.force_login(user)
    new = "một mật khẩu khác hẳn 2026"
    for old, changed in (("sai mật khẩu", False), (PASSWORD, True)):
        client.post("/account/password/change/", {"oldpassword": old, "password1": new, "password2": new})
        user.refresh_from_db()
        assert user.check_password(new) is changed


def test_an_error_is_logged_without_anybodys_data(site: Any, caplog: Any, settings: Any) -> None:
    class _Urls:
        @staticmethod
        def fail(request: HttpRequest) -> None:
            raise ValueError(f"no place for {SECRET}\nERROR forged line")

    settings.ROOT_URLCONF = _Urls
    _Urls.urlpatterns = [
        path("fail/<str:what>", open_to_all(lambda request, what: _Urls.fail(request))),
        *site_patterns,
    ]
    client = Client(raise_request_exception=False)
    answer = client.get(f"/fail/{SECRET}")
    assert answer.status_code == 500
    assert SECRET not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
    (record,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    line = Line().format(record)
    told = json.loads(line)
    assert "\n" not in line
    assert SECRET not in line
    assert "forged" not in line
    assert (told["level"], told["error"], told["route"], told["status"]) == (
        "error",
        "ValueError",
        "fail/<str:what>",
        500,
    )
    assert told["at"].endswith("+00:00")
    assert any("test_guards.py" in frame for frame in told["through"])


def test_our_own_lines_are_told_whole() -> None:
    record = logging.LogRecord("dauhieu.web.jobs", logging.ERROR, __file__, 1, "The watch %s failed", ("x",), None)
    assert json.loads(Line().format(record))["what"] == "The watch x failed"


def test_an_error_which_others_log_keeps_its_words() -> None:
    record = logging.LogRecord("django", logging.ERROR, __file__, 1, ValueError(SECRET), None, None)
    line = Line().format(record)
    assert SECRET not in line
    assert json.loads(line)["what"] == "ValueError"


def test_the_provider_leads_us_nowhere_else(site: Any) -> None:
    assert get_adapter().get_requests_session().max_redirects == 0


def test_the_proxy_speaks_modern_tls_and_says_itself_who_asks() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in text
    (ciphers,) = [line.split()[1] for line in text.splitlines() if line.strip().startswith("ssl_ciphers")]
    for name in ciphers.rstrip(";").split(":"):
        assert name.startswith("ECDHE-")
        assert "GCM" in name or "CHACHA20" in name
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "return 301 https://" in text


def test_clients_are_told_apart_behind_the_proxy(site: Any, rf: Any) -> None:
    from allauth.account.adapter import get_adapter as accounts

    site.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    asked = rf.get("/", headers={"X-Forwarded-For": "203.0.113.7"}, REMOTE_ADDR="127.0.0.1")
    assert accounts().get_client_ip(asked) == "203.0.113.7"
    # What a browser adds itself stands before what the proxy saw.
    forged = rf.get("/", headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.7"}, REMOTE_ADDR="127.0.0.1")
    assert accounts().get_client_ip(forged) == "203.0.113.7"
