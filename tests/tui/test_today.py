"""Today: what is due, from the mirror at once and asked for once a day; and the reports as lists."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from crmtui.config import Connection
from crmtui.crm.solve360 import Solve360
from crmtui.model.record import Ref
from crmtui.sandbox import Sandbox
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.today import TodayScreen
from crmtui.tui.widgets.list_pane import ListPane
from tests.conftest import Serve, Served
from tests.plans import ANN, ME, OTHER, day, plan
from tests.proxy import Canned, answer, closed_port
from tests.tui.driver import NORMAL, PATIENCE, WIDE, Driven, browsing, opened, played, sizes

REPORTS = 4
"""The reports that are asked for what is due."""

Solve = Callable[..., Served]


@pytest.fixture
def solve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Solve]:
    """Starts sandboxes of Solve360, with switches."""
    started: list[Sandbox] = []
    monkeypatch.setattr(Solve360, "pauses", (0.0, 0.0))

    def start(records: int = 8, **switches: str) -> Served:
        named = {f"SOLVE360_{name}": word for name, word in switches.items()}
        sandbox = Sandbox(tmp_path / f"solve-{len(started)}", records=records, crm="solve360", switches=named)
        started.append(sandbox)
        reached = sandbox.start()["solve360"]
        connection = Connection(name="acme", crm="solve360", url=reached["url"], user=reached["user"])
        return Served(sandbox, connection, reached["token"])

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """For services that have the same answer to everything, a batch too."""
    monkeypatch.setattr(Solve360, "batch", None)


def plan_all(served: Served) -> None:
    """Something of each sort, mine and somebody else's."""
    to, mine, opportunity = partial(plan, served.connection, served.token), {"assignedto": ME}, "opportunity"
    to("followup", details="Ring about the quote", duedate=day(-2), **mine)
    to("task", title="Send the offer", duedate=day(0), **mine)
    to("event", title="Demo of the app", attendees=f"{OTHER},{ME}", timestart=f"{day(0)} 23:30:00")
    to("event", title="Past lunch", attendees=ME, timestart=f"{day(-3)} 11:30:00")
    to(opportunity, description="Fit-out", responsible=ME, closingdate=day(3), status="Pending")
    to(opportunity, description="Won long ago", responsible=ME, closingdate=day(-3), status="Won")
    to("followup", details="Some day<br />perhaps", nodate="1", **mine)
    to("task", title="Next month", duedate=day(40), **mine)
    to("followup", details="Jane rings back", assignedto=OTHER, duedate=day(1))


def reports(served: Served) -> list[str]:
    """The reports that were asked for, by themselves or in batches."""
    asked = (request.path.encode() + b"\n" + request.body for request in served.requests)
    return [name.decode() for text in asked for name in re.findall(rb"(?m)^(?:GET )?/report/(\w+)/", text)]


def heading(app: Driven, words: str) -> int:
    """The line of a heading."""
    return next(at for at, line in enumerate(app.lines) if f"── {words}" in line)


async def today(app: Driven) -> Driven:
    """On the screen of today, when everything has come."""
    await app.press("A")
    await app.on(TodayScreen)
    await app.shows("r asks")
    return await app.settle()


@sizes
@played
async def test_what_is_mine_to_do_in_its_groups(solve: Solve, size: tuple[int, int]) -> None:
    served = solve()
    plan_all(served)
    async with browsing(served, size=size) as app:
        await today(app)
        await app.shows("Today · ", "mine", "overdue", "read just now · r asks · 4 calls")
        late, now, soon, some_day = (
            heading(app, name) for name in ("Overdue", "Today", "In 7 days", "No date")
        )
        assert late < now < soon < some_day
        lines = app.lines

        def between(words: str, start: int, end: int) -> bool:
            return any(words in line for line in lines[start:end])

        assert between("Ring about the quote", late, now)
        assert between("Send the offer", now, soon)
        assert between("Demo of the app", now, soon)
        assert between("23:30", now, soon)
        assert between("Fit-out", soon, some_day)
        assert between("Some day perhaps", some_day, len(lines))
        assert between("Ann Lee", late, now)
        for other in ("Past lunch", "Won long ago", "Next month", "Jane rings back"):
            assert other not in app.text
        await app.press("m")
        await app.shows("everyone's", "Jane rings back")
        await app.press("m")
        await app.hides("Jane rings back")


@played
async def test_enter_opens_what_it_hangs_on_and_esc_comes_back(solve: Solve) -> None:
    served = solve()
    plan_all(served)
    async with browsing(served, size=NORMAL) as app:
        await today(app)
        await app.until(lambda: app.rows.cursor == 1, "the cursor on the first row and not on its heading")
        while (
            "Ring about" not in app.lines[app.rows.region.y + 1 + app.rows.cursor - app.rows.scroll_offset.y]
        ):
            here = app.rows.cursor
            await app.press("j")
            await app.until(lambda: app.rows.cursor != here, "the next row")  # noqa: B023 - read at once
        at = app.rows.cursor
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Contact · Details", "Ann Lee")
        await app.settle()
        await app.press("escape")
        await app.on(TodayScreen)
        await app.settle()
        assert app.rows.cursor == at
        await app.press("escape")
        await app.on(BrowseScreen)


@played
async def test_the_service_is_asked_once_a_day_and_by_the_key(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    plan_all(served)
    async with browsing(served, base=tmp_path / "kept") as app:
        await today(app)
        assert len(reports(served)) == REPORTS
        await app.press("escape")
        await app.on(BrowseScreen)
        await today(app)
        await app.shows("Ring about the quote")
        assert len(reports(served)) == REPORTS
        plan(
            served.connection,
            served.token,
            "followup",
            details="Fresh from Jane",
            assignedto=ME,
            duedate=day(0),
        )
        await app.press("r")
        await app.shows("Fresh from Jane")
        await app.settle()
        assert len(reports(served)) == 2 * REPORTS
    async with browsing(served, base=tmp_path / "kept") as app:
        await today(app)
        await app.shows("Fresh from Jane")
        assert len(reports(served)) == 2 * REPORTS


@played
async def test_without_a_line_what_was_read_is_shown_with_its_age(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    plan_all(served)
    async with browsing(served, base=tmp_path / "kept") as app:
        for kind in ("followups", "nextactions"):
            app.app.switch_account("acme", kind)
            await app.on(BrowseScreen)
            await app.settle()
            await app.shows("read just now")
    with closed_port() as url:
        async with opened(served, url=url, base=tmp_path / "kept", size=NORMAL) as app:
            await app.shows("offline")
            await app.press("A")
            await app.on(TodayScreen)
            await app.shows("cannot be reached", "r asks again", "Ring about the quote", "read just now")
            await app.settle()
            assert "Fit-out" not in app.text
            await app.press("escape")
            await app.hides("✗")
            assert app.is_on(TodayScreen)


@played
async def test_nothing_was_read_and_nothing_can_be(solve: Solve) -> None:
    served = solve()
    with closed_port() as url:
        async with opened(served, url=url, size=NORMAL) as app:
            await app.press("A")
            await app.on(TodayScreen)
            await app.shows("could not be read, and none of it is here. r asks again.")


@pytest.mark.usefixtures("one_by_one")
@sizes
@played
async def test_nothing_is_due(solve: Solve, size: tuple[int, int]) -> None:
    people = (
        f"<users><user><id>{ME}</id><name>John</name><email>JOHN.smith@example.com</email></user></users>"
    )
    body = f"<response>{people}<status>success</status></response>".encode()
    with Canned(answer(200, body)) as canned:
        async with opened(solve(), url=canned.url, size=size) as app:
            await app.press("A")
            await app.on(TodayScreen)
            await app.shows(
                "Nothing is due: nothing is late, and nothing comes in the next 7 days.", "m shows"
            )
            await app.press("j", "enter", "e", "y")
            await app.shows("There is nothing under the cursor.")
            assert app.is_on(TodayScreen)


@pytest.mark.usefixtures("one_by_one")
@played
async def test_while_it_is_asked_for_it_says_so_and_what_it_costs(solve: Solve) -> None:
    answers = threading.Event()

    def late(client: socket.socket) -> None:
        answers.wait(PATIENCE)
        client.sendall(answer(200, b"<response><users/><status>success</status></response>"))

    with Canned(late) as canned:
        async with opened(solve(), url=canned.url, size=NORMAL) as app:
            await app.press("A")
            await app.on(TodayScreen)
            await app.shows("asking … 5 calls", "Solve360 is being asked for what is due.")
            await app.press("r")
            await app.shows("The service is being asked already.")
            answers.set()
            await app.shows("read just now · r asks · 4 calls", "Nothing is due")


@played
async def test_one_report_that_is_closed_hides_no_other(solve: Solve) -> None:
    served = solve(CLOSED="calendar")
    plan_all(served)
    async with browsing(served) as app:
        await today(app)
        await app.shows("Ring about the quote")
        assert "Demo of the app" not in app.text
        assert "✗" not in app.text
        await app.press("escape")
        await app.on(BrowseScreen)
        await today(app)
        await app.shows("r asks · 3 calls")


@played
async def test_a_token_that_sees_none_of_it(solve: Solve) -> None:
    served = solve(CLOSED="calendar,followups,nextactions,opportunities")
    async with browsing(served) as app:
        await app.press("A")
        await app.on(TodayScreen)
        await app.shows("Solve360 shows this token nothing that has a date to be done by.")
        await app.press("escape")
        await app.on(BrowseScreen)
        await app.press("A")
        await app.shows("nothing here with a date to be done by")
        assert app.is_on(BrowseScreen)


@pytest.mark.usefixtures("one_by_one")
@played
async def test_who_i_am_is_not_known(solve: Solve) -> None:
    people = b"<response><users/><status>success</status></response>"
    with Canned(answer(200, people)) as canned:
        async with opened(solve(), url=canned.url) as app:
            await app.press("A")
            await app.on(TodayScreen)
            await app.shows("Nothing is due")
            await app.press("m")
            await app.shows("Which of the users you are is not known, so that everyone's is shown.")


@played
async def test_the_activities_of_another_service(serve: Serve) -> None:
    async with browsing(serve(records=60), size=NORMAL) as app:
        await today(app)
        await app.shows("Today · ", "r asks · 1 call")
        screen = app.app.screen
        assert isinstance(screen, TodayScreen)
        record = screen.subject
        assert record is not None
        assert record.values["status"] not in ("Completed", "Cancelled")
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Activity · Details")


# -- the reports as lists


@played
async def test_a_row_of_a_report_leads_to_its_record(solve: Solve) -> None:
    served = solve()
    plan_all(served)
    async with opened(served, target=Ref("acme", "activities"), size=NORMAL) as app:
        await app.shows("Activities · the last 30 days by updated", "live")
        await app.settle()
        assert len(reports(served)) == 1
        pane = app.one(ListPane)

        def at_ann() -> bool:
            shown = pane.shown
            rows = enumerate(shown.record(at) for at in range(shown.total() or 0)) if shown else ()
            place = next((at for at, row in rows if row and row.values["itemid"] == ANN), None)
            if place is not None:
                pane.rows.cursor = place
            return place is not None and pane.current is not None

        await app.until(at_ann, "a row of hers")
        for key in ("e", "n", "x", "D"):
            await app.press(key)
            await app.shows("Activities are a report of Solve360 and read-only")
            app.app.clear_notifications()
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Contact · Details", "Ann Lee")


@played
async def test_a_row_itself_is_shown_as_it_was_read(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    plan(
        served.connection, served.token, "followup", details="Ring<br />twice", assignedto=ME, duedate=day(1)
    )
    async with opened(served, target=Ref("acme", "followups"), base=tmp_path / "kept") as app:
        await app.list_has("Ring twice")
        desk = app.app.desks["acme"]
        [found] = [record for record in desk.account.mirror.all("followups") if record.title == "Ring twice"]
    before = len(served.requests)
    async with opened(served, target=found.ref, base=tmp_path / "kept", size=WIDE) as app:
        await app.on(RecordScreen)
        await app.shows("Follow-up · Details", "Ring twice", "John Smith")
        await app.press("r")
        await app.shows("gives no follow-up by itself, only with its list")
        assert not [r for r in served.requests[before:] if found.ref.id in r.path]
        await app.press("O")
        await app.shows("Contact · Details", "Ann Lee")


@played
async def test_a_report_is_filtered_and_ordered_in_the_app(solve: Solve) -> None:
    served = solve()
    plan_all(served)
    async with opened(served, target=Ref("acme", "followups")) as app:
        await app.list_has("Ring about the quote")
        await app.press("f")
        await app.write('duedate<=+1d responsible="Jane Smith"')
        await app.press("enter")
        await app.list_has("Jane rings back")
        await app.hides("Ring about the quote")
        await app.settle()
        assert "responsible=299431" in served.requests[-1].query
