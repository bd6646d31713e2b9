"""A person is found by number, seen for a purpose, masked, and only in the scope; the trail hears of all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from dauhieu.web.accounts.scope import Reach, Scope, ScopeError, TerritoryKind, system_scope
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.identities.actions import handles_of
from dauhieu.web.persons import purpose as purposes
from dauhieu.web.persons import views
from dauhieu.web.persons.ribbon import State, ribbon
from dauhieu.web.radar.dossiers import finding_sentence
from dauhieu.web.radar.lake import lake
from dauhieu.web.radar.months import months_until
from dauhieu.web.radar.names import short_name
from dauhieu.web.signs.shelf import sign as find_sign
from tests.thin import OCTOBER
from tests.web.conftest import NATIONAL_NUMBER, NORTH, NORTH_OFFICE, NORTHERNER, SOUTHERNER

CASE = "12/QĐ-BHXH"
WHY = "Đối chiếu hồ sơ ốm đau"
SCOPE = system_scope("test")


def handle(number: str = NORTHERNER) -> str:
    return handles_of([number])[number]


def opened(client: Client, number: str = NORTHERNER) -> str:
    """The page of a person after a purpose has been given."""
    answer = client.post(f"/persons/{handle(number)}", {"case": CASE}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def acts(act: Act) -> list[Entry]:
    return list(Entry.objects.filter(act=act).order_by("number"))


@pytest.mark.parametrize("number", [NORTHERNER, NATIONAL_NUMBER, f" {NATIONAL_NUMBER[:3]} {NATIONAL_NUMBER[3:]} "])
def test_any_number_of_a_person_leads_to_the_page(signed_in: Callable[..., Client], number: str) -> None:
    answer = signed_in("inspector").post("/persons", {"number": number})
    assert answer.headers["Location"] == f"/persons/{handle()}"
    assert acts(Act.PERSON_SOUGHT)[0].subject == f"person:{handle()}"


def test_no_address_and_no_entry_of_the_trail_names_a_number(signed_in: Callable[..., Client]) -> None:
    client = signed_in("inspector")
    address = client.post("/persons", {"number": NATIONAL_NUMBER}).headers["Location"]
    client.post(address, {"reason": WHY})
    client.get(address)
    assert NATIONAL_NUMBER not in address
    for entry in Entry.objects.all():
        assert NATIONAL_NUMBER not in f"{entry.subject} {entry.purpose} {entry.details}"


@pytest.mark.parametrize("number", ["999999999999", "079190000022"])
def test_who_is_unknown_and_who_is_elsewhere_look_the_same(signed_in: Callable[..., Client], number: str) -> None:
    answer = signed_in("inspector", "office", NORTH_OFFICE).post("/persons", {"number": number})
    assert answer.status_code == 200
    assert "Không có người tham gia nào mang số này" in answer.content.decode()
    assert acts(Act.PERSON_SOUGHT)[0].details == '{"found":false}'


def test_a_try_at_somebody_elsewhere_is_told_of_that_person(signed_in: Callable[..., Client]) -> None:
    signed_in("inspector", "office", NORTH_OFFICE).post("/persons", {"number": "079190000022"})
    assert acts(Act.PERSON_SOUGHT)[0].subject == f"person:{handle(SOUTHERNER)}"


def test_searching_very_often_comes_to_an_end(signed_in: Callable[..., Client], monkeypatch: Any) -> None:
    monkeypatch.setattr(views, "MOST_SEARCHES", 2)
    client = signed_in("inspector")
    answers = [client.post("/persons", {"number": f"{one}"}).status_code for one in range(3)]
    assert answers == [200, 200, 429]


def test_a_page_asks_for_a_purpose_first(signed_in: Callable[..., Client]) -> None:
    page = signed_in("inspector").get(f"/persons/{handle()}").content.decode()
    assert "nhằm mục đích gì" in page
    assert "Nguyễn Văn An" not in page
    assert not acts(Act.PERSON_READ)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"reason": "xem"},
        {"reason": f"Xem hồ sơ {NATIONAL_NUMBER}"},
        {"case": "001 085 000 017"},
        {"case": "x" * 500},
    ],
)
def test_a_purpose_which_says_nothing_or_names_a_number_does_not_do(
    signed_in: Callable[..., Client], given: dict[str, str]
) -> None:
    page = signed_in("inspector").post(f"/persons/{handle()}", given, follow=True).content.decode()
    assert 'role="alert"' in page
    assert "Nguyễn Văn An" not in page
    assert not acts(Act.PERSON_PURPOSE)


def test_a_purpose_opens_one_person_and_is_kept_in_the_trail(signed_in: Callable[..., Client]) -> None:
    client = signed_in("inspector", name="lan")
    page = opened(client)
    assert "Nguyễn Văn An" in page
    assert [(one.actor, one.purpose) for one in acts(Act.PERSON_PURPOSE) + acts(Act.PERSON_READ)] == [("lan", CASE)] * 2
    assert "nhằm mục đích gì" in client.get(f"/persons/{handle(SOUTHERNER)}").content.decode()


def test_a_purpose_ends_with_its_time(signed_in: Callable[..., Client], monkeypatch: Any) -> None:
    client = signed_in("inspector")
    opened(client)
    later = timezone.now() + purposes.PURPOSE_LASTS
    monkeypatch.setattr(purposes.timezone, "now", lambda: later)
    assert "nhằm mục đích gì" in client.get(f"/persons/{handle()}").content.decode()


def test_numbers_are_masked_until_somebody_says_why_they_are_needed(signed_in: Callable[..., Client]) -> None:
    client = signed_in("inspector", name="lan")
    page = opened(client)
    assert "•••017" in page
    assert NATIONAL_NUMBER not in page
    assert "15/06/1985" not in page
    assert "Số 1 phố Bắc" not in page
    page = client.post(f"/persons/{handle()}/numbers", {"reason": WHY}, follow=True).content.decode()
    assert NATIONAL_NUMBER in page
    assert "15/06/1985" in page
    assert "Số 1 phố Bắc" in page
    assert [(one.actor, one.subject, one.purpose) for one in acts(Act.PERSON_UNMASKED)] == [
        ("lan", f"person:{handle()}", WHY)
    ]


def test_numbers_are_masked_again_after_a_while(signed_in: Callable[..., Client], monkeypatch: Any) -> None:
    client = signed_in("inspector")
    opened(client)
    client.post(f"/persons/{handle()}/numbers", {"reason": WHY})
    later = timezone.now() + purposes.NUMBERS_LAST + timedelta(seconds=1)
    monkeypatch.setattr(purposes.timezone, "now", lambda: later)
    page = client.get(f"/persons/{handle()}").content.decode()
    assert "Nguyễn Văn An" in page
    assert NATIONAL_NUMBER not in page


def test_numbers_are_not_shown_without_a_reason_or_a_purpose(signed_in: Callable[..., Client]) -> None:
    client = signed_in("inspector")
    client.post(f"/persons/{handle()}/numbers", {"reason": WHY})
    opened(client)
    client.post(f"/persons/{handle()}/numbers", {"reason": "cần"})
    assert NATIONAL_NUMBER not in client.get(f"/persons/{handle()}").content.decode()
    assert not acts(Act.PERSON_UNMASKED)


def test_who_may_see_a_person_may_still_not_see_the_numbers(signed_in: Callable[..., Client]) -> None:
    client = signed_in("collection")
    assert "/numbers" not in opened(client)
    assert client.post(f"/persons/{handle()}/numbers", {"reason": WHY}).status_code == 403


def test_the_page_shows_who_looked(signed_in: Callable[..., Client]) -> None:
    opened(signed_in("inspector", name="lan"))
    handles_of([NATIONAL_NUMBER])
    page = opened(signed_in("benefits", name="binh"))
    looked = page[page.index("Ai đã xem") :]
    assert "lan" in looked
    assert "binh" in looked
    assert CASE in looked


def test_readers_of_a_person_are_found_by_number(signed_in: Callable[..., Client]) -> None:
    opened(signed_in("inspector", name="lan"))
    page = signed_in("auditor").post("/trail/readers", {"subject": NORTHERNER}).content.decode()
    assert "lan" in page[: page.index("Ai xem nhiều nhất")]


def test_a_person_shows_months_benefits_care_and_findings(signed_in: Callable[..., Client]) -> None:
    page = opened(signed_in("inspector"))
    for told in ("Công ty Đường Sắt", "Ốm đau", "Trợ cấp thất nghiệp", "Bệnh viện Bắc", "SI-EMP-05-S1"):
        assert told in page


def test_a_branch_shows_itself_alone(signed_in: Callable[..., Client]) -> None:
    page = opened(signed_in("claims_review", "nation", "", "health"))
    assert "Bệnh viện Bắc" in page
    assert "Trợ cấp thất nghiệp" not in page
    assert "SI-EMP-05-S1" not in page
    page = opened(signed_in("benefits", "nation", "", "unemployment"))
    assert "Trợ cấp thất nghiệp" in page
    assert "Bệnh viện Bắc" not in page


@pytest.mark.parametrize(
    ("territory", "number", "inside"),
    [
        (("province", "01"), NORTHERNER, True),
        (("province", "79"), NORTHERNER, False),
        (("office", NORTH_OFFICE), NORTHERNER, True),
        # Who works in the south and lives in the north is seen from both.
        (("province", "01"), SOUTHERNER, True),
        (("province", "79"), SOUTHERNER, True),
        (("former_province", "74"), SOUTHERNER, True),
        (("office", NORTH_OFFICE), SOUTHERNER, False),
    ],
)
def test_outside_the_scope_there_is_no_such_page(
    signed_in: Callable[..., Client], territory: tuple[str, str], number: str, inside: bool
) -> None:
    client = signed_in("inspector", *territory)
    assert client.get(f"/persons/{handle(number)}").status_code == (200 if inside else 404)
    assert client.post(f"/persons/{handle(number)}", {"case": CASE}).status_code == (302 if inside else 404)
    assert bool(acts(Act.PERSON_PURPOSE)) == inside


def test_a_handle_which_stands_for_nobody_has_no_page(signed_in: Callable[..., Client]) -> None:
    assert signed_in("inspector").get("/persons/nobody").status_code == 404


def test_the_store_is_not_asked_about_a_person_outside_the_scope(site: Any) -> None:
    found = lake()
    person = found.person(SCOPE, NORTHERNER)
    assert person is not None
    south = Scope(frozenset({Reach(TerritoryKind.PROVINCE, "79")}), "test")
    assert found.person(south, NORTHERNER) is None
    for scope in (south, None):
        with pytest.raises(ScopeError):
            found.ask_of(scope, person, "SELECT 1")
    for question in ("SELECT * FROM stored_person_identity", "SELECT * FROM whole__reason"):
        with pytest.raises(ScopeError):
            found.ask_of(SCOPE, person, question)
        with pytest.raises(ScopeError):
            found.ask(SCOPE, question)


def test_workers_are_listed_masked_and_lead_to_their_pages(signed_in: Callable[..., Client]) -> None:
    client = signed_in("inspector")
    page = client.get(f"/units/employer/{NORTH}/workers").content.decode()
    assert "N. V. An" in page
    assert "Nguyễn Văn An" not in page
    assert f"/persons/{handle()}" in page
    assert [one.subject for one in acts(Act.WORKERS_READ)] == [f"employer:{NORTH}"]
    assert f"/units/employer/{NORTH}/workers" in client.get(f"/units/employer/{NORTH}").content.decode()
    assert "/workers" not in signed_in("leader").get(f"/units/employer/{NORTH}").content.decode()


def test_an_item_which_is_a_person_is_masked_in_a_sentence(site: Any) -> None:
    sign = next(one for one in (find_sign("SI-EMP-05-S1"),) if one)
    sign = replace(sign, item_kind="person", explain=replace(sign.explain, vi="Người {item}.", en="{item}"))
    row = {
        "facts": "{}",
        "item": NATIONAL_NUMBER,
        "period_from": OCTOBER,
        "period_to": OCTOBER,
        "amount": 1,
        "subject_code": NORTH,
        "subject_kind": "employer",
    }
    with translation.override("vi"):
        assert finding_sentence(sign, row) == "Người •••017."


def cell(fund: str, month: date, paid: bool, due: date | None = None) -> dict[str, Any]:
    return {"fund": fund, "month": month, "is_paid": paid, "due_date": due}


def state(rows: list[dict[str, Any]], fund: str, month: date, **more: Any) -> State:
    found = ribbon(OCTOBER, rows, **more)
    assert found is not None
    return dict(next(band for band in found.bands if band.fund == fund).cells)[month]


SEPTEMBER_FIRST, OCTOBER_FIRST = date(2026, 9, 1), date(2026, 10, 1)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([cell("ui", OCTOBER_FIRST, True)], State.PAID),
        ([cell("ui", OCTOBER_FIRST, False, date(2026, 11, 30))], State.DUE),
        ([cell("ui", OCTOBER_FIRST, False, OCTOBER)], State.DUE),
        ([cell("ui", OCTOBER_FIRST, False, date(2026, 10, 30))], State.UNPAID),
        ([cell("ui", OCTOBER_FIRST, False)], State.UNPAID),
        ([cell("ui", OCTOBER_FIRST, False), cell("ui", OCTOBER_FIRST, True)], State.UNPAID),
        ([cell("ui", SEPTEMBER_FIRST, True)], State.NONE),
    ],
)
def test_a_month_is_paid_due_or_not_paid(rows: list[dict[str, Any]], expected: State) -> None:
    assert state(rows, "ui", OCTOBER_FIRST) is expected


def test_a_household_card_fills_its_months(site: Any) -> None:
    span = {"from_date": date(2026, 9, 15), "to_date": None, "paid_at": date(2026, 9, 1)}
    assert state([], "hi", SEPTEMBER_FIRST, enrolments=[span]) is State.PAID
    assert state([], "hi", OCTOBER_FIRST, enrolments=[span]) is State.PAID
    assert state([], "hi", date(2026, 8, 1), enrolments=[span]) is State.NONE


def test_nobody_insured_has_no_ribbon_and_months_count_over_years() -> None:
    assert ribbon(OCTOBER, []) is None
    assert months_until(date(2026, 1, 31), 3) == (date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1))


@pytest.mark.parametrize(("name", "short"), [("Nguyễn Văn An", "N. V. An"), ("An", "An"), ("", ""), (None, "")])
def test_a_masked_name_keeps_the_given_name(name: str | None, short: str) -> None:
    assert short_name(name) == short
