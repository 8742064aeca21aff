"""The last line: the keys that matter here, the letter in the accent, the word muted."""

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from crmtui.tui.command import Command, keys_of


class KeyBar(Widget):
    """The first commands of a screen, each a click away too, and the palette's key at the right."""

    DEFAULT_CSS = """
    KeyBar { height: 1; width: 1fr; background: $ground; color: $text-label; }
    """

    commands: reactive[Sequence[Command]] = reactive(())

    def render(self) -> Content:
        last = self._key("palette", ":", "commands") + self._key("help", "?", "help")
        room = self.size.width - last.cell_length
        line = Content(" ")
        for command in self.commands:
            key = self._key(command.id, self._shown(command), command.word)
            if line.cell_length + key.cell_length > room:
                break
            line += key
        return line + Content(" " * max(0, room - line.cell_length)) + last

    def _shown(self, command: Command) -> str:
        return keys_of(command, getattr(self.app, "keymap", {}))[0]

    def _key(self, id_: str, key: str, word: str) -> Content:
        text = Content.assemble((key, "bold $accent"), (f" {word}  ", "$text-label"))
        return text.stylize(Style.from_meta({"@click": f"screen.command('{id_}')"}))
