"""The table of keys in the README, made from the commands: `python -m tests.keys` writes it."""

import re
import sys
from pathlib import Path

from crmtui.tui.command import keys_of
from crmtui.tui.commands import COMMANDS

README = Path(__file__).parent.parent / "README.md"
_BLOCK = re.compile(r"(<!-- keys[^>]*-->\n).*?(<!-- /keys -->)", re.DOTALL)


def table() -> str:
    """Each group of commands as a table: the keys, what they do, and the id to remap them by."""
    groups: dict[str, list[str]] = {}
    for command in COMMANDS.values():
        keys = " ".join(f"`{key}`" for key in keys_of(command, {}))
        groups.setdefault(command.group, []).append(f"| {keys} | {command.help} | {command.id} |")
    parts = [
        "\n".join([f"**{title}**\n", "| key | does | id |", "|---|---|---|", *rows])
        for title, rows in groups.items()
    ]
    return "\n\n".join(parts) + "\n"


def block(text: str) -> str:
    """What stands between the comments of a README."""
    found = _BLOCK.search(text)
    if found is None:
        raise ValueError("the README has no place for the keys")
    return text[found.end(1) : found.start(2)]


def main() -> int:
    """Writes the table into the README."""
    text = README.read_text("utf-8")
    README.write_text(_BLOCK.sub(lambda found: f"{found[1]}\n{table()}\n{found[2]}", text), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
