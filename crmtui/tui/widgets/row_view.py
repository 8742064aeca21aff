"""Rows of a source on the screen: any number of them, of which only those in view are ever rendered."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Protocol

from rich.style import Style
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from .columns import HUES, NOT_YET, Column, Looks, Row, Slot, header_strip, layout, row_strip

_PROBE = 500
"""Rows looked for at most, each time, where the source does not know how many there are."""


class RowSource(Protocol):
    """Where the rows come from; every answer is given at once.

    A source may also have `index_of(key) -> int | None`: then the cursor stays on its record in a reload.
    """

    def total(self) -> int | None:
        """The number of rows; None while it is not known: then the list ends where rows do."""

    def row(self, index: int) -> Row | None:
        """The row, or None if it has yet to be fetched."""

    def visible(self, first: int, last: int) -> None:
        """Hears which rows are on the screen, so that missing ones can be fetched."""


class RowView(ScrollView):
    """Paints a header and rows, one of them with the cursor, and only the lines that changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"record-list--{part}" for part in ("header", "name", "cursor", "cell", "bar", "mark", *HUES)
    }
    DEFAULT_CSS = """
    RowView {
        height: 1fr; background: $ground; color: $text-value;
        overflow-x: hidden; overflow-y: auto; scrollbar-size: 0 0;
        & > .record-list--header { color: $text-label; text-style: bold; }
        & > .record-list--name { text-style: bold; }
        & > .record-list--cursor { background: $cursor-blurred-bg; color: $cursor-blurred-fg; }
        & > .record-list--cell { background: $field-bg; text-style: underline; }
        & > .record-list--bar { color: $bar-blurred; }
        & > .record-list--mark { color: $mark; }
        & > .record-list--success { color: $success; }
        & > .record-list--warning { color: $warning; }
        & > .record-list--error { color: $error; }
        & > .record-list--accent { color: $accent; }
        & > .record-list--muted { color: $text-label; }
        & > .record-list--dim { color: $text-dim; }
        &:focus > .record-list--cursor { background: $cursor-bg; color: $cursor-fg; }
        &:focus > .record-list--cell { background: $field-focus-bg; }
        &:focus > .record-list--bar { color: $bar; }
    }
    """

    cursor: reactive[int] = reactive(0, repaint=False, init=False)
    """The index of the row under the cursor."""
    column_cursor: reactive[int | None] = reactive(None, repaint=False, init=False)
    """The index of the column under the second cursor; None while only rows are chosen."""

    def __init__(
        self,
        source: RowSource,
        columns: Sequence[Column] = (),
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._source = source
        self._columns = tuple(columns)
        self._slots: tuple[Slot, ...] = ()
        self._width = 0
        self._count = 0
        self._known = False
        self._strips: LRUCache[int, dict[tuple[bool, int | None], Strip]] = LRUCache(256)
        self._painted: dict[int, Strip] = {}
        self._looks: dict[bool, Looks] = {}
        self._told: tuple[int, int] | None = None
        self._telling = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, also those there is no room for."""
        return self._columns

    @property
    def column(self) -> Column | None:
        """The column under the second cursor."""
        return (
            None if self.column_cursor is None or not self._slots else self._slots[self.column_cursor].column
        )

    @property
    def count(self) -> int:
        """The number of rows."""
        return self._count

    @property
    def page_rows(self) -> int:
        """The number of rows the screen has room for beneath the header."""
        return max(1, self.size.height - 1)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns, or the same in another order."""
        self._columns = tuple(columns)
        self._lay_out()
        self._repaint(range(self.size.height))

    @property
    def allow_vertical_scroll(self) -> bool:
        """Whether the wheel scrolls: also without a scroll bar."""
        return self.max_scroll_y > 0 and not self._check_disabled()

    def validate_column_cursor(self, index: int | None) -> int | None:
        """The second cursor stays on the columns there is room for."""
        return None if index is None or not self._slots else max(0, min(index, len(self._slots) - 1))

    def watch_column_cursor(self) -> None:
        """Paint the row whose cell is chosen."""
        self._repaint({self.cursor - self.scroll_offset.y + 1} & self._row_lines)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Paint the rows, but not the header, and have them fetched."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(old_value) != round(new_value):
            self.refresh(Region(0, 1, self.size.width, self.page_rows))
            self._tell()

    def render_line(self, y: int) -> Strip:
        """One line of the screen: the header, a row, or nothing."""
        strip = self._painted[y] = self._line(y)
        return strip

    def _line(self, y: int) -> Strip:
        width = self.size.width
        if width != self._width:
            self._lay_out()
        ground = (self._looks.get(False) or self._look(False)).text
        if y == 0 and (self._count or not self._known):
            return header_strip(self._slots, width, self._style("header"), ground)
        index = self.scroll_offset.y + y - 1
        if y == 0 or index >= self._count:
            return Strip.blank(width, ground)
        here = index == self.cursor
        state = (here, self.column_cursor if here else None)
        row: Row | None = None
        if (strips := self._strips.get(index)) is None:
            strips = {}
        if (strip := strips.get(state)) is None:
            row = self._source.row(index)
            looks = self._looks.get(here) or self._look(here)
            strip = row_strip(row or NOT_YET, self._slots, width, looks, bar=here, cell=state[1])
            if row is not None:
                strips[state] = strip
                self._strips.set(index, strips)
        return strip

    def _repaint(self, lines: Iterable[int]) -> None:
        """Paint those lines that would look other than they do."""
        width = self.size.width
        for y in lines:
            if y not in self._painted or self._painted[y] != self._line(y):
                self.refresh(Region(0, y, width, 1))

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"record-list--{part}")

    def _look(self, here: bool) -> Looks:
        """The styles of the cursor's row, or of the others."""
        text = self._style("cursor") if here else self.rich_style
        # the terminal's own colours may not be told apart on a fill, so hues are left out there
        plain = here and text.bgcolor is not None and text.bgcolor.triplet is None
        cell = self._style("cell")
        self._looks[here] = looks = Looks(
            text=text,
            bar=text + Style(color=self._style("bar").color),
            mark=text if plain else text + Style(color=self._style("mark").color),
            name=text + self.get_component_styles("record-list--name").text_style,
            cell=Style(bgcolor=cell.bgcolor) + self.get_component_styles("record-list--cell").text_style,
            hues={} if plain else {hue: Style(color=self._style(hue).color) for hue in HUES},
        )
        return looks

    def notify_style_update(self) -> None:
        """Forget what was rendered in other colours."""
        super().notify_style_update()
        self._looks.clear()
        self._strips.clear()

    @property
    def _row_lines(self) -> set[int]:
        return set(range(1, self.size.height))

    def _count_rows(self) -> None:
        total = self._source.total()
        self._known = total is not None
        if total is None:
            start = self._count if self._count and self._source.row(self._count - 1) else 0
            end = start + _PROBE
            total = next((index for index in range(start, end) if self._source.row(index) is None), end)
        self._count = total
        size = Size(0, total + 1)
        if self.styles.scrollbar_size_vertical:
            self.virtual_size = size
        else:
            # without a scroll bar nothing else on the screen depends on it: no layout, no repaint
            self.set_reactive(RowView.virtual_size, size)

    def _lay_out(self) -> None:
        self._width = self.size.width
        self._slots = layout(self._columns, self._width)
        self._strips.clear()
        self.set_reactive(RowView.column_cursor, self.validate_column_cursor(self.column_cursor))

    def _scroll_top(self, top: int) -> None:
        self.scroll_to(y=max(0, min(top, self.max_scroll_y)), animate=False, force=True)

    def _tell(self) -> None:
        """Tell the source what is on the screen: once, after it has been painted."""
        if not self._telling:
            self._telling = True
            self.call_after_refresh(self._told_visible)

    def _told_visible(self) -> None:
        self._telling = False
        top = self.scroll_offset.y
        shown = (top, min(top + self.page_rows, self._count) - 1)
        if self._count and shown != self._told:
            self._told = shown
            self._source.visible(*shown)
