"""One line to type a filter or a search into, with what is wrong with it beneath."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from crmtui.model.text import typed


class _Line(Input):
    """An input that neither blinks nor selects, and takes no control characters."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False)]

    def on_mount(self) -> None:
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.text = typed(event.text).replace("\n", " ")
        super()._on_paste(event)

    def action_leave(self) -> None:
        self.post_message(AskLine.Left(self.value))


class AskLine(Vertical):
    """Posts what is typed, what is entered, and that the person left."""

    DEFAULT_CSS = """
    AskLine { height: auto; background: $ground; }
    AskLine Input, AskLine Input:focus {
        height: 1; border: none; padding: 0 1; background: $field-focus-bg; color: $text-value;
    }
    AskLine .wrong { height: auto; display: none; padding: 0 1; color: $error; }
    AskLine .wrong.-shown { display: block; }
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

    def __init__(self, placeholder: str, value: str = "") -> None:
        super().__init__()
        self._input = _Line(value, placeholder=placeholder, select_on_focus=False)
        self._wrong = Static(classes="wrong")

    def compose(self) -> ComposeResult:
        yield self._input
        yield self._wrong

    def take_keys(self) -> None:
        """What is pressed from now on is typed here; `focus` alone would come after the next key."""
        self.screen.set_focus(self._input)
        self._input.cursor_position = len(self._input.value)

    def wrong(self, message: str, position: int) -> None:
        """Says what is wrong, with a mark under its place."""
        self._wrong.update(Content(f"{' ' * position}▲\n{message}" if position >= 0 else message))
        self._wrong.add_class("-shown")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Each letter counts."""
        event.stop()
        self._wrong.remove_class("-shown")
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.post_message(self.Entered(event.value))
