"""Today on OnePageCRM: done and next in one step, contacts without a next action, deletions taken back."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import httpx
import pytest

from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.following import FollowingScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.screens.today import TodayScreen
from crmtui.workspace.agenda import Duty
from tests.conftest import Serve, Served
from tests.tui.driver import NORMAL, WIDE, Driven, browsing, played, sizes

WRITES = ("PUT", "POST", "DELETE")


@pytest.fixture
def served(serve: Serve) -> Served:
    return serve(records=12, crm="onepagecrm")


def idle(served: Served, name: str) -> None:
    """Somebody makes a contact for which nothing is planned."""
    answer = httpx.post(
        f"{served.connection.url}/api/v3/contacts",
        json={"last_name": name},
        auth=(served.connection.user or "", served.token),
        trust_env=False,
    )
    assert answer.status_code == 201, answer.text


async def today(app: Driven) -> Driven:
    """On the screen of today, when everything has come."""
    await app.press("A")
    await app.on(TodayScreen)
    await app.shows("r asks")
    return await app.settle()


async def until_row(app: Driven, found: Callable[[str], bool]) -> str:
    """Goes down to a row whose kind and group are so; gives its title."""
    screen = app.app.screen
    assert isinstance(screen, TodayScreen)
    for index in range(screen._rows.total() or 0):
        duty = screen._rows.duty(index)
        if duty and found(duty.kind.name):
            app.rows.cursor = index
            await app.settle()
            return duty.record.title
    raise AssertionError("no such row")


@sizes
@played
async def test_done_and_next_in_one_step(served: Served, size: tuple[int, int]) -> None:
    async with browsing(served, size=size) as app:
        await today(app)
        await until_row(app, lambda kind: kind == "actions")
        action = app.app.screen.subject  # type: ignore[attr-defined]
        await app.press("F")
        await app.on(FollowingScreen)
        await app.shows("Done: ", "and next?", "fri, +3d, 2026-12-01, asap, waiting")
        await app.write("Send the offer\tsoonish\r")
        await app.shows("is no date", "asap, waiting")
        assert served.sent(*WRITES) == []
        await app.press(*["backspace"] * len("soonish"))
        await app.write("+3d\r")
        await app.on(ReviewScreen)
        await app.shows("Next: Action", "Send the offer", "mark_as_done", "POST", "3 calls")
        assert served.sent(*WRITES) == []
        await app.press("enter")
        await app.shows("Completed: ", "Next: Send the offer.")
        done, made = served.sent(*WRITES)
        assert done.path.endswith(f"/actions/{action.ref.id}/mark_as_done")
        body = json.loads(made.body)
        day = (date.today() + timedelta(days=3)).isoformat()
        assert (made.method, body["text"], body["date"]) == ("POST", "Send the offer", day)
        assert body["contact_id"] == action.values["contact_id"]
        screen = await app.on(TodayScreen) and app.app.screen
        assert isinstance(screen, TodayScreen)
        await app.until(lambda: screen._rows.index_of(f"actions/{action.ref.id}") is None, "its end")
        desk = screen.desk
        assert [entry.write.op.value for entry in desk.account.writes.undoable()] == ["create", "edit"]


@played
async def test_escape_completes_alone(served: Served) -> None:
    async with browsing(served, size=NORMAL) as app:
        await today(app)
        await until_row(app, lambda kind: kind == "actions")
        await app.press("F")
        await app.on(FollowingScreen)
        await app.write("Typed and left")
        await app.press("escape")
        await app.on(ReviewScreen)
        await app.hides("Typed and left")
        await app.press("enter")
        await app.shows("Completed: ")
        [done] = served.sent(*WRITES)
        assert done.path.endswith("/mark_as_done")


@played
async def test_a_contact_without_a_next_action_is_opened_and_given_one(served: Served) -> None:
    idle(served, "Nobody Asked")
    async with browsing(served, size=WIDE) as app:
        await today(app)
        await app.shows("No next action 1 ──", "Nobody Asked")
        title = await until_row(app, lambda kind: kind == "contacts")
        await app.press("n")
        await app.on(FormScreen)
        await app.shows("Action", title)
        await app.press("escape")
        await app.on(TodayScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows(title)


@played
async def test_a_deleted_contact_comes_back_with_its_id(served: Served) -> None:
    async with browsing(served, size=WIDE) as app:
        await app.press("enter")
        await app.at_record()
        screen = app.app.screen
        assert isinstance(screen, RecordScreen)
        id_ = screen.ref.id
        await app.press("x")
        await app.on(ConfirmScreen)
        await app.press("y")
        await app.shows("Deleted: ")
        await app.settle()
        await app.press("u")
        await app.on(ReviewScreen)
        await app.shows("brings it back with its id", f"{id_}?undo=true", "1 call")
        await app.press("enter")
        await app.shows("Undone: the deletion of the contact")
        deleted, restored = served.sent("DELETE")
        assert deleted.path == restored.path
        assert (deleted.query, restored.query, restored.status) == ("", "undo=true", 200)
        assert served.sent("POST") == []


@sizes
@played
async def test_what_is_next_on_the_contacts_of_v1_2(serve: Serve, size: tuple[int, int]) -> None:
    served = serve(records=12, crm="onepagecrm-v1")
    async with browsing(served, size=size) as app:
        await today(app)
        name = await until_row(app, lambda kind: kind == "contacts")
        planned = app.app.screen._rows.duty(app.rows.cursor).text  # type: ignore[attr-defined]
        await app.shows(planned, name)
        await app.press("F")
        await app.on(FollowingScreen)
        await app.shows(f"Done: {planned}", "next, waiting")
        await app.press("escape")
        await app.on(ReviewScreen)
        await app.press("escape")
        await app.on(TodayScreen)
        assert served.sent(*WRITES) == []
        await app.press("F")
        await app.on(FollowingScreen)
        await app.write("Send the contract\t+3d\r")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.shows(f"Completed: {planned}. Next: Send the contract.")
        done, made = served.sent(*WRITES)
        assert "mark_action_as_done" in done.path
        day = date.today() + timedelta(days=3)
        assert f"date={day:%d.%m.%Y}" in made.body.decode()
        # The contact was read again: what is next on it now stands where it belongs.
        now = (name, "Send the contract", f"{day}")
        await app.until(lambda: now in [(d.record.title, d.text, d.at) for d in duties(app)], "the new one")


def duties(app: Driven) -> list[Duty]:
    """All rows of Today but the headings."""
    rows = app.app.screen._rows  # type: ignore[attr-defined]
    return [duty for at in range(rows.total()) if (duty := rows.duty(at))]


@played
async def test_a_contact_of_v1_2_without_a_next_action_gets_one(serve: Serve) -> None:
    served = serve(records=12, crm="onepagecrm-v1")
    async with browsing(served, size=NORMAL) as app:
        await today(app)
        await app.press("end")
        await app.settle()
        name = duties(app)[-1].record.title
        await app.shows("No next action", name)
        await app.press("F")
        await app.shows(f"Nothing is planned for {name}.")
        await app.press("n")
        await app.on(FormScreen)
        await app.shows("New action", name)
        await app.write("Ring\t+1d")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        assert b"name=Ring" in served.sent(*WRITES)[-1].body
        await app.press("escape")
        await app.on(TodayScreen)
        await app.until(lambda: name not in [d.record.title for d in duties(app) if not d.text], "it to go")
        tomorrow = f"{date.today() + timedelta(days=1)}"
        now = (name, "Ring", tomorrow)
        await app.until(lambda: now in [(d.record.title, d.text, d.at) for d in duties(app)], "its day")
