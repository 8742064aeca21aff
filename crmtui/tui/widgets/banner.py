"""What went wrong, what to do, and what is still usable: a line or two above the rows until it passes."""

from textual.content import Content
from textual.widgets import Static

from crmtui.model.text import clean


class Banner(Static):
    """An error that stays until the next success or a key."""

    ALLOW_SELECT = True
    DEFAULT_CSS = """
    Banner {
        display: none; height: auto; max-height: 8; padding: 0 1;
        color: $error; background: $error-muted;
    }
    Banner.-shown { display: block; }
    """

    @property
    def shown(self) -> bool:
        """Whether there is something to say."""
        return self.has_class("-shown")

    def say(self, message: str) -> None:
        """Shows a sentence."""
        self.update(Content(f"✗ {clean(message)}"))
        self.add_class("-shown")

    def clear(self) -> None:
        """Nothing is wrong any more."""
        if self.shown:
            self.remove_class("-shown")
