"""A line for one of a few words, which hang beneath it."""

from collections.abc import Callable, Sequence

from textual.events import Blur, Focus, Key
from textual.widgets import Input
from textual.widgets.input import Selection

from crmtui.model.value import fold
from crmtui.tui.widgets.drop_list import MOST, DropList, Offer
from crmtui.tui.widgets.path_line import TextLine


class PickLine(TextLine):
    """What is typed narrows the words; enter takes one, and where none hang there leads on."""

    def __init__(
        self,
        words: Callable[[], Sequence[str]],
        value: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002
    ) -> None:
        """`words` are asked for when the line has the focus."""
        super().__init__(value, placeholder=placeholder, id=id)
        self._words = words
        self._found: Sequence[str] = ()
        self._taken = value

    @property
    def list(self) -> DropList:
        """The screen's one list."""
        return self.screen.query_one(DropList)

    @property
    def is_open(self) -> bool:
        """Whether the words hang beneath."""
        return self.list.owner is self

    def take(self, index: int) -> None:
        """See `Owner`."""
        self.list.close()
        self._taken = self.value = self._found[index]
        self.cursor_position = len(self.value)

    def _open(self, typed: str) -> None:
        self._found = [word for word in self._words() if fold(typed) in fold(word)]
        hint = "" if self._found else "none is called that"
        self.list.open(self, self.region, [Offer(word) for word in self._found], typed, hint)

    def on_input_changed(self, event: Input.Changed) -> None:
        """The words that are meant."""
        if self.has_focus and event.value != self._taken:
            self._taken = event.value
            self._open(event.value.strip())

    def on_key(self, event: Key) -> None:
        """While the list is open its keys are the list's."""
        steps = {"down": 1, "up": -1, "pagedown": MOST, "pageup": -MOST}
        if not self.is_open:
            if event.key != "down":
                return
            self._open("")
        elif event.key in steps:
            self.list.move(steps[event.key])
        elif event.key == "enter" and self.list.chosen is not None:
            self.take(self.list.chosen)
        elif event.key in ("enter", "escape"):
            self.list.close()
        else:
            return
        event.stop()
        event.prevent_default()

    def on_focus(self, event: Focus) -> None:
        """All words, unless one stands there: what is typed next is another."""
        if event.from_app_focus:
            return
        self.selection = Selection(0, len(self.value))
        if not self.value:
            self._open("")

    def on_blur(self, event: Blur) -> None:
        """The list goes."""
        if self.is_open:
            self.list.close()
