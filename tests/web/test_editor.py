"""The life of a sign on the site: written with blocks or by hand, checked, tried, and published by two people."""

from __future__ import annotations

import html
import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from typer.testing import CliRunner

from dauhieu.catalogue.catalogue import Catalogue, catalogue_in_force
from dauhieu.cli.main import app
from dauhieu.warehouse.store import Store
from dauhieu.web.accounts.scope import Reach, Scope, TerritoryKind, system_scope
from dauhieu.web.audit.models import Entry
from dauhieu.web.editor import queries
from dauhieu.web.editor.checking import check
from dauhieu.web.editor.models import Draft
from dauhieu.web.jobs.worker import work_once
from dauhieu.web.notices.models import Notice
from dauhieu.web.signs.models import SignVersion
from tests.compiler.test_hostile import CHANGING, REACHING
from tests.web.test_refusals import alone

INTERVIEW = {
    "violation": "SI-EMP-05",
    "subject": "person",
    "table": "contribution_month",
    "title_vi": "Nhiều tháng đóng",
    "title_en": "Many months paid",
    "rule_vi": "Một người có nhiều tháng đóng.",
    "rule_en": "A person has many months paid.",
    "instrument": "SI Law 41/2024/QH15",
    "article": "Art. 31",
    "since": "01/07/2025",
    "severity": "2",
    "amount_kind": "exposure",
}
LEASE = timedelta(seconds=60)
Browser = Callable[..., Client]


@pytest.fixture(scope="module")
def own_folder(radar_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editor") / "store"
    shutil.copytree(radar_store.path, folder)
    return folder


@pytest.fixture
def own_store(site: Any, own_folder: Path) -> Iterator[Path]:
    """A store whose site folder the test may fill; one for all tests, so that the catalogue is read once."""
    site.STORE_FOLDER = own_folder
    yield own_folder
    added = own_folder / "site"
    if added.is_file():
        added.unlink()
    shutil.rmtree(added, ignore_errors=True)


@pytest.fixture
def author(own_store: Path, signed_in: Browser) -> Client:
    return signed_in("sign_author", name="an")


@pytest.fixture
def approver(own_store: Path, signed_in: Browser) -> Client:
    return signed_in("sign_approver", name="binh")


def begun(author: Client, **other: str) -> Draft:
    answer = author.post("/editor/new", INTERVIEW | other)
    assert answer.status_code == 302, answer.content.decode()
    return Draft.objects.latest("pk")


def saved(client: Client, draft: Draft, part: str, **fields: str) -> list[str]:
    """Saves one part; what the checks say of it then."""
    draft.refresh_from_db()
    client.post(f"/editor/{draft.pk}/{part}/save", {"revision": str(draft.revision), **fields})
    draft.refresh_from_db()
    return [told.message for told in check(draft).faults]


def by_hand(client: Client, draft: Draft, sql: str) -> list[str]:
    data = yaml.safe_load(draft.sign_text)
    fields = {"deed": "sql", "sql": sql, "evidence": data["evidence"]}
    for number, (table, age) in enumerate(data["needs"]["required"].items()):
        fields |= {f"needs-{number}-table": table, f"needs-{number}-age": age}
    return saved(client, draft, "logic", **fields)


def tried(client: Client, draft: Draft, **fields: str) -> dict[str, Any]:
    client.post(f"/editor/{draft.pk}/try/start", {"kind": "dry_run", "last": "2026-10", **fields})
    assert work_once("worker", LEASE)
    asked = draft.trials.first()
    assert asked is not None
    assert not asked.fault
    return dict(json.loads(asked.result))


def submitted(client: Client, draft: Draft, to: str = "experimental") -> str:
    answer = client.post(f"/editor/{draft.pk}/submit", {"deed": "submit", "to": to}, follow=True)
    draft.refresh_from_db()
    return html.unescape(answer.content.decode())


def decided(client: Client, draft: Draft, deed: str = "approve", words: str = "") -> str:
    draft.refresh_from_db()
    fields = {"deed": deed, "words": words, "revision": str(draft.revision)}
    answer = client.post(f"/editor/{draft.pk}/decide", fields, follow=True)
    draft.refresh_from_db()
    return html.unescape(answer.content.decode())


def in_force(folder: Path) -> Catalogue:
    return catalogue_in_force(Store.open(folder))


def acts(draft: Draft) -> list[tuple[str, str]]:
    found = Entry.objects.filter(subject=f"sign:{draft.sign_id}").order_by("number")
    return [(entry.actor, entry.act) for entry in found]


def published(author: Client, approver: Client, draft: Draft) -> Draft:
    tried(author, draft)
    submitted(author, draft)
    decided(approver, draft)
    assert draft.state == "published", check(draft).faults
    return draft


def test_a_new_draft_passes_its_checks_and_touches_no_file(author: Client, own_store: Path) -> None:
    draft = begun(author)
    assert check(draft).faults == ()
    assert (draft.sign_id, draft.by_hand) == ("SI-EMP-05-S51", False)
    assert not (own_store / "site").exists()


def test_two_people_bring_a_sign_into_force_for_every_command(
    author: Client, approver: Client, own_store: Path
) -> None:
    draft = begun(author)
    assert tried(author, draft)["state"] == "run"
    submitted(author, draft)
    assert draft.state == "submitted"
    decided(approver, draft)
    sign = in_force(own_store).signs[draft.sign_id]
    assert (sign.status, sign.version, sign.site) == ("experimental", 1, True)
    assert sign.path == own_store / "site" / "signs" / "social" / "many_months_paid.yaml"
    assert acts(draft) == [
        ("an", "sign_begun"),
        ("an", "sign_tried"),
        ("an", "sign_submitted"),
        ("binh", "sign_published"),
    ]
    checked = CliRunner().invoke(app, ["check", draft.sign_id, "--site", str(own_store), "--json"])
    assert json.loads(checked.stdout)["faults"] == []
    assert "an" in approver.get(f"/signs/{draft.sign_id}").content.decode()
    assert SignVersion.objects.get().approver == "binh"
    assert list(Notice.objects.order_by("id").values_list("user__username", "kind")) == [
        ("binh", "sign_waits"),
        ("an", "sign_out"),
    ]
    assert "chờ phê duyệt" in approver.get("/notices").content.decode()


def test_nobody_approves_what_he_wrote(author: Client, own_store: Path, account: Any) -> None:
    draft = begun(author)
    tried(author, draft)
    submitted(author, draft)
    both = account("sign_approver", name="an2")
    Draft.objects.filter(pk=draft.pk).update(author="an2")
    client = Client()
    client.force_login(both)
    assert "không tự phê duyệt" in decided(client, draft)
    assert draft.state == "submitted"
    assert author.post(f"/editor/{draft.pk}/decide", {"deed": "approve"}).status_code == 403


def test_without_a_forecast_of_this_text_nothing_is_submitted(author: Client) -> None:
    draft = begun(author)
    assert "Hãy chạy thử trước" in submitted(author, draft)
    tried(author, draft)
    saved(author, draft, "texts", **_texts(draft, severity="4"))
    assert draft.trials.get().text != check(draft).text
    assert "của nội dung trước" in author.get(f"/editor/{draft.pk}/try").content.decode()
    submitted(author, draft)
    assert draft.state == "writing"
    tried(author, draft)
    submitted(author, draft)
    assert draft.state == "submitted"


def _texts(draft: Draft, **other: str) -> dict[str, str]:
    data = yaml.safe_load(draft.sign_text)
    fields = {f"{word}.{code}": data[word][code] for word in ("title", "rule", "explain") for code in ("vi", "en")}
    for word in ("innocent_explanations", "ask_for"):
        fields |= {f"{word}.{code}": "\r\n".join(data[word][code]) for code in ("vi", "en")}
    return fields | {"severity": str(data["severity"]), "amount_kind": data["amount_kind"]} | other


def test_a_draft_sent_back_comes_with_words_and_can_be_changed_again(author: Client, approver: Client) -> None:
    draft = begun(author)
    tried(author, draft)
    submitted(author, draft)
    assert "không sửa được" in html.unescape(
        author.post(f"/editor/{draft.pk}/texts/save", {"revision": "1"}, follow=True).content.decode()
    )
    decided(approver, draft, "return")
    assert draft.state == "submitted"
    decided(approver, draft, "return", "Thiếu lý do chính đáng.")
    assert (draft.state, draft.approver) == ("writing", "binh")
    assert "Thiếu lý do chính đáng." in author.get(f"/editor/{draft.pk}/texts").content.decode()
    assert acts(draft)[-1] == ("binh", "sign_sent_back")


def test_blocks_write_the_sql_until_a_hand_does(author: Client) -> None:
    draft = begun(author)
    law = {"basis-0-instrument": "SI Law 41/2024/QH15", "basis-0-article": "Art. 31", "basis-0-from": "2025-07-01"}
    rows = ("least_rows", "2", "rows"), ("low", "3000000", "VND")
    for number, (name, value, unit) in enumerate(rows):
        law |= {f"tuning-{number}-name": name, f"tuning-{number}-value": value, f"tuning-{number}-unit": unit}
        law |= {f"tuning-{number}-vi": "vì sao", f"tuning-{number}-en": "why"}
    assert "The threshold 'low' is not used." in saved(author, draft, "law", **law)
    form = {
        "deed": "blocks",
        "table": "contribution_month",
        "subject": "person_id",
        "day": "month",
        "cond-0-column": "t.wage_base",
        "cond-0-operator": "<",
        "cond-0-with": "threshold:low",
        "measure-0-what": "rows",
        "measure-0-name": "rows_found",
        "measure-0-operator": ">=",
        "measure-0-least": "least_rows",
    }
    faults = saved(author, draft, "logic", **form)
    sql = yaml.safe_load(draft.sign_text)["sql"]
    assert "AND t.wage_base < $low" in sql
    assert not any("not used" in fault for fault in faults)
    # The examples are still those of the count without a border.
    assert any(fault.startswith("Example ") for fault in faults)
    by_hand(author, draft, sql + "-- a note\n")
    assert draft.by_hand
    page = author.get(f"/editor/{draft.pk}/logic").content.decode()
    assert "SQL đã được viết tay" in page
    assert 'fieldset class="bare" disabled' in page
    assert "AND t.wage_base" in yaml.safe_load(draft.sign_text)["sql"]


def test_a_form_which_lacks_something_is_kept_and_changes_no_rule(author: Client) -> None:
    draft = begun(author)
    before = draft.sign_text
    saved(author, draft, "logic", deed="blocks", table="contribution_month", subject="person_id", day="month")
    assert draft.sign_text == before
    assert json.loads(draft.blocks)["measures"] == []
    assert "Measure something" in author.get(f"/editor/{draft.pk}/logic").content.decode()


def test_all_faults_stand_beside_what_they_are_about(author: Client) -> None:
    draft = begun(author)
    saved(author, draft, "texts", **_texts(draft, **{"title.en": "A fraud", "rule.vi": ""}))
    sql = "SELECT person_idd AS subject_id,\n  now() AS x\nFROM contribution_month\n"
    by_hand(author, draft, sql)
    faults = check(draft).faults
    assert ("texts", "rule") in {(told.part, told.field) for told in faults}
    saved(author, draft, "texts", **_texts(draft, **{"rule.vi": "Một câu."}))
    told = {(one.part, one.field, one.line) for one in check(draft).faults}
    assert ("texts", "title.en", 0) in told
    assert {("logic", "sql", 1), ("logic", "sql", 2)} <= told
    page = html.unescape(author.get(f"/editor/{draft.pk}/logic").content.decode())
    assert "<code>2: now() AS x</code>" in page
    pages = [author.get(f"/editor/{draft.pk}/{part}").content.decode() for part in ("texts", "logic")]
    assert all("refusal" in one for one in pages)
    assert [alone(one) for one in pages] == [[], []]


@pytest.mark.parametrize(
    "written", [REACHING[0], REACHING[5], REACHING[18], REACHING[26], REACHING[30], *CHANGING[1:3]]
)
def test_what_means_harm_is_refused_in_the_editor(author: Client, written: str, tmp_path: Path) -> None:
    draft = begun(author)
    sql = written.format(out=tmp_path)
    faults = by_hand(author, draft, sql)
    logic = [told for told in check(draft).faults if told.field == "sql"]
    assert faults
    assert logic
    page = author.get(f"/editor/{draft.pk}/logic").content.decode()
    assert logic[0].message in html.unescape(page)
    author.post(f"/editor/{draft.pk}/try/start", {"kind": "dry_run", "last": "2026-10"})
    assert not draft.trials.exists()
    assert not work_once("worker", LEASE)
    submitted(author, draft)
    assert draft.state == "writing"
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".csv", ".db", ".parquet")]


@pytest.mark.slow
def test_a_hand_written_file_keeps_its_notes_through_an_edit(author: Client, approver: Client, own_store: Path) -> None:
    draft = published(author, approver, begun(author))
    path = in_force(own_store).signs[draft.sign_id].path
    path.write_text(
        "# ours\n" + path.read_text(encoding="utf-8").replace("severity: 2", "severity: 2  # asked the court")
    )
    author.post(f"/signs/{draft.sign_id}/draft")
    change = Draft.objects.latest("pk")
    assert (change.is_new, change.by_hand) == (False, False)
    saved(author, change, "texts", **_texts(change, **{"title.en": "Very many months paid"}))
    assert yaml.safe_load(change.sign_text)["version"] == 2
    published(author, approver, change)
    text = path.read_text(encoding="utf-8")
    assert "# ours\n" in text
    assert "severity: 2  # asked the court" in text
    assert in_force(own_store).signs[draft.sign_id].version == 2
    assert list(SignVersion.objects.values_list("version", flat=True)) == [2, 1]


@pytest.mark.slow
def test_a_file_changed_beside_a_draft_stops_it(author: Client, approver: Client, own_store: Path) -> None:
    draft = published(author, approver, begun(author))
    author.post(f"/signs/{draft.sign_id}/draft")
    change = Draft.objects.latest("pk")
    saved(author, change, "texts", **_texts(change, severity="4"))
    tried(author, change)
    submitted(author, change)
    path = in_force(own_store).signs[draft.sign_id].path
    path.write_text(path.read_text(encoding="utf-8").replace("severity: 2", "severity: 1"), encoding="utf-8")
    os.utime(path, (2_000_000_000, 2_000_000_000))
    assert "đã được sửa ngoài bản nháp" in decided(approver, change)
    assert change.state == "submitted"
    assert "severity: 1" in path.read_text(encoding="utf-8")


def test_a_shipped_sign_is_copied_under_an_id_of_the_agency(author: Client) -> None:
    author.post("/signs/SI-EMP-05-S1/draft")
    draft = Draft.objects.get()
    assert (draft.sign_id, draft.copied_from, draft.by_hand) == ("SI-EMP-05-S51", "SI-EMP-05-S1", True)
    assert check(draft).faults == ()
    page = author.get(f"/editor/{draft.pk}/publish").content.decode()
    assert "So với SI-EMP-05-S1" in page
    assert page.count('class="came"') == 2


def test_a_sign_rises_only_with_what_its_status_asks_for(author: Client, own_store: Path) -> None:
    draft = begun(author)
    tried(author, draft)
    page = submitted(author, draft, "test")
    assert draft.state == "writing"
    assert "chạy lại ít nhất 6 tháng" in page
    submitted(author, draft, "stable")
    assert draft.state == "writing"


@pytest.mark.slow
def test_retiring_takes_two_people_as_well(author: Client, approver: Client, own_store: Path) -> None:
    draft = published(author, approver, begun(author))
    reasons = {"reason_vi": "Đã có dấu hiệu tốt hơn.", "reason_en": "There is a better one.", "replaced_by": ""}
    author.post(f"/signs/{draft.sign_id}/retire", reasons)
    retiring = Draft.objects.latest("pk")
    assert (retiring.state, retiring.retiring) == ("submitted", True)
    assert in_force(own_store).signs[draft.sign_id].status == "experimental"
    decided(approver, retiring)
    sign = in_force(own_store).signs[draft.sign_id]
    assert sign.status == "retired"
    assert sign.retired is not None
    assert sign.retired.reason.en == "There is a better one."
    assert (own_store / "site" / "lock.json").exists() is False or draft.sign_id in (
        own_store / "site" / "lock.json"
    ).read_text(encoding="utf-8")
    assert acts(draft)[-1] == ("binh", "sign_retired")
    author.post("/signs/SI-EMP-05-S1/retire", reasons)
    assert not Draft.objects.filter(sign_id="SI-EMP-05-S1").exists()


def test_who_has_a_part_of_the_country_writes_and_approves_nothing(signed_in: Browser, author: Client) -> None:
    province = signed_in("sign_author", "province", "01")
    assert "cả nước" in province.post("/editor/new", INTERVIEW, follow=True).content.decode()
    assert not Draft.objects.exists()
    branch = signed_in("sign_author", branch="health")
    branch.post("/editor/new", INTERVIEW)
    assert not Draft.objects.exists()
    draft = begun(author)
    tried(author, draft)
    submitted(author, draft)
    decided(signed_in("sign_approver", "province", "01"), draft)
    assert draft.state == "submitted"


def test_another_window_does_not_overwrite(author: Client) -> None:
    draft = begun(author)
    fields = {"revision": "1", **_texts(draft, severity="5")}
    author.post(f"/editor/{draft.pk}/texts/save", fields)
    answer = author.post(f"/editor/{draft.pk}/texts/save", fields | {"severity": "1"}, follow=True)
    assert "cửa sổ khác" in html.unescape(answer.content.decode())
    draft.refresh_from_db()
    assert yaml.safe_load(draft.sign_text)["severity"] == 5


def test_only_the_author_writes_and_others_read_along(author: Client, signed_in: Browser) -> None:
    draft = begun(author)
    other = signed_in("sign_author", name="chi")
    assert 'class="bare" disabled' in other.get(f"/editor/{draft.pk}/texts").content.decode()
    saved(other, draft, "texts", **_texts(draft, severity="5"))
    assert yaml.safe_load(draft.sign_text)["severity"] == 2


@pytest.mark.slow
def test_of_one_sign_there_is_one_open_draft(author: Client, approver: Client, signed_in: Browser) -> None:
    draft = published(author, approver, begun(author))
    author.post(f"/signs/{draft.sign_id}/draft")
    signed_in("sign_author", name="chi").post(f"/signs/{draft.sign_id}/draft")
    assert Draft.objects.filter(sign_id=draft.sign_id, state="writing").count() == 1


@pytest.mark.slow
def test_examples_are_tables_which_can_be_edited(author: Client) -> None:
    draft = begun(author)
    page = author.get(f"/editor/{draft.pk}/examples/0").content.decode()
    assert 'name="t0-cell-0-0"' in page
    fields = {
        "title": "three months are found",
        "as_of": "31/10/2026",
        "t0-name": "contribution_month",
        "t0-col-0": "person",
        "t0-col-1": "month",
        **{f"t0-row-{row}": "1" for row in range(4)},
        **{f"t0-cell-{row}-0": "A1" for row in range(3)},
        **{f"t0-cell-{row}-1": f"2026-0{row + 1}-01" for row in range(3)},
        "finds-col-0": "subject",
        "finds-col-1": "rows_found",
        "finds-row-0": "1",
        "finds-cell-0-0": "A1",
        "finds-cell-0-1": "3",
    }
    others = draft.examples_text.split("- example:")[2:]
    assert _example_saved(author, draft, "0", **fields) == []
    data = yaml.safe_load(draft.examples_text)
    assert (
        data[0]["contribution_month"]
        == "person | month\nA1     | 2026-01-01\nA1     | 2026-02-01\nA1     | 2026-03-01\n"
    )
    assert data[0]["finds"] == [{"subject": "A1", "rows_found": 3}]
    assert draft.examples_text.split("- example:")[2:] == others
    assert any(
        "found nothing" in told or "expected" in told
        for told in _example_saved(author, draft, "0", **(fields | {"finds-cell-0-1": "4"}))
    )
    assert [told.field for told in check(draft).faults] == ["0"]
    _example_saved(author, draft, "0", **fields)
    _example_saved(author, draft, "0", deed="silent")
    assert len(yaml.safe_load(draft.examples_text)) == 6
    assert _example_saved(author, draft, "new") != []
    assert yaml.safe_load(draft.examples_text)[6]["finds"] == []
    _example_saved(author, draft, "6", deed="remove")
    assert check(draft).faults[0].field == "1"
    assert _example_saved(author, draft, "1", deed="remove") == []
    _example_saved(author, draft, "0", **(fields | {"t0-gone-2": "1"}))
    assert yaml.safe_load(draft.examples_text)[0]["contribution_month"].count("\n") == 3


def _example_saved(client: Client, draft: Draft, place: str, **fields: str) -> list[str]:
    draft.refresh_from_db()
    client.post(f"/editor/{draft.pk}/examples/{place}/save", {"revision": str(draft.revision), **fields})
    draft.refresh_from_db()
    return [told.message for told in check(draft).faults]


@pytest.mark.slow
def test_a_back_test_tells_each_month_and_what_it_would_gain(author: Client, approver: Client) -> None:
    draft = published(author, approver, begun(author))
    author.post(f"/signs/{draft.sign_id}/draft")
    change = Draft.objects.latest("pk")
    done = tried(author, change, kind="back_test", first="2026-09", last="2026-10")
    assert [month["as_of"] for month in done["months"]] == ["2026-09-30", "2026-10-31"]
    assert done["against"] is not None
    page = author.get(f"/editor/{change.pk}/try").content.decode()
    assert "09/2026" in page


def test_a_trial_shows_how_far_it_has_come_and_stops_when_asked(author: Client) -> None:
    draft = begun(author)
    author.post(f"/editor/{draft.pk}/try/start", {"kind": "dry_run", "last": "2026-10"})
    author.post(f"/editor/{draft.pk}/try/start", {"kind": "dry_run", "last": "2026-10"})
    asked = draft.trials.get()
    part = author.get(f"/editor/{draft.pk}/try/{asked.pk}", headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" in part
    assert "<html" not in part
    author.post(f"/editor/{draft.pk}/try/{asked.pk}/stop")
    assert not work_once("worker", LEASE)
    asked.refresh_from_db()
    assert asked.job is not None
    assert asked.job.state == "cancelled"
    assert not asked.result


def test_places_of_a_forecast_are_those_in_scope(author: Client, signed_in: Browser, own_store: Path) -> None:
    draft = begun(author)
    tried(author, draft)
    asked = draft.trials.get()
    places = [
        {"code": "01", "name": "Hà Nội", "findings": 9, "subjects": 9},
        {"code": "79", "name": "HCM", "findings": 3, "subjects": 3},
    ]
    asked.result = json.dumps(json.loads(asked.result) | {"places": places})
    asked.save()
    everywhere = author.get(f"/editor/{draft.pk}/try").content.decode()
    assert "Hà Nội" in everywhere
    assert "HCM" in everywhere
    north = signed_in("analyst", "province", "01").get(f"/editor/{draft.pk}/try").content.decode()
    assert "Hà Nội" in north
    assert "HCM" not in north
    # An auditor reads drafts, and no rows about persons: no part is told from which another could be worked out.
    auditor = signed_in("auditor").get(f"/editor/{draft.pk}/try").content.decode()
    assert "Hà Nội" not in auditor
    assert "HCM" not in auditor


def test_few_are_not_told_to_who_may_not_see_persons(site: Any) -> None:
    figures = {"findings": 3, "subjects": 2, "amount": 5_000_000, "active": 900, "new": 7}
    assert queries._withheld(figures, system_scope("test")) == figures
    told = queries._withheld(figures, Scope(frozenset({Reach(TerritoryKind.NATION)}), "test"))
    assert told == {"findings": None, "subjects": None, "amount": None, "active": None, "new": 7}


def test_a_folder_which_cannot_be_written_leaves_the_draft_waiting(
    author: Client, approver: Client, own_store: Path
) -> None:
    draft = begun(author)
    tried(author, draft)
    submitted(author, draft)
    (own_store / "site").write_text("in the way", encoding="utf-8")
    assert "cannot be written" in decided(approver, draft)
    assert draft.state == "submitted"
    assert ("binh", "sign_published") not in acts(draft)
    assert not SignVersion.objects.exists()


def test_every_part_speaks_both_languages(author: Client) -> None:
    draft = begun(author)
    for language in ("vi", "en"):
        author.cookies["django_language"] = language
        for part in ("texts", "law", "logic", "examples", "try", "publish"):
            answer = author.get(f"/editor/{draft.pk}/{part}?q=luong&table=employer")
            assert answer.status_code == 200
            assert f'<html lang="{language}"' in answer.content.decode()
    assert author.get(f"/editor/{draft.pk}/nothing").status_code == 404
