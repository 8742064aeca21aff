"""The editors of a form: one for every type of field, all of them sparing with bytes."""

from collections.abc import Iterable
from typing import ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.events import Blur, Focus, Paste
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input, TextArea

from crmtui.model.text import typed
from crmtui.tui.widgets.painted import Sparing
from crmtui.workspace.forms import Form


class Edited(Message):
    """A person changed the text of a field."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__()
        self.field = field
        self.text = text


class Finished(Message):
    """A person is done with a field: on to the next."""


class Editor(Protocol):
    """What a form asks of an editor beyond being a widget."""

    field: str

    def show(self, text: str) -> None:
        """Takes a text that nobody typed here."""

    def tell(self) -> str | None:
        """Tells what was typed, as the event of it may still be on its way; None: nothing was."""

    @property
    def place(self) -> int:
        """Where the cursor is, in characters."""

    def go(self, place: int) -> None:
        """Puts the cursor there; beyond the text is its end."""


def _but_cut(bindings: Iterable[BindingType]) -> list[BindingType]:
    """Textual's keys of an editor; that of the cut is the form's."""
    return [each for each in bindings if isinstance(each, Binding) and each.action != "cut"]


class LineEdit(Sparing, Input, inherit_bindings=False):
    """One line of text on a filled strip."""

    BINDINGS: ClassVar[list[BindingType]] = _but_cut(Input.BINDINGS)

    # A strip of fixed size: its content never moves its neighbours, so no layout is due.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    def __init__(self, form: Form, field: str, *, classes: str = "") -> None:
        self.form = form
        self.field = field
        self._told = form.shown(field)
        self._typed: str | None = None
        super().__init__(self._told, select_on_focus=False, compact=True, classes=classes)
        self.cursor_blink = False

    def show(self, text: str) -> None:
        """See `Editor`."""
        self._told, self._typed = text, None
        if self.value != text:
            self.value = text
            self.cursor_position = len(text)

    @property
    def painted_height(self) -> int:
        """See `Sparing`: one line, also before the layout tells."""
        return 1

    @property
    def place(self) -> int:
        """See `Editor`."""
        return self.cursor_position

    def go(self, place: int) -> None:
        """See `Editor`."""
        self.cursor_position = place

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tells the form, once a text."""
        event.stop()
        self.tell()

    def tell(self) -> str | None:
        """See `Editor`."""
        if self.value != self._told:
            self._told = self.value
            self.edited(self.value)
        return self._typed

    def edited(self, text: str) -> None:
        """The text in the editor is another."""
        self._typed = text
        self.post_message(Edited(self.field, text))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter leads on."""
        event.stop()
        self.post_message(Finished())

    def on_paste(self, event: Paste) -> None:
        """One harmless line of what was pasted."""
        event.stop()
        event.prevent_default()
        text = " ".join(part.strip() for part in typed(event.text).replace("\t", " ").splitlines())
        self.replace(text.strip(), *self.selection)

    def on_focus(self, event: Focus) -> None:
        """The cursor is in sight."""
        self.scroll_to_region(Region(self._cursor_offset, 0, 1, 1), force=True, animate=False)

    def on_blur(self, event: Blur) -> None:
        """What a field begins with tells more than what it ends with."""
        self.scroll_to(0, 0, animate=False, force=True)


class TextEdit(Sparing, TextArea, inherit_bindings=False):
    """Several lines of text, which grow with what is written."""

    BINDINGS: ClassVar[list[BindingType]] = _but_cut(TextArea.BINDINGS)

    def __init__(self, form: Form, field: str) -> None:
        self.field = field
        super().__init__(form.shown(field), compact=True, highlight_cursor_line=False)
        self._told, self._typed = self.text, False
        self.cursor_blink = False
        self.match_cursor_bracket = False

    def on_mount(self) -> None:
        """The cursor stands behind the text."""
        self.move_cursor(self.document.end)

    def show(self, text: str) -> None:
        """See `Editor`."""
        if self.text != text:
            self.text = text
            self.move_cursor(self.document.end)
        self._told, self._typed = self.text, False

    @property
    def place(self) -> int:
        """See `Editor`."""
        row, column = self.cursor_location
        return sum(len(self.document.get_line(y)) + 1 for y in range(row)) + column

    def go(self, place: int) -> None:
        """See `Editor`."""
        for row in range(self.document.line_count):
            length = len(self.document.get_line(row))
            if place <= length:
                self.move_cursor((row, place))
                return
            place -= length + 1
        self.move_cursor(self.document.end)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tells the form, once a text."""
        event.stop()
        self.tell()

    def tell(self) -> str | None:
        """See `Editor`."""
        if self.text != self._told:
            self._told, self._typed = self.text, True
            self.post_message(Edited(self.field, self.text))
        return self._told if self._typed else None

    def on_paste(self, event: Paste) -> None:
        """Harmless lines of what was pasted."""
        event.stop()
        event.prevent_default()
        if result := self._replace_via_keyboard(typed(event.text), *self.selection):
            self.move_cursor(result.end_location)
