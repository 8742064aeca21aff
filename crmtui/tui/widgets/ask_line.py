"""One line to type a filter or a search into, with what can stand there and what is wrong with it beneath."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.timer import Timer
from textual.widgets import Input, Static

from crmtui.model.schema import Field
from crmtui.model.text import clean, typed
from crmtui.model.where import WhereError
from crmtui.tui.command import Command
from crmtui.tui.commands import LINE
from crmtui.tui.widgets.ask_offers import STEPS, AskOffers, Bar
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.painted import Sparing
from crmtui.workspace.completion import Candidate, Completion

PAUSE = 0.6
"""Seconds without a key after which a mistake is told."""
REST = 0.15
"""Seconds that the keys must rest before the list follows, so that a letter costs no list."""
_NARROWEST = 36
"""Cells that the list is given, even where the text ends close to the edge."""


class PlainLine(Sparing, Input):
    """An input that neither blinks nor selects, and takes no control characters."""

    # A strip of fixed size: a letter moves no neighbour, so no layout is due.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    class Left(Message):
        """The person goes away from it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False)]

    def on_mount(self) -> None:
        self.cursor_blink = False

    @property
    def painted_height(self) -> int:
        """See `Sparing`: one line, also before the layout tells."""
        return 1

    def _on_paste(self, event: events.Paste) -> None:
        event.text = typed(event.text).replace("\n", " ")
        super()._on_paste(event)

    def action_leave(self) -> None:
        self.post_message(self.Left())


class AskLine(Vertical):
    """Posts what is typed, what is entered, and that the person left."""

    DEFAULT_CSS = """
    AskLine { height: auto; background: $ground; }
    AskLine Input, AskLine Input:focus {
        height: 1; border: none; padding: 0 1; background: $field-focus-bg; color: $text-value;
    }
    AskLine .wrong {
        overlay: screen; height: auto; display: none; padding: 0 1; color: $error; background: $ground;
    }
    AskLine .wrong.-shown { display: block; }
    AskLine DropList { overlay: screen; }
    """

    class Typed(Message):
        """The text changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Entered(Typed):
        """The text is to be used."""

    class Left(Typed):
        """The person went away without using it."""

    class Wanted(Message):
        """The values of this field are of use now."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    def __init__(self, placeholder: str, value: str = "", bar: Bar | None = None) -> None:
        """Without a `bar` nothing is offered, as in a search for a name."""
        super().__init__()
        self._bar = bar
        self._input = PlainLine(value, placeholder=placeholder, select_on_focus=False)
        self._wrong = Static(classes="wrong")
        self._offers = AskOffers(self._type)
        self._told = value
        self._mistake: WhereError | None = None
        self._pause: Timer | None = None
        self._rest: Timer | None = None
        self._nothing_known = False

    def compose(self) -> ComposeResult:
        yield self._input
        yield self._wrong
        yield self._offers.list

    def on_mount(self) -> None:
        """The mark keeps to its place when the text is scrolled."""
        self.watch(self._input, "scroll_x", self._mark, init=False)

    def take_keys(self) -> None:
        """What is pressed from now on is typed here; `focus` alone would come after the next key."""
        self.screen.set_focus(self._input)
        self._input.cursor_position = len(self._input.value)

    # -- what works here, in the last line of the screen

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The keys of the line."""
        ids = ("apply", "complete", "earlier", "leave_line") if self._bar else ("apply", "leave_line")
        self._show_keys([LINE[id_] for id_ in ids])

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """The keys of the screen."""
        self._close()
        self._show_keys(())

    def on_unmount(self) -> None:
        """The keys of the screen."""
        self._show_keys(())

    def _show_keys(self, commands: Sequence[Command]) -> None:
        for bar in self.screen.query(KeyBar):
            bar.lent = commands

    # -- what is wrong

    def wrong(self, mistake: WhereError) -> None:
        """Says what is wrong, with a mark under its place."""
        self._mistake = mistake
        self._mark()
        self._wrong.add_class("-shown")

    def _mark(self) -> None:
        """Puts the mark under its place; at the edge where that is out of sight."""
        if self._mistake is None:
            return
        width = max(1, self._input.content_size.width)
        x = self._cells(self._mistake.position)
        sign = "◂" if x < 0 else "▸" if x >= width else "▲"
        line = " " * max(0, min(x, width - 1)) + sign
        self._wrong.update(Content(f"{line}\n{clean(self._mistake.message)}"))

    def _right(self) -> None:
        self._mistake = None
        self._wrong.remove_class("-shown")

    def _cells(self, position: int) -> int:
        """Where a place of the text stands, in cells from the left edge of what is in sight."""
        return cell_len(self._input.value[:position]) - round(self._input.scroll_x)

    async def _check(self) -> None:
        """Typing stopped: what is wrong is told, unless it is only unfinished."""
        self._pause = None
        mistake = await self._bar.check(self._input.value) if self._bar else None
        if mistake is None:
            return
        completion = self._completed()
        if completion.candidates and mistake.position >= completion.start:
            return
        self.wrong(mistake)
        if self._offers.is_open:
            self.call_after_refresh(self._open, completion)

    # -- what can stand here

    def learn(self) -> None:
        """More has come to be known: the list shows it if it is open, or if there was nothing to show."""
        if self._bar and (self._offers.is_open or self._nothing_known):
            self._offer()

    def _follow(self) -> None:
        """The keys rest: the list shows what can stand here, where something was begun."""
        completion = self._completed()
        if completion.begun:
            self._open(completion)
        else:
            self._close()

    def _offer(self) -> None:
        self._open(self._completed())

    def _completed(self) -> Completion:
        self._stop_rest()
        if self._bar is None:
            return Completion()
        completion = self._bar.complete(self._input.value, self._input.cursor_position)
        if completion.field is not None:
            self.post_message(self.Wanted(completion.field))
        return completion

    def _stop_rest(self) -> None:
        if self._rest is not None:
            self._rest.stop()
            self._rest = None

    def _open(self, completion: Completion) -> None:
        if not completion.candidates:
            self._stop_rest()
        self._nothing_known = not completion.candidates
        self._offers.open(completion, self._anchor(completion.start))

    def _show_recent(self) -> None:
        recent = self._bar.recent if self._bar else ()
        self._offers.open_recent(recent, len(self._input.value), self._anchor(0))

    def _anchor(self, position: int) -> Region:
        """The cells that the list hangs beneath: from the piece that is typed on, below a mistake."""
        box, screen = self._input.content_region, self.screen.size.width
        x = max(0, min(box.x + max(0, self._cells(position)) - 1, screen - _NARROWEST))
        below = self._wrong.outer_size.height if self._mistake else 0
        return Region(x, box.y, screen - x, 1 + below)

    def _close(self) -> None:
        self._stop_rest()
        self._nothing_known = False
        self._offers.close()

    def _type(self, candidate: Candidate) -> None:
        text, cursor = candidate.taken(self._input.value)
        self._close()
        self._input.value = text
        self._input.cursor_position = cursor

    # -- keys

    def on_key(self, event: events.Key) -> None:
        """While the list is open its keys are the list's; `tab` takes what is first, or opens it."""
        if self._rest is not None and event.key in ("tab", *STEPS):
            # The list is about to change: the key is meant for what it will show.
            self._follow()
        was_open = self._offers.is_open
        if not self._offers.press(event.key) and not self._asks_for_list(event.key):
            if was_open and event.key in ("left", "right", "home", "end"):
                self._close()
            return
        if not self._offers.is_open:
            self._stop_rest()
        event.stop()
        event.prevent_default()

    def _asks_for_list(self, key: str) -> bool:
        """Whether a key opens the list, while that is closed."""
        if not self._bar:
            return False
        if key in ("tab", "down"):
            self._offer()
        elif key == "up" and not self._input.value:
            self._show_recent()
        else:
            return False
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        """Each letter counts."""
        event.stop()
        if event.value == self._told:
            return
        self._told = event.value
        self._right()
        self.post_message(self.Typed(event.value))
        if self._bar is None:
            return
        self._stop_rest()
        if event.value:
            self._rest = self.set_timer(REST, self._follow)
        else:
            self._close()
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._check)

    def on_plain_line_left(self, event: PlainLine.Left) -> None:
        """Escape."""
        event.stop()
        self.post_message(self.Left(self._input.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        if self._pause is not None:
            self._pause.stop()
        self._close()
        self.post_message(self.Entered(event.value))
