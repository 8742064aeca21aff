"""The last gate before the terminal: what may reach it, and in which signs."""

import os
import re
import sys
from collections.abc import Mapping

from rich.cells import cell_len, get_character_cell_size, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from .thrifty import thrifty_driver

__all__ = ["AsciiFilter", "SafeFilter", "needs_ascii", "plain", "safe", "thrifty_driver"]

# Everything that makes a terminal act, or that reorders or hides what a person reads: C0, DEL, C1, line
# separators, bidirectional controls, zero-width signs, tags, lone surrogates (which no encoding can write).
# The joiners and variation selectors that scripts and emoji need are not among them.
_RANGES = (
    (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E), (0x200B, 0x200B),
    (0x200E, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0xD800, 0xDFFF), (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB), (0xE0000, 0xE007F),
)  # fmt: skip
_UNSAFE = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _RANGES) + "]")

_ASCII_SIGNS = str.maketrans(
    dict.fromkeys("─━═┄┅┈┉╌╍╴╶╸╺▔▁▂▃", "-")
    | dict.fromkeys("│┃║┆┇┊┋╎╏╵╷╹╻▏▎▍▌▋▊▉▐▕┼╋╬", "|")
    | dict.fromkeys("┌┐└┘├┤┬┴┏┓┗┛┣┫┳┻╔╗╚╝╠╣╦╩╭╮╰╯╞╡╟╢", "+")
    | dict.fromkeys("█▇▆▅▄▓▒■▰▮", "#")
    | dict.fromkeys("░□▱▯", "-")
    | dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
    | {
        "…": "~",
        "●": "*",
        "○": "o",
        "◆": "*",
        "•": "*",
        "·": "-",
        "✓": "v",
        "✔": "v",
        "✗": "x",
        "✘": "x",
        "×": "x",
    }
    | {"▲": "^", "△": "^", "▼": "v", "▽": "v", "▶": ">", "▸": ">", "◀": "<", "◂": "<", "▾": "v", "▴": "^"}
    | {
        "→": ">",
        "←": "<",
        "↑": "^",
        "↓": "v",
        "↔": "-",
        "↵": "<",
        "⏎": "<",
        "›": ">",
        "‹": "<",
        "»": ">",
        "«": "<",
    }
    | {
        "–": "-",
        "—": "-",
        "−": "-",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "\xa0": " ",
        "№": "#",
        "€": "E",
        "▀": "-",
    }
)


class _Net(LineFilter):
    """A filter that equals its like: strips remember, by filter, what came of them."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash(type(self))


class SafeFilter(_Net):
    """Keeps control characters out of every line, whichever widget let them through."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments, or harmless ones in the place of those that are not."""
        if all(_harmless(segment) for segment in segments):
            return segments
        return [
            segment if _harmless(segment) else Segment(safe(segment[0]), _unlinked(segment[1]))
            for segment in segments
        ]


class AsciiFilter(_Net):
    """Draws boxes, gauges and signs in ASCII, and `?` for what the terminal's encoding lacks."""

    def __init__(self, encoding: str = "ascii", enabled: bool = True) -> None:
        self._encoding = encoding
        super().__init__(enabled)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments in signs that can be encoded, each as wide as before."""
        if all(text.isascii() for text, _, _ in segments):
            return segments
        return [Segment(plain(text, self._encoding), style, control) for text, style, control in segments]


def safe(text: str) -> str:
    """The text without anything a terminal acts on; it takes as many cells as before."""
    return _UNSAFE.sub(_stand_in, text)


def plain(text: str, encoding: str = "ascii") -> str:
    """The text in signs of that encoding, in as many cells as before."""
    if text.isascii():
        return text
    text = text.translate(_ASCII_SIGNS)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        # signs joined into one picture count once, so the width is that of the whole
        return set_cell_size("".join(_encodable(char, encoding) for char in text), cell_len(text))
    return text


def needs_ascii(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether the locale says that the terminal cannot show more than ASCII."""
    if platform == "win32":
        return False
    set_by_user = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or "C"
    if (
        not environ.get("LC_ALL")
        and environ.get("LANG", "") in ("", "C", "POSIX")
        and set_by_user in ("C.UTF-8", "C.utf8")
    ):
        # Python itself sets LC_CTYPE so when it finds the C locale (PEP 538); the terminal was not asked
        return True
    return not re.search(r"utf-?8", set_by_user, re.IGNORECASE)


def _harmless(segment: Segment) -> bool:
    text, style, control = segment
    if control is not None or (style is not None and style.link and _UNSAFE.search(style.link)):
        return False
    return text.isprintable() if text.isascii() else not _UNSAFE.search(text)


def _unlinked(style: Style | None) -> Style | None:
    """The style; without its link if that could end the sequence it is sent in."""
    return (
        style.update_link(None) if style is not None and style.link and _UNSAFE.search(style.link) else style
    )


def _stand_in(match: re.Match[str]) -> str:
    return "?" * get_character_cell_size(match[0])


def _encodable(char: str, encoding: str) -> str:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return "?" * get_character_cell_size(char)
    return char
