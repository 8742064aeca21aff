"""Connections: the accounts of the configuration, to choose one or add another."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult

from crmtui.config import Connection
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.widgets.columns import Column, Row
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.record_list import RecordList
from crmtui.tui.widgets.title_bar import TitleBar

_COLUMNS = (
    Column("name", "Name", 12, 1),
    Column("service", "Service", 12, 1),
    Column("url", "Address", 20, 3),
    Column("user", "User", 8, 1),
    Column("mode", "", 9, 0),
)


class _Connections:
    """The configuration's connections as rows."""

    def __init__(self, connections: Sequence[Connection]) -> None:
        self._connections = connections

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self._connections)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        c = self._connections[index]
        mode = "read-only" if c.read_only else ""
        cells = (c.name, c.service.label, c.url, c.user or "—", mode)
        return Row(c.name, cells, styles=(None, None, "muted", "dim", "warning"))

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`."""


class ConnectionsScreen(CommandScreen[None]):
    """Chooses an account."""

    NAME = "Connections"
    IDS: ClassVar[Sequence[str]] = ("back", "connect", "quit")

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Panel() as panel:
            connections = list(self.tui.config.connections.values())
            panel.entitle("Connections", str(len(connections)))
            panel.tell("enter opens")
            yield RecordList(_Connections(connections), _COLUMNS)
        yield KeyBar()

    def on_mount(self) -> None:
        """The list has the keys."""
        self.query_one(KeyBar).commands = self.commands[: self.SHOWN]
        self.query_one(RecordList).focus()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """That account's records."""
        self.tui.switch_account(event.key)

    def why_not(self, id_: str) -> str | None:
        """See `CommandScreen`."""
        if id_ == "connect" and self.tui.base is not None:
            return "The demo keeps to its own connections; start crmtui without demo to add one."
        return None

    def do_connect(self) -> None:
        """A form for another account."""
        from crmtui.tui.screens.welcome import WelcomeScreen

        self.tui.push_screen(WelcomeScreen())

    def do_back(self) -> None:
        """Back to the records."""
        self.dismiss()

    def do_quit(self) -> None:
        """Leaves."""
        self.tui.exit(0)
