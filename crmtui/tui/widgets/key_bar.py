"""The last line: the keys that matter here, the letter in the accent, the word muted."""

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from crmtui.tui.command import Command, keys_of
from crmtui.tui.commands import COMMANDS

EVERYWHERE = ("palette", "help")
"""The commands at the right end of every bar."""


class KeyBar(Widget):
    """The first commands of a screen, each a click away too, and the palette's key at the right."""

    DEFAULT_CSS = """
    KeyBar { height: 1; width: 1fr; background: $ground; color: $text-label; }
    """

    commands: reactive[Sequence[Command]] = reactive(())
    typing: reactive[bool] = reactive(False)
    """Whether a line has the focus: a letter is text then, and no key of a command."""
    lent: reactive[Sequence[Command]] = reactive(())
    """What works in the line that has the focus, instead of the screen's commands."""

    def __init__(self, *, typing: bool = False) -> None:
        super().__init__()
        self.auto_links = False
        self.set_reactive(KeyBar.typing, typing)

    def render(self) -> Content:
        typing = self.typing or bool(self.lent)
        last = Content("").join(self._key(COMMANDS[id_], typing=typing) for id_ in EVERYWHERE)
        room = self.size.width - last.cell_length
        line = Content(" ")
        commands = self.lent or [each for each in self.commands if each.id not in EVERYWHERE]
        for key in (self._key(each, typing=typing) for each in commands):
            if line.cell_length + key.cell_length > room:
                break
            line += key
        return line + Content(" " * max(0, room - line.cell_length)) + last

    def _key(self, command: Command, *, typing: bool) -> Content:
        keys = keys_of(command, getattr(self.app, "keymap", {}))
        key = next((key for key in keys if len(key) > 1 or not typing), None)
        if key is None:
            return Content("")
        text = Content.assemble((key, "bold $accent"), (f" {command.word}  ", "$text-label"))
        pressed = (
            f"app.simulate_key('{command.keys}')"
            if command in self.lent
            else f"screen.command('{command.id}')"
        )
        return text.stylize(Style.from_meta({"@click": pressed}))
