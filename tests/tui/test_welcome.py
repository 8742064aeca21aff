"""Welcome: the first run, what is wrong with an entry, and an account that joins."""

import pytest
from textual.widgets import Input

from crmtui.config import load
from crmtui.model.errors import ConfigError
from crmtui.tui.app import DEMO
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.welcome import WelcomeScreen
from tests.conftest import Served
from tests.tui.driver import NORMAL, Driven, browsing, driven, played, sizes


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A keyring that keeps what it is given, in memory."""
    kept: dict[str, str] = {}
    monkeypatch.setattr("crmtui.workspace.joining.store", kept.__setitem__)
    return kept


async def fill(app: Driven, **values: str) -> None:
    for name, value in values.items():
        app.app.screen.query_one(f"#{name}", Input).value = value
    await app.pilot.pause()


@sizes
@played
async def test_the_first_run_explains_itself(size: tuple[int, int]) -> None:
    async with driven(tokens={}, size=size) as app:
        assert app.is_on(WelcomeScreen)
        await app.shows("Welcome to crmtui", "ctrl+t starts the demo", "API V4")
        await app.shows("Name", "Service", "Address", "User", "Token", "ctrl+s connect", "ctrl+p commands")
        for line in app.app.screen.query(Input):
            assert line.region.height == 1, "the style sheet is not in force"
            assert line.region.width > 40
        await app.write("q?:n")
        assert app.app.screen.query_one("#name", Input).value == "q?:n", "letters are text here"


@played
async def test_what_is_typed_fast_goes_to_its_line() -> None:
    async with driven(tokens={}, size=NORMAL) as app:
        await app.write("acme\t\rhttps://crm.example\tme\rs3cret")
        values = {line.id: line.value for line in app.app.screen.query(Input)}
        assert values == {
            "name": "acme", "crm": "spotler", "url": "https://crm.example", "user": "me", "token": "s3cret",
        }  # fmt: skip
        assert "s3cret" not in app.text


@played
async def test_the_demo_is_a_key_away() -> None:
    async with driven(tokens={}) as app:
        await app.press("ctrl+t")
    assert app.app.return_value == DEMO


@played
async def test_escape_leaves() -> None:
    async with driven(tokens={}) as app:
        await app.press("escape")
    assert app.app.return_code == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "name"),
        ({"name": "acme", "crm": "nosuch"}, "nosuch"),
        ({"name": "acme"}, "The token is missing."),
        ({"name": "acme", "url": "ftp://x", "token": "t"}, "url"),
    ],
)
@played
async def test_what_is_missing_is_said(values: dict[str, str], words: str) -> None:
    async with driven(tokens={}, size=NORMAL) as app:
        await fill(app, **values)
        await app.press("ctrl+s")
        await app.shows("✗", words)
        assert app.is_on(WelcomeScreen)


@played
async def test_an_account_joins(sandbox: Served, keyring: dict[str, str]) -> None:
    async with driven(tokens={"acme": sandbox.token}) as app:
        await fill(app, name="acme", url=sandbox.connection.url, token=sandbox.token)
        assert sandbox.token[:12] not in app.text
        app.app.screen.query_one("#token", Input).focus()
        await app.press("enter")
        await app.on(BrowseScreen)
        await app.list_has("Acme Ltd")
    assert keyring == {"acme": sandbox.token}
    assert load().connections["acme"].url == sandbox.connection.url


@played
async def test_a_wrong_token_is_refused_before_anything_is_kept(
    sandbox: Served, keyring: dict[str, str]
) -> None:
    async with driven(tokens={}) as app:
        await fill(app, name="acme", url=sandbox.connection.url, token="wrong")
        await app.press("ctrl+s")
        await app.shows("✗")
        await app.settle()
        assert app.is_on(WelcomeScreen)
        assert "wrong" not in app.text
    assert not keyring
    assert not load().connections


@played
async def test_a_keyring_that_keeps_nothing_is_told(sandbox: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, token: str) -> None:
        raise ConfigError("There is no keyring here.")

    monkeypatch.setattr("crmtui.workspace.joining.store", refuse)
    async with driven(tokens={}) as app:
        await fill(app, name="acme", url=sandbox.connection.url, token=sandbox.token)
        await app.press("ctrl+s")
        await app.on(BrowseScreen)
        await app.shows("For this run only: There is no keyring here.")
        await app.list_has("Acme Ltd")


@played
async def test_a_second_account_cannot_take_the_first_one_s_name(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await app.press("C", "n")
        await app.on(WelcomeScreen)
        await fill(app, name="acme", token="x")
        await app.press("ctrl+s")
        await app.shows("✗", "There is a connection acme already")
        assert app.is_on(WelcomeScreen)
