"""Data sources: what signs miss is told; files come in by the door, within limits, and what is wrong goes back."""

from __future__ import annotations

import gzip
import io
import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dauhieu.deliveries.load import LoadOptions, load
from dauhieu.deliveries.report import SetAsideError
from dauhieu.deliveries.territory import Territory
from dauhieu.errors import DeliveryError
from dauhieu.warehouse.contract import contract
from dauhieu.warehouse.store import Store
from dauhieu.web.accounts.models import RoleGrant
from dauhieu.web.audit.acts import Act
from dauhieu.web.audit.models import Entry
from dauhieu.web.jobs.models import Job
from dauhieu.web.jobs.worker import work_once
from dauhieu.web.radar.lake import lake
from dauhieu.web.sources import freshness, upload
from dauhieu.web.sources.freshness import sources
from dauhieu.web.sources.models import Sending
from dauhieu.web.sources.tasks import load_sending, sweep
from dauhieu.web.sources.upload import check, folder_of, safe_name
from tests.thin import MONTH_HEAD, month_line
from tests.web.conftest import (
    AREAS,
    CLAIMS,
    DECISIONS,
    IDENTITIES,
    NORTH,
    NORTH_OFFICE,
    PERSONS,
    SERVICES,
    SOUTH,
    SOUTH_OFFICE,
)

Browser = Callable[..., Client]
LEASE = timedelta(seconds=30)
GOOD = MONTH_HEAD + month_line("P9", "HANOI-0001", "2026-10-01", 9_000_000)
# One row of two has no readable sum of money.
HALF = GOOD + month_line("P8", "HANOI-0001", "2026-10-01", "chín triệu")


@pytest.fixture
def own_store(site: Any, radar_store: Store, tmp_path: Path) -> Store:
    """A copy which may be written to."""
    shutil.copytree(radar_store.path, tmp_path / "own")
    site.STORE_FOLDER = tmp_path / "own"
    return Store.open(tmp_path / "own")


def sent(browser: Client, text: str | bytes, name: str = "contribution_month.csv", **words: str) -> Any:
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile(name, content)
    return browser.post("/sources/deliver", {"file": file, "mode": "adds", "table": "", "months": ""} | words)


def given_back(browser: Client, place: str) -> bytes:
    with closing(browser.get(f"{place}/set-aside")) as answer:
        assert "can-sua.xlsx" in answer.headers["Content-Disposition"]
        return b"".join(answer.streaming_content)


def work() -> None:
    while work_once("test", LEASE):
        pass


def test_a_file_is_delivered_and_lands(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer", name="lan")
    before = own_store.version().number
    answer = sent(browser, GOOD)
    sending = Sending.objects.get()
    assert answer.headers["Location"] == f"/sources/sendings/{sending.pk}"
    assert "đang chờ" in browser.get(answer.headers["Location"]).content.decode()
    assert (folder_of(sending.pk) / "contribution_month.csv").stat().st_mode & 0o077 == 0
    work()
    sending.refresh_from_db()
    assert sending.landed
    assert own_store.version().number == before + 1
    assert not (folder_of(sending.pk) / "contribution_month.csv").exists()
    assert "đã vào kho" in browser.get(answer.headers["Location"]).content.decode()
    assert Entry.objects.get(act=Act.DELIVERED).actor == "lan"
    newest = browser.get("/sources/loads").content.decode()
    assert "contribution_month.csv" in newest
    assert "(lan)" in newest


def test_the_same_content_twice_changes_nothing(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer", name="lan")
    sent(browser, GOOD)
    work()
    before = own_store.version().number
    answer = sent(browser, GOOD)
    work()
    assert own_store.version().number == before
    assert "đã được gửi trước đây" in browser.get(answer.headers["Location"]).content.decode()


def test_what_cannot_be_stored_comes_back_commented_and_is_mended(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer", name="lan")
    before = own_store.version().number
    place = sent(browser, HALF).headers["Location"]
    work()
    assert own_store.version().number == before
    page = browser.get(place).content.decode()
    assert "Chưa lưu gì" in page
    assert "gửi lại cả tệp" in page
    assert '<a href="/sources" aria-current="page"' in page
    assert "Gửi tệp đã sửa" not in page
    assert "wage_base" in page
    assert "chín triệu" not in page
    book = openpyxl.load_workbook(io.BytesIO(given_back(browser, place)))
    comments = [cell.comment.text for row in book.worksheets[0].iter_rows() for cell in row if cell.comment]
    assert len(comments) == 1
    assert comments[0].startswith("Không phải số")
    bad = next(cell for row in book.worksheets[0].iter_rows() for cell in row if cell.comment)
    bad.value, bad.comment = "9000000", None
    book.remove(book["Ghi chú"])
    mended = io.BytesIO()
    book.save(mended)
    again = sent(browser, mended.getvalue(), "contribution_month.xlsx", table="contribution_month")
    work()
    assert own_store.version().number == before + 1
    assert "đã vào kho" in browser.get(again.headers["Location"]).content.decode()
    assert Entry.objects.get(act=Act.EXPORTED).subject == f"delivery:{place.rsplit('/', 1)[1]}"


def test_an_archive_bomb_is_refused_by_the_core(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer", name="lan")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("contribution_month.csv", MONTH_HEAD + "x" * 40_000_000)
    place = sent(browser, packed.getvalue(), "contribution_month.zip").headers["Location"]
    work()
    page = browser.get(place).content.decode()
    assert "lần dung lượng" in page
    assert str(own_store.path) not in page


def test_a_refusal_names_no_path_of_the_server(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer", name="lan")
    place = sent(browser, "a,b\n1,2\n", "nothing_known.csv").headers["Location"]
    work()
    page = browser.get(place).content.decode()
    assert "Không có bảng “nothing_known”" in page
    assert "deliveries/" not in page


def test_months_are_replaced(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer", name="lan")
    assert sent(browser, GOOD, mode="replaces").status_code == 200
    assert sent(browser, GOOD, mode="adds", months="10/2026").status_code == 200
    assert sent(browser, GOOD, mode="replaces", months="13/2026").status_code == 200
    assert not Sending.objects.exists()
    sent(browser, GOOD, mode="replaces", months="10/2026")
    work()
    sending = Sending.objects.get()
    assert sending.landed
    assert '"closed"' in sending.report


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.xls", b"\xd0\xcf\x11\xe0"),
        ("a", b"a,b"),
        ("a.csv", b""),
        ("a.csv", b"a\0b"),
        ("a.xlsx", b"<html>"),
        ("a.zip", b"Rar!"),
        ("a.gz", b"PK\x03\x04"),
        ("a.xml", b"PK\x03\x04"),
        ("a.parquet", b"a,b"),
        ("a.csv.html", b"<html>"),
    ],
)
def test_what_is_no_delivery_is_not_let_in(name: str, content: bytes) -> None:
    with pytest.raises(ValidationError):
        check(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"a,b\n"),
        ("a.xml", b"\xef\xbb\xbf<x/>"),
        ("A.CSV", "đ,ê".encode()),
        ("a.csv.gz", gzip.compress(b"a,b", mtime=0)),
    ],
)
def test_what_is_one_is(name: str, content: bytes) -> None:
    check(SimpleUploadedFile(name, content))


def test_what_is_too_large_is_hung_up_on(own_store: Store, signed_in: Browser, settings: Any) -> None:
    settings.LARGEST_DELIVERY = 100
    answer = sent(signed_in("officer"), b"a" * 200)
    assert answer.status_code in (200, 400)
    assert not Sending.objects.exists()
    with pytest.raises(ValidationError, match="MB"):
        check(SimpleUploadedFile("a.csv", b"a" * 101))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("..\\..\\c.csv", "c.csv"),
        (".hidden.csv", "hidden.csv"),
        ("contribution_month.2026-10.csv", "contribution_month.2026-10.csv"),
        ("bảng lương; rm -rf.csv", "bảng_lương_rm_-rf.csv"),
        ("x" * 400 + ".csv", "x" * upload.LONGEST_NAME + ".csv"),
    ],
)
def test_names_choose_no_place(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_nobody_sees_what_another_sent(own_store: Store, signed_in: Browser) -> None:
    place = sent(signed_in("officer", "province", "01", name="lan"), HALF).headers["Location"]
    work()
    other = signed_in("officer", "province", "79", name="nam")
    assert other.get(place).status_code == 404
    assert other.get(f"{place}/set-aside").status_code == 404
    assert place not in other.get("/sources/deliver").content.decode()
    assert signed_in("officer", name="trung.uong").get(place).status_code == 200


def test_loading_twice_is_loading_once(own_store: Store, signed_in: Browser) -> None:
    sent(signed_in("officer"), GOOD)
    number = str(Sending.objects.get().pk)
    kept = (folder_of(Sending.objects.get().pk) / "contribution_month.csv").read_bytes()
    load_sending.call(number)
    before = own_store.version().number
    # As after a kill between the landing and the end of the job.
    (folder_of(Sending.objects.get().pk) / "contribution_month.csv").write_bytes(kept)
    load_sending.call(number)
    assert own_store.version().number == before


def test_files_are_swept_when_their_time_is_over(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer")
    place = sent(browser, HALF).headers["Location"]
    work()
    Sending.objects.update(moment=timezone.now() - timedelta(days=31))
    sweep()
    assert not folder_of(Sending.objects.get().pk).exists()
    assert browser.get(f"{place}/set-aside").status_code == 404
    assert browser.get(place).status_code == 200


def test_a_load_shows_what_was_set_aside_without_codes_of_documents(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer", name="lan")
    many = MONTH_HEAD + "".join(month_line(f"Q{i}", "HANOI-0001", "2026-10-01", 9_000_000) for i in range(150))
    sent(browser, many + month_line("P-SECRET", "HANOI-0001", "2026-10-01", "chín triệu"))
    work()
    rows = lake().reference("SELECT delivery_no FROM stored_delivery WHERE set_aside > 0")
    page = browser.get(f"/sources/loads/{rows[0]['delivery_no']}").content.decode()
    assert "wage_base" in page
    assert "SECRET" not in page
    assert given_back(browser, f"/sources/sendings/{Sending.objects.get().pk}").startswith(b"PK")
    assert Job.objects.get().state == "done"


def test_freshness_is_measured_by_what_signs_need(site: Any) -> None:
    found = {one.name: one for one in sources(lake())}
    assert found["contribution_month"].state == "fresh"
    assert found["contribution_month"].stock.newest is not None
    assert found["contribution_month"].stock.newest.isoformat() == "2026-10-01"
    missing = next(one for one in found.values() if one.state == "missing")
    assert missing.hurt == missing.needed_by
    assert next(iter(found.values())).state == "missing"


def test_a_table_grows_too_old() -> None:
    stock = freshness.Stock(10, date(2026, 3, 1), None)
    assert freshness._too_old(stock, 1, date(2026, 10, 31))
    assert not freshness._too_old(stock, 7, date(2026, 10, 31))
    assert not freshness._too_old(stock, None, date(2026, 10, 31))
    assert freshness._too_old(stock, freshness.CLOSED_YEAR, date(2028, 1, 31))
    assert freshness._too_old(freshness.Stock(0, None, None), None, date(2026, 10, 31))


def test_every_table_and_column_is_explained(signed_in: Browser) -> None:
    browser = signed_in("officer")
    assert browser.get("/sources/schema").status_code == 200
    for name in {table.area: table.name for table in contract().tables.values()}.values():
        assert browser.get(f"/sources/schema/{name}").status_code == 200, name
    page = browser.get("/sources/schema/person_identity").content.decode()
    assert "định danh cá nhân" in page
    assert browser.get("/sources/schema/none").status_code == 404


def rows(employers: str, count: int, start: int = 0) -> str:
    return "".join(month_line(f"N{turn}", employers, "2026-10-01", 9_000_000) for turn in range(start, start + count))


PLACES = [("province", "01"), ("former_province", "01"), ("office", NORTH_OFFICE)]


@pytest.mark.parametrize("place", PLACES)
def test_who_delivers_for_one_place_delivers_its_rows(
    own_store: Store, signed_in: Browser, place: tuple[str, str]
) -> None:
    sent(signed_in("officer", *place, name="lan"), MONTH_HEAD + rows(NORTH, 3))
    work()
    assert Sending.objects.get().landed


@pytest.mark.parametrize("place", PLACES)
def test_rows_of_other_places_are_set_aside_with_their_row(
    own_store: Store, signed_in: Browser, place: tuple[str, str]
) -> None:
    browser = signed_in("officer", *place, name="lan")
    before = own_store.version().number
    address = sent(browser, MONTH_HEAD + rows(NORTH, 2) + rows(SOUTH, 1, 2)).headers["Location"]
    work()
    assert own_store.version().number == before
    page = browser.get(address).content.decode()
    assert "ngoài địa bàn" in page
    assert 'data-name="Dòng">4<' in page
    book = openpyxl.load_workbook(io.BytesIO(given_back(browser, address)))
    (comment,) = [cell.comment.text for row in book.worksheets[0].iter_rows() for cell in row if cell.comment]
    assert "ngoài địa bàn" in comment


def test_one_strange_row_of_many_does_not_stop_the_others(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer", "province", "01", name="lan")
    text = MONTH_HEAD + rows(NORTH, 150) + rows(SOUTH, 1, 150)
    sent(browser, text)
    work()
    sending = Sending.objects.get()
    assert sending.landed
    assert '"outside_territory": 1' in sending.report
    # What one may not deliver, another may: it is not taken for known.
    sent(signed_in("officer", name="trung.uong"), text)
    work()
    assert Sending.objects.get(by="trung.uong").landed


LINE_HEAD = "hi_claim_code,facility_code,line_no,service_code,done_at\n"
CHECKED_IN = "79001/LK-5,01001,LK-5,P1,2026-09-08 08:00:00\n"


def test_the_same_file_lands_once_the_store_knows_its_unit(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer", "province", "01", name="lan")
    text = MONTH_HEAD + rows(NORTH, 150) + rows("NEW-0009", 1, 150)

    def send() -> str:
        place = sent(browser, text).headers["Location"]
        work()
        return browser.get(place).content.decode()

    assert "gác lại" in send()
    before = own_store.version().number
    again = send()
    assert "đã được gửi trước đây" in again
    # Those in order are stored: only the others are to be mended.
    assert "Gửi tệp đã sửa" in again
    assert own_store.version().number == before
    sent(browser, f"{UNIT_HEAD}NEW-0009,I,0109,private,monthly,active,00004,{NORTH_OFFICE}\n", "employer.csv")
    work()
    assert "đã vào kho" in send()
    assert own_store.version().number == before + 2
    assert '"set_aside": {}' in Sending.objects.order_by("moment").last().report
    assert "đã được gửi trước đây" in send()
    assert own_store.version().number == before + 2


UNIT_HEAD = "employer_code,wage_region,tax_code,block_code,payment_cycle,status,admin_code,org_code\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # A unit nobody knows, and another's unit drawn into one's own province.
        ("contribution_month", MONTH_HEAD + rows("UNKNOWN-9", 1)),
        ("employer", f"{UNIT_HEAD}{SOUTH},I,0102,state,monthly,active,00004,{NORTH_OFFICE}\n"),
        ("employer", f"{UNIT_HEAD}{NORTH},I,0101,private,monthly,active,26734,{SOUTH_OFFICE}\n"),
        # A decision of one's own office which takes the place of another's.
        ("benefit_decision", DECISIONS.replace(NORTH_OFFICE, SOUTH_OFFICE)),
        # Lines of another's claim, and a claim of a facility elsewhere.
        ("hi_claim_service", SERVICES.splitlines()[0] + "\n79001,LK-9,2,01.0001,HN-1,2026-09-08 11:00:00\n"),
        ("hi_claim_service", SERVICES.splitlines()[0] + "\n01001,LK-NO,2,01.0001,HN-1,2026-09-08 11:00:00\n"),
        ("hi_claim", "\n".join([CLAIMS.splitlines()[0], CLAIMS.splitlines()[-1]]) + "\n"),
        # Lines of one's own document which name another's unit, and codes of another's house beside one's own unit.
        ("hi_claim_service", f"{LINE_HEAD}01001/LK-1,79001,2,01.0001,2026-09-08 11:00:00\n"),
        ("hi_claim_service", f"{LINE_HEAD}79001/LK-9,01001,2,01.0001,2026-09-08 11:00:00\n"),
        ("hi_claim", f"hi_claim_code,{CLAIMS.splitlines()[0]}\n79001/LK-5,{CLAIMS.splitlines()[1]}\n"),
        ("hi_claim", f"hi_claim_code,{CLAIMS.splitlines()[0]}\n01001/LK-5,{CLAIMS.splitlines()[1]}\n"),
        ("hi_checkin", f"hi_claim_code,facility_code,ma_lk,person_code,arrived_at\n{CHECKED_IN}"),
        # Lists of the country, and persons, are nobody's.
        ("admin_unit", AREAS),
        ("person", PERSONS),
        ("person_identity", IDENTITIES),
    ],
)
def test_nothing_of_others_is_written(radar_store: Store, tmp_path: Path, name: str, text: str) -> None:
    own = Territory("province", "79" if name == "benefit_decision" else "01")
    path = tmp_path / f"{name}.csv"
    path.write_text(text)
    with pytest.raises(SetAsideError) as refused:
        load(radar_store, [path], options=LoadOptions(territories=(own,)), now=datetime(2026, 11, 21))
    found = refused.value.report
    assert found.rows.accepted == 0
    assert set(found.set_aside) <= {"outside_territory", "whole_country"}


def test_a_line_of_ones_own_declaration_names_no_unit_of_others(radar_store: Store, tmp_path: Path) -> None:
    head, line = tmp_path / "si_declaration.csv", tmp_path / "si_declaration_line.csv"
    head.write_text(
        "declaration_code,form_code,employer_code,submitted_at,channel,status\n"
        f"TK-1,D02-LT,{NORTH},2026-10-05 08:00:00,portal,accepted\n"
    )
    line.write_text(
        "declaration_code,line_no,submitted_on,employer_code,person_code,action,from_month\n"
        f"TK-1,1,2026-10-05,{SOUTH},P1,increase,2026-10-01\n"
    )
    own = LoadOptions(territories=(Territory("province", "01"),))
    with pytest.raises(SetAsideError) as refused:
        load(radar_store, [head, line], options=own, now=datetime(2026, 11, 21))
    assert refused.value.report.set_aside["outside_territory"] == 1
    assert refused.value.report.rows.accepted == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("employer", f"{UNIT_HEAD}NEW-0009,I,0109,private,monthly,active,00004,{NORTH_OFFICE}\n"),
        ("benefit_decision", DECISIONS.replace("300000", "310000")),
        ("hi_claim_service", "\n".join(SERVICES.splitlines()[:2]).replace("01.0001", "01.0002") + "\n"),
        ("hi_claim", "\n".join(CLAIMS.splitlines()[:2]).replace("250000", "260000") + "\n"),
    ],
)
def test_what_is_of_the_place_lands(own_store: Store, signed_in: Browser, name: str, text: str) -> None:
    sent(signed_in("officer", "province", "01", name="lan"), text, f"{name}.csv")
    work()
    assert Sending.objects.get().landed, Sending.objects.get().report


def test_a_claim_and_its_lines_come_together(own_store: Store, signed_in: Browser) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("hi_claim.csv", "\n".join(CLAIMS.splitlines()[:2]).replace("LK-1", "LK-77") + "\n")
        archive.writestr("hi_claim_service.csv", "\n".join(SERVICES.splitlines()[:2]).replace("LK-1", "LK-77") + "\n")
    sent(signed_in("officer", "province", "01", name="lan"), packed.getvalue(), "claims.zip")
    work()
    assert Sending.objects.get().landed, Sending.objects.get().report


def test_who_delivers_for_one_place_replaces_no_months(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer", "province", "01", name="lan")
    assert sent(browser, MONTH_HEAD + rows(NORTH, 1), mode="replaces", months="10/2026").status_code == 200
    assert not Sending.objects.exists()
    path = own_store.path.parent / "contribution_month.csv"
    path.write_text(MONTH_HEAD + rows(NORTH, 1))
    options = LoadOptions(mode="replaces", months=(date(2026, 10, 1),), territories=(Territory("province", "01"),))
    with pytest.raises(DeliveryError, match="whole country"):
        load(own_store, [path], options=options, now=datetime(2026, 11, 21))


def test_a_branch_delivers_the_tables_of_its_branch(own_store: Store, signed_in: Browser) -> None:
    browser = signed_in("officer", "province", "01", "health", name="lan")
    sent(browser, "\n".join(CLAIMS.splitlines()[:2]).replace("250000", "260000") + "\n", "hi_claim.csv")
    sent(browser, MONTH_HEAD + rows(NORTH, 1))
    work()
    assert [one.landed for one in Sending.objects.order_by("name")] == [False, True]


def test_who_has_lost_the_right_meanwhile_delivers_nothing(own_store: Store, signed_in: Browser) -> None:
    sent(signed_in("officer", "province", "01", name="lan"), MONTH_HEAD + rows(NORTH, 1))
    RoleGrant.objects.update(valid_from=date(2025, 7, 1), valid_to=date(2025, 7, 2))
    before = own_store.version().number
    work()
    assert Sending.objects.get().landed is False
    assert own_store.version().number == before
