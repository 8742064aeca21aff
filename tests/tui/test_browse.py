"""Browse: rows, kinds, filter, search, order, preview, and what each costs."""

import json

import pytest
from rich.cells import cell_len

from crmtui.tui.app import CrmTui
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.list_pane import ListPane
from crmtui.tui.widgets.preview import Preview
from crmtui.tui.widgets.sidebar import Sidebar
from tests.conftest import Serve, Served
from tests.tui.driver import NORMAL, WIDE, Driven, browsing, opened, played, sizes


def pane(app: Driven) -> ListPane:
    return app.one(ListPane)


def title(app: Driven) -> str:
    record = pane(app).current
    return record.title if record else ""


def total(app: Driven) -> int | None:
    source = pane(app)._source
    return source.total() if source else None


async def filtered(app: Driven, text: str) -> None:
    await app.press("f")
    await app.shows("type=Customer value")
    await app.write(text)
    await app.press("enter")


@sizes
@played
async def test_rows_and_their_number_come_by_themselves(sandbox: Served, size: tuple[int, int]) -> None:
    async with browsing(sandbox, size=size) as app:
        await app.list_has("Acme Ltd")
        await app.shows("Accounts", "20", "acme", "Spotler CRM", "search")
        assert total(app) == 20
        assert {cell_len(line) for line in app.lines} == {size[0]}


@sizes
@played
async def test_the_preview_follows_the_cursor(sandbox: Served, size: tuple[int, int]) -> None:
    async with browsing(sandbox, size=size) as app:
        preview = app.one(Preview)
        await app.until(lambda: title(app) in str(preview.border_title), "the first preview")
        before = len(sandbox.requests)
        await app.press("j", "j")
        third = title(app)
        await app.until(lambda: third in str(preview.border_title), "the third preview")
        assert len(sandbox.requests) == before


@played
async def test_going_through_the_kinds(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await app.press("right_square_bracket")
        await app.until(lambda: pane(app).kind.name == "contacts", "the contacts")
        await app.settle()
        assert app.one(Sidebar).current == "contacts"
        await app.press("left_square_bracket", "left_square_bracket")
        await app.until(lambda: pane(app).kind.name == "accounts", "the accounts again")
        await app.press("shift+tab", "down", "enter")
        await app.until(lambda: pane(app).kind.name == "contacts" and pane(app).rows.has_focus, "the list")


@played
async def test_keys_of_the_list(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await app.press("G")
        assert pane(app).rows.cursor == 19
        await app.press("k", "ctrl+u")
        assert pane(app).rows.cursor < 18
        await app.press("g")
        assert pane(app).rows.cursor == 0


@played
async def test_the_end_of_a_long_list_is_fetched_when_it_is_looked_at(serve: Serve) -> None:
    served = serve(records=230)
    async with browsing(served, size=WIDE) as app:
        first = len(served.requests)
        assert total(app) == 230
        await app.press("G")
        await app.until(lambda: title(app), "the last row")
        assert pane(app).rows.cursor == 229
        last = title(app)
        await app.list_has(last[:12])
        fetched = [request for request in served.requests[first:] if request.path.endswith("/accounts")]
        # One more than the pages that are shown, once: it proves what pages are counted from.
        assert 1 <= len(fetched) <= 3
        await app.press("g")
        await app.settle()
        assert len(served.requests) == first + len(fetched), "what was read is not asked for again"


@played
async def test_a_filter_is_the_service_s_work(sandbox: Served) -> None:
    async with browsing(sandbox, size=WIDE) as app:
        before = len(sandbox.requests)
        await filtered(app, "type=Customer")
        await app.shows("Accounts · type=Customer")
        await app.settle()
        asked = [request for request in sandbox.requests[before:] if request.path == "/accounts"]
        assert "type" in asked[0].query
        assert len(asked) == 1
        assert 0 < (total(app) or 0) < 20
        assert pane(app).rows.has_focus
        await app.press("escape")
        await app.until(lambda: total(app) == 20, "the whole list")


@played
async def test_a_mistake_in_a_filter_is_shown_at_its_place(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        before = len(sandbox.requests)
        for text, words in [("nosuch=1", "nosuch"), ("type=Customer (name~a", "▲"), ("name>", "▲")]:
            await filtered(app, text)
            await app.shows("▲", words)
            wrong = app.app.screen.query_one(".wrong")
            await app.press("x")
            await app.until(lambda: not wrong.has_class("-shown"), "the correction")  # noqa: B023
            # What is offered goes first, and the line second.
            await app.press("escape", "escape")
            await app.until(lambda: pane(app).rows.has_focus, "the list")
            assert pane(app).filter == ""
        assert len(sandbox.requests) == before


@played
async def test_ordering_by_the_column_under_the_cursor(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await app.shows("▲")
        await app.press("right", "o")
        await app.shows("▼")
        await app.settle()
        names = [json.loads(json.dumps(request.query)) for request in sandbox.requests[-1:]]
        assert any("desc" in query.lower() or "-" in query for query in names)
        await app.press("right", "o")
        await app.until(lambda: pane(app).rows.columns[1].order == "asc", "the order by the second column")
        await app.settle()


@played
async def test_an_empty_list_says_what_helps(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await filtered(app, "name=nobody")
        await app.shows("No accounts with name=nobody.", "f changes the filter, esc takes it away.")
        await app.press("escape")
        await app.list_has("Acme Ltd")


@played
async def test_a_service_that_is_gone_and_comes_back(
    sandbox: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CrmTui, "NOTIFICATION_TIMEOUT", 0.2)
    async with browsing(sandbox, size=NORMAL) as app:
        port = sandbox.connection.url
        sandbox.sandbox.stop()
        await app.press("r")
        await app.shows("✗", "cannot be reached", "r asks again", "as of", "offline · from")
        await app.list_has("Acme Ltd")
        sandbox.sandbox._port = int(port.rpartition(":")[2])
        sandbox.sandbox.start()
        await app.press("r")
        await app.shows("live")
        await app.until(lambda: not app.one(Banner).shown, "the end of the banner")


@played
async def test_stale_rows_are_there_before_anything_is_asked(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await app.list_has("Acme Ltd")
    sandbox.sandbox.stop()
    async with opened(sandbox) as app:
        assert "Acme Ltd" in app.text
        assert "just now" in app.text


@played
async def test_a_read_only_account_says_why(sandbox: Served) -> None:
    async with browsing(sandbox, size=WIDE, read_only=True) as app:
        await app.shows("read-only")
        for key in ("e", "n", "x", "D"):
            await app.press(key)
            await app.shows("acme is read-only")
            app.app.clear_notifications()
            await app.hides("acme is read-only")
        assert app.is_on(BrowseScreen)
    assert not sandbox.sent("POST", "PATCH", "DELETE")


@played
async def test_the_mouse_chooses_rows_kinds_and_keys(sandbox: Served) -> None:
    async with browsing(sandbox, size=WIDE) as app:
        await app.press("j", "j", "j")
        await app.click("Acme Ltd")
        await app.until(lambda: title(app) == "Acme Ltd", "the row that was clicked")
        await app.click("Contacts")
        await app.until(lambda: pane(app).kind.name == "contacts", "the contacts")
        await app.settle()
        await app.click("filter")
        await app.shows("type=Customer value")


@pytest.mark.parametrize(
    ("crm", "words"),
    [
        ("capsule", "in an order of its own"),
        ("capsule-v1", "in no other order"),
        ("onepagecrm-v1", "in its own order"),
    ],
)
@played
async def test_where_the_service_has_one_order_another_is_refused(serve: Serve, crm: str, words: str) -> None:
    async with browsing(serve(records=12, crm=crm), size=NORMAL) as app:
        before = app.rows.key
        await app.press("o")
        await app.shows(words)
        # What was refused is not tried again when the list is drawn the next time.
        await app.press("enter")
        await app.on(RecordScreen)
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.settle()
        assert app.rows.key == before


@played
async def test_a_name_in_parts_is_ordered_by_the_part_that_the_service_takes(serve: Serve) -> None:
    served = serve(records=12, crm="onepagecrm")
    async with browsing(served, size=NORMAL) as app:
        await app.press("o")
        await app.settle()
        assert "sort_by=last_name&order=desc" in served.requests[-1].query
        await app.shows("Name ▼")
        await app.press("right", "right", "ctrl+o")
        await app.shows("orders contacts by one field")
        assert "sort_by=last_name&order=desc" in served.requests[-1].query
