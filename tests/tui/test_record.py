"""Record: details at once from the mirror, related records when asked, and writing by keys."""

import json

from crmtui.model.record import Ref
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.widgets.record_list import RecordList
from tests.conftest import Served
from tests.tui.driver import ACME, NORMAL, Driven, browsing, opened, played, reading


def ref(app: Driven) -> Ref:
    assert isinstance(app.app.screen, RecordScreen)
    return app.app.screen.ref


async def acme(app: Driven) -> None:
    """Opens the second account of the list."""
    await app.press("j", "enter")
    await app.on(RecordScreen)
    await app.shows("Acme Ltd", "Account · Details")


@played
async def test_opening_a_mirrored_record_costs_nothing(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        before = len(sandbox.requests)
        await acme(app)
        await app.shows("+44 20 7946 0000", "https://www.acme.example", "read just now")
        await app.press("escape")
        await app.on(BrowseScreen)
        assert len(sandbox.requests) == before


@played
async def test_each_pane_is_asked_for_when_somebody_goes_there_at_the_price_told(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await acme(app)
        before = len(sandbox.requests)
        await app.shows("tab asks for them · 1 call", "tab asks for them · 5 calls")
        await app.press("tab")
        await app.shows("Call · Completed", "Rang about the quote")
        await app.settle()
        assert len(sandbox.requests) == before + 1
        await app.press("tab")
        await app.shows("Ann Lee", "Cannot sign in")
        await app.settle()
        assert len(sandbox.requests) == before + 6
        assert "tab asks" not in app.text
        await app.press("j", "j", "enter")
        await app.until(lambda: ref(app).kind == "contacts", "the contact")
        await app.shows("Contact · Details")
        await app.press("escape")
        await app.until(lambda: ref(app).kind == "accounts", "the account again")
        assert len(sandbox.requests) == before + 6


@played
async def test_next_and_previous_go_along_the_list(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await acme(app)
        first = ref(app)
        await app.press("J")
        await app.until(lambda: ref(app) != first, "the next record")
        await app.shows("Acorn & Söhne")
        await app.press("K", "K")
        await app.until(lambda: "Acme Ltd" not in app.lines[1], "the record before")
        await app.press("K")
        await app.shows("That is the beginning of the list.")
        await app.press("escape")
        await app.on(BrowseScreen)
        assert app.one(RecordList).cursor == 0, "the list went along"


@played
async def test_a_record_named_on_the_command_line_is_read_and_has_a_way_back(sandbox: Served) -> None:
    async with reading(sandbox, ACME, "Acme Ltd") as app:
        await app.press("J")
        await app.shows("The record was not opened from a list.")
        await app.press("backspace")
        await app.on(BrowseScreen)


@played
async def test_a_record_that_is_gone(sandbox: Served) -> None:
    async with opened(sandbox, target=Ref("acme", "accounts", "1")) as app:
        await app.on(RecordScreen)
        await app.shows("✗", "r asks again, esc goes back.", "gone")
        for key in ("x", "D", "y"):
            await app.press(key)
        await app.shows("The record is not here yet.")
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.list_has("Acme Ltd")


@played
async def test_a_change_is_read_again_and_sent_once(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await acme(app)
        before = len(sandbox.requests)
        await app.press("e")
        await app.on(FormScreen)
        await app.write(" & Sons")
        await app.shows("1 changed")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.shows("Acme Ltd → Acme Ltd & Sons", "GET", "PATCH", "2 calls")
        assert not [request for request in sandbox.requests[before:] if request.method != "GET"]
        looked = len(sandbox.requests)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Acme Ltd & Sons")
        read, written = sandbox.requests[looked:]
        assert (read.method, read.status) == ("GET", 200)
        assert (written.method, written.status) == ("PATCH", 200)
        assert json.loads(written.body) == {"name": "Acme Ltd & Sons"}
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.list_has("Acme Ltd & Sons")


@played
async def test_going_back_from_the_review_sends_nothing(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await acme(app)
        await app.press("e")
        await app.on(FormScreen)
        await app.write("!")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("escape")
        await app.on(FormScreen)
        await app.shows("Acme Ltd!")
        await app.press("ctrl+x", "escape")
        await app.on(RecordScreen)
        assert not sandbox.sent("PATCH", "POST")


@played
async def test_a_new_record_is_one_call_and_is_shown(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await app.press("n")
        await app.on(FormScreen)
        await app.write("Brand new plc")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.shows("POST", "1 call", "Brand new plc")
        before = len(sandbox.requests)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Brand new plc", "Saved: Brand new plc.")
        assert [request.method for request in sandbox.requests[before:]] == ["POST"]


@played
async def test_deleting_asks_first_and_only_y_means_yes(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await acme(app)
        for key in ("n", "escape", "enter"):
            await app.press("x")
            await app.on(ConfirmScreen)
            await app.shows("Delete the account Acme Ltd at Spotler CRM? 1 call.", "yes", "no")
            await app.press(key)
            await app.on(RecordScreen)
        assert not sandbox.sent("DELETE")
        await app.press("x")
        await app.on(ConfirmScreen)
        await app.press("y")
        await app.on(BrowseScreen)
        await app.shows("Deleted: Acme Ltd.")
        assert [request.status for request in sandbox.sent("DELETE")] == [200]
        app.app.clear_notifications()
        await app.hides("Acme Ltd")


@played
async def test_a_duplicate_begins_with_the_record_s_values(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await acme(app)
        await app.press("D")
        await app.on(FormScreen)
        await app.shows("Acme Ltd", "https://www.acme.example")
        await app.press("escape")
        await app.on(RecordScreen)
        assert not sandbox.sent("POST")
