"""Text that SQLite cannot hold or fold by itself, and that XML cannot hold at all."""

import re

# SQLite stores UTF-8, which has no lone surrogates, but JSON does: they are kept as private characters.
_SURROGATES = re.compile("[\ud800-\udfff]")
_KEPT = re.compile("[\U0010f000-\U0010f7ff]")
_SHIFT = 0x10F000 - 0xD800
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document can hold, ESC among them; C1 controls are allowed."""


def storable(text: str) -> str:
    """The text with lone surrogates as private characters of plane 16."""
    if text.isascii():
        return text
    return _SURROGATES.sub(lambda found: chr(ord(found[0]) + _SHIFT), text)


def restored(text: str) -> str:
    """The text as it was before `storable`."""
    if text.isascii():
        return text
    return _KEPT.sub(lambda found: chr(ord(found[0]) - _SHIFT), text)


def fold(text: object) -> str | None:
    """Text as it compares: without regard to case."""
    return None if text is None else str(text).casefold()


def xml_text(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return text if text.isascii() and text.isprintable() else _NOT_XML.sub("", text)
