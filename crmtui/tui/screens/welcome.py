"""Welcome: connect an account, or try the demo; also the form for another connection."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from crmtui.config import SERVICES, make_connection
from crmtui.model.errors import ConfigError, CrmError
from crmtui.tui.behind import behind
from crmtui.tui.screens.line_screen import LineScreen
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.panel import Panel
from crmtui.workspace.joining import join, token_help

_LABELS = {
    "name": ("Name", "a short name of your own, such as acme"),
    "crm": ("Service", " ".join(SERVICES)),
    "url": ("Address", "only where the service needs one"),
    "user": ("User", "only for Solve360 and OnePageCRM"),
    "token": ("Token", "is not shown, and kept in the system's keyring"),
}


class WelcomeScreen(LineScreen[None]):
    """Five lines to fill in, each explained while it has the focus."""

    NAME = "Welcome"
    LAST = "token"
    CSS_PATH = "../styles/welcome.tcss"
    IDS: ClassVar[Sequence[str]] = ("join", "demo", "leave")

    def compose(self) -> ComposeResult:
        with Panel(id="welcome") as panel:
            first = not self.tui.config.connections
            panel.entitle("Welcome to crmtui" if first else "Connect an account")
            yield Static(
                Content(
                    "Browse, search and edit your CRM in the terminal. Connect an account here,"
                    " or try everything on made-up records: ctrl+t starts the demo."
                    if first
                    else "Another account: its token is checked with one call."
                ),
                id="intro",
            )
            yield Banner()
            for name, (label, placeholder) in _LABELS.items():
                with Horizontal(classes="line"):
                    yield Static(Content(label), classes="label")
                    line = Input(
                        "spotler" if name == "crm" else "",
                        placeholder=placeholder,
                        password=name == "token",
                        id=name,
                        select_on_focus=False,
                    )
                    line.cursor_blink = False
                    yield line
            yield Static(id="hint")
        yield KeyBar(typing=True)

    def on_mount(self) -> None:
        """The first line has the keys."""
        self.query_one(KeyBar).commands = self.commands[:3]
        self.query_one("#name", Input).focus()
        self._hint()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Where the token is found depends on the service."""
        if event.input.id == "crm":
            self._hint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the last line connects."""
        self.do_join()

    def _hint(self) -> None:
        crm = self._value("crm")
        words = token_help(crm) if crm in SERVICES else f"Services: {', '.join(SERVICES)}."
        self.query_one("#hint", Static).update(Content(words))

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def do_join(self) -> None:
        """Checks the token, keeps it, and opens the account."""
        behind(self, self._join(), "join")

    async def _join(self) -> None:
        banner = self.query_one(Banner)
        token = self._value("token")
        try:
            connection = make_connection(
                self._value("name"),
                crm=self._value("crm"),
                url=self._value("url") or None,
                user=self._value("user") or None,
                others=self.tui.config.connections,
            )
            if connection.name in self.tui.config.connections:
                raise ConfigError(f"There is a connection {connection.name} already; choose another name.")
            if not token:
                raise ConfigError("The token is missing.")
            self.query_one("#hint", Static).update(Content("Asking the service …"))
            joined = await join(connection, token)
        except CrmError as error:
            self._hint()
            banner.say(error.message)
            return
        if joined.unkept:
            self.tui.tokens.known[connection.name] = token
            self.tui.say(f"For this run only: {joined.unkept}", error=True)
        self.tui.config = joined.config
        self.tui.switch_account(connection.name)

    def do_demo(self) -> None:
        """Leaves for the demo."""
        self.tui.exit("demo")

    def do_leave(self) -> None:
        """Back, or out where there is nothing to go back to."""
        if len(self.tui.screen_stack) > 1:
            self.dismiss()
        else:
            self.tui.exit(0)
