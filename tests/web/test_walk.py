"""The site as a browser sees it: served by its own server, walked in both languages, themes and widths."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

import pytest

from dauhieu.warehouse.store import Store
from tests.web.conftest import NORTH, serving

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def served(radar_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a site over the store of the tests, and the password of the demo's accounts."""
    with serving(radar_store, tmp_path_factory.mktemp("served")) as site:
        yield site.base, site.password


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
