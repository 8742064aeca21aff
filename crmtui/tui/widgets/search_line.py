"""The line that a search is typed into: the rows below follow each letter, and the arrows move in them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from textual import events
from textual.app import ComposeResult
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


_STEPS: Final[Mapping[str, int]] = {"up": -1, "down": 1}
_PAGES: Final[Mapping[str, int]] = {"pageup": -1, "pagedown": 1}


class _Line(PlainLine):
    """The input, with the keys of what was found."""

    def __init__(self, search: "SearchLine", placeholder: str) -> None:
        super().__init__(placeholder=placeholder, select_on_focus=False)
        self._search = search

    async def _on_key(self, event: events.Key) -> None:
        """At once: when a key comes back from the app, what was typed behind it may have come first."""
        if self._search.entered:
            # What follows an enter is meant for what opens, and no text any more.
            taken = self._search.tui.keys.sent(event) is None
        else:
            taken = self._search.pressed(event.key)
        if taken:
            event.stop()
            event.prevent_default()
        else:
            await super()._on_key(event)


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

    def pressed(self, key: str) -> bool:
        """Whether a key is no text, but one of what was found."""
        rows = self.pane.rows
        if key in _STEPS:
            rows.action_move(_STEPS[key])
        elif key in _PAGES:
            rows.action_page(_PAGES[key])
        elif key == "tab":
            self.searching.widen()
        elif key == "enter":
            self.enter()
        elif key == "ctrl+r":
            behind(self.pane, self.ask(), "search", exclusive=False)
        else:
            return False
        return True

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
        behind(self.pane, self._enter(), "search", exclusive=False)

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
