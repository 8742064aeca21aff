"""A file name that a service proposes, made into one that harms nobody on any system."""

import re
import unicodedata

MOST_BYTES = 200
"""Bytes of a name; file systems take 255, and a number and `.part` may come to it."""
_LONGEST_ENDING = 20
_FORBIDDEN = re.compile(r'[/\\:*?"<>|]')
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
_JOINERS = "\u200c\u200d"
"""Format characters that emoji and several scripts are written with; they reorder nothing."""


def safe_name(text: str, otherwise: str) -> str:
    """One file name: no folder, nothing unprintable or reordering, not hidden, no device of Windows.

    At most `MOST_BYTES` of UTF-8, the ending kept. `otherwise` where nothing of the text is left.
    """
    name = "".join(sign for sign in text.replace("\t", " ").replace("\n", " ") if _is_shown(sign))
    name = " ".join(_FORBIDDEN.sub("-", name).split())
    name = _short(name.lstrip(" .-").rstrip(" ."))
    if not name.strip(_JOINERS):
        return otherwise
    return f"_{name}" if _DEVICES.match(name) else name


def numbered(name: str, number: int) -> str:
    """The name's variant for a folder that has the ones before: `offer.pdf`, `offer (2).pdf`."""
    if number == 1:
        return name
    stem, ending = parted(name)
    return f"{stem} ({number}){ending}"


def parted(name: str) -> tuple[str, str]:
    """Stem and ending with its point; an ending is short and has no blank in it."""
    stem, point, ending = name.rpartition(".")
    if not stem or not ending or " " in ending or len(ending.encode()) > _LONGEST_ENDING:
        return name, ""
    return stem, point + ending


def _short(name: str) -> str:
    if len(name.encode()) <= MOST_BYTES:
        return name
    stem, ending = parted(name)
    # Cut inside a character, whose bytes are then left out as a whole.
    room = MOST_BYTES - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + ending


def _is_shown(sign: str) -> bool:
    return sign in _JOINERS or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co")
