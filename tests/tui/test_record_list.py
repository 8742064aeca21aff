"""The list of records: what fits on a line, and what keys, mouse and changes do to it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual import on
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from crmtui.tui.theme import ANSI, DARK, LIGHT, load_themes, variables
from crmtui.tui.widgets.columns import (
    GAP,
    GUTTER,
    HUES,
    MARGIN,
    Looks,
    cut,
    fit,
    heading,
    layout,
    row_strip,
)
from crmtui.tui.widgets.record_list import Column, RecordList, Row

COLUMNS = (
    Column("name", "Name", 12, 2, order="asc"),
    Column("type", "Type", 8, 1),
    Column("value", "Value", 9, 0, "right"),
)


class Rows:
    """A source that notes what it is asked."""

    def __init__(self, count: int, *, missing: Sequence[int] = (), known: bool = True) -> None:
        self.keys = [str(index) for index in range(count)]
        self.missing = set(missing)
        self.known = known
        self.marked: set[str] = set()
        self.names: dict[str, str] = {}
        self.seen: list[tuple[int, int]] = []
        self.asked: list[int] = []

    def total(self) -> int | None:
        return len(self.keys) if self.known else None

    def row(self, index: int) -> Row | None:
        self.asked.append(index)
        if index >= len(self.keys) or index in self.missing:
            return None
        key = self.keys[index]
        cells = (self.names.get(key, f"Name {key}"), "Customer", f"{index}.00")
        return Row(key, cells, key in self.marked, (None, "success"))

    def visible(self, first: int, last: int) -> None:
        self.seen.append((first, last))


class Finding(Rows):
    """A source that knows where a record stands."""

    def index_of(self, key: str) -> int | None:
        return self.keys.index(key) if key in self.keys else None


class ListApp(App[None]):
    """The list, and something else that can have the focus."""

    CSS = "Input { height: 1; border: none; }"

    def __init__(self, source: Rows, columns: Sequence[Column] = COLUMNS) -> None:
        super().__init__()
        self.heard: list[Message] = []
        self._source = source
        self._columns = columns
        for theme in load_themes().themes:
            self.register_theme(theme)
        self.theme = DARK

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables(self.current_theme)

    def compose(self) -> ComposeResult:
        yield RecordList(self._source, self._columns)
        yield Input()

    @on(RecordList.Moved)
    @on(RecordList.Opened)
    @on(RecordList.MarkToggled)
    @on(RecordList.HeadingClicked)
    def hear(self, message: Message) -> None:
        self.heard.append(message)

    @property
    def rows(self) -> RecordList:
        return self.query_one(RecordList)

    def said(self) -> list[tuple[str, int, str]]:
        """What the list told of rows, the moves left out."""
        return [
            (type(message).__name__, message.index, message.key)
            for message in self.heard
            if isinstance(message, RecordList.RowMessage) and not isinstance(message, RecordList.Moved)
        ]

    def lines(self) -> list[str]:
        """The list as it is on the screen."""
        return [strip.text for strip in self.screen._compositor.render_strips()][: self.rows.size.height]

    def top(self) -> int:
        """The first row on the screen."""
        return self.rows.scroll_offset.y


Script = Callable[[ListApp, Pilot[None]], Coroutine[Any, Any, None]]


@pytest.fixture(autouse=True)
def painted_when_looked_at() -> None:
    """Here every frame is painted: what is painted anew is part of what the list promises."""


def play(script: Script, source: Rows | None = None, size: tuple[int, int] = (60, 12)) -> ListApp:
    """Run the script on a list of 100 rows, of which ten are on the screen, or on another one."""
    app = ListApp(source or Finding(100))

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await script(app, pilot)

    asyncio.run(run())
    return app


# What fits


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("Acme", 4, "Acme"),
        ("Acme Ltd", 5, "Acme…"),
        ("Acme Ltd", 1, "…"),
        ("Acme", 0, ""),
        ("株式会社", 8, "株式会社"),
        ("株式会社", 7, "株式会…"),
        ("株式会社", 6, "株式 …"),
        ("a👨‍👩‍👧b", 4, "a👨‍👩‍👧b"),
        ("a👨‍👩‍👧bc", 4, "a👨‍👩‍👧…"),
        ("Åle\u0301sund", 4, "Åle\u0301…"),
    ],
)
def test_text_is_cut_by_cells(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


@given(st.text("aé株👧\u0301…", max_size=20), st.integers(0, 15), st.sampled_from(["left", "right"]))
def test_fitted_text_has_exactly_the_width(text: str, width: int, align: str) -> None:
    assert cell_len(fit(text, width, align)) == width


def test_numbers_stand_at_the_right() -> None:
    assert fit("9.50", 7, "right") == "   9.50"
    assert fit("1,234,567", 7, "right") == "1,234,…"


def test_headings_keep_the_sign_of_their_order() -> None:
    assert heading(Column("name", "Name", 4, order="asc"), 8) == "Name ▲  "
    assert heading(Column("name", "Company", 4, order="desc", rank=2), 8) == "Comp… ▼²"
    assert heading(Column("value", "Value", 4, align="right", order="asc"), 9) == "  Value ▲"
    assert heading(Column("value", "Value", 4, align="right"), 9) == "    Value"


def test_columns_share_what_is_left_by_weight() -> None:
    slots = layout(COLUMNS, 60)
    spare = 60 - GUTTER - MARGIN - 2 * GAP - 12 - 8 - 9
    assert [slot.width for slot in slots] == [12 + spare * 2 // 3, 8 + spare - spare * 2 // 3, 9]
    assert slots[0].x == GUTTER
    assert slots[-1].x + slots[-1].width + MARGIN == 60


def test_columns_at_the_end_give_way_and_the_first_stays() -> None:
    assert [slot.column.name for slot in layout(COLUMNS, 36)] == ["name", "type"]
    assert [slot.column.name for slot in layout(COLUMNS, 20)] == ["name"]
    (narrow,) = layout(COLUMNS, 9)
    assert narrow.width == 9 - GUTTER - MARGIN
    assert layout(COLUMNS, 3) == ()
    assert layout((), 80) == ()


@settings(max_examples=50)
@given(
    st.lists(
        st.builds(Column, st.just("n"), st.text(max_size=9), st.integers(1, 30), st.integers(0, 3)),
        max_size=7,
    ),
    st.integers(0, 200),
)
def test_columns_never_run_over_the_edge(columns: list[Column], width: int) -> None:
    slots = layout(columns, width)
    if columns and width > GUTTER + MARGIN:
        assert slots
        assert slots[-1].x + slots[-1].width + MARGIN <= width
        assert [slot.column for slot in slots] == columns[: len(slots)]


PLAIN = Style.parse("white on black")
LOOKS = Looks(
    text=PLAIN,
    bar=Style.parse("red on black"),
    mark=Style.parse("red on black"),
    name=Style.parse("bold white on black"),
    cell=Style.parse("underline"),
    hues={hue: Style.parse("green") for hue in HUES},
)


@settings(max_examples=50)
@given(
    st.text(max_size=30),
    st.text("株👧a", max_size=30),
    st.integers(1, 90),
    st.booleans(),
    st.one_of(st.none(), st.integers(0, 2)),
)
def test_a_row_is_as_wide_as_the_list_whatever_it_says(
    name: str, type_: str, width: int, bar: bool, cell: int | None
) -> None:
    slots = layout(COLUMNS, width)
    strip = row_strip(
        Row("1", (name, type_), bar, (None, "success")), slots, width, LOOKS, bar=bar, cell=cell
    )
    assert sum(cell_len(segment.text) for segment in strip) == width == strip.cell_length
    assert not any(one.style == other.style for one, other in zip(strip, list(strip)[1:], strict=False))


def test_a_row_is_few_segments_and_harmless() -> None:
    strip = row_strip(Row("1", ("Ac\x1b[2Jme", "", "1")), layout(COLUMNS, 60), 60, LOOKS)
    assert [segment.style for segment in strip] == [PLAIN, LOOKS.name, PLAIN]
    assert "\x1b" not in strip.text
    assert "Ac␛[2Jme" in strip.text


# What is on the screen


def test_header_rows_cursor_and_marks() -> None:
    source = Finding(3)
    source.marked = {"1"}

    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        lines = app.lines()
        assert lines[0].split() == ["Name", "▲", "Type", "Value"]
        assert lines[1].startswith("▌  Name 0")
        assert lines[2].startswith(" ● Name 1")
        assert lines[3].endswith("2.00 ")
        assert "".join(lines[4:]).strip() == ""

    play(script, source)


def test_the_fill_of_the_cursor_goes_over_the_whole_width_and_dims_without_focus() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        def fills(y: int) -> set[Any]:
            return {segment.style.bgcolor for segment in app.rows.render_line(y) if segment.style}

        focused = fills(1)
        await pilot.press("tab")
        blurred = fills(1)
        assert len(focused) == len(blurred) == 1
        assert len({*focused, *blurred, *fills(2)}) == 3

    play(script)


def test_only_the_first_column_is_bold() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        bold = "".join(
            segment.text for segment in app.rows.render_line(2) if segment.style and segment.style.bold
        )
        assert bold.strip() == "Name 1"

    play(script)


def test_no_rows_nothing_but_a_list_that_can_be_filled() -> None:
    source = Finding(0)

    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        assert "".join(app.lines()).strip() == ""
        await pilot.press("down", "up", "G", "pagedown", "ctrl+u", "enter", "space")
        assert app.said() == []
        assert app.rows.key == ""
        source.keys = ["7"]
        app.rows.reload()
        await pilot.pause()
        assert "Name 7" in app.lines()[1]
        assert app.rows.key == "7"

    play(script, source)


def test_a_total_that_is_not_known_shows_the_header_and_the_rows_there_are() -> None:
    source = Rows(0, known=False)

    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        assert "Name" in app.lines()[0]
        source.keys = ["a", "b"]
        app.rows.reload()
        assert app.rows.count == 2
        source.keys += ["c"]
        app.rows.reload()
        assert app.rows.count == 3
        source.keys = ["a"]
        app.rows.reload()
        assert app.rows.count == 1

    play(script, source)


def test_rows_not_fetched_yet_are_placeholders_until_they_come() -> None:
    source = Finding(100, missing=range(3, 100))

    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        assert app.lines()[4].strip() == "…"
        assert source.seen == [(0, 9)]
        await pilot.press("down", "down", "down")
        assert app.rows.key == ""
        source.missing = set()
        app.rows.refresh_rows(3, 9)
        await pilot.pause()
        assert "Name 3" in app.lines()[4]
        assert app.rows.key == "3"
        assert [m.key for m in app.heard if isinstance(m, RecordList.Moved)][-2:] == ["", "3"]

    play(script, source)


# Keys and mouse


def test_keys_move_the_cursor_and_keep_it_in_view() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        for keys, cursor in {
            "down": 1,
            "g j j k": 1,
            "g up": 0,
            "G": 99,
            "end up": 98,
            "G g": 0,
            "end home": 0,
            "g pagedown": 10,
            "pagedown pageup": 10,
            "g ctrl+d": 5,
            "ctrl+d ctrl+u": 5,
            "G pagedown": 99,
        }.items():
            await pilot.press(*keys.split())
            assert (keys, app.rows.cursor, app.rows.key) == (keys, cursor, str(cursor))
            assert app.top() <= cursor < app.top() + 10
            assert app.lines()[cursor - app.top() + 1].startswith(f"▌  Name {cursor} ")

    play(script)


def test_the_view_moves_by_half_pages() -> None:
    tops: list[int] = []

    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        for _ in range(20):
            app.rows.action_move(1)
            tops.append(app.top())

    play(script)
    assert sorted(set(tops)) == [0, 5, 10, 15]


def test_a_move_in_view_paints_two_rows_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        painted: list[tuple[Region, ...]] = []
        refresh = app.rows.refresh

        def note(*regions: Region, **kwargs: bool) -> RecordList:
            painted.append(regions)
            return refresh(*regions, **kwargs)

        monkeypatch.setattr(app.rows, "refresh", note)
        await pilot.press("down")
        assert sorted(painted) == [(Region(0, 1, 60, 1),), (Region(0, 2, 60, 1),)]
        painted.clear()
        app.rows.reload()
        app.rows.refresh_rows(0, 50)
        await pilot.pause()
        assert painted == []

    play(script)


def test_rows_once_painted_are_not_asked_for_again() -> None:
    source = Finding(100)

    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("down", "up")
        source.asked.clear()
        await pilot.press("down", "up", "down")
        # the cursor asks which record it is on; no line is rendered
        assert source.asked == [1, 0, 1]

    play(script, source)


def test_moves_are_told_and_the_newest_is_enough() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        assert [m.key for m in app.heard if isinstance(m, RecordList.Moved)] == ["0"]
        for _ in range(5):
            app.rows.action_move(1)
        await pilot.pause()
        moves = [m for m in app.heard if isinstance(m, RecordList.Moved)]
        assert (moves[-1].index, moves[-1].key, moves[-1].control) == (5, "5", app.rows)
        one, other = RecordList.Moved(app.rows, 1, "1"), RecordList.Opened(app.rows, 1, "1")
        assert one.can_replace(moves[0])
        assert not one.can_replace(other)

    play(script)


def test_enter_opens_and_space_marks() -> None:
    source = Finding(100)

    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("down", "enter", "space")
        assert app.said() == [("Opened", 1, "1"), ("MarkToggled", 1, "1")]
        source.marked.add("1")
        app.rows.refresh_rows(1, 1)
        await pilot.pause()
        assert app.lines()[2].startswith(" ● Name 1")

    play(script, source)


def test_the_second_cursor_chooses_a_column() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("h")
        assert app.rows.column_cursor is None
        await pilot.press("l", "right")
        assert app.rows.column == COLUMNS[1]
        chosen = [
            segment.text for segment in app.rows.render_line(1) if segment.style and segment.style.underline
        ]
        assert [text.strip() for text in chosen] == ["Customer"]
        await pilot.press("l", "l", "l")
        assert app.rows.column == COLUMNS[2]
        await pilot.resize_terminal(36, 12)
        await pilot.pause()
        assert app.rows.column == COLUMNS[1]
        await pilot.press("left", "h")
        assert app.rows.column is None

    play(script)


def test_clicks_choose_open_and_tell_of_headings() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.click(RecordList, offset=(10, 3))
        assert app.rows.cursor == 2
        await pilot.click(RecordList, offset=(10, 5), times=2)
        assert app.said() == [("Opened", 4, "4")]
        await pilot.click(RecordList, offset=(app.rows._slots[1].x, 0))
        heading = app.heard[-1]
        assert isinstance(heading, RecordList.HeadingClicked)
        assert (heading.column, heading.control) == (COLUMNS[1], app.rows)

    play(script)


def test_clicks_beneath_the_rows_do_nothing() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.click(RecordList, offset=(10, 8), times=2)
        assert app.rows.cursor == 0
        assert app.said() == []

    play(script, Finding(3))


def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    source = Finding(100)

    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot._post_mouse_events([MouseScrollDown], RecordList, offset=(5, 5))
        await pilot.pause()
        assert app.top() > 0
        assert app.rows.cursor == 0
        assert source.seen[-1] == (app.top(), app.top() + 9)
        await pilot.press("down")
        assert app.top() == 0

    play(script, source)


def test_keys_can_be_given_by_id() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        app.set_keymap({"list.down": "z"})
        await pilot.press("z", "down")
        assert app.rows.cursor == 1

    play(script)
    bindings = [binding for group in RecordList.BINDINGS for binding in [group]]
    assert all(
        getattr(binding, "id", "").startswith("list.") and getattr(binding, "tooltip", "")
        for binding in bindings
    )


# Changes


def test_the_cursor_follows_its_record_and_stays_on_its_line() -> None:
    source = Finding(100)

    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        app.rows.cursor = 30
        await pilot.pause()
        line = app.rows.cursor - app.top()
        source.keys[:0] = ["new 1", "new 2", "new 3"]
        app.rows.reload()
        await pilot.pause()
        assert (app.rows.cursor, app.rows.key) == (33, "30")
        assert app.rows.cursor - app.top() == line
        assert app.rows.count == 103

    play(script, source)


def test_where_the_record_is_gone_the_cursor_keeps_its_place() -> None:
    source = Finding(20)

    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("G")
        del source.keys[5:]
        app.rows.reload()
        await pilot.pause()
        assert (app.rows.cursor, app.rows.key, app.top()) == (4, "4", 0)
        assert app.lines()[6].strip() == ""

    play(script, source)


def test_another_source_starts_at_the_top() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("G")
        other = Finding(50)
        other.names["0"] = "Another"
        app.rows.set_source(other)
        await pilot.pause()
        assert (app.rows.cursor, app.top(), app.rows.count) == (0, 0, 50)
        assert "Another" in app.lines()[1]
        assert other.seen == [(0, 9)]

    play(script)


def test_other_columns() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        app.rows.set_columns((Column("name", "Company", 10, 1, order="desc"),))
        await pilot.pause()
        assert app.lines()[0].split() == ["Company", "▼"]
        assert "Customer" not in app.lines()[1]

    play(script)


def test_a_narrower_and_lower_screen_keeps_the_cursor_in_view() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        app.rows.cursor = 9
        await pilot.resize_terminal(30, 6)
        await pilot.pause()
        assert app.lines()[0].split() == ["Name", "▲", "Type"]
        assert app.top() <= 9 < app.top() + 4
        assert all(cell_len(line) == 30 for line in app.lines())

    play(script)


def test_another_theme_repaints_all_rows() -> None:
    async def script(app: ListApp, pilot: Pilot[None]) -> None:
        def colours() -> set[Any]:
            return {
                segment.style.bgcolor for y in (1, 2) for segment in app.rows.render_line(y) if segment.style
            }

        dark = colours()
        app.theme = LIGHT
        await pilot.pause()
        assert not dark & colours()
        app.theme = ANSI
        await pilot.pause()
        assert all(colour.triplet is None for colour in colours())
        # on a fill in a colour of the terminal's no hue can be trusted
        hues = {segment.style.color for segment in list(app.rows.render_line(1))[1:] if segment.style}
        assert len(hues) == 1

    play(script)
