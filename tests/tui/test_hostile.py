"""Whatever a service says, it is text: shown as it is, acted on by nobody."""

import re

import pytest
from textual.color import Color

from crmtui.model.record import Record
from crmtui.model.text import clean, mend
from crmtui.sandbox.hostile import TEXTS
from crmtui.tui.screens.browse import BrowseScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.record import RecordScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.widgets.list_pane import ListPane
from crmtui.tui.widgets.preview import Preview
from tests.conftest import Serve
from tests.tui.driver import WIDE, Driven, browsing, played, sizes

RECORDS = 72
ACTS = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)
MARKED = ("Acme [/] Ltd", "Nova [@click=app.quit]x[/] Media", "Pike [/etc/passwd] [bold red]Boats[/]")


def harmless(app: Driven) -> None:
    """What the screen shows holds nothing that a terminal acts on."""
    for strip in app.app.screen._compositor.render_strips():
        segments = list(strip)
        for net in app.app.get_line_filters():
            segments = net.apply(segments, Color(0, 0, 0))
        for segment in segments:
            assert not ACTS.search(segment.text), ascii(segment.text)
            assert segment.style is None or segment.style.link is None


async def go(app: Driven, title: str) -> None:
    """The cursor to a record of the list."""
    pane = app.one(ListPane)
    for index in range(RECORDS):
        record = pane._source.record(index) if pane._source else None
        if record is not None and clean(record.title) == clean(title):
            pane.rows.cursor = index
            await app.until(lambda: pane.current is not None, "the record")
            return
    raise AssertionError(f"no record {title!r}")


@sizes
@played
async def test_every_hostile_record_in_list_preview_and_record(serve: Serve, size: tuple[int, int]) -> None:
    async with browsing(serve(records=RECORDS), size=size) as app:
        pane = app.one(ListPane)
        assert pane._source is not None
        hostile = [
            record for index in range(RECORDS) if (record := pane._source.record(index)) and odd(record)
        ]
        assert len(hostile) >= len(TEXTS)
        record_screen = RecordScreen(app.app.desks["acme"], hostile[0].ref, None)
        if size == WIDE:
            await app.app.push_screen(record_screen)
            await app.on(RecordScreen)
        for record in hostile:
            if size != WIDE:
                app.one(Preview).show(record)
                await app.pilot.pause()
                harmless(app)
                continue
            record_screen.ref = record.ref
            record_screen.show_record()
            await app.pilot.pause()
            harmless(app)
            assert " ".join(clean(record.title)[:30].split()) in app.said
        if size == WIDE:
            await app.press("escape")
            await app.on(BrowseScreen)
        for _ in range(4):
            await app.press("pagedown")
            harmless(app)


@pytest.mark.parametrize("at", [0, 11])
@played
async def test_the_form_of_a_hostile_record_changes_nothing_by_itself(serve: Serve, at: int) -> None:
    async with browsing(serve(records=RECORDS)) as app:
        await go(app, TEXTS[at])
        await app.press("e")
        await app.on(FormScreen)
        await app.settle()
        harmless(app)
        assert "changed" not in app.said.replace("Nothing is changed", "")
        await app.press("escape")
        await app.on(BrowseScreen)
        assert not app.app.desks["acme"].account.drafts.all()


@pytest.mark.parametrize("title", MARKED[:2])
@played
async def test_markup_of_a_record_is_shown_and_fires_nothing(serve: Serve, title: str) -> None:
    async with browsing(serve(records=RECORDS)) as app:
        await go(app, title)
        await app.until(lambda: title[:18] in app.painted(Preview), "the preview")
        await app.shows(title[:16])
        await app.click(title[:16])
        x, y = app.one(Preview).region.offset
        for place in range(3, 36, 6):
            await app.pilot.click(offset=(x + place, y))
        await app.press("enter")
        await app.on(RecordScreen)
        await app.shows(title)
        await app.click(title)
        await app.click(title[-8:])
        await app.press("y")
        await app.shows(f"Copied: {title}")
        await app.press("e")
        await app.on(FormScreen)
        await app.write("!")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.shows(f"{title}!")
        harmless(app)
        assert app.app.is_running


@played
async def test_markup_in_a_question_and_in_a_notice(serve: Serve) -> None:
    served = serve(records=RECORDS)
    async with browsing(served) as app:
        await go(app, MARKED[1])
        await app.press("x")
        await app.shows(f"Delete the account {MARKED[1]} at")
        await app.press("y")
        await app.shows(f"Deleted: {MARKED[1]}.")
        assert app.app.is_running
    assert len(served.sent("DELETE")) == 1


def odd(record: Record) -> bool:
    """Whether a record is one of the hostile ones."""
    return clean(record.title) in {clean(mend(text)) for text in TEXTS}
