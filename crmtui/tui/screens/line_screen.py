"""A screen of lines to type in, from one to the next of which keys lead at once."""

from typing import ClassVar, TypeVar

from textual.widgets import Input

from crmtui.tui.screens.base import CommandScreen

T = TypeVar("T")


class LineScreen(CommandScreen[T]):
    """Keys lead on before the letters behind them: on a slow line they come together.

    Textual would have a tab travel through the line first, which takes those letters meanwhile; a token
    would stand where it is shown.
    """

    LAST: ClassVar[str] = ""
    """The id of the line in which enter does what the screen is for; where it is named, enter leads on
    in all the others."""

    def step(self, key: str) -> bool:
        """Whether a key leads to another line."""
        at = self.focused
        leads = ("tab", "shift+tab") if self.LAST in ("", at and at.id) else ("tab", "shift+tab", "enter")
        if not isinstance(at, Input) or key not in leads:
            return False
        if key == "shift+tab":
            self.focus_previous()
        else:
            self.focus_next()
        return True
