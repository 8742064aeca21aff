"""A thing the user can do: declared once, shown by the key bar, the palette and the help alike."""

from collections.abc import Mapping
from typing import NamedTuple


class Command(NamedTuple):
    """What a key does. `id` is what the configuration's `keys` remaps, `word` stands in the key bar."""

    id: str
    keys: str
    """Textual's names of keys, several with commas between them."""
    word: str
    help: str
    group: str


_NAMES = {
    "question_mark": "?",
    "asterisk": "*",
    "slash": "/",
    "colon": ":",
    "escape": "esc",
    "space": "space",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "backspace": "⌫",
    "enter": "enter",
    "pagedown": "PgDn",
    "pageup": "PgUp",
}


def keys_of(command: Command, keymap: Mapping[str, str]) -> list[str]:
    """The keys of a command as people write them, the user's own before the built-in ones."""
    keys = keymap.get(command.id, command.keys).split(",")
    return [_NAMES.get(key.strip(), key.strip()) for key in keys if key.strip()]
