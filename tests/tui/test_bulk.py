"""Marking records, and editing all that is marked in one form."""

from crmtui.store.drafts import Draft
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.widgets.list_pane import ListPane
from crmtui.workspace.several import several
from tests.conftest import Serve, Served
from tests.tui.driver import WIDE, Driven, browsing, opened, played, sizes


def marked(app: Driven) -> list[str]:
    return [ref.id for ref in app.one(ListPane).marks]


async def to_field(app: Driven, name: str) -> Driven:
    form = app.app.screen
    assert isinstance(form, FormScreen)
    form.set_focus(form.panel.rows[name].editor)
    return await app.settle()


@sizes
@played
async def test_marked_records_are_edited_in_one_form(sandbox: Served, size: tuple[int, int]) -> None:
    async with browsing(sandbox, size=size) as app:
        await app.press("b")
        await app.shows("Nothing is marked: space marks")
        await app.press("space", "space", "j", "space")
        await app.shows("3 marked")
        ids = marked(app)
        assert len(ids) == 3
        before = len(sandbox.requests)
        await app.press("b")
        await app.on(FormScreen)
        await app.shows("Edit · 3 accounts", "≠")
        await to_field(app, "phone")
        await app.write("+44 1")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.shows("3 accounts", "several values → +44 1", "4 calls")
        await app.press("enter")
        await app.on(BrowseScreen)
        await app.shows("Changed: 3.")
        asked = [f"{request.method} {request.path}" for request in sandbox.requests[before:]]
        assert asked == ["GET /accounts", *(f"PATCH /accounts/{id_}" for id_ in ids)]
        await app.press("escape", "escape")
        await app.until(lambda: not marked(app), "the end of the marks")


@played
async def test_a_hundred_are_two_requests_where_the_service_takes_batches(serve: Serve) -> None:
    served = serve(100, "solve360")
    async with browsing(served, size=WIDE) as app:
        await app.press("asterisk")
        await app.shows("100 marked")
        before, used = len(served.requests), app.app.desks["acme"].account.quota().used
        await app.press("b")
        await app.on(FormScreen)
        await to_field(app, "jobtitle")
        await app.write("Head of bolts")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.shows("101 calls")
        await app.press("enter")
        await app.on(BrowseScreen)
        await app.shows("Changed: 100.")
        assert [request.path for request in served.requests[before:]] == ["/contacts/", "/batch"]
        assert app.app.desks["acme"].account.quota().used == (used or 0) + 101
        await app.press("asterisk")
        await app.until(lambda: not marked(app), "the end of the marks")


@played
async def test_what_one_of_them_met_is_said_and_waits(sandbox: Served) -> None:
    async with browsing(sandbox, size=WIDE) as app:
        await app.press("space", "space")
        first = marked(app)[0]
        await app.press("b")
        await app.on(FormScreen)
        await to_field(app, "phone")
        await app.write("+44 2")
        await elsewhere(app, f"accounts/{first}", "+44 9")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(BrowseScreen)
        await app.shows("Changed: 1.", "1 met changes of somebody else: W decides them.")
        account = app.app.desks["acme"].account
        assert [entry.write.ref.id for entry in account.writes.waiting()] == [first]
        await app.click("Outbox 1")
        await app.shows("Waiting 1", "conflict")


@played
async def test_what_was_typed_for_several_is_a_draft(sandbox: Served) -> None:
    async with browsing(sandbox, size=WIDE) as app:
        await app.press("space", "space", "b")
        await app.on(FormScreen)
        await to_field(app, "phone")
        await app.write("+44 3")
        await app.press("escape")
        await app.on(BrowseScreen)
        [draft] = app.app.desks["acme"].account.drafts.all()
        assert isinstance(draft, Draft)
        assert draft.ref == several(list(app.one(ListPane).marks))
    async with opened(sandbox, size=WIDE) as app:
        await app.shows("A draft waits: 2 accounts")
        await app.press("d")
        await app.on(FormScreen)
        await app.shows("Edit · 2 accounts", "+44 3")


async def elsewhere(app: Driven, path: str, phone: str) -> None:
    """Somebody else changes a phone number."""
    import httpx

    connection = app.app.desks["acme"].account.connection
    token = app.app.desks["acme"].account._token().value
    async with httpx.AsyncClient(base_url=connection.url or "") as http:
        headers = {"Authorization": f"Bearer {token}"}
        assert (await http.patch(f"/{path}", json={"phone": phone}, headers=headers)).status_code == 200
