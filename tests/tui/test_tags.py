"""The choice of a record's tags: found by typing, checked, reviewed, saved on top of what others did."""

from pathlib import Path

from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.screens.tags import TagsScreen
from tests.conftest import Served
from tests.tui.driver import NORMAL, SIZES, Driven, browsing, opened, played
from tests.tui.solve360 import ANN, Solve, put, solve

__all__ = ["solve"]


async def at_tags(app: Driven) -> Driven:
    await app.on(RecordScreen)
    await app.shows("read just now")
    await app.settle()
    await app.press("t")
    await app.on(TagsScreen)
    await app.shows("Newsletter", "VIP")
    return await app.settle()


@played
async def test_tags_are_chosen_reviewed_and_saved(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    put(served, ANN, "<categories><add><category>123502091</category></add></categories>")
    async with opened(served, target=ANN, base=tmp_path / "app", size=NORMAL) as app:
        await at_tags(app)
        assert next(line for line in app.lines if "VIP" in line).count("✓") == 1
        await app.press(*"press")
        await app.hides("Newsletter")
        await app.press("enter", *["backspace"] * 5)
        await app.shows("Newsletter", "chosen")
        await app.press(*"vip", "enter", "ctrl+s")
        await app.on(ReviewScreen)
        await app.shows("Categories", "VIP → ", "Press & Media", "2 calls")
        await app.press("escape")
        await app.on(TagsScreen)
        await app.press(*"press")
        await app.hides("Newsletter")
        assert any("✓" in line for line in app.lines if "Press & Media" in line), "what was chosen is kept"
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Saved: Ann Lee", "Press & Media")
        [request] = [request for request in served.sent("PUT") if b"remove" in request.body]
        assert b"<remove><category>123502091</category></remove>" in request.body
        assert "Press & Media" in app.text


@played
async def test_what_others_did_to_the_tags_stays(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    async with opened(served, target=ANN, base=tmp_path / "app") as app:
        await at_tags(app)
        await app.press(*"vip", "enter", "ctrl+s")
        await app.on(ReviewScreen)
        put(served, ANN, "<categories><add><category>123502090</category></add></categories>")
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Saved: Ann Lee")
        await app.shows("Newsletter;VIP")
        assert b"remove" not in served.sent("PUT")[-1].body


@played
async def test_nothing_chosen_sends_nothing(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    async with browsing(served, base=tmp_path / "app", size=SIZES[0]) as app:
        await app.press("t")
        await app.on(TagsScreen)
        await app.shows("Newsletter")
        await app.settle()
        await app.press("space", "space", "ctrl+s")
        await app.on(BrowseScreen)
        await app.shows("Nothing changed")
        await app.press("t")
        await app.on(TagsScreen)
        await app.press("space", "escape")
        await app.on(BrowseScreen)
        assert served.sent("PUT") == []


@played
async def test_a_new_tag_is_added_to_the_list_of_all(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    async with opened(served, target=ANN, base=tmp_path / "app", size=SIZES[0]) as app:
        await at_tags(app)
        await app.press(*"Partner")
        await app.shows('add "Partner" to the list of all (2 calls)')
        await app.press("enter")
        await app.on(ConfirmScreen)
        await app.shows("Everybody there will find it")
        await app.press("y")
        await app.on(TagsScreen)
        await app.shows("1 chosen")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.shows("Partner")
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Saved: Ann Lee", "Partner")


@played
async def test_where_there_are_none_it_is_said(sandbox: Served, tmp_path: Path) -> None:
    async with browsing(sandbox, base=tmp_path) as app:
        await app.press("t")
        await app.shows("has no tags for accounts")
        assert app.is_on(BrowseScreen)
