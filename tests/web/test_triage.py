"""Triage: what somebody decides of a finding is kept, told, taken back, and never overwritten unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dauhieu.web.accounts.models import User
from dauhieu.web.accounts.scope import Reach, Scope, ScopeError, TerritoryKind, system_scope
from dauhieu.web.audit.models import Entry
from dauhieu.web.notices.models import Notice
from dauhieu.web.radar.lake import Lent, lake
from dauhieu.web.triage import actions, queries
from dauhieu.web.triage.filters import read_queue
from dauhieu.web.triage.models import SavedView, Step, Triage
from dauhieu.web.triage.queries import Key
from tests.thin import SIGN
from tests.web.conftest import NORTH, SOUTH

EVERYWHERE = system_scope("test")
Browser = Callable[..., Client]


def found(code: str = NORTH) -> list[Key]:
    rows = lake().ask(EVERYWHERE, f"SELECT * FROM finding WHERE unit_code = '{code}' ORDER BY finding_id, as_of DESC")
    return list(dict.fromkeys(queries.key_of(row) for row in rows))


def row_of(key: Key) -> Triage:
    return Triage.objects.within(EVERYWHERE).get(finding_id=key.finding)


def send(client: Client, did: str, *seen: str, **more: Any) -> Any:
    return client.post("/warnings/decide", {"did": did, "seen": list(seen), **more}, headers={"HX-Request": "true"})


def queue_of(user: User, rf: Any, query: str = "", scope: Scope = EVERYWHERE) -> queries.Queue:
    return queries.queue(lake(), scope, user, read_queue(rf.get(f"/?{query}").GET, lake()))


def test_the_queue_puts_findings_together_by_unit_and_sign(site: Any, rf: Any, account: Any) -> None:
    rows = {(row.row["unit_code"], row.row["sign_id"]): row.alike for row in queue_of(account(), rf).rows}
    # P1 of the north in both months is one finding, P2 another.
    assert rows[(NORTH, SIGN)] == 2
    assert rows[(SOUTH, SIGN)] == 1
    each = queue_of(account(), rf, "each=1")
    assert [row.alike for row in each.rows] == [1] * each.findings


def test_what_was_decided_leaves_the_queue_and_stands_under_its_state(signed_in: Browser) -> None:
    client = signed_in("inspector", name="lan")
    key = found()[0]
    page = send(client, "acknowledge", f"{key}@0").content.decode()
    assert "Đã ghi nhận 1 phát hiện" in page
    row = row_of(key)
    assert (row.state, row.holder.username, row.version, row.province_code) == ("acknowledged", "lan", 1, "01")
    assert str(key) not in client.get("/warnings?each=1").content.decode()
    assert str(key) in client.get("/warnings?state=acknowledged").content.decode()


def test_every_deed_is_in_the_trail_and_its_words_are_not(signed_in: Browser) -> None:
    client = signed_in("inspector", name="lan")
    key = found()[0]
    send(client, "dismiss", f"{key}@0", reason="other", words="anh Nguyễn Văn A đã giải trình")
    entry = Entry.objects.get(act="findings_decided")
    assert (entry.actor, entry.subject) == ("lan", f"employer:{NORTH}")
    assert json.loads(entry.details) == {"did": "dismiss", "reason": "other", "to": "", "findings": [key.finding]}
    assert "Nguyễn" not in entry.details
    assert row_of(key).words == "anh Nguyễn Văn A đã giải trình"


@pytest.mark.parametrize(
    ("did", "more", "told"),
    [
        ("dismiss", {}, "chọn lý do"),
        ("dismiss", {"reason": "other"}, "ghi rõ lý do"),
        ("dismiss", {"reason": "unknown"}, "chọn lý do"),
        ("hand", {}, "chọn người nhận"),
        ("plan", {"due": "31/31"}, "Ngày không hợp lệ"),
    ],
)
def test_what_lacks_something_is_not_done(signed_in: Browser, did: str, more: dict[str, str], told: str) -> None:
    page = send(signed_in("inspector"), did, f"{found()[0]}@0", **more).content.decode()
    assert told in page
    assert not Step.objects.exists()


def test_nothing_is_overwritten_which_was_not_seen(signed_in: Browser, account: Any) -> None:
    first, second = signed_in("inspector", name="lan"), signed_in("inspector", name="binh")
    User.objects.filter(username="lan").update(full_name="Chị Lan")
    key = found()[0]
    send(first, "dismiss", f"{key}@0", reason="small")
    page = send(second, "plan", f"{key}@0").content.decode()
    assert "người khác thay đổi" in page
    assert "Chị Lan" in page
    assert row_of(key).state == "dismissed"
    send(second, "plan", f"{key}@1")
    assert row_of(key).state == "planned"


def test_a_line_is_decided_with_all_which_wait_in_it_and_no_others(signed_in: Browser) -> None:
    client = signed_in("inspector")
    one, other = (key for key in found() if lake_sign(key) == SIGN)
    send(client, "dismiss", f"{one}@0", reason="small")
    send(client, "acknowledge", f"{other}@0", alike="1")
    assert (row_of(one).state, row_of(other).state) == ("dismissed", "acknowledged")
    send(client, "reopen", f"{one}@1", alike="1")
    send(client, "acknowledge", f"{one}@2", alike="1")
    assert {row_of(one).state, row_of(other).state} == {"acknowledged"}


def lake_sign(key: Key) -> str:
    return str(queries.findings(lake(), EVERYWHERE, [key])[key]["sign_id"])


def undone(client: Client, number: Any) -> str:
    return client.post("/warnings/undo", {"number": number}, headers={"HX-Request": "true"}).content.decode()


def test_a_deed_is_taken_back_by_whoever_did_it(signed_in: Browser) -> None:
    client, other = signed_in("inspector", name="lan"), signed_in("inspector", name="binh")
    key = found()[0]
    send(client, "plan", f"{key}@0", due="2026-12-01")
    number = Step.objects.get().number
    assert "quá thời gian" in undone(other, number)
    assert row_of(key).state == "planned"
    undone(client, number)
    row = row_of(key)
    assert (row.state, row.holder, row.due, row.version) == ("waiting", None, None, 2)
    assert Entry.objects.filter(act="findings_decided").count() == 2


def test_a_deed_is_not_taken_back_after_a_while_nor_over_a_later_one(signed_in: Browser) -> None:
    client = signed_in("inspector", name="lan")
    key = found()[0]
    send(client, "plan", f"{key}@0")
    number = Step.objects.get().number
    send(client, "acknowledge", f"{key}@1")
    assert "người khác thay đổi" in undone(client, number)
    assert row_of(key).state == "acknowledged"
    Step.objects.update(at=timezone.now() - actions.UNDO_FOR - timedelta(seconds=1))
    assert "quá thời gian" in undone(client, Step.objects.order_by("-pk")[0].number)


def test_what_is_handed_on_is_told_without_naming_the_unit(signed_in: Browser, account: Any) -> None:
    client = signed_in("inspector", name="lan")
    to = account("inspector", "province", "01", name="binh")
    key = found()[0]
    send(client, "hand", f"{key}@0", to=to.pk)
    assert row_of(key).holder == to
    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (to, "handed")
    assert NORTH not in notice.details + notice.url


@pytest.mark.parametrize("place", [("province", "79"), ("nation", "", "health")])
def test_nothing_is_handed_to_whom_it_does_not_concern(
    signed_in: Browser, account: Any, place: tuple[str, ...]
) -> None:
    to = account("inspector", *place)
    key = found()[0]
    page = send(signed_in("inspector"), "hand", f"{key}@0", to=to.pk).content.decode()
    assert "ngoài địa bàn" in page
    assert not Step.objects.exists()
    assert to not in queries.colleagues([queries.findings(lake(), EVERYWHERE, [key])[key]])


def test_what_lies_outside_ones_territory_is_not_there(signed_in: Browser) -> None:
    client = signed_in("inspector", "province", "79")
    key = found(NORTH)[0]
    assert client.get(f"/warnings/{key}").status_code == 404
    send(client, "acknowledge", f"{key}@0")
    assert not Step.objects.exists()
    assert client.get("/warnings/none").status_code == 404


def test_what_others_decided_outside_ones_territory_is_not_seen(signed_in: Browser, account: Any, rf: Any) -> None:
    key = found(NORTH)[0]
    send(signed_in("inspector"), "dismiss", f"{key}@0", reason="small")
    south = Scope(frozenset({Reach(TerritoryKind.PROVINCE, "79")}), "test")
    assert queries.triages(south, [key]) == {}
    assert queue_of(account(), rf, "state=dismissed", south).rows == ()
    with pytest.raises(ScopeError):
        list(Triage.objects.all())


def test_a_finding_which_comes_again_keeps_its_triage(signed_in: Browser, rf: Any, account: Any) -> None:
    """That of P1 is in both months under the same id."""
    rows = lake().ask(
        EVERYWHERE, "SELECT finding_id FROM finding GROUP BY finding_id HAVING count(DISTINCT as_of) = 2 ORDER BY 1"
    )
    again = {row["finding_id"] for row in rows}
    key = next(key for key in found() if key.finding in again)
    client = signed_in("inspector")
    september = queue_of(account(), rf, "month=2026-09&each=1")
    assert key in {row.key for row in september.rows}
    send(client, "dismiss", f"{key}@0", reason="explained", query="month=2026-09")
    for month in ("2026-09", "2026-10"):
        assert key not in {row.key for row in queue_of(account(), rf, f"month={month}&each=1").rows}
        assert key in {row.key for row in queue_of(account(), rf, f"month={month}&state=dismissed").rows}


def test_the_panel_tells_why_since_when_and_what_was_decided_before(signed_in: Browser) -> None:
    client = signed_in("inspector", name="lan")
    User.objects.filter(username="lan").update(full_name="Chị Lan")
    one, other = (key for key in found() if lake_sign(key) == SIGN)
    send(client, "dismiss", f"{other}@0", reason="data_error", words="nhầm đơn vị")
    page = client.get(f"/warnings/{one}", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    for told in ("10/2026", "cùng dấu hiệu", "dữ liệu sai", "nhầm đơn vị", "Chị Lan", f"{one}@0"):
        assert told in page
    assert Entry.objects.filter(act="unit_read", subject=f"employer:{NORTH}").count() == 1
    whole = client.get(f"/warnings/{other}").content.decode()
    assert "<html" in whole
    assert f"{other}@1" in whole


def test_the_rows_are_fetched_by_themselves_and_in_the_trail(signed_in: Browser) -> None:
    client = signed_in("inspector")
    key = next(key for key in found() if lake_sign(key) == SIGN)
    assert "<td>" in client.get(f"/warnings/rows/{key.finding}").content.decode()
    assert Entry.objects.filter(act="evidence_read", subject=f"finding:{key.finding}").exists()


def test_a_form_without_script_leads_back_to_the_queue(signed_in: Browser) -> None:
    key = found()[0]
    answer = signed_in("inspector").post(
        "/warnings/decide", {"did": "acknowledge", "seen": f"{key}@0", "query": "branch=social"}
    )
    assert answer.headers["Location"] == "/warnings?branch=social"
    assert row_of(key).state == "acknowledged"


@pytest.mark.parametrize(
    ("query", "north", "south"),
    [
        ("branch=health", False, False),
        ("branch=social", True, True),
        ("block=private", True, False),
        ("place=79", False, True),
        (f"unit=employer:{NORTH}", True, False),
        ("q=duong+sat", True, False),
        ("sign=NONE", False, False),
        ("holder=me", False, False),
        ("kind=facility", False, False),
        ("unit=employer:x'+OR+true+AND+'a", False, False),
        ("state=x&order=DROP&page=-1&month=9", True, True),
    ],
)
def test_filters_narrow_the_queue(site: Any, rf: Any, account: Any, query: str, north: bool, south: bool) -> None:
    codes = {row.row["unit_code"] for row in queue_of(account(), rf, query).rows}
    assert (NORTH in codes, SOUTH in codes) == (north, south)


def test_views_are_kept_by_account_and_where_one_left_off(signed_in: Browser) -> None:
    lan, binh = signed_in("inspector", name="lan"), signed_in("inspector", name="binh")
    lan.post("/warnings/views", {"name": "Khối nhà nước", "query": "block=state"})
    assert "Khối nhà nước" in lan.get("/warnings?branch=social").content.decode()
    assert "Khối nhà nước" not in binh.get("/warnings").content.decode()
    left = queries.left_off(User.objects.get(username="lan"))
    assert left is not None
    assert left.query == "branch=social"
    view = SavedView.objects.get(name="Khối nhà nước")
    binh.post(f"/warnings/views/{view.pk}/drop")
    assert SavedView.objects.filter(pk=view.pk).exists()
    lan.post(f"/warnings/views/{view.pk}/drop")
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_rows_which_are_lent_to_a_question_are_part_of_it(site: Any) -> None:
    def answer(*words: str) -> list[str]:
        lent = Lent("words", ("word",), tuple((word,) for word in words))
        return [row["word"] for row in lake().ask(EVERYWHERE, "SELECT word FROM words ORDER BY 1", lent)]

    assert answer("a", "b") == ["a", "b"]
    assert answer("c") == ["c"]
    assert answer("a", "b") == ["a", "b"]
    assert answer() == []


def test_sending_needs_a_token_of_the_page(signed_in: Browser, account: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account("inspector"))
    assert strict.post("/warnings/decide", {"did": "acknowledge"}).status_code == 403
