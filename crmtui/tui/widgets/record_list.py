"""The list of records: a view of rows with a cursor, marks, keys and mouse."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message

from .columns import Column, Row
from .row_view import RowSource, RowView

__all__ = ["Column", "RecordList", "Row", "RowSource"]


def _binding(keys: str, action: str, word: str, id_: str, tooltip: str, show: bool = False) -> Binding:
    return Binding(keys, action, word, id=f"list.{id_}", tooltip=tooltip, show=show)


class RecordList(RowView, can_focus=True):
    """A list with columns, a cursor and marks over a source of rows."""

    ALLOW_SELECT = False
    BINDING_GROUP_TITLE = "List"
    BINDINGS: ClassVar[list[BindingType]] = [
        _binding("down,j", "move(1)", "Down", "down", "Next row"),
        _binding("up,k", "move(-1)", "Up", "up", "Previous row"),
        _binding("home,g", "jump(0)", "Top", "top", "First row"),
        _binding("end,G", "jump(-1)", "End", "end", "Last row"),
        _binding("pagedown", "page(1)", "Page down", "page_down", "One screen down"),
        _binding("pageup", "page(-1)", "Page up", "page_up", "One screen up"),
        _binding("ctrl+d", "page(0.5)", "Half page down", "half_down", "Half a screen down"),
        _binding("ctrl+u", "page(-0.5)", "Half page up", "half_up", "Half a screen up"),
        _binding(
            "right,l", "column(1)", "Column right", "right", "To the next column, for acting on one cell"
        ),
        _binding(
            "left,h",
            "column(-1)",
            "Column left",
            "left",
            "To the column before; before the first: whole rows",
        ),
        _binding("enter", "open", "Open", "open", "Open the record", True),
        _binding("space", "mark", "Mark", "mark", "Mark the row, or take its mark away", True),
    ]

    class RowMessage(Message):
        """Something about one row."""

        def __init__(self, record_list: "RecordList", index: int, key: str) -> None:
            super().__init__()
            self.record_list = record_list
            self.index = index
            self.key = key

        @property
        def control(self) -> "RecordList":
            """The list it comes from."""
            return self.record_list

    class Moved(RowMessage):
        """The cursor is on another record; `key` is empty where the row has yet to be fetched."""

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor stands now is of interest."""
            return isinstance(message, RecordList.Moved) and message.record_list is self.record_list

    class Opened(RowMessage):
        """A record is to be opened."""

    class MarkToggled(RowMessage):
        """A row is to be marked, or no longer."""

    class HeadingClicked(Message):
        """A column's heading was clicked."""

        def __init__(self, record_list: "RecordList", column: Column) -> None:
            super().__init__()
            self.record_list = record_list
            self.column = column

        @property
        def control(self) -> "RecordList":
            """The list it comes from."""
            return self.record_list

    def __init__(
        self,
        source: RowSource,
        columns: Sequence[Column] = (),
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(source, columns, id=id, classes=classes)
        self._at: tuple[int, str] = (0, "")

    @property
    def key(self) -> str:
        """The key of the row under the cursor; empty where there is none or it has yet to be fetched."""
        return self._at[1]

    def set_source(self, source: RowSource, columns: Sequence[Column] | None = None) -> None:
        """Show the rows of another source, from the top, with these columns or those there are."""
        self._source = source
        if columns is not None and tuple(columns) != self._columns:
            self._columns = tuple(columns)
            self._lay_out()
        self.reload(keep_key=False)

    def reload(self, *, keep_key: bool = True) -> None:
        """Show the source as it is now; the cursor follows its record, else it keeps its place."""
        finder: Callable[[str], int | None] | None = getattr(self._source, "index_of", None)
        index = (finder(self.key) if finder and self.key else None) if keep_key else 0
        index = self.cursor if index is None else index
        line = self.cursor - self.scroll_offset.y if keep_key else 0
        self._count_rows()
        self._strips.clear()
        self._told = None
        self.set_reactive(RecordList.cursor, self.validate_cursor(index))
        # the record stays on its line of the screen while rows come and go above it
        self._scroll_top(self.cursor - line if 0 <= line < self.page_rows else self.scroll_offset.y)
        self._note()
        self._tell()
        self._repaint(range(self.size.height))

    def refresh_rows(self, first: int, last: int) -> None:
        """Ask the source again for these rows (`last` is one of them) and paint what has changed."""
        for index in [index for index in self._strips.keys() if first <= index <= last]:  # noqa: SIM118
            self._strips.discard(index)
        top = self.scroll_offset.y - 1
        self._repaint(range(max(1, first - top), min(self.size.height, last - top + 1)))
        if first <= self.cursor <= last:
            self._note()

    def on_mount(self) -> None:
        """See what there is."""
        self._count_rows()
        self._note()

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._scroll_top(self.scroll_offset.y)
        self._reveal()
        self._repaint(range(self.size.height))
        self._tell()

    def validate_cursor(self, index: int) -> int:
        """The cursor stays on the rows there are."""
        return max(0, min(index, self._count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Paint the row that was left and the one come to."""
        self._note()
        if not self._reveal():
            self._repaint({old - self.scroll_offset.y + 1, new - self.scroll_offset.y + 1} & self._row_lines)

    def action_move(self, rows: int) -> None:
        """Move the cursor by so many rows."""
        self.cursor += rows

    def action_jump(self, index: int) -> None:
        """Move the cursor to that row, counted from the end if negative."""
        self.cursor = index if index >= 0 else self._count + index

    def action_page(self, pages: float) -> None:
        """Move the cursor and what is shown by so many screens."""
        rows = int(self.page_rows * pages)
        self._scroll_top(self.scroll_offset.y + rows)
        self.cursor += rows

    def action_column(self, step: int) -> None:
        """Move the second cursor; the key is left to others where there is nowhere to go."""
        at = self.column_cursor
        if not self._slots or (at is None and step < 0):
            raise SkipAction
        if at == 0 and step < 0:
            self.column_cursor = None
        else:
            self.column_cursor = 0 if at is None else at + step

    def action_open(self) -> None:
        """Ask for the record under the cursor to be opened."""
        if self.key:
            self.post_message(self.Opened(self, self.cursor, self.key))

    def action_mark(self) -> None:
        """Ask for the row under the cursor to be marked, and go to the next; keys may come in a burst."""
        if self.key:
            self.post_message(self.MarkToggled(self, self.cursor, self.key))
            self.cursor += 1

    def on_click(self, event: events.Click) -> None:
        """Choose the row, open it at the second click, or tell of a heading."""
        if (at := event.get_content_offset(self)) is None:
            return
        event.stop()
        if at.y == 0:
            if slot := next((slot for slot in self._slots if slot.x <= at.x < slot.x + slot.width), None):
                self.post_message(self.HeadingClicked(self, slot.column))
        elif (index := self.scroll_offset.y + at.y - 1) < self._count:
            self.cursor = index
            if event.chain == 2:
                self.action_open()

    def _reveal(self) -> bool:
        """Scroll to the cursor if it is out of view: by half a page, since each scroll repaints all rows."""
        line = self.cursor - self.scroll_offset.y
        if 0 <= line < self.page_rows:
            return False
        self._scroll_top(self.cursor - self.page_rows // 2)
        return True

    def _note(self) -> None:
        """Find out which record the cursor is on, and tell if it is another."""
        row = self._source.row(self.cursor) if self._count else None
        if (at := (self.cursor, row.key if row else "")) != self._at:
            self._at = at
            self.post_message(self.Moved(self, *at))
