"""Confirm: one question, whose safe answer is the default."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from crmtui.model.text import clean_lines
from crmtui.tui.screens.base import CommandScreen


class ConfirmScreen(CommandScreen[bool]):
    """A dialog over the screen that asks; only `y` says yes."""

    NAME = "Confirm"
    IDS: ClassVar[Sequence[str]] = ("yes", "no")
    CSS_PATH = "../styles/confirm.tcss"

    def __init__(self, title: str, question: str, yes: str = "yes", no: str = "no") -> None:
        """`yes` and `no` say in words what the keys do."""
        super().__init__()
        self._modal = True
        self._title, self._question = title, question
        self._yes, self._no = yes, no

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content(self._title)
            yield Static(Content(clean_lines(self._question)), id="question")
            yield Static(self._keys(), id="keys")

    def _keys(self) -> Content:
        return Content.assemble(
            ("y", "bold $accent"),
            (f" {self._yes}    ", "$text-label"),
            ("n", "bold $accent"),
            (f" {self._no}", "$text-value"),
            ("  (enter, esc)", "$text-dim"),
        )

    def do_yes(self) -> None:
        """Yes."""
        self.dismiss(True)

    def do_no(self) -> None:
        """No."""
        self.dismiss(False)
