"""A contact of OnePageCRM on the screen: its timeline, and what is added to it."""

import pytest

from crmtui.tui.screens.following import FollowingScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from tests.conftest import Serve
from tests.tui.driver import NORMAL, browsing, played


@pytest.mark.parametrize("crm", ["onepagecrm-v1", "onepagecrm"])
@played
async def test_a_note_stands_in_the_timeline_by_its_kind_and_text(serve: Serve, crm: str) -> None:
    async with browsing(serve(records=12, crm=crm), size=NORMAL) as app:
        await app.press("enter")
        await app.on(RecordScreen)
        await app.press("tab")
        await app.settle()
        await app.press("a")
        await app.on(FormScreen)
        await app.write("Rang about bolts")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.settle()
        await app.until(lambda: "Rang about bolts" in app.text, "the note in the timeline")
        at = next(at for at, line in enumerate(app.lines) if "Rang about bolts" in line)
        assert "today" in app.lines[at - 1]
        assert "Note" in app.lines[at - 1]


@pytest.mark.parametrize("crm", ["onepagecrm-v1", "onepagecrm"])
@played
async def test_a_filter_that_the_account_keeps_is_picked_by_its_name(serve: Serve, crm: str) -> None:
    served = serve(records=12, crm=crm)
    async with browsing(served, size=NORMAL) as app:
        await app.press("f")
        await app.write("filter_id=")
        # Its names come with an answer, and stand there then without another key.
        await app.shows("Prospects with pending deals", "Ireland [/]")
        await app.write("starred")
        await app.press("tab", "enter")
        await app.shows('Contacts · filter_id="My starred ones"')
        await app.settle()
        assert "filter_id=" in served.requests[-1].query
        await app.shows("Ann Lee")
        assert "Saved filter" not in app.text
        served.sandbox.stop()
        await app.press("f", "ctrl+u")
        await app.write('filter_id="Pending deals"')
        await app.press("enter")
        await app.shows("r asks again")
        # Whom it chooses only the service knows: what is mirrored is not taken for an answer.
        assert "Ann Lee" not in app.text


@played
async def test_what_is_next_on_a_contact_of_v1_2_is_completed_from_its_record(serve: Serve) -> None:
    served = serve(records=12, crm="onepagecrm-v1")
    async with browsing(served, size=NORMAL) as app:
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Next action", "Check budget")
        await app.press("F")
        await app.on(FollowingScreen)
        await app.write("Ring back\tfri\r")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Completed: Check budget. Next: Ring back.")
        await app.until(
            lambda: any("Next action" in each and "Ring back" in each for each in app.lines), "it"
        )
