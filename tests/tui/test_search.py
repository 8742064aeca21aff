"""`/`: what the mirror has with each letter, of one kind and of all, why, and what is done with it."""

from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.widgets.list_pane import ListPane
from crmtui.tui.widgets.search_line import SearchLine
from crmtui.workspace.sync import Sync
from tests.conftest import Served
from tests.tui.driver import NORMAL, WIDE, Driven, browsing, played, sizes


def pane(app: Driven) -> ListPane:
    return app.one(ListPane)


def found(app: Driven) -> list[str]:
    """The titles of the rows, from the top."""
    shown = pane(app).shown
    records = [shown.record(at) for at in range(shown.total() or 0)] if shown else []
    return [record.title for record in records if record]


async def mirrored(app: Driven) -> None:
    """Everything of the account is in the mirror."""
    await Sync(app.app.desks["acme"].account).run()


async def searched(app: Driven, text: str) -> None:
    await app.press("slash")
    await app.until(lambda: app.app.screen.query(SearchLine), "the line")
    await app.write(text)
    await app.shows(f"· / {text}")
    await app.settle()


@sizes
@played
async def test_each_letter_shows_what_the_mirror_has(sandbox: Served, size: tuple[int, int]) -> None:
    async with browsing(sandbox, size=size) as app:
        await mirrored(app)
        before = len(sandbox.requests)
        await searched(app, "acme l")
        assert found(app)[0] == "Acme Ltd"
        await app.shows("accounts ·", "in all kinds, tab", "synced just now")
        await app.press("backspace", "backspace")
        await app.shows("· / acme")
        await app.settle()
        assert len(found(app)) > 1
        assert len(sandbox.requests) == before, "a letter is never a call"


@played
async def test_only_what_was_typed_last_is_shown(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await mirrored(app)
        await searched(app, "acorn")
        await app.until(lambda: all("Acorn" in title for title in found(app)), "the hits of the last letter")
        await app.press(*["backspace"] * 5)
        await app.until(lambda: len(found(app)) == 20, "the list, where nothing is typed")


@played
async def test_the_story_of_a_call(sandbox: Served) -> None:
    """`/acme`, enter, e, typed as fast as a line hands it over; nothing of it goes elsewhere."""
    async with browsing(sandbox, size=NORMAL) as app:
        await mirrored(app)
        await app.press("slash")
        await app.until(lambda: app.app.screen.query(SearchLine), "the line")
        await app.write("acme ltd\re")
        await app.on(FormScreen)
        await app.shows("Acme Ltd")
        await app.press("escape")
        await app.on(RecordScreen)
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.shows("· / acme ltd")
        assert pane(app).rows.has_focus
        await app.press("escape")
        await app.until(lambda: len(found(app)) == 20, "the list")


@played
async def test_arrows_move_in_the_hits_while_one_types(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await mirrored(app)
        await searched(app, "acme")
        second = found(app)[1]
        await app.press("down")
        assert pane(app).rows.cursor == 1
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Account · Details", second)
        await app.press("K")
        await app.shows("Acme Ltd")


@played
async def test_all_kinds_with_the_reason_of_each(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await mirrored(app)
        before = len(sandbox.requests)
        await searched(app, "acme")
        await app.press("tab")
        await app.shows("All kinds · / acme", "in all kinds ·", "Kind", "Found in")
        await app.settle()
        shown = pane(app).shown
        assert shown is not None
        kinds = [record.ref.kind for at in range(shown.total() or 0) if (record := shown.record(at))]
        assert kinds[0] == "accounts"
        assert len(set(kinds)) > 1
        assert kinds == sorted(kinds, key=lambda kind: kind != "accounts"), "the present kind comes first"
        await app.press("tab")
        await app.shows("Accounts · / acme")
        assert len(sandbox.requests) == before


@played
async def test_why_a_record_was_found_is_marked_by_more_than_a_colour(sandbox: Served) -> None:
    async with browsing(sandbox, size=WIDE) as app:
        await mirrored(app)
        await searched(app, "www.acme")
        await app.shows("Website:")
        strips = app.app.screen._compositor.render_strips()
        marked = [
            segment.text
            for strip in strips
            for segment in strip
            if segment.style and segment.style.underline and segment.style.bold
        ]
        assert any("acme" in text for text in marked)


@played
async def test_nothing_found_says_what_a_call_would_do(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await searched(app, "zzyzx")
        await app.shows("Nothing mirrored of accounts has “zzyzx”.", "enter asks the service", "1 call")
        before = len(sandbox.requests)
        await app.press("enter")
        await app.shows("name~")
        await app.settle()
        assert len(sandbox.requests) == before + 1


@played
async def test_a_mirror_with_gaps_says_so_and_the_service_is_one_key_away(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await searched(app, "acme")
        await app.shows("20 of 20 mirrored · esc, then S syncs the rest")
        before = len(sandbox.requests)
        await app.press("ctrl+r")
        await app.shows('name~"acme"')
        await app.settle()
        assert len(sandbox.requests) == before + 1
        assert pane(app).rows.has_focus


@played
async def test_leaving_a_search_brings_the_list_back(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await app.press("j", "j")
        here = pane(app).rows.key
        await searched(app, "acor")
        await app.press("escape")
        await app.until(lambda: len(found(app)) == 20, "all rows")
        assert pane(app).rows.has_focus
        assert pane(app).rows.key == here, "the cursor is where it was"


@played
async def test_what_was_found_in_another_kind_is_edited_by_its_own_rules(sandbox: Served) -> None:
    async with browsing(sandbox, size=WIDE) as app:
        await mirrored(app)
        await searched(app, "acme")
        await app.press("tab")
        await app.shows("All kinds")
        await app.settle()
        shown = pane(app).shown
        assert shown is not None
        at = next(
            at for at in range(shown.total() or 0) if (r := shown.record(at)) and r.ref.kind == "contacts"
        )
        await app.press(*["down"] * at, "enter")
        await app.shows("Contact · Details")
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.press("o")
        await app.shows("in the order of the search")


@played
async def test_without_a_mirror_on_disk_what_was_read_can_be_searched(sandbox: Served) -> None:
    async with browsing(sandbox, mirror=False) as app:
        await searched(app, "acme")
        assert "Acme Ltd" in found(app)
        await app.shows("in memory")
