"""The last line of a dialog: its keys, and what each does."""

from collections.abc import Iterable

from textual.content import Content


def dialog_keys(pairs: Iterable[tuple[str, str]]) -> Content:
    """(key, word) after (key, word), as they stand in every dialog."""
    parts = [Content.assemble((key, "bold $accent"), (f" {word}", "$text-label")) for key, word in pairs]
    return Content("   ").join(parts)
