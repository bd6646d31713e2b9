"""The catalogue and the page of a sign: found by any of its words, shown in full."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client

from dauhieu.web.signs import queries
from tests.web.conftest import NORTH, SOUTH

SIGN = "SI-EMP-05-S1"


def ids(query: str) -> set[str]:
    return {row.sign.id for row in queries.signs(queries.asked(QueryDict(query)))}


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("branch=health", "branch", "health"),
        ("subject=facility", "subject", "facility"),
        ("severity=5", "severity", 5),
        ("status=test", "status", "test"),
        ("violation=SI-EMP-05", "violation", "SI-EMP-05"),
    ],
)
def test_each_filter_keeps_what_it_says_and_no_other(site: None, query: str, name: str, value: object) -> None:
    rows = queries.signs(queries.asked(QueryDict(query)))
    assert {getattr(row.sign, name) for row in rows} == {value}
    assert 0 < len(rows) < len(ids(""))


def test_a_sign_is_found_by_words_of_its_law_and_explanations_without_accents(site: None) -> None:
    sign = queries.catalogue().signs["SI-BEN-02-S2"]
    assert sign.id in ids("q=xuat canh vung bien")
    assert sign.id in ids("q=ĐIỀU 42 ra nước ngoài")
    assert sign.id not in ids("q=xuat canh zzz")


def test_a_page_cites_the_law_in_the_language_of_the_page(signed_in: Callable[..., Client]) -> None:
    client = signed_in("inspector")
    page = client.get("/signs/SI-BEN-02-S2").content.decode()
    assert "khoản 3 Điều 47, Luật Bảo hiểm xã hội 41/2024/QH15" in page
    assert "Art. 42" not in page
    client.cookies["django_language"] = "en"
    assert "SI Law 41/2024/QH15, Art. 42, 47(3)" in client.get("/signs/SI-BEN-02-S2").content.decode()


def test_a_page_shows_examples_thresholds_and_values_of_law(signed_in: Callable[..., Client]) -> None:
    page = signed_in("inspector").get(f"/signs/{SIGN}").content.decode()
    sign = queries.catalogue().signs[SIGN]
    shown = queries.sign(SIGN)
    assert shown is not None
    assert shown.examples
    assert shown.law
    assert all(one.title in page for one in shown.examples if "'" not in one.title and '"' not in one.title)
    assert all(name in page for name in sign.tuning)
    assert all(f"<code>{one.name}</code>" in page for one in shown.law)


def test_findings_of_a_sign_are_those_in_scope(signed_in: Callable[..., Client]) -> None:
    everywhere = signed_in("inspector").get(f"/signs/{SIGN}/findings").content.decode()
    assert NORTH in everywhere
    assert SOUTH in everywhere
    north = signed_in("inspector", "province", "01").get(f"/signs/{SIGN}/findings").content.decode()
    assert NORTH in north
    assert SOUTH not in north
    assert NORTH in signed_in("inspector").get(f"/signs/{SIGN}/findings?month=2026-09").content.decode()


def test_a_sign_which_is_not_there_is_not_found(signed_in: Callable[..., Client]) -> None:
    client = signed_in("inspector")
    assert client.get("/signs/SI-EMP-05-S99").status_code == 404
    assert client.get("/signs/SI-EMP-05-S99/findings").status_code == 404
