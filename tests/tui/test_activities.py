"""The timeline of a record that brings its activities along: nested, completed, made and inserted there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmtui.config import Connection
from crmtui.model.record import Ref
from crmtui.sandbox import Sandbox
from crmtui.sandbox.traffic import Request
from crmtui.tui.panes import Pane
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.choose import ChooseScreen
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.widgets.sidebar import Sidebar
from tests.conftest import Served
from tests.tui.driver import NORMAL, Driven, browsing, opened, played, reading, sizes

ANN = Ref("acme", "contacts", "479038")
"""Has activities of every type."""


@pytest.fixture
def solve(tmp_path: Path) -> Iterator[Served]:
    """A sandbox of Solve360."""
    with Sandbox(tmp_path / "solve", records=5, crm="solve360") as sandbox:
        reached = sandbox.start()["solve360"]
        connection = Connection(name="acme", crm="solve360", url=reached["url"], user=reached["user"])
        yield Served(sandbox, connection, reached["token"])


def timeline(app: Driven) -> Pane:
    return app.app.screen.query_one("#timeline", Pane)


async def into_timeline(app: Driven) -> None:
    await app.at_record("Timeline")
    for _ in range(5):
        if timeline(app).rows.has_focus:
            return
        await app.press("tab")
    raise AssertionError(app.text)


async def at_entry(app: Driven, title: str) -> None:
    """The cursor on the first entry of that title."""
    for _ in range(60):
        current = timeline(app).current
        if current is not None and current.title == title:
            return
        await app.press("j")
    raise AssertionError(f"no {title}:\n{app.text}")


def asked(served: Served, *, since: int = 0) -> list[str]:
    """What was asked for, each by itself or with others in one container."""
    found = []
    for each in served.requests[since:]:
        inner = re.findall(rb"^(\w+ /\S*) HTTP/1.1", each.body, re.MULTILINE)
        found += [line.decode() for line in inner] or [f"{each.method} {each.path}"]
    return found


def posted(served: Served) -> list[Request]:
    """What was made, batches of reads left out."""
    return [each for each in served.sent("POST") if each.path != "/batch"]


@sizes
@played
async def test_activities_come_with_their_record_and_nested(solve: Served, size: tuple[int, int]) -> None:
    async with opened(solve, size=size, target=ANN) as app:
        await into_timeline(app)
        await app.shows("Timeline", "24", "Scheduled e-mail", "type 208", "XR-00000")
        assert asked(solve).count("GET /contacts/479038") == 1
        await at_entry(app, "Onboarding")
        await app.press(*"jjjj")
        await app.shows("○ Task list  Onboarding", "│ ✓ Task  Arrange demo", "│ ○ Task  Demo at their office")
        await app.shows("overdue", "completed on", "│ │ Time record")
        before = len(solve.requests)
        await app.press("k", "enter")
        await app.shows("Task · Details", "Beneath", "Onboarding", "Ann Lee")
        await app.press("escape")
        await app.on(RecordScreen)
        assert "GET /contacts/479038" not in asked(solve, since=before)


@played
async def test_the_mirror_has_the_timeline_before_the_service_is_asked(solve: Served) -> None:
    async with reading(solve, ANN, "Timeline") as app:
        await app.press("escape")
        await app.settle()
        before = len(solve.requests)
        app.app.open_record(app.app.desks["acme"], ANN, None)
        await into_timeline(app)
        await app.shows("24", "Scheduled e-mail")
        assert asked(solve, since=before) == []
        await app.press("r")
        await app.settle()
        assert asked(solve, since=before).count("GET /contacts/479038") == 1, "one call brings both"


@played
async def test_a_task_is_completed_and_opened_again(solve: Served) -> None:
    async with opened(solve, size=NORMAL, target=ANN) as app:
        await into_timeline(app)
        await app.press("F")
        await app.shows("There is nothing to complete about scheduled e-mails.")
        await at_entry(app, "Demo at their office, three attendees")
        while timeline(app).current.ref.kind != "task":  # type: ignore[union-attr]
            await app.press("j")
        await app.press("F")
        await app.on(ReviewScreen)
        await app.shows("Completed", "no → yes", "2 calls of")
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Completed: Demo at their office")
        await app.shows("│ ✓ Task  Demo at their office")
        assert b"<completed>1</completed>" in solve.sent("PUT")[0].body
        await app.press("F")
        await app.on(ReviewScreen)
        await app.shows("yes → no")
        await app.press("escape")
        await app.on(RecordScreen)
        assert len(solve.sent("PUT")) == 1
        await app.press("F", "enter")
        await app.shows("│ ○ Task  Demo at their office")


@played
async def test_n_asks_which_type_is_to_be_made(solve: Served) -> None:
    async with opened(solve, size=NORMAL, target=ANN) as app:
        await into_timeline(app)
        await at_entry(app, "Onboarding")
        await app.press("n")
        await app.on(ChooseScreen)
        await app.shows("in Onboarding", "Follow-up", "Opportunity", "1 call and one per activity")
        await app.press("enter")
        await app.on(FormScreen)
        await app.shows("New task", "Ann Lee", "Onboarding")
        await app.write("Order cake")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("│ ○ Task  Order cake")
        assert b"<parent>40500" in posted(solve)[0].body


@played
async def test_a_adds_a_note_to_the_record(solve: Served) -> None:
    async with opened(solve, size=NORMAL, target=ANN) as app:
        await into_timeline(app)
        await app.press("a")
        await app.on(FormScreen)
        await app.shows("New note")
        await app.write("5 < 6 [b]\rline two")
        await app.shows("1 call")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Note  5 < 6 [b]", "line two", "25")
        assert b"5 &amp;lt; 6 [b]&lt;br /&gt;line two" in posted(solve)[0].body
        await app.press("home", "x")
        await app.on(ConfirmScreen)
        await app.press("y")
        await app.on(RecordScreen)
        await app.until(lambda: solve.sent("DELETE"), "the deletion")
        await app.shows("24")


@played
async def test_a_adds_a_note_in_the_list_too(solve: Served) -> None:
    async with browsing(solve) as app:
        await app.press("a")
        await app.on(FormScreen)
        await app.write("Prefers mornings")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(BrowseScreen)
        await app.shows("Saved: Prefers mornings.")
        assert len(posted(solve)) == 1


@played
async def test_kinds_of_activities_stand_in_no_sidebar(solve: Served) -> None:
    async with browsing(solve) as app:
        await app.shows("Contacts", "Tickets")
        ids = {item.id for item in app.one(Sidebar).items}
        assert {"contacts", "followups"} <= ids
        assert not ids & {"note", "followup", "task", "template"}


@played
async def test_a_template_is_inserted_and_offered_again(solve: Served) -> None:
    async with opened(solve, target=ANN) as app:
        await into_timeline(app)
        await app.press("n")
        await app.on(ChooseScreen)
        await app.press("end", "enter")
        await app.on(FormScreen)
        await app.write("501")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.shows("1 call and one per activity · ")
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Send welcome pack", "Ask for a reference", "27")
        await app.settle()
        await app.press("n")
        await app.on(ChooseScreen)
        await app.press("end", "enter")
        await app.on(FormScreen)
        await app.write("5")
        await app.shows("501")


@played
async def test_offline_the_timeline_is_there_and_what_is_made_waits(solve: Served) -> None:
    async with reading(solve, ANN, "Timeline") as app:
        solve.sandbox.stop()
        await into_timeline(app)
        await at_entry(app, "Onboarding")
        await app.press("F")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("1 waiting", "↑", "✓ Task list  Onboarding")


@played
async def test_a_service_that_closes_a_record_hides_nothing_else(solve: Served) -> None:
    async with reading(solve, ANN, "Timeline") as app:
        await into_timeline(app)
        await app.shows("24")
        ticket = Ref("acme", "tickets", "30700200")
        app.app.open_record(app.app.desks["acme"], ticket, None)
        await app.at_record("Ticket · Details", "Timeline")


@played
async def test_the_app_is_opened_on_an_activity(solve: Served) -> None:
    async with opened(solve, target=Ref("acme", "note", "999")) as app:
        await app.on(RecordScreen)
        await app.shows("was not read here yet", "crmtui show acme/contacts/ID --related")
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.shows("Contacts")
