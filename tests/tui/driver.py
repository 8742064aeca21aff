"""Drives the app as a person does: presses keys, reads the screen, and waits for facts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from time import monotonic
from typing import Any, ParamSpec, Self, TypeVar

import msgspec
import pytest
from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets._toast import Toast

from crmtui.config import Config, Connection
from crmtui.model.record import Ref
from crmtui.tui.app import CrmTui
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.widgets.record_list import RecordList
from tests.conftest import Served

PATIENCE = 10.0
"""Seconds after which a fact that does not come is a failure."""
NORMAL, WIDE = (80, 24), (120, 36)
_OWN = ("read_only", "url", "call_limit", "kinds", "mirror", "reserve")
"""What a connection is told in its configuration."""
_WAITING = ("form", "write")
"""Groups of workers that may wait for what the person says on another screen."""
SIZES = [NORMAL, WIDE]
sizes = pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36"])
"""For tests of how a screen looks; a way through the app is the same in all of them, and is played once."""

ACME = Ref("acme", "accounts", "95920978")
"""An account of the sandbox with something in each of its panes."""

W = TypeVar("W", bound=Widget)
P = ParamSpec("P")


class Driven:
    """A running app; every step returns it, so that steps read as a person's way."""

    def __init__(self, app: CrmTui, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    # -- doing

    async def press(self, *keys: str) -> Self:
        """Presses keys, one after the other."""
        await self.pilot.press(*keys)
        return self

    async def write(self, text: str) -> Self:
        """Types a text as fast as a terminal hands over a line: nobody waits between its keys."""
        for sign in text:
            key = "enter" if sign == "\r" else _character_to_key(sign)
            self.app._driver.send_message(events.Key(key, sign))  # type: ignore[union-attr]
        await self.pilot.pause()
        return self

    async def click(self, words: str, *, times: int = 1) -> Self:
        """Clicks on the first place of the screen where the words stand."""
        for y, line in enumerate(self.lines):
            if (x := line.find(words)) >= 0:
                await self.pilot.click(offset=(cell_len(line[:x]), y), times=times)
                return self
        raise AssertionError(f"{words!r} is not there to click on:\n{self.text}")

    # -- seeing

    @property
    def lines(self) -> list[str]:
        """The screen as it is painted, cell by cell."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """The screen, as one text."""
        return "\n".join(line.rstrip() for line in self.lines)

    @property
    def said(self) -> str:
        """What the screen's texts say, each on one line however it is wrapped."""
        texts = []
        for widget in self.app.screen.query("Static, Toast"):
            if isinstance(widget, Toast):
                texts.append(widget._notification.message)
            elif widget.region.area and isinstance(visual := widget._render(), Content):
                texts.append(" ".join(visual.plain.split()))
        return "\n".join(texts)

    @property
    def rows(self) -> RecordList:
        """The list of records on the screen."""
        return self.app.screen.query_one(RecordList)

    def one(self, kind: type[W]) -> W:
        """The only widget of a class."""
        return self.app.screen.query_one(kind)

    def is_on(self, screen: type[Screen[Any]]) -> bool:
        """Whether that screen is the one in front."""
        return isinstance(self.app.screen, screen)

    # -- waiting

    async def until(self, fact: Callable[[], object], what: str) -> Self:
        """Waits for a fact."""
        end = monotonic() + PATIENCE
        while not fact():
            if monotonic() > end or not self.app.is_running:
                raise AssertionError(f"{what} never came:\n{self.text if self.app.is_running else 'ended'}")
            await self.pilot.pause()
        return self

    async def shows(self, *words: str) -> Self:
        """Waits until all of these stand on the screen."""

        def shown() -> bool:
            said = self.said
            missing = [word for word in words if word not in said]
            text = self.text if missing else ""
            return all(word in text for word in missing)

        return await self.until(shown, repr(words))

    async def hides(self, words: str) -> Self:
        """Waits until this stands on the screen no more."""
        return await self.until(
            lambda: words not in self.text and words not in self.said, f"the end of {words!r}"
        )

    async def on(self, screen: type[Screen[Any]]) -> Self:
        """Waits until that screen is in front and painted."""
        return await self.until(lambda: self.is_on(screen) and self.app.screen.is_mounted, screen.__name__)

    async def at_record(self, *words: str) -> Self:
        """Waits until a record is in front with these words, and everything asked for has come."""
        await self.on(RecordScreen)
        await self.shows("read just now", *words)
        return await self.settle()

    async def list_has(self, words: str) -> Self:
        """Waits until a row of the list shows this."""
        return await self.until(
            lambda: any(words in line for line in self._painted(self.rows)), f"{words!r} in the list"
        )

    async def settle(self) -> Self:
        """Waits until nothing is under way: no worker, no message, no frame."""
        await self.until(
            lambda: all(worker.is_finished for worker in self.app.workers if worker.group not in _WAITING),
            "the end of all work",
        )
        await self.pilot.pause()
        return self

    def painted(self, kind: type[Widget]) -> str:
        """What the only widget of a class shows, its border included."""
        return "\n".join(self._painted(self.one(kind)))

    def _painted(self, widget: Widget) -> list[str]:
        box = widget.region
        strips = self.app.screen._compositor.render_strips()[box.y : box.bottom]
        return [strip.crop(box.x, box.right).text for strip in strips]


@asynccontextmanager
async def driven(
    *connections: Connection,
    tokens: Mapping[str, str],
    base: Path | None = None,
    size: tuple[int, int] = WIDE,
    target: Ref | None = None,
    form: bool = False,
    **config: Any,
) -> AsyncIterator[Driven]:
    """The app over these connections, in no terminal."""
    app = CrmTui(
        Config(connections={each.name: each for each in connections}, **config),
        target,
        form=form,
        base=base,
        tokens=tokens,
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Driven(app, pilot)


def played(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Makes a test of a coroutine: a person's way through the app."""

    @wraps(test)
    def play(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return play


@asynccontextmanager
async def opened(served: Served, *more: Connection, **options: Any) -> AsyncIterator[Driven]:
    """The app on a running sandbox; `read_only` and the like are the connection's own."""
    own = {
        name: options.pop(name)
        for name in ("read_only", "url", "call_limit", "kinds", "mirror", "reserve")
        if name in options
    }
    token = options.pop("token", served.token)
    connection = msgspec.structs.replace(served.connection, **own)
    tokens = {connection.name: token, **options.pop("tokens", {})}
    async with driven(connection, *more, tokens=tokens, **options) as app:
        yield app


@asynccontextmanager
async def browsing(served: Served, *more: Connection, **options: Any) -> AsyncIterator[Driven]:
    """The app on a running sandbox, when the first list has come."""
    async with opened(served, *more, **options) as app:
        await app.shows("just now", "live")
        await app.settle()
        yield app


@asynccontextmanager
async def reading(served: Served, ref: Ref, *words: str, **options: Any) -> AsyncIterator[Driven]:
    """The app on a record that has come, with these words on the screen."""
    async with opened(served, target=ref, **options) as app:
        yield await app.at_record(*words)
