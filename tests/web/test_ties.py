"""Employers which share something are shown side by side, as far as the scope goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dauhieu.web.accounts.scope import Reach, Scope, TerritoryKind, system_scope
from dauhieu.web.radar import ties as module
from dauhieu.web.radar.lake import lake
from dauhieu.web.radar.ties import Ties, ties_of
from tests.thin import OCTOBER
from tests.web.conftest import NORTH, SOUTH

SCOPE = system_scope("test")
GONE = "GONE-0003"


def ties(code: str = NORTH, scope: Scope = SCOPE) -> Ties | None:
    found = lake()
    number = found.reference(f"SELECT id FROM stored_key_employer WHERE code = '{code}'")[0]["id"]
    return ties_of(found, scope, OCTOBER, number)


def shown(found: Ties | None) -> dict[str, tuple[str, ...]]:
    assert found is not None
    return {row.code: row.shares for row in found.rows}


def test_units_which_share_an_account_or_a_representative_are_named(site: Any) -> None:
    assert shown(ties()) == {GONE: ("người đại diện theo pháp luật",), SOUTH: ("tài khoản ngân hàng",)}
    assert shown(ties(SOUTH)) == {NORTH: ("tài khoản ngân hàng",)}


def test_a_unit_outside_the_scope_is_not_named(site: Any) -> None:
    north = Scope(frozenset({Reach(TerritoryKind.PROVINCE, "01")}), "test")
    assert set(shown(ties(scope=north))) == {GONE}
    south = Scope(frozenset({Reach(TerritoryKind.PROVINCE, "79")}), "test")
    assert ties(SOUTH, south) is None


def test_what_very_many_share_says_nothing(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SHARERS", 1)
    assert ties() is None


def test_every_unit_drawn_lies_inside_the_picture(site: Any) -> None:
    found = ties()
    assert found is not None
    assert [node.tied.code for node in found.nodes] == [row.code for row in found.rows]
    assert all(0 < node.x < found.width and 0 < node.y < found.height for node in found.nodes)
    assert len({node.y for node in found.nodes}) == len(found.nodes)


def test_the_page_links_to_those_on_which_something_was_found(signed_in: Callable[..., Client]) -> None:
    page = signed_in("leader").get(f"/units/employer/{NORTH}").content.decode()
    part = page[page.index('id="ties"') : page.index('id="findings"')]
    assert f'href="/units/employer/{SOUTH}"' in part
    assert 'class="ties"' in part
