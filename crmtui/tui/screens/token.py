"""Token: asks for one that was not found, or that the service refused."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from crmtui.model.text import clean
from crmtui.tui.dialog_keys import dialog_keys
from crmtui.tui.screens.base import CommandScreen


class TokenScreen(CommandScreen[str]):
    """A dialog over what waits for the token; escape goes on without one."""

    NAME = "Token"
    IDS: ClassVar[Sequence[str]] = ("leave",)
    CSS_PATH = "../styles/token.tcss"

    def __init__(self, name: str, why: str) -> None:
        """`name` is the connection's; `why` says why it is asked, and where the service keeps tokens."""
        super().__init__()
        self._modal = True
        self._connection, self._why = name, why

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content(f"Token of {self._connection}")
            yield Static(Content(clean(self._why)), id="question")
            line = Input(password=True, placeholder="is not shown", select_on_focus=False, id="token")
            line.cursor_blink = False
            yield line
            yield Static(
                Content(
                    "It is kept in memory for this run only;"
                    f" crmtui connect {self._connection} --replace keeps one in the keyring."
                ),
                id="kept",
            )
            yield Static(dialog_keys((("enter", "use it"), ("esc", "go on without"))), id="keys")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes what was typed; an empty line is none."""
        self.dismiss(event.value.strip())

    def do_leave(self) -> None:
        """Without one."""
        self.dismiss("")
