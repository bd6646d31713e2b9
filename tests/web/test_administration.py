"""Accounts are made, given roles and shut within the reach of an administrator, never by somebody for himself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from dauhieu.web.accounts.actions import confirm_role, give_role
from dauhieu.web.accounts.models import RoleGrant, User
from dauhieu.web.accounts.permissions import PERMISSION_TITLES, Permission
from dauhieu.web.accounts.queries import permissions_of
from dauhieu.web.accounts.roles import ROLES
from dauhieu.web.accounts.scope import system_scope
from dauhieu.web.administration import actions
from dauhieu.web.administration.accounts import account as seen
from dauhieu.web.administration.territories import territories
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from tests.web.conftest import NORTH_OFFICE, PASSWORD, SOUTH_OFFICE, Account

Browser = Callable[..., Client]


DAY = date(2025, 7, 1)


def role(territory: str = "nation:", **more: str) -> dict[str, str]:
    day = str(timezone.localdate())
    return {"deed": "appoint", "role": "inspector", "territory": territory, "branch": "", "valid_from": day} | more


def page(user: User) -> str:
    return f"/administration/accounts/{user.pk}"


def acts(user: User) -> list[str]:
    return list(Entry.objects.filter(subject=f"account:{user.username}").values_list("act", flat=True))


def test_an_account_is_made_and_its_person_chooses_the_password(signed_in: Browser) -> None:
    words = {"username": "Tran.Binh", "full_name": "Trần Bình", "email": ""}
    told = signed_in("administrator").post("/administration/new", words).content.decode()
    user = User.objects.get(username="tran.binh")
    assert not user.has_usable_password()
    link = re.search(r"http://testserver(/account/password/reset/key/[^<]+)", told)
    assert link is not None
    guest = Client()
    form = guest.get(link.group(1), follow=True)
    set_at = form.redirect_chain[-1][0]
    assert guest.post(set_at, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert Client().post("/account/login/", {"login": "tran.binh", "password": PASSWORD}).status_code == 302
    again = Client().get(link.group(1), follow=True)
    assert "password1" not in again.content.decode()
    assert acts(user) == [Act.INVITED, Act.ACCOUNT_MADE]


def test_a_link_is_not_kept_anywhere(signed_in: Browser) -> None:
    words = {"username": "tran.binh", "full_name": "Trần Bình", "email": ""}
    told = signed_in("administrator").post("/administration/new", words).content.decode()
    key = re.search(r"/reset/key/\w+-([^/]+)/", told)
    assert key is not None
    assert all(key.group(1) not in f"{entry.details}{entry.subject}" for entry in Entry.objects.all())


@pytest.mark.parametrize("name", ["user0", "USER0", "có dấu cách", ""])
def test_a_name_which_is_taken_or_no_name_is_refused(name: str, signed_in: Browser) -> None:
    browser = signed_in("administrator", name="user0")
    answer = browser.post("/administration/new", {"username": name, "full_name": "A", "email": ""})
    assert "errorlist" in answer.content.decode()
    assert User.objects.count() == 1


def test_a_role_is_given_and_ended_at_once(signed_in: Browser, account: Account) -> None:
    browser, user = signed_in("administrator"), account(None, name="binh")
    theirs = Client()
    theirs.force_login(user)
    assert theirs.get("/units").status_code == 403
    browser.post(page(user), role("province:01", branch="social"))
    assert theirs.get("/units").status_code == 200
    browser.post(page(user), {"deed": "dismiss", "grant": str(user.grants.get().pk)})
    assert theirs.get("/units").status_code == 403
    assert acts(user) == [Act.ROLE_ENDED, Act.ROLE_GIVEN]


@pytest.mark.parametrize("deed", ["appoint", "dismiss", "invite", "disable", "forget_factors", "end_sessions"])
def test_nobody_changes_himself(deed: str, signed_in: Browser) -> None:
    signed_in("administrator", name="other")
    browser = signed_in("administrator", name="an")
    me = User.objects.get(username="an")
    before = list(me.grants.values())
    browser.post(page(me), role() | {"deed": deed, "grant": str(me.grants.get().pk)})
    me.refresh_from_db()
    assert list(me.grants.values()) == before
    assert me.is_active


def test_nobody_gives_himself_a_role_by_any_way(account: Account) -> None:
    user = account("administrator", name="an")
    with pytest.raises(ValidationError):
        give_role(user=user, role="inspector", territory_kind="nation", valid_from=date(2026, 1, 1), by="an")


@pytest.mark.parametrize(
    ("territory", "given"),
    [
        ("nation:", False),
        ("province:79", False),
        ("former_province:79", False),
        (f"office:{SOUTH_OFFICE}", False),
        ("province:01", True),
        (f"office:{NORTH_OFFICE}", True),
    ],
)
def test_roles_are_given_within_the_own_reach(
    territory: str, given: bool, signed_in: Browser, account: Account
) -> None:
    browser, user = signed_in("administrator", "province", "01"), account(None, name="binh")
    browser.post(page(user), role(territory))
    assert RoleGrant.objects.filter(user=user).exists() == given


WIDE = [("inspector", "nation:"), ("administrator", "province:01"), ("auditor", "province:01")]
WIDE += [("data_protection", "province:01"), ("sign_approver", "province:01")]


@pytest.mark.parametrize(("name", "territory"), WIDE)
def test_a_wide_role_holds_only_when_another_administrator_has_confirmed_it(
    name: str, territory: str, signed_in: Browser, account: Account
) -> None:
    first, second, user = signed_in("administrator", name="an"), signed_in("administrator", name="hai"), account(None)
    told = first.post(page(user), role(territory, role=name), follow=True).content.decode()
    assert "chờ quản trị viên thứ hai" in told
    assert 'value="confirm"' not in told
    grant = user.grants.get()
    assert permissions_of(user) == frozenset()
    first.post(page(user), {"deed": "confirm", "grant": str(grant.pk)})
    assert permissions_of(user) == frozenset()
    assert "Vai trò đang chờ quản trị viên thứ hai" in second.get("/administration").content.decode()
    assert 'value="confirm"' in second.get(page(user)).content.decode()
    second.post(page(user), {"deed": "confirm", "grant": str(grant.pk)})
    assert permissions_of(user) == ROLES[name].permissions
    assert [entry.actor for entry in Entry.objects.filter(act=Act.ROLE_CONFIRMED)] == ["hai"]
    assert acts(user)[:2] == [Act.ROLE_CONFIRMED, Act.ROLE_GIVEN]


@pytest.mark.parametrize("deed", ["invite", "forget_factors", "enable"])
def test_who_renews_the_way_in_of_an_account_does_not_get_its_wide_roles(
    deed: str, signed_in: Browser, account: Account
) -> None:
    first, third = signed_in("administrator", name="an"), signed_in("administrator", name="ba")
    second, user = account("administrator", name="hai"), account(None)
    give_role(user=second, role="inspector", territory_kind="province", territory_code="01", valid_from=DAY, by="test")
    told = first.post(page(second), {"deed": deed}, follow=True).content.decode()
    assert permissions_of(second) == ROLES["inspector"].permissions
    assert Act.ROLE_WAITS in acts(second)
    # Signed in as the other, he confirms nothing of his own, and does not have the role confirmed by himself.
    first.post(page(user), role())
    taken = Client()
    taken.force_login(second)
    assert taken.post(page(user), {"deed": "confirm", "grant": str(user.grants.get().pk)}).status_code == 403
    grant = second.grants.get(role="administrator")
    first.post(page(second), {"deed": "confirm", "grant": str(grant.pk)})
    assert Permission.MANAGE_ACCOUNTS not in permissions_of(second)
    third.post(page(second), {"deed": "confirm", "grant": str(grant.pk)})
    assert Permission.MANAGE_ACCOUNTS in permissions_of(second)
    assert "/reset/key/" in told or deed != "invite"


def test_whoever_let_an_account_in_is_not_confirmed_by_it_nor_confirms_what_it_gives(
    signed_in: Browser, account: Account
) -> None:
    first, theirs = signed_in("administrator", name="an"), signed_in("administrator", name="binh")
    third, user = signed_in("administrator", name="ba"), account(None)
    actions.invite(user=User.objects.get(username="binh"), by="an")
    for giver, other in ((first, theirs), (theirs, first)):
        giver.post(page(user), role())
        grant = user.grants.get(waits=True)
        told = other.post(page(user), {"deed": "confirm", "grant": str(grant.pk)}, follow=True).content.decode()
        assert "quản trị viên khác" in told
        assert permissions_of(user) == frozenset()
        user.grants.all().delete()
    third.post(page(user), role())
    first.post(page(user), {"deed": "confirm", "grant": str(user.grants.get().pk)})
    assert permissions_of(user) == ROLES["inspector"].permissions


def test_who_holds_the_link_of_an_account_does_not_confirm_its_role(signed_in: Browser, account: Account) -> None:
    first, second, user = signed_in("administrator", name="an"), signed_in("administrator", name="hai"), account(None)
    first.post(page(user), role())
    second.post(page(user), {"deed": "invite"})
    grant = user.grants.get()
    for browser in (first, second):
        browser.post(page(user), {"deed": "confirm", "grant": str(grant.pk)})
        assert permissions_of(user) == frozenset()


def test_nobody_confirms_his_own_role(signed_in: Browser, account: Account) -> None:
    browser, other = signed_in("administrator", "province", "01", name="an"), account("administrator", name="hai")
    me = User.objects.get(username="an")
    grant = give_role(
        user=me, role="auditor", territory_kind="nation", valid_from=date(2026, 1, 1), by=other.username, waits=True
    )
    assert browser.post(page(me), {"deed": "confirm", "grant": str(grant.pk)}).status_code == 403
    with pytest.raises(ValidationError):
        confirm_role(grant=grant, by="an")
    assert Permission.SEE_TRAIL not in permissions_of(me)


def test_who_could_not_give_a_role_does_not_confirm_it(signed_in: Browser, account: Account) -> None:
    first, user = signed_in("administrator", name="an"), account(None)
    first.post(page(user), role("nation:"))
    provincial, grant = signed_in("administrator", "province", "01"), user.grants.get()
    answer = provincial.post(page(user), {"deed": "confirm", "grant": str(grant.pk)})
    assert answer.status_code == 404
    grant.refresh_from_db()
    assert grant.waits


def test_a_role_which_waits_is_declined(signed_in: Browser, account: Account) -> None:
    first, second, user = signed_in("administrator", name="an"), signed_in("administrator", name="hai"), account(None)
    first.post(page(user), role("nation:"))
    grant = user.grants.get()
    second.post(page(user), {"deed": "dismiss", "grant": str(grant.pk)})
    second.post(page(user), {"deed": "confirm", "grant": str(grant.pk)})
    assert permissions_of(user) == frozenset()
    assert acts(user) == [Act.ROLE_ENDED, Act.ROLE_GIVEN]


def test_a_role_of_one_place_is_given_by_one(signed_in: Browser, account: Account) -> None:
    browser, user = signed_in("administrator"), account(None)
    browser.post(page(user), role("province:01"))
    assert permissions_of(user) == ROLES["inspector"].permissions


def test_one_branch_gives_no_roles_for_all(signed_in: Browser, account: Account) -> None:
    browser, user = signed_in("administrator", "province", "01", "health"), account(None, name="binh")
    assert browser.post(page(user), role("province:01")).status_code == 403
    browser.post(page(user), role("province:01", branch="health"))
    assert user.grants.get().branch == "health"


def test_who_works_elsewhere_or_above_is_not_there_or_not_to_be_changed(signed_in: Browser, account: Account) -> None:
    browser = signed_in("administrator", "province", "01")
    elsewhere, above = account("inspector", "province", "79", name="nam"), account("leader", name="lan")
    both = account("inspector", "province", "01", name="both")
    give_role(user=both, role="leader", territory_kind="nation", valid_from=date(2025, 7, 1), by="test")
    listed = browser.get("/administration").content.decode()
    assert "nam" not in re.findall(r"<small>([\w.]+)</small>", listed)
    assert "both" in listed
    assert [browser.get(page(user)).status_code for user in (elsewhere, above, both)] == [404, 404, 200]
    assert browser.post(page(both), {"deed": "disable"}).status_code == 403
    both.refresh_from_db()
    assert both.is_active


def test_a_shut_account_is_out_at_once(signed_in: Browser, account: Account) -> None:
    browser = signed_in("administrator")
    user = User.objects.create_user(username="binh", password=PASSWORD)
    give_role(user=user, role="leader", territory_kind="nation", valid_from=date(2025, 7, 1), by="test")
    theirs = Client()
    theirs.post("/account/login/", {"login": "binh", "password": PASSWORD})
    assert theirs.get("/units").status_code == 200
    browser.post(page(user), {"deed": "disable"})
    assert theirs.get("/units").status_code == 302
    assert not UserSession.objects.filter(user=user).exists()
    Client().post("/account/login/", {"login": "binh", "password": PASSWORD})
    assert not UserSession.objects.filter(user=user).exists()
    browser.post(page(user), {"deed": "enable"})
    assert Client().post("/account/login/", {"login": "binh", "password": PASSWORD}).headers["Location"] == "/start"
    assert acts(user)[:3] == [Act.ACCOUNT_ENABLED, Act.ROLE_WAITS, Act.ACCOUNT_DISABLED]


def test_lost_factors_are_forgotten_and_sessions_end(signed_in: Browser, account: Account) -> None:
    browser, user = signed_in("administrator"), account("leader", name="binh")
    Authenticator.objects.create(user=user, type="totp", data={})
    theirs = Client()
    theirs.force_login(user)
    theirs.get("/units")
    browser.post(page(user), {"deed": "forget_factors"})
    assert not Authenticator.objects.filter(user=user).exists()
    assert theirs.get("/units").status_code == 302


def test_the_last_administrator_stays(account: Account, site: Any) -> None:
    last = account("administrator", name="last")
    account("administrator", "province", "01", name="province")
    found = seen(last.pk, territories(system_scope("test"), None))
    assert found is not None
    with pytest.raises(ValidationError):
        actions.disable(account=found, by="test")
    with pytest.raises(ValidationError):
        actions.dismiss(account=found, grant=last.grants.get(), by="test")


def test_the_provinces_of_today_are_not_given_for_times_before(signed_in: Browser, account: Account) -> None:
    browser, user = signed_in("administrator"), account(None, name="binh")
    told = browser.post(page(user), role("province:01", valid_from="2025-06-30"), follow=True).content.decode()
    assert not user.grants.exists()
    assert "01/07/2025" in told
    browser.post(page(user), role("former_province:74", valid_from="2024-01-01"))
    assert user.grants.get().territory_code == "74"


def test_a_role_which_ends_before_it_begins_is_refused(signed_in: Browser, account: Account) -> None:
    browser, user = signed_in("administrator"), account(None, name="binh")
    assert "errorlist" in browser.post(page(user), role(valid_to="2020-01-01")).content.decode()
    assert not user.grants.exists()


def test_the_first_administrator_comes_from_the_command_line(site: Any) -> None:
    out = StringIO()
    call_command("administrator", "an", "Nguyễn Văn An", stdout=out)
    user = User.objects.get(username="an")
    assert user.grants.get().role == "administrator"
    assert Client().get(out.getvalue().split(": ")[1].strip(), follow=True).status_code == 200
    with pytest.raises(CommandError):
        call_command("administrator", "an", "Ai Khác")


def test_accounts_are_kept_without_a_store(signed_in: Browser, tmp_path: Any, settings: Any) -> None:
    browser = signed_in("administrator")
    settings.STORE_FOLDER = tmp_path / "none"
    assert browser.get("/administration").status_code == 200


def test_every_permission_has_a_name_and_belongs_to_a_role() -> None:
    assert set(PERMISSION_TITLES) == set(Permission)
    assert {permission for role in ROLES.values() for permission in role.permissions} == set(Permission)
