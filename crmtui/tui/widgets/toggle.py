"""An editor for yes or no."""

from collections.abc import Mapping
from typing import ClassVar

from textual.content import Content
from textual.events import Click, Key
from textual.widget import Widget

from crmtui.tui.widgets.editors import Edited, Finished
from crmtui.workspace.forms import Form


class Toggle(Widget, can_focus=True):
    """Yes, no, or nothing yet."""

    _CYCLE: ClassVar[Mapping[str, str]] = {"": "true", "true": "false", "false": "true"}
    _KEYS: ClassVar[Mapping[str, str]] = {"y": "true", "n": "false", "backspace": "", "delete": ""}

    def __init__(self, form: Form, field: str) -> None:
        super().__init__()
        self._form = form
        self.field = field
        self._text = form.shown(field)
        self._typed = False

    def render(self) -> Content:
        def part(word: str, text: str) -> Content:
            chosen = self._text == text
            return Content.styled(
                f"{'●' if chosen else '○'} {word}", "$text-value" if chosen else "$text-dim"
            )

        empty = Content.styled("   —", "$text-dim") if not self._text else Content("")
        if self._text not in self._CYCLE:  # what the service holds is neither
            return Content(self._text)
        return part("yes", "true") + "   " + part("no", "false") + empty

    def show(self, text: str) -> None:
        """See `Editor`."""
        self._typed = False
        if text != self._text:
            self._text = text
            self.refresh()

    def tell(self) -> str | None:
        """See `Editor`."""
        return self._text if self._typed else None

    @property
    def place(self) -> int:
        """See `Editor`."""
        return 0

    def go(self, place: int) -> None:
        """See `Editor`."""

    def on_key(self, event: Key) -> None:
        """Space and the arrows change it, y and n say it, backspace takes it back."""
        if event.key in ("space", "left", "right"):
            # Nothing can be chosen again only where nothing was there to begin with.
            was_empty = not self._form.fields[self.field].original
            text = "" if self._text == "false" and was_empty else self._CYCLE.get(self._text, "true")
        elif event.key in self._KEYS:
            text = self._KEYS[event.key]
        elif event.key == "enter":
            text = self._text
            self.post_message(Finished())
        else:
            return
        event.stop()
        event.prevent_default()
        self._take(text)

    def on_click(self, event: Click) -> None:
        """The word that was clicked."""
        self._take("true" if event.x - self.content_offset.x < len("● yes ") else "false")

    def _take(self, text: str) -> None:
        if text != self._text:
            self.show(text)
            self._typed = True
            self.post_message(Edited(self.field, text))
