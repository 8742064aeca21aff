"""The app: drafts, help, palette, themes, locales, connections, and keys of the user's own."""

import re

import msgspec
import pytest

from crmtui.model.record import Ref
from crmtui.tui.commands import COMMANDS
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.connections import ConnectionsScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.help import HelpScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.welcome import WelcomeScreen
from crmtui.tui.term import AsciiFilter
from crmtui.tui.theme import theme_names
from crmtui.tui.widgets.list_pane import ListPane
from tests.conftest import Serve, Served
from tests.tui.driver import NORMAL, Driven, browsing, opened, played


async def palette(app: Driven, query: str) -> None:
    await app.press("colon")
    await app.shows("Search for commands")
    await app.write(query)


# -- drafts


@played
async def test_what_was_typed_is_offered_at_the_next_start(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await app.press("j", "e")
        await app.on(FormScreen)
        await app.write(" & Sons")
        drafts = app.app.desks["acme"].account.drafts
        await app.until(drafts.all, "the draft on disk")
    async with opened(sandbox, size=NORMAL) as app:
        await app.shows("A draft waits: Acme Ltd. d opens the newest where you left it.")
        await app.settle()
        assert app.is_on(BrowseScreen), "no form opens by itself"
        await app.press("d")
        await app.on(FormScreen)
        await app.shows("Acme Ltd & Sons")
        await app.write("!")
        await app.shows("Acme Ltd & Sons!")
        await app.press("ctrl+x", "escape")
        await app.on(BrowseScreen)
    async with browsing(sandbox, size=NORMAL) as app:
        assert "draft" not in app.said
        await app.press("d")
        await app.shows("There is no draft")
    assert not sandbox.sent("PATCH", "POST")


@played
async def test_a_draft_of_another_account_is_offered_too(sandbox: Served) -> None:
    second = msgspec.structs.replace(sandbox.connection, name="beta")
    tokens = {"beta": sandbox.token}
    async with browsing(sandbox, second, tokens=tokens) as app:
        await app.press("j", "e")
        await app.on(FormScreen)
        await app.write(" & Sons")
        await app.until(app.app.desks["acme"].account.drafts.all, "the draft on disk")
        await app.press("escape")
        await app.on(BrowseScreen)
        app.app.switch_account("beta")
        await app.until(lambda: " beta " in app.text, "the other account")
        await app.settle()
    async with opened(sandbox, second, tokens=tokens) as app:
        await app.until(lambda: " beta " in app.text, "the account used last")
        await app.shows("A draft waits: Acme Ltd. d opens the newest where you left it.")
        await app.press("d")
        await app.on(FormScreen)
        await app.shows("Acme Ltd & Sons", " acme ")


# -- help and palette


@played
async def test_help_tells_every_key_of_the_screen_it_was_asked_on(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await app.press("question_mark")
        await app.on(HelpScreen)
        await app.shows("Help · Browse")
        for id_ in BrowseScreen.IDS:
            assert COMMANDS[id_].help in app.said, id_
        assert "One row down, one row up." in app.said
        await app.press("escape")
        await app.on(BrowseScreen)


@played
async def test_the_palette_offers_commands_kinds_and_themes_with_reasons(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL, read_only=True) as app:
        await palette(app, "edit")
        await app.shows("Not now: acme is read-only")
        await app.press("escape")
        await app.on(BrowseScreen)
        await palette(app, "previous kind")
        await app.shows("The kind before in the sidebar. ([)")
        await app.press("escape")
        await app.on(BrowseScreen)
        await palette(app, "go to contacts")
        await app.shows("The contacts of acme.")
        await app.press("enter")
        await app.until(
            lambda: app.is_on(BrowseScreen) and app.one(ListPane).kind.name == "contacts", "the contacts"
        )
        await app.settle()


# -- looks


@played
async def test_every_theme_can_be_worn(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        assert len(theme_names()) >= 9
        for name in theme_names():
            app.app.choose_theme(name)
            await app.settle()
            assert app.app.theme == name
            assert "Acme Ltd" in app.text
        await palette(app, "theme nord")
        await app.shows("Theme nord")
        await app.press("enter")
        await app.until(lambda: app.app.theme == "nord", "the theme")


@pytest.mark.parametrize("theme", ["ansi", "no-such-theme"])
@played
async def test_a_theme_of_the_configuration(sandbox: Served, theme: str) -> None:
    async with opened(sandbox, theme=theme) as app:
        if theme != "ansi":
            await app.shows("There is no theme 'no-such-theme'")
        await app.list_has("Acme Ltd")
        await app.press("j", "enter")
        await app.on(RecordScreen)


@played
async def test_no_color_shows_states_without_hues(sandbox: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with browsing(sandbox) as app:
        await app.list_has("▌  Aceites")
        assert app.app.no_color
        drawn = app.app.export_screenshot()
        hues = {
            colour
            for colour in re.findall(r"fill[:=][\" ]*#([0-9a-f]{6})", drawn)
            if max(bytes.fromhex(colour)) - min(bytes.fromhex(colour)) > 8
        }
        # the window that the picture draws round the terminal has three lights
        assert hues <= {"ff5f57", "febc2e", "28c840"}


@played
async def test_a_terminal_without_unicode(sandbox: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.setenv(name, "C")
    async with browsing(sandbox, size=NORMAL, call_limit=100) as app:
        assert any(isinstance(each, AsciiFilter) for each in app.app.get_line_filters())
        assert "|  Aceites Casta?o" in app.text
        assert app.text.isascii()
        assert "[#" in app.text or "###" in app.text or "#--" in app.text
        await app.press("j", "enter")
        await app.on(RecordScreen)
        await app.press("e")
        await app.on(FormScreen)
        assert app.text.isascii()


# -- connections


@played
async def test_two_connections_stay_apart(serve: Serve) -> None:
    one, other = serve(), serve(records=7)
    second = msgspec.structs.replace(other.connection, name="beta", read_only=True)
    async with browsing(one, second, size=NORMAL, tokens={"beta": other.token}) as app:
        await app.press("C")
        await app.on(ConnectionsScreen)
        await app.shows("acme", "beta", "read-only", "enter opens")
        await app.press("j", "enter")
        await app.until(lambda: app.is_on(BrowseScreen) and " beta " in app.lines[0], "the other account")
        await app.shows("Accounts", "7")
        await app.settle()
        assert other.requests
        assert not [
            request for request in other.requests if one.token in request.headers.get("authorization", "")
        ]
    async with opened(one, second, size=NORMAL, tokens={"beta": other.token}) as app:
        await app.until(lambda: " beta " in app.lines[0], "the account used last")


@played
async def test_connecting_another_account_from_the_list(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await app.press("C")
        await app.on(ConnectionsScreen)
        await app.press("n")
        await app.on(WelcomeScreen)
        await app.shows("Connect an account")
        await app.press("escape")
        await app.on(ConnectionsScreen)
        await app.press("escape")
        await app.on(BrowseScreen)


# -- keys


@played
async def test_keys_of_the_user_s_own(sandbox: Served) -> None:
    async with browsing(sandbox, keys={"edit": "z"}) as app:
        assert "z edit" in app.lines[-1]
        await app.press("e")
        await app.settle()
        assert app.is_on(BrowseScreen)
        await app.press("z")
        await app.on(FormScreen)
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.press("question_mark")
        await app.on(HelpScreen)
        (line,) = [line for line in app.lines if "Edit the record in a form." in line]
        assert line.strip("│ ").startswith("z ")


@played
async def test_the_mouse_is_released_and_taken_again(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await app.press("M")
        await app.shows("mouse")
        await app.press("M")
        assert app.is_on(BrowseScreen)


@played
async def test_a_place_on_the_command_line(sandbox: Served) -> None:
    async with opened(sandbox, target=Ref("acme", "contacts")) as app:
        await app.until(lambda: app.one(ListPane).kind.name == "contacts", "the contacts")
        await app.list_has("Ann")
