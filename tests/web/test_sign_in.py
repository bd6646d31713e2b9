"""Signing in: what is asked, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import path

from dauhieu.web.accounts.models import User
from dauhieu.web.urls import urlpatterns as site_patterns
from tests.web.conftest import PASSWORD


@pytest.fixture
def limits(site: Any) -> None:
    """The table in which tries are counted over all workers."""
    call_command("createcachetable", verbosity=0)


def test_passwords_are_kept_by_argon2(db: None) -> None:
    assert User.objects.create_user(username="an", password=PASSWORD).password.startswith("argon2")


@pytest.mark.parametrize("weak", ["ngắn quá", "password1234", "nguyenvanan12"])
def test_a_weak_password_is_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak, User(username="nguyenvanan1", full_name="Nguyễn Văn An"))


def test_nobody_signs_up(site: Any) -> None:
    words = {"username": "moi", "password1": PASSWORD, "password2": PASSWORD}
    assert Client().post("/account/signup/", words).status_code == 404
    assert not User.objects.filter(username="moi").exists()


def test_after_bad_tries_the_right_password_is_refused_too(limits: None) -> None:
    User.objects.create_user(username="an", password=PASSWORD)
    for _ in range(6):
        Client().post("/account/login/", {"login": "an", "password": "sai mật khẩu"})
    answer = Client().post("/account/login/", {"login": "an", "password": PASSWORD})
    assert answer.status_code != 302


def test_without_a_second_factor_only_the_way_to_it_is_open(signed_in: Callable[..., Client], settings: Any) -> None:
    settings.SECOND_FACTOR = True
    client = signed_in("leader")
    assert client.get("/units").headers["Location"] == "/account/2fa/"
    assert client.get("/account/2fa/").status_code == 200


def test_the_demo_has_no_accounts_in_production(site: Any) -> None:
    site.PRODUCTION = True
    with pytest.raises(Exception, match="demo alone"):
        call_command("demo_accounts")
    assert not User.objects.exists()


def _says_nothing(request: HttpRequest) -> None:
    raise AssertionError("a view which names nobody was called")


urlpatterns = [*site_patterns, path("unnamed", _says_nothing)]


@pytest.mark.urls(__name__)
def test_a_view_which_names_nobody_lets_nobody_in(signed_in: Callable[..., Client]) -> None:
    assert signed_in("administrator").get("/unnamed").status_code == 403
