"""Help: the keys of the screen that asked, by group, and those that move in every list."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crmtui.tui.command import Command, keys_of
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.panel import Panel

MOVES = (
    ("↓ j  ↑ k", "One row down, one row up."),
    ("PgDn  PgUp", "A screen down, a screen up."),
    ("ctrl+d  ctrl+u", "Half a screen down, half a screen up."),
    ("g Home  G End", "To the first row, to the last."),
    ("→ l  ← h", "To the next column, to the one before."),
    ("enter", "Open the record."),
    ("tab  shift+tab", "To the next pane or field, to the one before."),
)
_WIDE = 120
"""Cells from which on the style sheet sets two columns."""
_KEYS = 18
"""Cells of the keys."""


class HelpScreen(CommandScreen[None]):
    """Keys and what they do."""

    NAME = "Help"
    IDS: ClassVar[Sequence[str]] = ("back", "quit")
    CSS_PATH = "../styles/help.tcss"

    def __init__(self, screen: str, commands: Sequence[Command]) -> None:
        super().__init__()
        self._screen = screen
        self._commands = commands

    def compose(self) -> ComposeResult:
        with Panel(id="help") as panel:
            panel.entitle(f"Help · {self._screen}")
            with VerticalScroll():
                with Container(id="columns"):
                    for _ in range(2):
                        yield Static(classes="column")
                yield Static(
                    Content.styled(
                        'Keys can be changed by id in config.yaml, as in keys: {edit: "e,f2"}', "$text-dim"
                    )
                )
        yield KeyBar()

    def on_mount(self) -> None:
        """The way back."""
        self.query_one(KeyBar).commands = self.commands[:1]

    def on_resize(self) -> None:
        """Two columns where there is room for them, else one below the other."""
        width = self.size.width - 8
        room = (width // 2 if self.size.width >= _WIDE else width) - _KEYS - 2
        for static, column in zip(self.query(".column").results(Static), self._columns(room), strict=True):
            static.update(Content("\n").join(column))

    def _columns(self, room: int) -> tuple[list[Content], list[Content]]:
        """The groups in two columns of about one length; `room` is that of a sentence."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for command in self._commands:
            keys = "  ".join(keys_of(command, self.tui.keymap))
            groups.setdefault(command.group, []).append((keys, command.help))
        groups["Moving"] = list(MOVES)
        total = sum(map(len, groups.values()))
        columns: tuple[list[Content], list[Content]] = ([], [])
        before = 0
        for title, entries in groups.items():
            columns[2 * before + len(entries) >= total].append(_group(title, entries, room))
            before += len(entries)
        return columns

    def do_back(self) -> None:
        """Back to the screen that asked."""
        self.dismiss()

    def do_quit(self) -> None:
        """On this screen q leads back too."""
        self.dismiss()


def _group(title: str, entries: Sequence[tuple[str, str]], room: int) -> Content:
    lines = [Content.styled(title, "bold $accent")]
    for keys, help_ in entries:
        first, *others = Content(help_).wrap(max(20, room))
        lines.append(Content.assemble((f"  {keys:<{_KEYS - 2}}", "$accent"), (first.plain, "$text-value")))
        lines += [Content.styled(" " * _KEYS + line.plain, "$text-value") for line in others]
    return Content("\n").join([*lines, Content("")])
