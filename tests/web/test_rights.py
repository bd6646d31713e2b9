"""Every address, for every role and territory: refused where nothing allows it, and never a row from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dauhieu.web.accounts.gate import OPEN, SIGNED_IN
from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.permissions import Permission
from dauhieu.web.accounts.roles import ROLES
from dauhieu.web.accounts.scope import system_scope
from dauhieu.web.editor.actions import ask_trial, begin_change
from dauhieu.web.editor.models import Draft
from dauhieu.web.identities.actions import handles_of
from dauhieu.web.radar.lake import lake
from dauhieu.web.scans import actions
from dauhieu.web.signs.shelf import catalogue
from tests.thin import OCTOBER
from tests.web.conftest import NORTH, NORTH_OFFICE, NORTHERNER, SOUTH

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "province": ("34", "01"),
    "unit": ("employer", NORTH),
    "sign": ("SI-EMP-05-S1",),
    "sign_findings": ("SI-EMP-05-S1",),
    "evidence": ("{finding}",),
    "export_findings": ("employer", NORTH),
    "export": ("{nobodys}",),
    "export_cancel": ("{nobodys}",),
    "export_file": ("{nobodys}",),
    "paper_province": ("34", "01"),
    "paper_unit": ("employer", NORTH),
    "workers": (NORTH,),
    "person": ("{person}",),
    "numbers": ("{person}",),
    "account": ("{account}",),
    "scan": ("{scan}",),
    "scan_order": ("{order}",),
    "scan_cancel": ("{order}",),
    "scan_retry": ("{order}",),
    "notice": ("0",),
    "warning": ("{key}",),
    "warning_rows": ("{finding}",),
    "warnings_drop_view": ("0",),
    "load": ("1",),
    "table": ("employer",),
    "sending": ("{nobodys}",),
    "sending_file": ("{nobodys}",),
    "draft_begin": ("SI-EMP-05-S1",),
    "sign_retire": ("SI-EMP-05-S1",),
    "draft": ("{draft}", "logic"),
    "draft_save": ("{draft}", "logic"),
    "draft_example": ("{draft}", "0"),
    "draft_example_save": ("{draft}", "0"),
    "draft_try": ("{draft}",),
    "draft_trial": ("{draft}", "{trial}"),
    "draft_trial_stop": ("{draft}", "{trial}"),
    "draft_submit": ("{draft}",),
    "draft_decide": ("{draft}",),
}
# Addresses which only take what is sent to them.
POSTS = {
    *("scan_start", "scan_plan", "scan_cancel", "scan_retry"),
    *("draft_begin", "draft_save", "draft_example_save", "draft_try", "draft_trial_stop"),
    *("draft_submit", "draft_decide"),
    *("warnings_decide", "warnings_undo", "warnings_save_view", "warnings_drop_view"),
}
# Addresses of one northern unit.
OF_THE_NORTH = ("unit", "workers", "evidence", "export_findings", "paper_unit", "warning", "warning_rows")
# territory, branch -> may see the northern unit, may see the southern one
TERRITORIES = {
    ("nation", "", ""): (True, True),
    ("province", "01", ""): (True, False),
    ("province", "79", ""): (False, True),
    ("former_province", "74", ""): (False, True),
    ("office", NORTH_OFFICE, ""): (True, False),
    ("nation", "", "health"): (False, False),
    ("province", "01", "social"): (True, False),
}


def own_patterns() -> Iterator[URLPattern]:
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern


def northern_finding() -> str:
    rows = lake().ask(system_scope("test"), f"SELECT finding_id FROM finding WHERE unit_code = '{NORTH}' ORDER BY 1")
    return str(rows[0]["finding_id"])


def northern_key() -> str:
    return f"{northern_finding()}:employer:{NORTH}"


def some_account() -> int:
    """The first there is: in the walk one with a role in the territory walked."""
    return User.objects.order_by("pk").values_list("pk", flat=True).first() or 0


def some_scan() -> str:
    return str(lake().reference("SELECT scan_id FROM stored_scan ORDER BY 1")[0]["scan_id"])


def some_order() -> str:
    return str(actions.order(as_of=OCTOBER, by="")[0].pk)


def northern_person() -> str:
    return handles_of([NORTHERNER])[NORTHERNER]


def some_draft() -> int:
    """A copy of a shipped sign, of somebody who is not in the walk."""
    found = Draft.objects.first()
    if found is None:
        national = system_scope("test")
        found = begin_change(sign=catalogue().signs["SI-EMP-05-S1"], scope=national, by="nobody")
    return int(found.pk)


def some_trial() -> int:
    draft = Draft.objects.get(pk=some_draft())
    asked = ask_trial(draft=draft, kind="dry_run", first=OCTOBER, last=OCTOBER, by="nobody")
    return int(asked.pk)


MADE: dict[str, Callable[[], object]] = {
    "{finding}": northern_finding,
    "{key}": northern_key,
    "{account}": some_account,
    "{scan}": some_scan,
    "{order}": some_order,
    "{nobodys}": uuid4,
    "{person}": northern_person,
    "{draft}": some_draft,
    "{trial}": some_trial,
}


def address(pattern: URLPattern) -> str:
    arguments = [MADE.get(one, lambda one=one: one)() for one in ARGUMENTS.get(pattern.name or "", ())]
    return reverse(pattern.name, args=arguments)


def test_every_view_says_whom_it_lets_in() -> None:
    for pattern in own_patterns():
        assert getattr(pattern.callback, "access", None) in (OPEN, SIGNED_IN, *Permission), pattern.name


def test_the_only_guest_among_addresses_guards_itself() -> None:
    resolvers = [str(one.pattern) for one in get_resolver().url_patterns if isinstance(one, URLResolver)]
    assert resolvers == ["account/"]


def test_a_stranger_is_asked_to_sign_in(site: Any) -> None:
    for pattern in own_patterns():
        if pattern.callback.access == OPEN:
            continue
        answer = Client().get(address(pattern))
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/account/login/"), pattern.name


# The nation and a branch of a province always; every territory with the long tests.
ALWAYS = (("nation", "", ""), ("province", "01", "social"))


@pytest.mark.parametrize(
    "territory",
    [pytest.param(one, marks=() if one in ALWAYS else pytest.mark.long) for one in TERRITORIES],
    ids=lambda one: "-".join(filter(None, one)),
)
def test_each_role_sees_what_it_may_where_it_may(
    territory: tuple[str, str, str], signed_in: Callable[..., Client]
) -> None:
    sees_north, sees_south = TERRITORIES[territory]
    browsers = {role.name: signed_in(role.name, *territory) for role in ROLES.values()}
    guarded = [(one, address(one)) for one in own_patterns() if one.callback.access not in (OPEN, SIGNED_IN)]
    for role, (pattern, path) in product(ROLES.values(), guarded):
        access = pattern.callback.access
        answer = browsers[role.name].get(path)
        where = f"{role.name} {territory} {pattern.name}"
        page = answer.content.decode(errors="replace")
        if access not in role.permissions:
            assert answer.status_code == 403, where
            if pattern.name in POSTS:
                assert browsers[role.name].post(path).status_code == 403, where
        elif pattern.name in POSTS:
            assert answer.status_code == 405, where
        elif pattern.name in OF_THE_NORTH:
            assert answer.status_code == (200 if sees_north else 404), where
        elif pattern.name in ("sending", "sending_file"):
            assert answer.status_code == 404, where
        elif pattern.name in ("person", "numbers"):
            # Of a person the place counts; the branch says what of him is shown.
            inside = sees_north or territory[0] == "nation"
            assert answer.status_code == (200 if inside else 404), where
        elif pattern.name in ("province", "paper_province") and "01" not in territory and territory[0] != "nation":
            assert answer.status_code in (200, 404), where
        else:
            assert answer.status_code == 200, where
        assert SOUTH not in page or sees_south, where
        assert "Công ty Đường Sắt" not in page or sees_north, where


def test_the_walk_meets_the_units_it_looks_for(signed_in: Callable[..., Client]) -> None:
    page = signed_in("inspector").get("/units").content.decode()
    assert NORTH in page
    assert SOUTH in page


@pytest.mark.parametrize("query", ["q=SAIGON", "q=may+mac", "order=recoverable", "page=2", "provinces=63", "place=79"])
def test_no_filter_or_order_reaches_over_the_border(query: str, signed_in: Callable[..., Client]) -> None:
    page = signed_in("inspector", "province", "01").get(f"/units?{query}").content.decode()
    assert SOUTH not in page
    assert "May Mặc" not in page


def test_a_role_ends_with_its_last_day(site: Any, account: Any) -> None:
    user = account("inspector")
    client = Client()
    client.force_login(user)
    assert client.get("/units").status_code == 200
    user.grants.update(valid_from="2020-01-01", valid_to="2020-12-31")
    assert client.get("/units").status_code == 403
