"""A service that fails: a sentence with a way on, what is here stays usable, nobody sees a traceback."""

import pytest

from crmtui.tui.app import CrmTui
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.widgets.banner import Banner
from tests.conftest import Served
from tests.proxy import Canned, Script, answer, closed_port, hang_up, reset
from tests.tui.driver import NORMAL, SIZES, browsing, driven, opened, played

LOGIN = answer(200, b"<!doctype html><title>Log in</title><form>", "Content-Type: text/html")
FAULTS: dict[str, tuple[Script, str]] = {
    "401": (answer(401, b'{"message":"Unauthenticated."}'), "token"),
    "403": (answer(403, b'{"message":"Not in your plan."}'), "Not in your plan"),
    "429": (answer(429, b'{"message":"Too many"}', "Retry-After: 900"), ""),
    "500": (answer(500, b'{"message":"Oops [/] x"}'), "500"),
    "502": (answer(502, b"<html>Bad Gateway</html>"), "502"),
    "302": (answer(302, b"", "Location: https://elsewhere.invalid/"), "redirects"),
    "login-page": (LOGIN, ""),
    "garbage": (answer(200, b"\x00\xff\xfe[/] garbage"), ""),
    "empty": (answer(200, b""), ""),
    "no-http": (b"SSH-2.0-OpenSSH_9.6\r\n", ""),
    "hang-up": (hang_up, ""),
    "reset": (reset, ""),
}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeats come at once, and notices leave the screen soon."""
    monkeypatch.setattr("crmtui.crm.driver.PAUSES", (0.0, 0.0))
    monkeypatch.setattr(CrmTui, "NOTIFICATION_TIMEOUT", 0.2)


@played
async def test_a_list_that_cannot_be_read(sandbox: Served) -> None:
    said = [script for script, _ in FAULTS.values()]
    with Canned(said[0]) as canned:
        async with opened(sandbox, url=canned.url, size=NORMAL) as app:
            for name, (script, words) in FAULTS.items():
                canned._answers = (script,)
                before = len(canned.requests)
                await app.press("r")
                await app.until(lambda: len(canned.requests) > before, f"a try for {name}")  # noqa: B023
                await app.settle()
                await app.shows("✗", words, "r asks again", "Nothing of this list is here yet.")
                assert "Traceback" not in app.text
                assert sandbox.token[:10] not in app.text
            await app.press("escape")
            await app.until(lambda: not app.one(Banner).shown, "the end of the banner")


@pytest.mark.parametrize("fault", ["401", "500", "login-page"])
@played
async def test_mirrored_rows_stay_usable(sandbox: Served, fault: str) -> None:
    said, words = FAULTS[fault]
    async with browsing(sandbox) as app:
        await app.list_has("Acme Ltd")
    with Canned(said) as canned:
        async with opened(sandbox, url=canned.url) as app:
            await app.list_has("Acme Ltd")
            await app.shows("✗", words, "offline · from", "as of")
            await app.press("j", "enter")
            await app.on(RecordScreen)
            await app.shows("+44 20 7946 0000")
            await app.press("r")
            await app.shows("✗", "r asks again, esc goes back.")
            await app.press("escape")
            await app.on(BrowseScreen)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
@played
async def test_a_save_that_fails_keeps_the_text(sandbox: Served, size: tuple[int, int]) -> None:
    async with browsing(sandbox, size=size) as app:
        await app.press("j", "e")
        await app.on(FormScreen)
        await app.write("!")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        sandbox.sandbox.stop()
        await app.press("enter")
        await app.on(FormScreen)
        await app.shows("✗", "cannot be reached", "What you typed is kept; ctrl+s tries again.", "Acme Ltd!")
        await app.press("escape")
        await app.on(BrowseScreen)
        assert app.app.desks["acme"].account.drafts.all()


@played
async def test_no_network_at_all(sandbox: Served) -> None:
    with closed_port() as url:
        async with opened(sandbox, url=url, size=NORMAL) as app:
            await app.shows("✗", "cannot be reached (the connection was refused)", "offline · from")
    async with opened(sandbox, url="https://nowhere.invalid", size=NORMAL) as app:
        await app.shows("✗", "its name is not known here")


@played
async def test_no_token_anywhere(sandbox: Served) -> None:
    async with driven(sandbox.connection, tokens={}, size=NORMAL) as app:
        await app.shows("✗", "crmtui connect acme", "r asks again")
    assert not sandbox.requests
