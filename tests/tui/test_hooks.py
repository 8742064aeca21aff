"""The screen of webhooks: what there is, a new one, one less, and a secret that is seen nowhere."""

from pathlib import Path

import pytest

from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.hook_form import HookFormScreen
from crmtui.tui.screens.hooks import HooksScreen
from crmtui.tui.screens.review import ReviewScreen
from tests.conftest import Served
from tests.proxy import Fault, Proxy
from tests.tui.driver import NORMAL, SIZES, Driven, browsing, played
from tests.tui.solve360 import Solve, solve

__all__ = ["solve"]
SECRET = "geheim-42"


async def fill(app: Driven) -> Driven:
    """A webhook for a category being added, typed as fast as a terminal hands it over."""
    await app.press("n")
    await app.on(HookFormScreen)
    await app.press(*"cate")
    await app.shows("items.categorize")
    await app.press("enter")
    await app.write("\ta.example/e\tMine\t\t\t\t" + SECRET)
    return await app.shows("•" * len(SECRET))


@pytest.mark.parametrize("listed", ["none", "listed"])
@played
async def test_one_is_made_and_deleted(solve: Solve, tmp_path: Path, listed: str) -> None:
    served = solve(HOOK_LIST=listed)
    async with browsing(served, base=tmp_path / "app", size=NORMAL) as app:
        await app.press("H")
        await app.on(HooksScreen)
        await app.shows("There are no webhooks")
        await fill(app)
        assert SECRET not in app.text
        await app.press("enter")
        await app.on(ReviewScreen)
        await app.shows("items.categorize", "https://a.example/e", "is not shown", "POST /hooks/", "1 call")
        assert SECRET not in app.text
        assert not served.sent("POST")
        await app.press("enter")
        await app.on(HooksScreen)
        await app.shows("was made")
        await app.list_has("https://a.example/e")
        await app.shows("made from here" if listed == "none" else "just now")
        [request] = served.sent("POST")
        assert f"<secret>{SECRET}</secret>" in request.body.decode()
        await app.press("x")
        await app.on(ConfirmScreen)
        await app.press("y")
        await app.on(HooksScreen)
        await app.shows("The webhook is deleted", "There are no webhooks")
        assert len(served.sent("DELETE")) == 1
    kept = b"".join(path.read_bytes() for path in (tmp_path / "app").rglob("*.db*"))
    assert SECRET.encode() not in kept


@played
async def test_what_is_wrong_is_told_at_its_line(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    async with browsing(served, base=tmp_path, size=SIZES[0]) as app:
        await app.press("H")
        await app.on(HooksScreen)
        await app.settle()
        await app.press("n")
        await app.on(HookFormScreen)
        await app.press("ctrl+s")
        await app.shows("Secret is required")
        await app.write(SECRET + "\r")
        await app.shows("Event is none of the events")
        await app.press(*"items.create", "escape", "tab", "ctrl+u")
        await app.write("http://a.example\x13")
        await app.press("ctrl+s")
        await app.shows("Address must begin with https://")
        await app.press("escape")
        await app.on(ConfirmScreen)
        await app.shows("nothing of it is kept")
        await app.press("n")
        await app.on(HookFormScreen)
        await app.press("escape")
        await app.on(ConfirmScreen)
        await app.press("y")
        await app.on(HooksScreen)
        assert not served.sent("POST")


@played
async def test_one_that_was_not_answered_is_told(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    with Proxy(served.connection.url) as proxy:
        proxy.fault_of = lambda asked: Fault(cut_response=0) if asked.startswith(b"POST") else Fault()
        async with browsing(served, base=tmp_path, url=proxy.url) as app:
            await app.press("H")
            await app.on(HooksScreen)
            await app.settle()
            await fill(app)
            await app.press("enter")
            await app.on(ReviewScreen)
            await app.press("enter")
            await app.on(HooksScreen)
            await app.shows("before you make it again", "unanswered")
            assert len(served.sent("POST")) == 1
            before = len(served.sent("DELETE"))
            await app.press("x")
            await app.on(ConfirmScreen)
            await app.shows("Forget", "No call")
            await app.press("y")
            await app.on(HooksScreen)
            await app.shows("There are no webhooks")
            assert len(served.sent("DELETE")) == before


@played
async def test_a_service_without_webhooks_says_so(sandbox: Served, tmp_path: Path) -> None:
    async with browsing(sandbox, base=tmp_path) as app:
        await app.press("H")
        await app.shows("has no webhooks")
        assert app.is_on(BrowseScreen)
