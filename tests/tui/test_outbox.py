"""What waits: shown, sent by itself once the line is back, decided on, given up, undone."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
import pytest

from crmtui.config import Connection
from crmtui.model.query import Query
from crmtui.model.record import Record, Ref
from crmtui.model.write import Op, State
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.choose import ChooseScreen
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.conflict import ConflictScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.outbox import OutboxScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.screens.token import TokenScreen
from crmtui.workspace import outbox
from crmtui.workspace.desk import Desk
from crmtui.workspace.opening import open_account
from crmtui.workspace.reading import read
from tests.conftest import Served
from tests.proxy import Fault, Proxy, closed_port
from tests.tui.driver import NORMAL, Driven, browsing, driven, opened, played, sizes


def desk(app: Driven) -> Desk:
    return app.app.desks["acme"]


@asynccontextmanager
async def no_line(app: Driven) -> AsyncIterator[None]:
    """Nobody listens where the service was."""
    account = desk(app).account
    good = account.connection
    with closed_port() as url:
        await account.hang_up()
        account.connection = msgspec.structs.replace(good, url=url)
        yield
    await account.hang_up()
    account.connection = good


async def somebody(app: Driven, record: Record, **values: Any) -> None:
    """Somebody else changes a record; nothing here hears of it."""
    write = desk(app).edits.intent(Op.EDIT, record.ref, values)
    for call in desk(app).edits.calls(write, record, desk(app).schema(record.ref.kind), looked=True):
        await desk(app).account.send(call)


async def acme(app: Driven) -> Record:
    """Opens the second account of the list."""
    await app.press("j", "enter")
    await app.on(RecordScreen)
    await app.shows("Acme Ltd", "Account · Details")
    screen = app.app.screen
    assert isinstance(screen, RecordScreen)
    record = desk(app).record(screen.ref)
    assert record is not None
    return record


async def edit(app: Driven, text: str) -> None:
    """Types something behind the name, and sends it."""
    await app.press("e")
    await app.on(FormScreen)
    await app.write(text)
    await app.press("ctrl+s")
    await app.on(ReviewScreen)
    await app.press("enter")
    await app.on(RecordScreen)


def bodies(sandbox: Served) -> list[Any]:
    return [json.loads(request.body) for request in sandbox.sent("PATCH")]


# -- without a line


@played
async def test_a_save_without_a_line_is_shown_and_goes_by_itself_once(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await acme(app)
        async with no_line(app):
            await edit(app, " & Sons")
            await app.shows("↑ Acme Ltd & Sons", "waits in the outbox (no line)", "1 waiting", "offline")
            app.app.clear_notifications()
            await app.shows("↑ 1 change waits: no line · tries again", "W shows it")
            assert not desk(app).account.drafts.all()
            await app.press("escape")
            await app.on(BrowseScreen)
            await app.list_has("↑Acme Ltd & Sons")
            await app.shows("── Outbox 1 ──")
        await app.press("right_square_bracket")
        await app.shows("Saved: Acme Ltd & Sons (it waited in the outbox).", "live")
        await app.hides("1 waiting")
        await app.hides("── Outbox 1 ──")
        assert bodies(sandbox) == [{"name": "Acme Ltd & Sons"}]


@played
async def test_a_second_edit_of_the_same_field_is_no_conflict(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await acme(app)
        async with no_line(app):
            await edit(app, "2")
            await app.shows("↑ Acme Ltd2")
            await edit(app, "3")
            await app.shows("↑ Acme Ltd23", "2 waiting")
        await app.press("r")
        await app.until(lambda: not desk(app).outbox.waiting(), "the end of the outbox")
        assert bodies(sandbox) == [{"name": "Acme Ltd2"}, {"name": "Acme Ltd23"}]
        await app.hides("↑")


@played
async def test_a_creation_that_waits_leads_back_and_is_made_once(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        async with no_line(app):
            await app.press("n")
            await app.on(FormScreen)
            await app.write("Fresh Ltd")
            await app.press("ctrl+s")
            await app.on(ReviewScreen)
            await app.press("enter")
            await app.on(BrowseScreen)
            await app.shows("Fresh Ltd waits in the outbox (no line) and is created by itself")
            await app.press("W")
            await app.on(OutboxScreen)
            await app.press("enter")
            await app.shows("It is not made yet: tries again")
        app.app.clear_notifications()
        await app.press("r")
        await app.shows("Saved: Fresh Ltd", "Settled 1", "nothing waits")
        assert [json.loads(request.body) for request in sandbox.sent("POST")] == [{"name": "Fresh Ltd"}]
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Fresh Ltd")


@played
async def test_a_deletion_that_waits_is_told_and_stops_the_form(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await acme(app)
        async with no_line(app):
            await app.press("x")
            await app.on(ConfirmScreen)
            await app.press("y")
            await app.on(RecordScreen)
            await app.shows("waits in the outbox (no line) and is deleted by itself")
            app.app.clear_notifications()
            await app.shows("↑ will be deleted: no line · tries again")
            await app.press("e")
            await app.shows("It waits to be deleted")
        app.app.clear_notifications()
        await app.press("escape", "r")
        await app.shows("Deleted: Acme Ltd (it waited in the outbox).")
        assert [request.status for request in sandbox.sent("DELETE")] == [200]


@played
async def test_what_waits_in_another_account_goes_too_and_nobody_is_asked_for_its_token(
    sandbox: Served, tmp_path: Path
) -> None:
    base = tmp_path / "data"
    other = Connection(name="other", crm="spotler", url=sandbox.connection.url)
    closed = Connection(name="shut", crm="spotler", url=sandbox.connection.url)
    for each in (other, closed):
        account = open_account(each, tokens={}, base=base)
        write = Desk(account).edits.intent(Op.CREATE, Ref(each.name, "accounts"), {"name": f"By {each.name}"})
        account.writes.queue(write, keeps=True)
        await account.close()
    tokens = {"acme": sandbox.token, "other": sandbox.token}
    async with driven(sandbox.connection, other, closed, tokens=tokens, base=base) as app:
        await app.on(BrowseScreen)
        await app.until(lambda: not app.app.desks["other"].outbox.waiting(), "the end of the other's outbox")
        waiting = app.app.desks["shut"].outbox.waiting
        await app.until(lambda: waiting()[0].why, "a reason")
        assert "There is no token" in waiting()[0].why
        assert not app.is_on(TokenScreen)
        assert [json.loads(request.body) for request in sandbox.sent("POST")] == [{"name": "By other"}]


# -- refused, clashed, undecided


@played
async def test_what_is_refused_later_is_typed_text_again(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        record = await acme(app)
        write = desk(app).edits.intent(Op.EDIT, record.ref, {"name": ""}, {"name": "Acme Ltd"})
        desk(app).account.writes.queue(write, keeps=True)
        desk(app).account.writes.wait(write.id, "", 0.0)
        await app.press("r")
        await app.shows("Acme Ltd was not saved:", "What you typed is kept; d opens it.")
        app.app.clear_notifications()
        await app.press("d")
        await app.on(FormScreen)
        await app.shows("draft from today", "1 changed")


@pytest.mark.parametrize("stands", ["mine", "theirs"])
@played
async def test_a_conflict_behind_the_screen_is_decided_in_the_outbox(sandbox: Served, stands: str) -> None:
    async with browsing(sandbox) as app:
        record = await acme(app)
        async with no_line(app):
            await edit(app, "2")
            await app.shows("↑ Acme Ltd2")
        await somebody(app, record, name="Elsewhere", website="https://other.example")
        await app.shows("Acme Ltd2 is not saved yet, you decide")
        app.app.clear_notifications()
        await app.press("W")
        await app.on(OutboxScreen)
        await app.shows("you decide · a conflict", "enter decides")
        before = len(sandbox.sent("PATCH"))
        await app.press("enter")
        await app.on(ConflictScreen)
        await app.press("t" if stands == "theirs" else "m", "enter")
        if stands == "mine":
            await app.on(ReviewScreen)
            await app.shows("Elsewhere → Acme Ltd2")
            await app.press("enter")
        await app.on(OutboxScreen)
        await app.shows("nothing waits", "Theirs stands" if stands == "theirs" else "Saved: ")
        sent = bodies(sandbox)[before:]
        assert sent == ([] if stands == "theirs" else [{"name": "Acme Ltd2"}])


@pytest.mark.parametrize(("answer", "posts"), [(0, 1), (1, 2)], ids=["it was made", "it was not"])
@played
async def test_a_creation_nobody_can_tell_of_is_asked_about(
    sandbox: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: int, posts: int
) -> None:
    monkeypatch.setattr(outbox, "CALL_SECONDS", 0.2)
    lost = Fault(cut_response=0)
    with Proxy(sandbox.connection.url) as proxy:
        async with browsing(sandbox, url=proxy.url) as app:
            await app.press("n")
            await app.on(FormScreen)
            await app.write("Fresh Ltd")
            form = app.app.screen
            assert isinstance(form, FormScreen)
            form.set_focus(form.panel.rows["website"].editor)
            await app.write("https://fresh.example")
            await app.press("ctrl+s")
            await app.on(ReviewScreen)
            proxy.fault_of = lambda request: lost
            await app.press("enter")
            await app.on(BrowseScreen)
            await app.until(lambda: sandbox.sent("POST"), "the creation")
            await app.until(lambda: desk(app).outbox.waiting()[0].next_try > 0, "the courier's look")
            await change_twin(sandbox, tmp_path / "others")
            proxy.fault_of = None
            await app.press("W")
            await app.on(OutboxScreen)
            await app.shows("no answer")
            await app.press("r")
            await app.on(ChooseScreen)
            await app.shows("Was Fresh Ltd made?", "It was made", "It was not", "Look first")
            await app.press(*["j"] * answer, "enter")
            await app.on(OutboxScreen)
            await app.shows("nothing waits")
            assert len(sandbox.sent("POST")) == posts


async def change_twin(served: Served, base: Path) -> None:
    """Somebody else changes what an unanswered creation made."""
    account = open_account(served.connection, tokens={served.connection.name: served.token}, base=base)
    others = Desk(account)
    schema = others.schema("accounts")
    found = await read(account, Query("accounts"), schema.by_name, 100)
    [record] = [each for each in found.records if each.title == "Fresh Ltd"]
    await others.outbox.save(
        others.edits.intent(Op.EDIT, record.ref, {"website": "https://other.example"}), schema
    )
    await account.close()


# -- the screen


@sizes
@played
async def test_an_empty_outbox_says_so(sandbox: Served, size: tuple[int, int]) -> None:
    async with browsing(sandbox, size=size) as app:
        await app.press("W")
        await app.on(OutboxScreen)
        await app.shows(
            "Outbox · acme", "nothing waits", "Nothing waits, and nothing was written from here yet."
        )
        for key in ("r", "x", "u"):
            await app.press(key)
        await app.shows("There is nothing under the cursor.")
        await app.press("escape")
        await app.on(BrowseScreen)


@played
async def test_drafts_and_what_waits_are_given_up_only_by_y(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        record = await acme(app)
        async with no_line(app):
            await edit(app, "2")
            await app.press("e")
            await app.on(FormScreen)
            await app.write("3")
            await app.press("escape")
            await app.on(RecordScreen)
            await app.press("W")
            await app.on(OutboxScreen)
            app.app.clear_notifications()
            await app.shows(
                "1 draft · 1 waiting", "── Drafts 1 ──", "── Waiting 1 ──", "Acme Ltd2 → Acme Ltd23"
            )
            await app.press("j")
            await app.shows("tries again", "no line", "Acme Ltd → Acme Ltd2")
            await app.press("x")
            await app.on(ConfirmScreen)
            await app.shows("Give up the edit of the account Acme Ltd2? It was not sent.")
            await app.press("enter")
            await app.on(OutboxScreen)
            assert desk(app).outbox.waiting()
            await app.press("x")
            await app.on(ConfirmScreen)
            await app.press("y")
            await app.on(OutboxScreen)
            await app.shows("── Settled 1 ──", "Given up by the person")
            await app.press("g", "x")
            await app.on(ConfirmScreen)
            await app.press("y")
            await app.until(lambda: not desk(app).account.drafts.all(), "the end of the draft")
        assert not sandbox.sent("PATCH")
        assert desk(app).shown(record.ref) == desk(app).record(record.ref)


@played
async def test_the_journal_comes_in_pages(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        record = await acme(app)
        writes = desk(app).account.writes
        for number in range(200):
            write = desk(app).edits.intent(
                Op.EDIT, record.ref, {"name": f"Name {number}"}, {"name": "Acme Ltd"}
            )
            write = msgspec.structs.replace(write, created=write.created + number)
            writes.queue(write)
            writes.settle(write, State.REFUSED, "is required")
        await app.press("W")
        await app.on(OutboxScreen)
        await app.shows("Settled 200", "Acme Ltd → Name 199")
        await app.press("G")
        await app.shows("Acme Ltd → Name 0")


# -- undo


@played
async def test_the_newest_write_is_taken_back_after_a_review(sandbox: Served) -> None:
    async with browsing(sandbox, size=NORMAL) as app:
        await app.press("u")
        await app.shows("There is nothing to undo")
        app.app.clear_notifications()
        await acme(app)
        await edit(app, "2")
        await app.shows("Saved: Acme Ltd2.")
        app.app.clear_notifications()
        await app.press("u")
        await app.on(ReviewScreen)
        await app.shows(
            "Takes back the edit of the account Acme Ltd2, today", "Acme Ltd2 → Acme Ltd", "2 calls"
        )
        await app.press("escape")
        await app.on(RecordScreen)
        assert len(sandbox.sent("PATCH")) == 1
        await app.press("u")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Undone: the edit of the account Acme Ltd2.", "live")
        assert bodies(sandbox) == [{"name": "Acme Ltd2"}, {"name": "Acme Ltd"}]
        await app.press("u")
        await app.shows("There is nothing to undo")


@played
async def test_a_deleted_record_is_made_again_with_a_plain_warning(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await acme(app)
        await app.press("x", "y")
        await app.on(BrowseScreen)
        await app.press("u")
        await app.on(ReviewScreen)
        await app.shows("! It is made again as a new account with an id of its own", "POST")
        await app.press("enter")
        await app.on(BrowseScreen)
        await app.shows("Undone: the deletion of the account Acme Ltd. It is account")
        assert len(sandbox.sent("POST")) == 1


@played
async def test_undoing_what_still_waits_is_giving_it_up(sandbox: Served) -> None:
    async with browsing(sandbox) as app:
        await acme(app)
        async with no_line(app):
            await edit(app, "2")
            await app.press("u")
            await app.on(ConfirmScreen)
            await app.shows("Give up the edit of the account Acme Ltd2?")
            await app.press("y")
            await app.on(RecordScreen)
            await app.hides("↑")
        assert not sandbox.sent("PATCH")


@played
async def test_a_read_only_account_undoes_nothing(sandbox: Served) -> None:
    async with browsing(sandbox, read_only=True) as app:
        await app.press("u")
        await app.shows("acme is read-only")


# -- the end of the app


@pytest.mark.parametrize("answers", [True, False], ids=["answered", "silent"])
def test_a_write_on_its_way_has_a_moment_when_the_app_ends(
    sandbox: Served, tmp_path: Path, answers: bool
) -> None:
    base = tmp_path / "data"

    async def quit_while_sending() -> float:
        with Proxy(sandbox.connection.url) as proxy:
            async with opened(sandbox, url=proxy.url, base=base) as app:
                await app.shows("just now", "live")
                await app.settle()
                await acme(app)
                silent = Fault(drip=1) if answers else Fault(stall_response=0)
                proxy.fault_of = lambda request: silent if request.startswith(b"PATCH") else Fault()
                await app.press("e")
                await app.on(FormScreen)
                await app.write("2")
                await app.press("ctrl+s")
                await app.on(ReviewScreen)
                await app.press("enter")
                await app.until(lambda: sandbox.sent("PATCH"), "the write")
                began = monotonic()
            return monotonic() - began

    took = asyncio.run(quit_while_sending())
    account = open_account(sandbox.connection, tokens={}, base=base)
    [entry] = account.writes.all()
    assert entry.state is (State.DONE if answers else State.UNKNOWN)
    assert not account.drafts.all()
    assert took < 5
    asyncio.run(account.close())
