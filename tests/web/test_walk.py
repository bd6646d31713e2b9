"""The site as a browser sees it: served by its own server, walked in both languages, themes and widths."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dauhieu.warehouse.store import Store
from tests.web.conftest import NORTH
from tests.web.test_texts import script

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
PATIENCE = 120


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def served(radar_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a site over the store of the tests, and the password of the demo's accounts."""
    tmp_path = tmp_path_factory.mktemp("served")
    environment = os.environ | {"DAUHIEU_STORE": str(radar_store.path), "DAUHIEU_DATA": str(tmp_path)}
    site = [sys.executable, "-m", "dauhieu.web"]
    for command in (["migrate", "-v", "0"], ["createcachetable"], ["demo_accounts"]):
        subprocess.run([*site, *command], env=environment, check=True, capture_output=True)
    port = free_port()
    server = subprocess.Popen([*site, "serve", "--port", str(port), "--with-jobs"], env=environment)
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base)
        yield base, (tmp_path / "demo-password").read_text(encoding="utf-8")
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(base: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{base}/account/login/").close()
            return
        except urllib.error.URLError:
            time.sleep(0.3)
    raise AssertionError("the site did not come up")


@pytest.fixture
def screens() -> ModuleType:
    found = script("screens")
    if not Path(found.CHROMIUM).exists() and os.environ.get("ALLOW_NO_BROWSER") == "1":
        pytest.skip("no browser, and ALLOW_NO_BROWSER is 1")
    return found


def test_warnings_are_decided_of_by_keys_alone(served: tuple[str, str], screens: ModuleType) -> None:
    base, password = served
    with screens.browser() as opened:
        page = opened.new_page()
        page.goto(f"{base}/account/login/")
        page.fill("input[name=login]", "ha.noi")
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{base}/")
        page.goto(f"{base}/warnings", wait_until="networkidle")
        lines = page.locator("[data-row]").count()
        page.keyboard.press("j")
        page.keyboard.press("x")
        assert page.locator("[data-pick]").first.is_checked()
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-panel]")
        page.check("[data-deeds] [name=alike]")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("a")
        page.wait_for_selector("#toast .toast")
        assert page.locator("[data-row]").count() == lines - 1
        page.keyboard.press("u")
        page.locator("[data-row]").nth(lines - 1).wait_for()
        page.keyboard.press("?")
        page.wait_for_selector("#keys[open]")
        page.uncheck("[data-keys-on]")
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")
        assert not page.evaluate("document.activeElement.matches('[data-open]')")
        page.context.close()


def test_a_passkey_is_set_up_and_lets_in(served: tuple[str, str], screens: ModuleType) -> None:
    """With the authenticator of Chromium itself, which answers as a key of a person does."""
    base, password = served
    # A passkey is bound to a name, and an address of numbers is none.
    base = base.replace("127.0.0.1", "localhost")
    with screens.browser() as opened:
        page = opened.new_context().new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        key = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
        page.goto(f"{base}/account/login/")
        page.fill("input[name=login]", "lanh.dao")
        page.fill("input[name=password]", password)
        page.click("form button[type=submit]")
        page.wait_for_url(f"{base}/")
        page.goto(f"{base}/account/2fa/webauthn/add/")
        page.fill("input[name=password]", password)
        page.click("main form button[type=submit]")
        page.wait_for_url("**/webauthn/add/")
        page.fill("input[name=name]", "Khoá thử")
        page.check("input[name=passwordless]")
        page.click("#mfa_webauthn_add")
        page.wait_for_url("**/2fa/**codes/**")
        page.goto(f"{base}/account/2fa/webauthn/")
        assert "Khoá thử" in page.content()
        page.click(".top form[action='/account/logout/'] button")
        page.goto(f"{base}/units")
        assert "/account/login/" in page.url
        page.click("#passkey_login")
        page.wait_for_url(f"{base}/units")
        assert not [line for line in said if "Content Security Policy" in line]


# On the telephone, where it is narrow, both themes and both languages; the office's screen with the long tests.
@pytest.mark.parametrize("look", [1, 3, *(pytest.param(look, marks=pytest.mark.long) for look in (0, 2))])
def test_no_screen_shuts_anybody_out_or_breaks_the_content_policy(
    look: int, served: tuple[str, str], screens: ModuleType
) -> None:
    base, password = served
    walks = screens.WALKS[look : look + 1]
    with screens.browser() as opened:
        assert screens.walk(opened, base, "thanh.tra", password, NORTH, None, walks) == []
        assert screens.write(opened, base, "soan.thao", password, None, walks) == []
