"""The line that a search is typed into: the rows below follow each letter, and the arrows move in them."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from crmtui.tui.behind import behind
from crmtui.tui.commands import LINE
from crmtui.tui.searching import Searching
from crmtui.tui.widgets.ask_line import PlainLine
from crmtui.tui.widgets.key_bar import KeyBar

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui
    from crmtui.tui.widgets.list_filter import ListFilter
    from crmtui.tui.widgets.list_pane import ListPane


class _Line(PlainLine):
    """The input, with the keys of what was found."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "rows('move', -1)", show=False),
        Binding("down", "rows('move', 1)", show=False),
        Binding("pageup", "rows('page', -1)", show=False),
        Binding("pagedown", "rows('page', 1)", show=False),
        Binding("tab", "widen", show=False),
        Binding("ctrl+r", "ask", show=False),
    ]

    def __init__(self, search: "SearchLine", placeholder: str) -> None:
        super().__init__(placeholder=placeholder, select_on_focus=False)
        self._search = search

    async def _on_key(self, event: events.Key) -> None:
        """What follows an enter is meant for what opens, and no text any more."""
        if self._search.entered and self._search.tui.keys.sent(event) is None:
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    async def action_submit(self) -> None:
        self._search.enter()

    def action_rows(self, action: str, by: int) -> None:
        rows = self._search.pane.rows
        {"move": rows.action_move, "page": rows.action_page}[action](by)

    def action_widen(self) -> None:
        self._search.searching.widen()

    async def action_ask(self) -> None:
        await self._search.ask()


class SearchLine(Vertical):
    """Stands above the rows of a pane."""

    DEFAULT_CSS = """
    SearchLine { height: auto; background: $ground; }
    SearchLine Input, SearchLine Input:focus {
        height: 1; border: none; padding: 0 1; background: $field-focus-bg; color: $text-value;
    }
    """

    def __init__(self, pane: "ListPane", above: "ListFilter") -> None:
        super().__init__()
        self.pane = pane
        self.searching = Searching(pane)
        self._above = above
        self.entered = False
        """Whether something is opening."""
        self._input = _Line(self, f"search {pane.kind.label.lower()}: any words, numbers, e-mails")

    def compose(self) -> ComposeResult:
        yield self._input

    @property
    def tui(self) -> "CrmTui":
        """The app, typed."""
        return cast("CrmTui", self.app)

    def take_keys(self) -> None:
        """What is pressed from now on is typed here."""
        self.screen.set_focus(self._input)

    # -- what works here, in the last line of the screen

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The keys of the line."""
        for bar in self.screen.query(KeyBar):
            bar.lent = [LINE[id_] for id_ in ("open_hit", "widen", "ask", "leave_line")]

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """The keys of the screen."""
        self._give_back()

    def on_unmount(self) -> None:
        """The keys of the screen."""
        self._give_back()

    def _give_back(self) -> None:
        for bar in self.screen.query(KeyBar):
            bar.lent = ()

    # -- keys

    def on_input_changed(self, event: Input.Changed) -> None:
        """Each letter counts."""
        event.stop()
        if event.value != self.searching.text:
            self.searching.type(event.value)

    def enter(self) -> None:
        """Opens what is chosen; what is typed meanwhile is meant for that."""
        self.entered = True
        self.tui.keys.hold()
        self.searching.text = self._input.value
        behind(self.pane, self._enter(), "search")

    async def _enter(self) -> None:
        try:
            record = await self.searching.chosen() if self.searching.text.strip() else None
            if record is None:
                await self.ask()
                return
            await self._leave_hits()
            await self.tui.show_record(self.pane.desk, record.ref, self.pane)
        finally:
            await self.tui.release_keys()

    async def _leave_hits(self) -> None:
        """The line goes; what was found stays, and has the keys."""
        self.searching.typing = False
        self.pane.rows.focus()
        await self.remove()
        self.pane.show_source()

    async def ask(self) -> None:
        """Asks the service for records with this name, or for the list where none is typed: one call."""
        self.pane.end_search()
        await self._above.ask_name(self._input.value.strip())

    async def on_plain_line_left(self, event: PlainLine.Left) -> None:
        """Escape: the list is what it was before."""
        event.stop()
        self.pane.end_search()
        self.pane.rows.focus()
        await self.remove()
