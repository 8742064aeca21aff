"""What a service tells of an account besides: the lines of the sidebar, what is switched off, the gauge."""

import pytest

from crmtui.tui.widgets.list_pane import ListPane
from crmtui.tui.widgets.sidebar import Sidebar
from crmtui.tui.widgets.title_bar import TitleBar
from tests.conftest import Serve, Served
from tests.tui.driver import WIDE, Driven, driven, played, sizes


def _app(served: Served, size: tuple[int, int] = WIDE):  # type: ignore[no-untyped-def]
    return driven(served.connection, tokens={"acme": served.token}, size=size)


def _v1(serve: Serve, **switches: str) -> Served:
    return serve(records=60, crm="onepagecrm-v1", ONEPAGECRM_V1_BLOCKS="every", **switches)


async def _to(app: Driven, id_: str) -> None:
    """Moves the sidebar's cursor down to a line."""
    app.one(Sidebar).focus()
    for _ in app.one(Sidebar).items:
        if app.one(Sidebar).current == id_:
            return
        await app.press("j")
        await app.settle()
    raise AssertionError(f"{id_} is not in the sidebar:\n{app.painted(Sidebar)}")


@sizes
def test_counts_stand_below_the_kinds(serve: Serve, size: tuple[int, int]) -> None:
    @played
    async def way() -> None:
        async with _app(_v1(serve), size) as app:
            await app.shows("── Statuses ──", "── Tags ──")
            lines = app.painted(Sidebar).splitlines()
            assert "Contacts" in lines[0]
            assert "Statuses" in lines[1]

    way()


def test_sales_are_told_where_there_is_room(serve: Serve) -> None:
    @played
    async def way() -> None:
        served = _v1(serve)
        async with _app(served) as app:
            await app.shows("── Sales month", "won ", "pending ", "%")
        async with _app(served, (80, 18)) as app:
            await app.shows("── Statuses ──")
            await app.settle()
            assert "Sales" not in app.painted(Sidebar)

    way()


@pytest.mark.parametrize(
    ("crm", "filter_"), [("onepagecrm-v1", "status=lead"), ("onepagecrm-v1", "tags=Newsletter")]
)
def test_a_count_filters_the_list_as_if_typed(serve: Serve, crm: str, filter_: str) -> None:
    @played
    async def way() -> None:
        served = _v1(serve)
        async with _app(served) as app:
            await app.shows("── Tags ──")
            await app.settle()
            asked = len(served.requests)
            await _to(app, f"contacts {filter_}")
            assert len(served.requests) == asked, "the way to it asks for nothing"
            await app.press("enter")
            await app.shows(f"Contacts · {filter_}")
            await app.settle()
            assert app.rows.has_focus
            assert app.one(Sidebar).current == f"contacts {filter_}"
            figure = next(i.figure for i in app.one(Sidebar).items if i.id == f"contacts {filter_}")
            source = app.one(ListPane).shown
            assert source is not None
            assert str(source.total()) == figure
            await app.press("escape")
            await app.hides(f"· {filter_}")
            await app.settle()
            assert app.one(Sidebar).current == "contacts"

    way()


def test_the_kind_takes_the_filter_away(serve: Serve) -> None:
    @played
    async def way() -> None:
        async with _app(_v1(serve)) as app:
            await app.shows("── Statuses ──")
            await app.settle()
            await _to(app, "contacts status=lead")
            await app.press("enter")
            await app.shows("Contacts · status=lead")
            await app.click("Contacts   ")
            await app.hides("· status=lead")

    way()


def test_what_is_switched_off_says_why(serve: Serve) -> None:
    @played
    async def way() -> None:
        served = _v1(serve, ONEPAGECRM_V1_NOTIFY="too_many_contacts")
        async with _app(served) as app:
            await app.shows("! delete only", "The account has more contacts than it may have")
            await app.settle()
            for key in ("n", "e", "t", "a"):
                await app.press(key)
                await app.shows("crmtui list acme/contacts --limit 1")
                app.app.clear_notifications()
                await app.hides("crmtui list acme/contacts")
            await app.press("x")
            await app.shows("Delete the contact")
            assert {request.method for request in served.requests} == {"GET"}

    way()


def test_the_gauge_tells_the_calls_that_could_leave(serve: Serve) -> None:
    @played
    async def way() -> None:
        async with _app(_v1(serve)) as app:
            await app.shows("── Statuses ──")
            await app.until(lambda: "9/9 · 5 a second" in app.painted(TitleBar), "a full gauge")

    way()
