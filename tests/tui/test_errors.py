"""A service that fails: a sentence with a way on, what is here stays usable, nobody sees a traceback."""

import re

import pytest

from crmtui.model.errors import UsageError
from crmtui.tui.app import CrmTui
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.screens.token import TokenScreen
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.list_pane import ListPane
from tests.conftest import Serve, Served
from tests.proxy import Canned, Script, answer, closed_port, hang_up, reset
from tests.tui.driver import NORMAL, browsing, driven, opened, played

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
_WAYS_ON = {
    "401": ("✗", "T takes another token", "Nothing of this list"),
    "403": ("Accounts: This is closed to the token, or not part of the plan.", "r asks again"),
}


@pytest.fixture(autouse=True)
def short_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices leave the screen soon."""
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
                await app.shows(words, *_WAYS_ON.get(name, ("✗", "r asks again", "Nothing of this list")))
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
            await app.shows("✗", words, f"{'no access' if fault == '401' else 'offline'} · from", "as of")
            await app.press("j", "enter")
            await app.on(RecordScreen)
            await app.shows("+44 20 7946 0000")
            await app.press("r")
            await app.shows("✗", "r asks again, esc goes back.")
            await app.press("escape")
            await app.on(BrowseScreen)


@played
async def test_a_save_that_fails_waits_with_its_text(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await app.press("j", "e")
        await app.on(FormScreen)
        await app.write("!")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        sandbox.sandbox.stop()
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("↑ Acme Ltd!", "1 change waits: no line", "1 waiting")
        assert app.app.desks["acme"].outbox.waiting()


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
        await app.on(TokenScreen)
        await app.shows("Token of acme", "No token was found.", "Manage API Keys", "this run only")
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.shows("✗", "crmtui connect acme", "T takes another token", "no access")
        assert not sandbox.requests
        await app.press("r")
        await app.on(TokenScreen)
        await app.write("wrong")
        assert "wrong" not in app.text
        await app.press("enter")
        await app.shows("Unauthenticated", "T takes another token")
        await app.press("T")
        await app.on(TokenScreen)
        await app.write(sandbox.token)
        await app.press("enter")
        await app.list_has("Acme Ltd")
        await app.shows("live")


@played
async def test_a_form_that_waits_for_a_token_lets_it_be_typed(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        account = app.app.desks["acme"].account
        id_ = account.mirror.like("accounts", "Acme Ltd", 1)[0][0]
        account.mirror.remove(account.ref("accounts", id_))
    sandbox.requests.clear()
    async with driven(sandbox.connection, tokens={}, target=account.ref("accounts", id_), form=True) as app:
        await app.on(TokenScreen)
        await app.write(sandbox.token)
        await app.press("enter")
        await app.on(FormScreen)
        await app.shows("Acme Ltd")


# -- what is here when the service is not


@played
async def test_a_filter_that_was_never_asked_shows_what_the_mirror_has(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await app.list_has("Acme Ltd")
    sandbox.sandbox.stop()
    async with opened(sandbox, size=NORMAL) as app:
        await app.shows("✗", "cannot be reached")
        await app.press("f")
        await app.write("name~acme type=customer")
        await app.press("enter")
        await app.list_has("Acme Ltd")
        await app.shows("✗", "what is here, read")
        assert "Aceites" not in app.painted(ListPane)
        await app.press("o")
        await app.list_has("Acme Ltd")
        await app.press("j", "enter")
        await app.on(RecordScreen)


@played
async def test_r_goes_back_to_the_service_s_own_list(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await app.list_has("Acme Ltd")
    with Canned(reset) as canned:
        async with opened(sandbox, url=canned.url) as app:
            await app.press("f")
            await app.write("type=customer")
            await app.press("enter")
            await app.shows("✗", "what is here, read")
            await app.list_has("Bluebell")
            row = b'{"record":{"id":7,"name":"New Ltd","type":"Customer"}}'
            rows = b'{"metadata":{"total_count":1,"has_more":false},"list":[' + row + b"]}"
            canned._answers = (answer(200, rows, "Content-Type: application/json"),)
            await app.press("r")
            await app.list_has("New Ltd")
            await app.hides("what is here")
            assert "Bluebell" not in app.painted(ListPane)


# -- kinds that the plan leaves out


@pytest.mark.parametrize("status", ["402", "403", "404", "405"])
@played
async def test_a_kind_that_the_plan_leaves_out_is_switched_off(serve: Serve, status: str) -> None:
    served = serve(SPOTLER_CLOSED="campaigns", SPOTLER_CLOSED_STATUS=status)
    async with browsing(served, size=NORMAL) as app:
        await app.press(*"]]]]]")
        await app.shows("Campaigns:", "price plan does not include", "r asks again", "switched off", "live")
        assert re.search(r"Campaigns +off", app.text)
        asked = len(served.requests)
        await app.press("]", "[")
        await app.shows("Campaigns:", "price plan does not include")
        await app.settle()
        assert not [each for each in served.requests[asked:] if each.path == "/campaigns"]
        await app.press(*"[[[[[")
        await app.list_has("Acme Ltd")


@played
async def test_a_command_that_cannot_be_done_is_told_and_ends_nothing(
    sandbox: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: BrowseScreen) -> None:
        raise UsageError("This service lists nothing of it.")

    monkeypatch.setattr(BrowseScreen, "do_today", refused)
    async with browsing(sandbox, size=NORMAL) as app:
        await app.press("A")
        await app.shows("This service lists nothing of it.", "Acme Ltd")
