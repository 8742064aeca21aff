"""Solve360 in the app: a spent day, one record that is closed, and where the token is found."""

from pathlib import Path

from textual.widgets import Input

from crmtui.model.write import State
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from tests.proxy import Fault, Proxy, answer
from tests.tui.driver import NORMAL, WIDE, browsing, driven, opened, played
from tests.tui.solve360 import ANN, Solve, solve

__all__ = ["solve"]
SPENT = Fault(answer=answer(403, b"", "Http-X-Solve360-Api-Call-Limit: 12000/12000"))


@played
async def test_a_spent_day_is_told_and_nothing_asks_by_itself(solve: Solve, tmp_path: Path) -> None:
    served = solve()
    with Proxy(served.connection.url) as proxy:
        async with opened(served, target=ANN, base=tmp_path / "app", size=WIDE, url=proxy.url) as app:
            await app.at_record("Ann Lee")
            asked: list[bytes] = []

            def refuse(request: bytes) -> Fault:
                asked.append(request.split(b"\r\n")[0])
                return SPENT

            proxy.fault_of = refuse
            await app.press("e")
            await app.on(FormScreen)
            await app.settle()
            await app.press("end", "x", "ctrl+s")
            await app.on(ReviewScreen)
            await app.press("enter")
            await app.on(RecordScreen)
            await app.shows("waits in the outbox", "anew within 24 h")
            [entry] = app.app.desks["acme"].outbox.waiting()
            assert entry.state is State.QUEUED
            assert "within 24 hours" in entry.why
            count = len(asked)
            await app.press("tab", "tab", "W")
            await app.shows("Outbox")
            await app.press("escape")
            await app.on(RecordScreen)
            await app.settle()
            assert len(asked) == count
            proxy.fault_of = lambda request: Fault()
            await app.press("r")
            await app.until(lambda: not app.app.desks["acme"].outbox.waiting(), "the write goes by itself")
            assert len(served.sent("PUT")) == 1


@played
async def test_one_record_that_is_closed_logs_nobody_out(solve: Solve, tmp_path: Path) -> None:
    served = solve(PRIVATE=ANN.id, CLOSED_STATUS="401")
    async with browsing(served, base=tmp_path / "app", size=NORMAL) as app:
        app.app.open_record(app.app.desks["acme"], ANN, None)
        await app.on(RecordScreen)
        await app.press("r")
        await app.shows("closed to the token")
        await app.settle()
        assert "no access" not in app.text
        await app.press("escape")
        await app.press("r")
        await app.shows("just now", "live")


@played
async def test_the_first_screen_says_where_the_token_is(tmp_path: Path) -> None:
    async with driven(tokens={}, size=NORMAL) as app:
        app.app.screen.query_one("#crm", Input).value = "solve360"
        await app.shows("Settings > My Account > API Token", "full access")
