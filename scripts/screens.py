"""Walk the screens in a browser: look for faults with axe, and keep pictures of them.

    python scripts/screens.py http://127.0.0.1:8000 NAME PASSWORD EMPLOYER docs/screens [AUTHOR]

AUTHOR, who has the same password, begins a draft of a sign for its screens and withdraws it. A test walks the same way
over the store of the tests. Faults are what axe calls serious or critical, anything said on the console (the content
policy speaks there), and pages wider than the screen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
# Every pair of theme, width and language in four walks.
Walk = tuple[str, int, str]
WALKS = (("light", 1360, "vi"), ("dark", 390, "vi"), ("dark", 1360, "en"), ("light", 390, "en"))
HEIGHTS = {1360: 1000, 390: 844}
# Kept as pictures; the walk looks at all.
PICTURES = WALKS[:2]


def screens(employer: str) -> dict[str, str]:
    return {
        "home": "/",
        "map": "/map",
        "former-map": "/map?provinces=63",
        "province": "/map/34/01",
        "units": "/units",
        "no-units": "/units?q=zzzz",
        "employer": f"/units/employer/{employer}",
        "catalogue": "/signs?status=stable",
        "sign": "/signs/SI-EMP-05-S1",
        "work": "/work",
        "warnings": "/warnings",
        "no-warnings": "/warnings?q=zzzz",
        "scans": "/scans",
        "compare": "/scans/compare",
        "notices": "/notices",
        "sign-findings": "/signs/SI-EMP-05-S1/findings",
        "security": "/account/2fa/",
        "not-found": "/units/employer/NONE",
        "components": "/components",
    }


# What other accounts of the demo see; they share one password.
OTHERS = {
    "quan.tri": {
        "accounts": "/administration",
        "account": "a[href^='/administration/accounts/']",
        "new-account": "/administration/new",
        "roles": "/administration/roles",
        "doctor": "/administration/doctor",
    },
    "can.bo": {
        "sources": "/sources",
        "loads": "/sources/loads",
        "load": "a[href^='/sources/loads/']",
        "schema": "/sources/schema",
        "table": "/sources/schema/contribution_month",
        "deliver": "/sources/deliver",
    },
    "kiem.toan": {"trail": "/trail", "readers": "/trail/readers", "sessions": "/account/sessions/"},
}


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


PARTS = ("texts", "law", "logic", "examples", "examples/0", "try", "publish")


def write(
    opened: Browser, base: str, name: str, password: str, pictures: Path | None, walks: Sequence[Walk] = WALKS
) -> list[str]:
    """The screens of the sign editor, over a draft which is begun for them and withdrawn at the end."""
    faults: list[str] = []
    context = opened.new_context()
    page, _said = _page(context)
    _sign_in(page, base, name, password)
    page.goto(f"{base}/signs/SI-EMP-05-S1")
    page.click("form[action$='/draft'] button")
    page.wait_for_url("**/editor/**")
    draft = page.url.rsplit("/", 1)[0]
    for theme, width, language in walks:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        _choose(context, base, theme, language)
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        found = []
        for screen, address in {
            "drafts": f"{base}/editor",
            "new-sign": f"{base}/editor/new",
            **{f"draft-{part.replace('/', '-')}": f"{draft}/{part}" for part in PARTS},
        }.items():
            page.goto(address, wait_until="networkidle")
            found += _looked_at(page, screen, theme, width, language, pictures)
        faults += [f"{theme} {width} {language} {one}" for one in (*found, *(f"console: {line}" for line in said))]
    page.goto(f"{draft}/publish")
    page.click("button[value=withdraw]")
    context.close()
    return faults


def _choose(context: BrowserContext, base: str, theme: str, language: str) -> None:
    chosen = {"theme": theme, "django_language": language}
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in chosen.items()])


def _page(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and what is said on its console."""
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def _sign_in(page: Page, base: str, name: str, password: str) -> None:
    page.goto(f"{base}/account/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", password)
    page.click("form button[type=submit]")
    # Everybody has a first page of his own.
    page.wait_for_url(lambda url: "/account/login/" not in url)


def walk(
    opened: Browser,
    base: str,
    name: str,
    password: str,
    employer: str,
    pictures: Path | None,
    walks: Sequence[Walk] = WALKS,
) -> list[str]:
    """Every screen; what is wrong, one line each."""
    faults: list[str] = []
    for theme, width, language in walks:
        context = opened.new_context(viewport={"width": width, "height": HEIGHTS[width]})
        _choose(context, base, theme, language)
        page, said = _page(context)
        page.goto(f"{base}/account/login/")
        found = _looked_at(page, "sign-in", theme, width, language, pictures)
        _sign_in(page, base, name, password)
        for screen, path in screens(employer).items():
            page.goto(base + path, wait_until="networkidle")
            found += _looked_at(page, screen, theme, width, language, pictures)
        page.goto(f"{base}/units/employer/{employer}")
        page.goto(base + str(page.get_attribute("a[href^='/findings/']", "href")), wait_until="networkidle")
        found += _looked_at(page, "evidence", theme, width, language, pictures)
        page.goto(f"{base}/warnings", wait_until="networkidle")
        page.click("[data-open]")
        page.wait_for_selector("[data-panel]")
        found += _looked_at(page, "triage", theme, width, language, pictures)
        for screen in _of_persons(page, base, employer):
            found += _looked_at(page, screen, theme, width, language, pictures)
        # A page which is not there says so on the console as well; that is what it is.
        found += [f"console: {line}" for line in said if "404" not in line]
        faults += [f"{theme} {width} {language} {fault}" for fault in found]
        context.close()
        # In the looks of which pictures are kept: a walk is long.
        for other, paths in OTHERS.items() if (theme, width, language) in PICTURES else ():
            context = opened.new_context(viewport={"width": width, "height": HEIGHTS[width]})
            _choose(context, base, theme, language)
            page, said = _page(context)
            _sign_in(page, base, other, password)
            found = []
            for screen, path in paths.items():
                # An address, or the first link of this kind on the page before.
                there = path if path.startswith("/") else str(page.get_attribute(path, "href"))
                page.goto(base + there, wait_until="networkidle")
                found += _looked_at(page, screen, theme, width, language, pictures)
            faults += [f"{theme} {width} {language} {fault}" for fault in [*found, *said]]
            context.close()
    return faults


def _of_persons(page: Page, base: str, employer: str) -> Iterator[str]:
    """From a facility and a list of workers to one of them, for a purpose; the name of each screen as it is open."""
    page.goto(f"{base}/units?kind=facility", wait_until="networkidle")
    facility = page.query_selector("a[href^='/units/facility/']")
    if facility:
        page.goto(base + str(facility.get_attribute("href")), wait_until="networkidle")
        yield "facility"
    page.goto(f"{base}/persons", wait_until="networkidle")
    yield "persons"
    page.goto(f"{base}/units/employer/{employer}/workers", wait_until="networkidle")
    yield "workers"
    page.click("th a[href^='/persons/']")
    # Within an hour the same person is looked at for the purpose given.
    if page.query_selector("#case"):
        yield "purpose"
        page.fill("#case", "12/QĐ-BHXH")
        page.click("main form button")
    page.wait_for_selector("table.ribbon")
    yield "person"
    page.click("a[href$='/numbers']")
    page.wait_for_selector("#reason")
    yield "numbers"


def _looked_at(page: Page, screen: str, theme: str, width: int, language: str, pictures: Path | None) -> list[str]:
    if pictures and (theme, width, language) in PICTURES:
        page.screenshot(path=pictures / f"{screen}-{theme}-{width}-{language}.png")
    found = [
        f"{screen}: {fault['id']} at {fault['nodes'][0]['html'][:120]}"
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, f"{screen}: {over} pixels too wide"] if over > 0 else found


if __name__ == "__main__":
    base, name, password, employer, folder, *authors = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    with browser() as opened:
        told = walk(opened, base, name, password, employer, Path(folder))
        for author in authors:
            told += write(opened, base, author, password, Path(folder))
    print("\n".join(told) or "Nothing is wrong on any screen.")
    sys.exit(bool(told))
