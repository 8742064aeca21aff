"""One line for a path, completed by tab."""

import asyncio
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from crmtui.model.text import typed
from crmtui.tui.path_completion import complete


class TextLine(Input):
    """An input that neither blinks nor selects, and takes no control characters."""

    DEFAULT_CSS = """
    TextLine, TextLine:focus {
        height: 1; border: none; padding: 0 1; background: $field-bg; color: $text-value;
    }
    TextLine:focus { background: $field-focus-bg; }
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(value, placeholder=placeholder, select_on_focus=False, id=id)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.text = typed(event.text).replace("\n", " ").strip()
        super()._on_paste(event)


class PathLine(TextLine):
    """`tab` completes; where nothing is left to complete it goes on to the next field."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "Complete", show=False)]

    class Offered(Message):
        """The names that the path may go on with; none hides those offered before."""

        def __init__(self, names: tuple[str, ...]) -> None:
            super().__init__()
            self.names = names

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(value, placeholder=placeholder, id=id)
        self._offered: tuple[str, ...] = ()

    async def action_complete(self) -> None:
        """Completes as far as that is certain, then offers what there is, then leaves."""
        before = self.value
        found = await asyncio.to_thread(complete, before)
        if self.value != before:
            return
        grown = found.text != before
        if not grown and found.names in ((), self._offered):
            self.screen.focus_next()
            return
        if grown:
            self.value = found.text
            self.cursor_position = len(found.text)
        self._offered = found.names
        self.post_message(self.Offered(found.names))
