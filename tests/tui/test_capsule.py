"""Capsule in the app: lists, timelines, tags, tasks, what was not read yet, and what its support is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from crmtui.crm.capsule.v1.adapter import CapsuleV1
from crmtui.crm.capsule.v2.adapter import Capsule
from crmtui.model.record import Ref
from crmtui.tui.panes import Pane
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.screens.tags import TagsScreen
from crmtui.tui.screens.today import TodayScreen
from crmtui.tui.widgets.mirror_foot import MirrorFoot
from tests.conftest import Serve, Served
from tests.tui.driver import NORMAL, WIDE, Driven, browsing, opened, played, reading, sizes

ANN = Ref("acme", "parties", "1002")
"""A person with two phones."""


@pytest.fixture(params=["capsule", "capsule-v1"])
def served(request: pytest.FixtureRequest, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> Served:
    monkeypatch.setattr(Capsule, "pauses", (0.0, 0.0))
    monkeypatch.setattr(CapsuleV1, "pauses", (0.0, 0.0))
    return serve(20, request.param)


def timeline(app: Driven) -> Pane:
    return app.app.screen.query_one("#timeline", Pane)


async def into_timeline(app: Driven) -> None:
    await app.at_record("Timeline")
    for _ in range(5):
        if timeline(app).rows.has_focus:
            return
        await app.press("tab")
    raise AssertionError(app.text)


def form(app: Driven) -> FormScreen:
    screen = app.app.screen
    assert isinstance(screen, FormScreen)
    return screen


def made_task(served: Served, description: str, days: int) -> str:
    """A task of Ann that is due some days from now, made by somebody else; its id."""
    day = (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
    options: dict[str, Any] = {"trust_env": False}
    if served.connection.crm == "capsule":
        body = {"task": {"description": description, "dueOn": day, "party": {"id": 1002}}}
        headers = {"Authorization": f"Bearer {served.token}"}
        url = f"{served.connection.url}/api/v2/tasks"
        answer = httpx.post(url, json=body, headers=headers, **options)
        return str(answer.raise_for_status().json()["task"]["id"])
    text = f"<task><description>{description}</description><dueDate>{day}T00:00:00Z</dueDate></task>"
    answer = httpx.post(
        f"{served.connection.url}/api/party/1002/task",
        content=text,
        headers={"Content-Type": "application/xml"},
        auth=(served.token, "x"),
        **options,
    )
    return answer.raise_for_status().headers["location"].rpartition("/")[2]


@sizes
@played
async def test_people_and_organisations_stand_in_one_column(served: Served, size: tuple[int, int]) -> None:
    async with browsing(served, size=size) as app:
        heading = next(line for line in app.lines if ("Name" in line and "Job" in line) or "Name " in line)
        assert "First name" not in heading
        assert "Last name" not in heading
        records = [app.rows.source.record(at) for at in range(3)] if hasattr(app.rows, "source") else []
        for record in filter(None, records):
            await app.list_has(record.title[:12])


@played
async def test_a_synced_list_is_browsed_without_a_call(served: Served) -> None:
    async with browsing(served, size=WIDE) as app:
        await app.press("S")
        await app.until(lambda: "Synced" in app.painted(MirrorFoot), "the end of the sync")
        await app.settle()
        before = len(served.requests)
        await app.press("G", "g", "g", "ctrl+d", "ctrl+u")
        await app.settle()
        assert len(served.requests) == before
        await app.press("S")
        await app.until(lambda: "nothing new" in app.painted(MirrorFoot), "that nothing came")


@played
async def test_a_note_is_added_to_the_timeline_of_a_party(served: Served) -> None:
    async with opened(served, target=ANN, size=NORMAL) as app:
        await into_timeline(app)
        await app.press("a")
        await app.on(FormScreen)
        await app.write("Rang about <b>bolts</b>")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.settle()
        await app.until(
            lambda: any("Rang about <b>bolts" in line for line in app.lines), "the note in the timeline"
        )
        [sent] = served.sent("POST")
        assert b"Rang about" in sent.body


@played
async def test_tags_are_chosen(served: Served) -> None:
    async with opened(served, target=ANN, size=NORMAL) as app:
        await app.at_record()
        await app.press("t")
        await app.on(TagsScreen)
        await app.settle()
        await app.shows("Membership")
        await app.write("membership")
        await app.press("enter", "ctrl+s")
        await app.on(ReviewScreen)
        await app.shows("Membership")
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Saved: ")
        await app.settle()
        tags = app.app.desks["acme"].record(ANN).values["tags"]  # type: ignore[union-attr]
        assert "Membership" not in str(tags)


@played
async def test_a_task_is_completed_and_opened_again(served: Served) -> None:
    task = Ref("acme", "tasks", made_task(served, "Ring Ann", 0))
    async with reading(served, task, "Ring Ann", size=NORMAL) as app:
        await app.press("F")
        await app.on(ReviewScreen)
        await app.shows("Status", "OPEN → COMPLETED")
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Completed: Ring Ann")
        await app.settle()
        await app.press("F")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.settle()
        record = app.app.desks["acme"].record(task)
        await app.until(lambda: app.app.desks["acme"].record(task).values["status"] == "OPEN", "open again")  # type: ignore[union-attr]
        assert record is not None


@played
async def test_today_shows_tasks_that_are_due(served: Served) -> None:
    made_task(served, "Overdue ring", -2)
    made_task(served, "Ring today", 0)
    async with browsing(served, size=NORMAL) as app:
        await app.press("A")
        await app.on(TodayScreen)
        await app.shows("r asks")
        await app.settle()
        await app.shows("Overdue", "Ring today")


@pytest.mark.parametrize("served", ["capsule-v1"], indirect=True)
@sizes
@played
async def test_a_record_from_a_list_says_what_was_not_read(served: Served, size: tuple[int, int]) -> None:
    async with browsing(served, size=size) as app:
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("not read yet")
        before = len(served.requests)
        await app.press("r")
        await app.hides("not read yet")
        await app.settle()
        asked = {request.path.rpartition("/")[2] for request in served.requests[before:]}
        assert {"tag", "customfields"} <= asked


@played
async def test_the_type_of_a_new_party_switches_its_fields(served: Served) -> None:
    async with browsing(served, size=NORMAL) as app:
        await app.press("n")
        await app.on(FormScreen)
        await app.settle()
        assert "type" in form(app).panel.rows
        form(app).set_focus(form(app).panel.rows["type"].editor)
        await app.pilot.pause()
        await app.write("organisation")
        await app.press("enter")
        await app.until(lambda: "lastName" not in shown(app), "an organisation has no last name")
        assert "name" in shown(app)
        form(app).set_focus(form(app).panel.rows["type"].editor)
        await app.press("ctrl+u")
        await app.write("person")
        await app.press("enter")
        await app.until(lambda: "lastName" in shown(app), "a person has one")
        assert "name" not in shown(app)


def shown(app: Driven) -> set[str]:
    """The fields that the form shows."""
    return {name for name, row in form(app).panel.rows.items() if row.display}
