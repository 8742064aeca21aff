"""Keeping a form's draft on disk: soon after each key, and at once where the form may be lost."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.timer import Timer

from crmtui.tui.widgets.form_row import FormRow

if TYPE_CHECKING:
    from crmtui.tui.screens.form import FormScreen

SOON = 0.15
"""Seconds after a key at which the draft is on disk."""


class Keeping:
    """Knows what of one form is not on disk yet."""

    def __init__(self, screen: "FormScreen") -> None:
        self._screen = screen
        self._timer: Timer | None = None
        self._handed_over = False
        self._kept: Mapping[str, str] | None = screen.form.texts
        self._where = ("", 0)

    def soon(self) -> None:
        """Something is to be kept."""
        if self._timer is None:
            self._timer = self._screen.set_timer(SOON, self.now)

    def now(self) -> None:
        """What is typed is on disk when this returns."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        form, focused, where = self._screen.form, self._screen.focused, self._where
        if focused is not None and isinstance(focused.parent, FormRow):
            where = (focused.parent.field, focused.parent.typed.place)
        texts = form.texts
        if not self._handed_over and (texts != self._kept or (where != self._where and form.touched)):
            self._kept, self._where = texts, where
            form.draft.keep(*where)

    def hand_over(self) -> None:
        """The outbox takes the text over: it is no draft from now on."""
        self.now()
        self._handed_over = True

    def take_back(self) -> None:
        """What was typed is not to be sent after all: it is a draft again when this returns."""
        self._handed_over, self._kept = False, None
        self.now()
