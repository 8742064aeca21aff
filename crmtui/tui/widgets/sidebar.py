"""The kinds of the account with their counts, filters of their lists, and what waits: lines with a cursor."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from crmtui.tui.widgets.columns import cut


class Item(NamedTuple):
    """One line: a kind, or with an empty id a heading; a closed kind is switched off for this token.

    An id with a space is a kind and a filter of its list. `command`: what a click on a heading does;
    `tone`: the colour of its text.
    """

    id: str
    label: str
    figure: str = ""
    closed: bool = False
    command: str = ""
    tone: str = "$text-dim"


class Sidebar(Widget, can_focus=True):
    """Chooses among kinds; the cursor's kind is the one that is shown. A filter is taken with enter only."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Sidebar { background: $ground; color: $text-value; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", id="sidebar.down", tooltip="The next kind", show=False),
        Binding("up,k", "move(-1)", "Up", id="sidebar.up", tooltip="The kind before", show=False),
        Binding("enter,right,l", "take", "Take", id="sidebar.take", tooltip="To its records", show=False),
    ]

    class Chosen(Message):
        """A kind is to be shown; `go` says that the person wants to be in its list."""

        def __init__(self, id_: str, go: bool) -> None:
            super().__init__()
            self.id = id_
            self.go = go

    items: reactive[Sequence[Item]] = reactive(())
    current: reactive[str] = reactive("")

    def render(self) -> Content:
        width = self.size.width
        lines = [self._line(item, width) for item in self.items]
        return Content("\n").join(lines)

    def step(self, by: int, *, filters: bool = False) -> None:
        """Shows the kind that stands `by` lines further; the cursor stands on `filters` too."""
        ids = [item.id for item in self.items if item.id and (filters or not is_filter(item.id))]
        here = self.current if filters else self.current.partition(" ")[0]
        if here in ids:
            at = min(max(ids.index(here) + by, 0), len(ids) - 1)
            if is_filter(ids[at]):
                self.current = ids[at]
            elif ids[at] != here:
                self.post_message(self.Chosen(ids[at], go=False))

    def show(self, items: Sequence[Item], current: str) -> None:
        """These lines; the cursor goes to what is shown, unless it is on its way to a filter."""
        self.items = tuple(items)
        under_way = self.has_focus and is_filter(self.current) and any(i.id == self.current for i in items)
        self.current = self.current if under_way else current

    def action_move(self, by: int) -> None:
        """The cursor moves, and what is shown with it."""
        self.step(by, filters=True)

    def action_take(self) -> None:
        """To the records of the kind."""
        self.post_message(self.Chosen(self.current, go=True))

    async def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        item = self.items[event.y] if 0 <= event.y < len(self.items) else Item("", "")
        if item.id:
            self.post_message(self.Chosen(item.id, go=True))
        elif item.command:
            await self.run_action(f"screen.command('{item.command}')")

    def on_focus(self) -> None:
        """The cursor's look tells where the keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor's look tells where the keys go."""
        self.refresh()

    def _line(self, item: Item, width: int) -> Content:
        if not item.id:
            return Content.styled(cut(item.label, width), item.tone)
        label = cut(item.label, max(1, width - (len(item.figure) + 3 if item.figure else 2)))
        here = item.id == self.current
        text = f"{label}{' ' * max(1, width - 2 - len(item.figure) - _cells(label))}{item.figure} "
        if not here:
            style = "$text-dim" if item.closed else "$text-value"
            return Content.assemble(
                (" ", ""), (text[: -len(item.figure) - 1], style), (f"{item.figure} ", "$text-dim")
            )
        bar, ground = ("$bar", "$cursor-bg") if self.has_focus else ("$bar-blurred", "$cursor-blurred-bg")
        return Content.assemble(("▌", f"{bar} on {ground}"), (text, f"bold $cursor-fg on {ground}"))


def is_filter(id_: str) -> bool:
    """Whether an id is that of a filter of a kind's list."""
    return " " in id_


def _cells(text: str) -> int:
    return Content(text).cell_length
