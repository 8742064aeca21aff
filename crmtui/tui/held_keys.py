"""Keys that were pressed while something was opening: they are for it, not for what was there before."""

from textual import events
from textual.dom import DOMNode


class AimedKey(events.Key):
    """A key press that knows who had the focus when it set out.

    Textual hands a key to the widget with the focus and looks for its command when it comes back; by then
    an earlier key may have opened something else, and a letter typed for that would be a command here.
    """

    __slots__ = ("target",)

    def __init__(self, key: str, character: str | None, target: DOMNode) -> None:
        super().__init__(key, character)
        self.target = target


# Textual finds handlers by the name of the class.
AimedKey.handler_name = events.Key.handler_name


class HeldKeys:
    """Collects key presses and pastes between `hold` and the last `next`."""

    def __init__(self) -> None:
        self._events: list[events.Event] | None = None

    @property
    def holding(self) -> bool:
        """Whether keys are being kept."""
        return self._events is not None

    def hold(self) -> None:
        """Keeps what is pressed from now on."""
        self._events = self._events or []

    def drop(self) -> None:
        """Nothing will open: what was typed for it goes nowhere."""
        self._events = None

    def take(self, event: events.Event) -> bool:
        """Keeps an event if it is one to keep."""
        if self._events is None:
            return False
        # A fresh one: this may have been to the screen below and back, which nobody handles twice.
        if isinstance(event, events.Key):
            self._events.append(events.Key(event.key, event.character))
        elif isinstance(event, events.Paste):
            self._events.append(events.Paste(event.text))
        else:
            return False
        return True

    def next(self) -> events.Event | None:
        """The oldest that was kept; None, once, ends the keeping."""
        if self._events:
            return self._events.pop(0)
        self._events = None
        return None
