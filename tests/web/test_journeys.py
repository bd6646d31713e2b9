"""The five daily journeys, walked in a browser with clicks and keys: what people read, and what is kept of it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from dauhieu.catalogue.catalogue import catalogue_in_force
from dauhieu.warehouse.store import Store
from tests.thin import MONTH_HEAD, month_line
from tests.web.conftest import NORTH, NORTHERNER, Served, serving

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
LEADER, ANALYST, APPROVER = "lanh.dao", "phan.tich", "phe.duyet"
INSPECTOR, COLLEAGUE, OFFICER, AUDITOR = "ha.noi", "thanh.tra", "can.bo", "kiem.toan"
UNIT = f"employer:{NORTH}"
CASE = "12/QĐ-BHXH"
# Jobs take turns with the tests.
JOB = 60_000
SEPTEMBER, OCTOBER = {"vi": "09/2026", "en": "2026-09"}, {"vi": "10/2026", "en": "2026-10"}
SIGN = {
    "title_vi": "Nhiều tháng làm việc",
    "title_en": "Many working months",
    "rule_vi": "Một người có từ hai tháng làm việc trở lên.",
    "rule_en": "A person has two working months or more.",
    "instrument": "SI Law 41/2024/QH15",
    "article": "Art. 31",
    "since": "01/07/2025",
}


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody at a browser, who reads and clicks what stands there in his language."""

    page: Page
    language: str

    def words(self, english: str, **values: str) -> str:
        with translation.override(self.language):
            return translation.gettext(english) % values

    def go(self, english: str) -> None:
        self.page.locator("nav .places").get_by_role("link", name=self.words(english), exact=True).click()

    def follow(self, english: str, within: str = "main") -> None:
        self.page.locator(within).get_by_role("link", name=self.words(english)).first.click()

    def press(self, english: str, within: str = "main") -> None:
        self.page.locator(within).get_by_role("button", name=self.words(english)).first.click()

    def reads(self, text: str, within: str = "main", timeout: int = 15_000) -> None:
        expect(self.page.locator(within).first).to_contain_text(text, timeout=timeout)

    def download(self, english: str) -> bytes:
        with self.page.expect_download() as waiting:
            self.follow(english)
        return Path(waiting.value.path()).read_bytes()

    def workbook(self, english: str) -> openpyxl.Workbook:
        return openpyxl.load_workbook(io.BytesIO(self.download(english)))


@pytest.fixture(scope="module", params=["vi", pytest.param("en", marks=pytest.mark.long)])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def served(language: str, radar_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(radar_store, tmp_path_factory.mktemp(f"journeys-{language}")) as site:
        yield site


@pytest.fixture(scope="module")
def chromium(screens: ModuleType) -> Iterator[Browser]:
    with screens.browser() as opened:
        yield opened


Come = Callable[[str], AbstractContextManager[Walker]]


@pytest.fixture
def come(served: Served, chromium: Browser, language: str) -> Come:
    """Somebody signs in; until he has left nothing may have been said on the console."""

    @contextmanager
    def come(name: str) -> Iterator[Walker]:
        context = chromium.new_context(viewport={"width": 1360, "height": 1000})
        context.add_cookies([{"name": "django_language", "value": language, "url": served.base}])
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{served.base}/account/login/")
        expect(page.locator("html")).to_have_attribute("lang", language)
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", served.password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/account/login/" not in address)
        yield Walker(page, language)
        context.close()
        assert said == []

    return come


def trail(site: Served, actor: str, *acts: str) -> list[tuple[str, str]]:
    rows = site.ask("SELECT actor, act, subject FROM audit_entry ORDER BY number")
    return [(act, subject) for by, act, subject in rows if by == actor and act in acts]


def _told(walker: Walker, singular: str) -> str:
    """What is said of one."""
    with translation.override(walker.language):
        return translation.ngettext(singular, "", 1) % {"n": "1"}


def test_leaders_morning(served: Served, come: Come) -> None:
    """What got worse, who made it, why, and all of it on paper."""
    with come(LEADER) as leader:
        leader.reads(leader.words("What to do in %(month)s", month=OCTOBER[leader.language]), "h1")
        leader.follow("Hà Nội", "#worse")
        leader.reads(f"Hà Nội · {OCTOBER[leader.language]}", "h1")
        leader.reads(leader.words("Who made it worse"))
        leader.follow("Công ty Đường Sắt")
        leader.reads("Công ty Đường Sắt", "h1")
        leader.reads(f"{SEPTEMBER[leader.language]} – {OCTOBER[leader.language]}", "#why")
        # Whose wages they are is not for a leader: what is to be asked for, and by which law, is.
        leader.reads(leader.words("On persons: those who may see persons find them singly."), "#findings")
        leader.reads("41/2024/QH15")
        book = leader.workbook("Findings in Excel")
        cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
        assert {leader.words("Findings on few persons"), f"Lãnh đạo trung ương ({LEADER})"} <= cells
        assert leader.download("On paper (PDF)").startswith(b"%PDF")
        leader.page.emulate_media(media="print")
        expect(leader.page.locator("nav .places")).to_be_hidden()
        papers = leader.page.locator(".print-only").all_inner_texts()
        assert any("Lãnh đạo trung ương" in text for text in papers)
        assert any(NORTH in text and OCTOBER[leader.language] in text for text in papers)
    told = trail(served, LEADER, "unit_read", "exported")
    assert told == [("unit_read", UNIT), ("exported", UNIT), ("exported", UNIT)]


def test_analyst_adds_a_sign(served: Served, come: Come) -> None:
    """Blocks, an example, a dry run; somebody else approves, and every scan from then on knows the sign."""
    with come(ANALYST) as analyst:
        page = analyst.page
        analyst.go("Sign editor")
        analyst.follow("Write a sign")
        for name, value in {"violation": "SI-EMP-05", "subject": "person", "table": "contribution_month"}.items():
            page.select_option(f"#id_{name}", value)
        for name, text in SIGN.items():
            page.fill(f"#id_{name}", text)
        analyst.press("Begin the draft")
        analyst.reads(analyst.words("checks are green"), ".head")
        page.select_option("[name=cond-0-column]", "t.month_status")
        page.fill("[name=cond-0-word]", "working")
        page.locator("#b-amount").select_option("wage_base")
        analyst.press("Save and check")
        expect(page.locator("#sql")).to_have_value(re.compile("AND t.month_status = 'working'"))
        analyst.follow("Examples", ".steps")
        page.locator("details.example summary").first.click()
        analyst.press("Duplicate as a silent one", "details.example[open]")
        # The copy still says what is found; the checks say so until the example is another one.
        analyst.reads(analyst.words("What the checks say of this part"), ".notice.bad")
        page.fill("#title", "Tháng nghỉ ốm không được tính")
        page.fill("[name=t0-col-2]", "month_status")
        page.fill("[name=t0-cell-0-2]", "working")
        page.fill("[name=t0-cell-1-2]", "sick")
        page.keyboard.press("Control+s")
        analyst.reads(analyst.words("checks are green"), ".head")
        analyst.follow("Try it", ".steps")
        analyst.press("Start the dry run")
        analyst.reads(analyst.words("Subjects named"), ".trial", JOB)
        # Two of four have worked in both months.
        analyst.reads(analyst.words("%(part)s of %(whole)s", part="2", whole="4"), ".trial")
        analyst.follow("Difference and approval", ".steps")
        page.fill("#message", "Đề nghị phê duyệt")
        analyst.press("Submit for approval")
        analyst.reads(analyst.words("It waits for somebody else's approval and cannot be changed meanwhile."))
        expect(page.locator("button[value=approve]")).to_have_count(0)
    ((sign, state),) = served.ask("SELECT sign_id, state FROM editor_draft")
    assert state == "submitted"
    assert sign not in catalogue_in_force(Store.open(served.store)).signs
    with come(APPROVER) as approver:
        approver.follow("Notices", ".top")
        approver.follow(sign)
        approver.reads("Đề nghị phê duyệt")
        approver.reads("t.month_status = 'working'", ".lines")
        approver.press("Approve and publish")
        approver.reads(SIGN["title_vi"] if approver.language == "vi" else SIGN["title_en"], "h1")
        approver.reads(
            approver.words("written by %(author)s, approved by %(approver)s", author=ANALYST, approver=APPROVER)
        )
    found = catalogue_in_force(Store.open(served.store)).signs[sign]
    assert (found.status, found.site, len(found.title.vi)) == ("experimental", True, len(SIGN["title_vi"]))
    about = f"sign:{sign}"
    assert trail(served, APPROVER, "sign_published") == [("sign_published", about)]
    did = trail(served, ANALYST, "sign_begun", "sign_changed", "sign_tried", "sign_submitted")
    assert did[0] == ("sign_begun", about)
    assert did[-2:] == [("sign_tried", about), ("sign_submitted", about)]


def test_inspector_triages(served: Served, come: Come) -> None:
    """The queue by keys: acknowledge, dismiss with a reason, undo, hand on, and into the plan."""
    with come(INSPECTOR) as inspector:
        page, keys = inspector.page, inspector.page.keyboard
        panel, queue, toast = "#panel", "#list", "#toast .toast"
        inspector.go("Warnings")
        inspector.reads("Công ty Đường Sắt", queue)
        keys.press("j")
        keys.press("Enter")
        inspector.reads("2.000.000" if inspector.language == "vi" else "2,000,000", panel)
        _panel_shows(page, 0)
        keys.press("e")
        expect(page.locator("#evidence tbody tr")).to_have_count(2)
        keys.press("a")
        inspector.reads(_told(inspector, "%(n)s finding acknowledged."), toast)
        # The other one of the same unit opens by itself, and tells what was decided of the first.
        inspector.reads(inspector.words("same sign"), panel)
        _panel_shows(page, 0)
        keys.press("d")
        keys.press("ArrowDown")
        keys.press("Tab")
        keys.type("Đã có hợp đồng bán thời gian")
        keys.press("Tab")
        keys.press("Enter")
        inspector.reads(_told(inspector, "%(n)s finding dismissed."), toast)
        expect(page.locator("[data-row]")).to_have_count(1)
        inspector.reads("GONE-0003", panel)
        keys.press("u")
        inspector.reads(_told(inspector, "%(n)s finding is as before."), toast)
        expect(page.locator("[data-row]")).to_have_count(2)
        _panel_shows(page, 2)
        keys.press("h")
        keys.press("ArrowDown")
        keys.press("Tab")
        keys.press("Enter")
        inspector.reads(_told(inspector, "%(n)s finding handed on."), toast)
        inspector.reads("Thanh tra viên, trung ương", queue)
        _panel_shows(page, 3)
        page.locator("[data-row]").nth(1).locator("[data-open]").click()
        inspector.reads("GONE-0003", panel)
        page.fill("#panel-due", "2026-12-01")
        page.locator("[data-panel] h2").focus()
        keys.press("p")
        inspector.reads(_told(inspector, "%(n)s finding put into the plan."), toast)
        inspector.go("My work")
        inspector.reads("Công ty Đường Sắt", "#held")
        inspector.reads("GONE-0003", "#plan")
        inspector.reads("01/12/2026" if inspector.language == "vi" else "2026", "#plan")
    kept = served.ask(
        "SELECT t.unit_code, t.state, t.reason, u.username FROM triage_triage t"
        " LEFT JOIN accounts_user u ON u.id = t.holder_id ORDER BY t.unit_code, t.state"
    )
    assert kept == [
        ("GONE-0003", "planned", "", INSPECTOR),
        (NORTH, "acknowledged", "", INSPECTOR),
        (NORTH, "waiting", "", COLLEAGUE),
    ]
    details = served.ask(
        f"SELECT details FROM audit_entry WHERE act = 'findings_decided' AND actor = '{INSPECTOR}' ORDER BY number"
    )
    assert [json.loads(one)["did"] for (one,) in details] == ["acknowledge", "dismiss", "undo", "hand", "plan"]
    assert not [one for (one,) in details if "bán thời gian" in one]
    with come(COLLEAGUE) as colleague:
        colleague.go("My work")
        colleague.reads("Công ty Đường Sắt", "#held")
        colleague.reads(colleague.words("Handed on by"), "#held")
        colleague.reads("Thanh tra viên, Hà Nội", "#held")


def _panel_shows(page: Page, version: int) -> None:
    """The panel is filled anew after each deed, with what the deed made of the finding."""
    expect(page.locator("#panel [name=seen]")).to_have_value(re.compile(f"@{version}$"))


def test_officer_mends_a_delivery(served: Served, come: Come, tmp_path: Path) -> None:
    """One row of many cannot be stored: it comes back, is mended, and lands."""
    many = MONTH_HEAD + "".join(month_line(f"Q{turn}", NORTH, "2026-10-01", 9_000_000) for turn in range(150))
    before = Store.open(served.store).version().number
    with come(OFFICER) as officer:
        page = officer.page
        officer.go("Data sources")
        officer.follow("Deliver a file")
        content = (many + month_line("Q900", NORTH, "2026-10-01", "chín triệu")).encode()
        page.set_input_files(
            "#id_file", [{"name": "contribution_month.csv", "mimeType": "text/csv", "buffer": content}]
        )
        officer.press("Send")
        officer.reads(officer.words("landed, a part set aside"), "#state, [hx-get]", JOB)
        officer.reads("wage_base")
        assert "chín triệu" not in page.locator("main").inner_text()
        book = officer.workbook("Rows to mend (Excel)")
        (wrong,) = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.comment]
        wrong.value, wrong.comment = "9000000", None
        book.save(tmp_path / "mended.xlsx")
        officer.follow("Send the mended file")
        page.set_input_files("#id_file", tmp_path / "mended.xlsx")
        officer.press("Send")
        expect(page.locator("#state .badge, h2 .badge").first).to_have_text(officer.words("landed"), timeout=JOB)
        officer.go("Data sources")
        officer.follow("Deliveries")
        officer.reads("mended.xlsx", "tbody")
    assert Store.open(served.store).version().number == before + 2
    sent = served.ask("SELECT name, landed IS NOT NULL FROM sources_sending ORDER BY moment")
    assert [(name, bool(landed)) for name, landed in sent] == [("contribution_month.csv", True), ("mended.xlsx", True)]
    assert [act for act, _ in trail(served, OFFICER, "delivered", "exported")] == ["delivered", "exported", "delivered"]


def test_auditor_checks_the_trail(served: Served, come: Come) -> None:
    """Who read a person and for what; whether all of it is as it was written."""
    with come(COLLEAGUE) as colleague:
        colleague.go("Persons")
        colleague.page.fill("#number", NORTHERNER)
        colleague.page.keyboard.press("Enter")
        colleague.page.fill("#case", CASE)
        colleague.press("Open the page")
        colleague.reads("Nguyễn Văn An", "h1")
    with come(AUDITOR) as auditor:
        page = auditor.page
        auditor.go("Trail")
        page.select_option("[name=act]", "person_read")
        page.fill("[name=actor]", COLLEAGUE)
        auditor.press("Show")
        expect(page.locator("tbody tr")).to_have_count(1)
        auditor.reads(CASE, "tbody")
        handle = page.locator("tbody tr td").nth(4).inner_text()
        assert handle.startswith("person:")
        auditor.follow("Who read what")
        for asked in (handle, NORTHERNER):
            page.fill("#subject", asked)
            page.keyboard.press("Enter")
            auditor.reads("Thanh tra viên, trung ương", "tbody")
            auditor.reads(CASE, "tbody")
        assert NORTHERNER not in page.url
        auditor.go("Trail")
        auditor.press("Check the whole trail")
        auditor.reads(auditor.words("The whole trail was followed: it is unbroken."))
        seal = page.locator("main code").first.inner_text()
    checks = served.ask("SELECT actor, details FROM audit_entry WHERE act = 'trail_checked'")
    ((by, details),) = checks
    assert by == AUDITOR
    assert (json.loads(details)["broken"], json.loads(details)["head"]) == (None, seal)
    assert trail(served, AUDITOR, "readers_asked")[-1] == ("readers_asked", handle)
