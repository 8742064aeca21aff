"""Choose: one of a few things, in a dialog."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult

from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.widgets.columns import Column, Row
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.record_list import RecordList

_COLUMNS = (Column("what", "", 14, 1), Column("which", "", 24, 3))


class _Things:
    """What can be chosen, as rows."""

    def __init__(self, things: Sequence[tuple[str, str]]) -> None:
        self._things = things

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self._things)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        return Row(str(index), self._things[index], styles=("muted", None))

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`."""


class ChooseScreen(CommandScreen[int | None]):
    """A dialog over the screen that asks; the answer is the index of what was chosen."""

    NAME = "Choose"
    IDS: ClassVar[Sequence[str]] = ("back",)
    CSS_PATH = "../styles/choose.tcss"

    def __init__(self, title: str, things: Sequence[tuple[str, str]]) -> None:
        """`things`: of each what it is and which."""
        super().__init__()
        self._modal = True
        self._title, self._things = title, things

    def compose(self) -> ComposeResult:
        with Panel() as panel:
            panel.entitle(self._title)
            panel.tell("enter opens · esc leaves")
            yield RecordList(_Things(self._things), _COLUMNS)

    def on_mount(self) -> None:
        """The list has the keys."""
        self.query_one(RecordList).focus()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """That one."""
        self.dismiss(event.index)

    def do_back(self) -> None:
        """None of them."""
        self.dismiss(None)
