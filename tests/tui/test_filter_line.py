"""The filter line: what it offers, how that is taken, what it says is wrong, and what it costs."""

from urllib.parse import unquote

from crmtui.model.query import Order
from crmtui.tui.widgets.ask_line import AskLine
from crmtui.tui.widgets.drop_list import DropList
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.list_pane import ListPane
from tests.conftest import Serve, Served
from tests.tui.driver import NORMAL, Driven, browsing, played, sizes


def pane(app: Driven) -> ListPane:
    return app.one(ListPane)


def text(app: Driven) -> str:
    return app.one(AskLine)._input.value


def is_open(app: Driven) -> bool:
    return bool(app.one(DropList).display)


async def begun(app: Driven, typed: str, *shown: str) -> None:
    """The filter line, with a text typed into it, when the list shows something."""
    await app.press("f")
    await app.until(lambda: app.app.screen.query(AskLine), "the line")
    await app.write(typed)
    await app.until(lambda: is_open(app), "the list")
    await app.shows(*shown)


@played
async def test_a_whole_filter_is_made_of_what_is_offered(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await begun(app, "ty", "Type")
        await app.press("tab")
        await app.shows("is not", "contains")
        assert text(app) == "type"
        await app.press("tab")
        await app.shows("Former customer")
        await app.write("c")
        await app.press("tab")
        assert text(app) == "type=Customer"
        await app.shows("or another value")
        await app.press("enter")
        await app.shows("Accounts · type=")
        await app.settle()
        assert pane(app).filter == "type=Customer"
        assert pane(app).rows.has_focus


@played
async def test_enter_takes_what_is_chosen_and_else_applies(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await begun(app, "type=cu", "Former customer")
        await app.press("down", "down", "up", "enter")
        assert text(app) == "type=Customer"
        await app.press("enter")
        await app.until(lambda: pane(app).filter == "type=Customer", "the filter")
        await app.settle()
        await begun(app, " na")
        await app.press("escape")
        assert not is_open(app)
        assert app.app.screen.query(AskLine)
        await app.press("escape")
        await app.until(lambda: pane(app).rows.has_focus, "the list of records")
        assert pane(app).filter == "type=Customer"


@played
async def test_the_mouse_takes_too(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await begun(app, "type=cu", "Former customer")
        await app.click("Former customer")
        await app.until(lambda: text(app) == 'type="Former customer"', "the value")


@played
async def test_values_cost_one_call_and_nobody_waits_for_it(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        before = len(sandbox.requests)
        await begun(app, "type=", "Customer")
        await app.write("x")
        await app.press("backspace")
        await app.shows("Former customer")
        await app.settle()
        assert [request.path for request in sandbox.requests[before:]] == ["/lookup/accounts/type"]


@played
async def test_users_and_mirrored_records_are_values(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await app.press("right_square_bracket")
        await app.until(lambda: pane(app).kind.name == "contacts", "the contacts")
        await app.settle()
        await begun(app, "accountid=acme", "Acme Ltd")
        await app.press("tab")
        await app.write(" ownerid=jane")
        await app.shows("Jane Smith")
        await app.press("tab", "enter")
        await app.until(lambda: pane(app).filter, "the filter")
        await app.settle()
        assert pane(app).filter == 'accountid="Acme Ltd" ownerid="Jane Smith"'
        asked = next(request.query for request in reversed(sandbox.requests) if request.path == "/contacts")
        assert "90501" in asked
        assert "Acme" not in asked


@played
async def test_a_mistake_is_told_when_typing_stops_and_marked_at_its_place(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await app.press("f")
        await app.write(
            "nosuch=1 and some more words that make the line wider than all of the bar, and then x"
        )
        await app.shows("◂", "Terms side by side")
        line = app.one(AskLine)
        await app.press("home")
        await app.shows("▲")
        row = next(each for each in app.lines if "nosuch" in each)
        mark = app.lines[app.lines.index(row) + 1]
        assert line._mistake is not None
        assert mark.index("▲") == row.index("nosuch") + line._mistake.position
        await app.press("enter")
        assert app.app.screen.query(AskLine)
        assert pane(app).filter == ""


@played
async def test_what_is_only_unfinished_is_no_mistake(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await begun(app, "(name~acme or ty")
        await app.until(lambda: app.one(AskLine)._pause is None, "the pause")
        assert not app.one(AskLine)._mistake
        await app.write("x=1 name~b")
        await app.shows("▲", 'There is no field "tyx"')


@played
async def test_earlier_filters_come_back(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        for filter_ in ("name~a", "phone="):
            await app.press("f")
            await app.until(lambda: app.app.screen.query(AskLine), "the line")
            await app.press("ctrl+u")
            await app.write(filter_)
            await app.press("enter")
            await app.until(lambda: pane(app).filter == filter_, "the filter")  # noqa: B023
            await app.settle()
        await app.press("escape")
        await app.until(lambda: not pane(app).filter, "the whole list")
        await app.press("f", "up")
        await app.shows("phone=", "name~a")
        await app.press("down", "enter", "enter")
        await app.until(lambda: pane(app).filter == "name~a", "the earlier filter")


@sizes
@played
async def test_the_last_line_tells_the_keys_of_the_line(sandbox: Served, size: tuple[int, int]) -> None:
    async with browsing(sandbox, size=size) as app:
        await app.press("f")
        await app.shows("enter apply", "tab complete", "esc leave", "ctrl+p commands")
        assert "? help" not in app.painted(KeyBar)
        await app.press("escape")
        await app.shows("f filter", "? help")
        await app.press("slash")
        await app.shows("enter open", "tab all kinds", "ctrl+r ask · 1 call", "esc leave")
        assert "tab complete" not in app.painted(KeyBar)
        await app.click("esc leave")
        await app.shows("f filter")


@played
async def test_several_keys_of_an_order(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await app.press("right", "right", "o")
        await app.settle()
        assert pane(app)._order == (Order("type"),)
        await app.press("left", "ctrl+o", "ctrl+o")
        await app.shows("▲¹", "▼²")
        await app.settle()
        assert '{"type":"asc","name":"desc"}' in unquote(sandbox.requests[-1].query)
        await app.press("ctrl+o")
        assert pane(app)._order == (Order("type"),)
        await app.press("o")
        assert pane(app)._order == (Order("name"),)


@played
async def test_without_a_lookup_the_mirror_s_values_are_offered(serve: Serve) -> None:
    served = serve(SPOTLER_LOOKUP_SHAPE="items")
    async with browsing(served) as app:
        app.app.desks["acme"].account.known.keep_choices("accounts", "type", ())
        await begun(app, "type=prosp", "Prospect")
