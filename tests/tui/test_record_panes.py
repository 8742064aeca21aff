"""What stands beside a record: its lines as a table, its timeline, what points at it, what it points at."""

import json

from crmtui.model.record import Ref
from crmtui.tui.panes import Pane
from crmtui.tui.screens.choose import ChooseScreen
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from tests.conftest import Serve, Served
from tests.tui.driver import ACME, NORMAL, WIDE, Driven, opened, played, reading, sizes

DEAL = Ref("acme", "opportunities", "7300201")
"""Has four lines, of 38,518.00 in all, and two histories."""


def pane(app: Driven, name: str) -> Pane:
    return app.app.screen.query_one(f"#{name}", Pane)


async def into_lines(app: Driven) -> None:
    await app.at_record("Opportunity · Details")
    await app.press("tab")
    await app.until(lambda: pane(app, "lines").rows.has_focus, "the lines")


@sizes
@played
async def test_lines_come_with_their_opportunity(sandbox: Served, size: tuple[int, int]) -> None:
    async with opened(sandbox, size=size, target=DEAL) as app:
        await into_lines(app)
        await app.shows("4 · 38,518.00", "Unit price", "Total", "22,000.00", "Data Migration")
        asked = [each for each in sandbox.requests if each.path.startswith("/opportunities/")]
        assert [each.query for each in asked] == ["lines=true"]
        numbers = [line.rstrip(" │") for line in app.lines if "22,000.00" in line or "   420.00" in line]
        assert len({len(line) for line in numbers}) == 1, "their points stand beneath each other"


@played
async def test_lines_that_were_read_before_cost_nothing(sandbox: Served) -> None:
    async with reading(sandbox, DEAL, "4 · 38,518.00") as app:
        await app.press("escape")
        await app.settle()
        before = len(sandbox.requests)
        app.app.open_record(app.app.desks["acme"], DEAL, None)
        await into_lines(app)
        await app.shows("4 · 38,518.00", "Data Migration")
        assert len(sandbox.requests) == before


@played
async def test_a_cell_is_edited_and_the_total_follows(sandbox: Served) -> None:
    async with opened(sandbox, size=NORMAL, target=DEAL) as app:
        await into_lines(app)
        await app.press("i")
        await app.shows("No column is chosen")
        await app.press("j", "right", "right", "right", "right", "i")
        await app.shows("edit one of those")
        await app.press("left", "left", "i")
        await app.on(FormScreen)
        await app.press("ctrl+u")
        await app.press("end", *["backspace"] * 6)
        await app.write("10")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.shows("8 → 10")
        before = len(sandbox.requests)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("4 · 44,018.00", "27,500.00")
        assert [each.method for each in sandbox.requests[before:]] == ["GET", "PATCH"]
        assert json.loads(sandbox.sent("PATCH")[0].body) == {"quantity": 10}
        assert pane(app, "lines").rows.has_focus


@played
async def test_a_new_line_belongs_to_its_opportunity(sandbox: Served) -> None:
    async with opened(sandbox, size=NORMAL, target=DEAL) as app:
        await into_lines(app)
        await app.press("n")
        await app.on(FormScreen)
        await app.write("Extra Storage")
        await app.press("tab")
        await app.write("2")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("5 · 38,518.00 · 1 without a total")
        [made] = sandbox.sent("POST")
        assert json.loads(made.body) == {"opportunityid": 7300201, "product": "Extra Storage", "quantity": 2}


@played
async def test_a_line_is_deleted_after_a_question(sandbox: Served) -> None:
    async with opened(sandbox, size=NORMAL, target=DEAL) as app:
        await into_lines(app)
        await app.press("j", "x")
        await app.on(ConfirmScreen)
        await app.shows("Delete the line Data Migration at Spotler CRM? 1 call.")
        await app.press("y")
        await app.on(RecordScreen)
        await app.shows("3 · 16,518.00")
        app.app.clear_notifications()
        await app.hides("Data Migration")
        assert [each.path for each in sandbox.sent("DELETE")] == ["/opportunity_lines/880101"]


@sizes
@played
async def test_histories_tell_what_changed(sandbox: Served, size: tuple[int, int]) -> None:
    async with opened(sandbox, size=size, target=DEAL) as app:
        await into_lines(app)
        await app.press("tab")
        await app.shows(
            "status Prospecting → Qualified · 健 山本", "probability 10% → 25%",
            "begun as Prospecting · H. Fournier", "60,750.00 · 10% · close date",
        )  # fmt: skip
        await app.press("j")
        assert pane(app, "timeline").current is not None
        assert pane(app, "timeline").current.title == "Prospecting"  # type: ignore[union-attr]
        await app.press("n")
        await app.shows("The service writes these itself")
        await app.press("k", "enter")
        await app.shows("History · Details", "Qualified")
        await app.press("escape")
        await app.shows("begun as Prospecting")


@played
async def test_histories_of_a_service_without_their_path(serve: Serve) -> None:
    served = serve(SPOTLER_HISTORIES="404", SPOTLER_LINES="beside")
    async with opened(served, target=DEAL) as app:
        await into_lines(app)
        await app.shows("4 · 38,518.00")
        await app.press("tab")
        await app.shows("status Prospecting → Qualified")


@played
async def test_a_closed_kind_is_passed_over_and_a_failure_hides_no_other(serve: Serve) -> None:
    served = serve(SPOTLER_CLOSED="cases,campaigndetails")
    async with reading(served, ACME, "tab asks for them · 5 calls") as app:
        await app.press("tab", "tab")
        await app.shows("Ann Lee", "closed to this token")
        assert app.text.count("closed to this token") == 2
        assert "✗" not in app.text
    async with opened(served, target=Ref("acme", "accounts", "95920979")) as app:
        await app.at_record("tab asks for them · 3 calls")


@played
async def test_a_custom_table_is_learnt_of_when_the_related_are_asked_for(sandbox: Served) -> None:
    async with opened(sandbox, target=ACME, kinds=("claims",)) as app:
        await app.at_record("tab asks for them · up to 7 calls")
        assert "/datadictionary/claims" not in [each.path for each in sandbox.requests]
        before = len(sandbox.requests)
        await app.press("tab", "tab")
        await app.shows("Claims", "CL-2400")
        await app.settle()
        asked = [each.path for each in sandbox.requests[before:]]
        assert asked.count("/datadictionary/claims") == asked.count("/claims") == 1
        assert "up to" not in app.text
    async with opened(sandbox, target=Ref("acme", "accounts", "95920979"), kinds=("claims",)) as app:
        await app.at_record("tab asks for them · 6 calls")
        await app.press("tab", "tab")
        await app.shows("CL-2401")
        assert [each.path for each in sandbox.requests].count("/datadictionary/claims") == 1, "once a day"


@played
async def test_a_table_that_fails_to_tell_its_fields_hides_no_other(serve: Serve) -> None:
    served = serve(SPOTLER_CLOSED="claims")
    async with opened(served, target=ACME, kinds=("claims",)) as app:
        await app.at_record("up to 7 calls")
        await app.press("tab", "tab")
        await app.shows("Ann Lee")
        await app.settle()
        assert "✗" not in app.text
        assert "asks for them" not in app.text


@played
async def test_what_a_user_is_in_charge_of_stands_beside_them(sandbox: Served) -> None:
    async with opened(sandbox, size=NORMAL, target=Ref("acme", "users", "90501")) as app:
        # Four kinds have an owner as far as is known, two may have one.
        await app.at_record("tab asks for them · up to 8 calls")
        before = len(sandbox.requests)
        await app.press("tab")
        await app.shows("Accounts", "Acme Ltd")
        await app.settle()
        asked = [each.path for each in sandbox.requests[before:]]
        assert len(asked) == 8
        assert asked.count("/accounts") == asked.count("/contacts") == 1
        assert "Contacts" in app.text


@played
async def test_a_new_record_in_a_pane_points_at_this_one(sandbox: Served) -> None:
    async with reading(sandbox, ACME, "Account · Details") as app:
        await app.press("tab", "tab")
        await app.shows("Ann Lee")
        await app.settle()
        await app.press("n")
        await app.on(FormScreen)
        await app.shows("Acme Ltd")
        for _ in range(12):
            if getattr(app.app.screen.focused.parent, "field", "") == "last":  # type: ignore[union-attr]
                break
            await app.press("tab")
        await app.write("Newcomer")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows("Account · Details", "Newcomer")
        [made] = sandbox.sent("POST")
        assert json.loads(made.body) == {"accountid": 95920978, "last": "Newcomer"}


@played
async def test_going_to_what_a_record_refers_to(sandbox: Served) -> None:
    async with reading(sandbox, DEAL, "Opportunity · Details", size=NORMAL) as app:
        await app.press("O")
        await app.on(ChooseScreen)
        await app.shows("Account", "Contact", "Owner")
        await app.press("escape")
        await app.on(RecordScreen)
        await app.press("O")
        await app.on(ChooseScreen)
        await app.press("enter")
        await app.shows("Account · Details", "Acme Ltd")
        await app.press("escape")
        await app.shows("Opportunity · Details", "Acme Ltd")


@played
async def test_with_little_room_the_pane_with_the_focus_has_it(sandbox: Served) -> None:
    async with opened(sandbox, size=(80, 24), target=DEAL) as app:
        await app.at_record("── Timeline ──")
        await app.shows("Office fit-out", "Close Date", "── Lines ──")
        await app.press("tab")
        await app.shows("── Opportunity · Details ──", "╭─ Lines ──", "enter edits")
        await app.press("shift+tab")
        await app.shows("╭─ Opportunity · Details ──", "Close Date")
        await app.pilot.resize_terminal(*WIDE)
        await app.shows("╭─ Lines ──", "╭─ Timeline ──", "╭─ Related ──")


@played
async def test_a_service_that_fails_says_so_and_is_asked_again(serve: Serve) -> None:
    served = serve()
    async with opened(served, target=DEAL) as app:
        await into_lines(app)
        served.sandbox.stop()
        await app.press("tab")
        await app.shows("✗", "cannot be reached", "r asks again", "38,518.00", "could not be read")
