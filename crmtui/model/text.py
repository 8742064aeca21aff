"""The gate that text from outside passes before anybody sees it."""

import re
import unicodedata

_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_C1 = dict.fromkeys(range(0x80, 0xA0), "\N{REPLACEMENT CHARACTER}")
_BREAKS = {0x09: " ", 0x0A: " ", 0x0D: None, 0x2028: " ", 0x2029: " "}
# Format characters and private tags reorder or hide what is read; the joiners that emoji and
# several scripts need (ZWNJ, ZWJ, VS16) are not among them.
_INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFFF9, 0xFFFC),
        *range(0xE0000, 0xE0080),
    ]
)
_ONE_LINE = _PICTURES | _C1 | _INVISIBLE | _BREAKS
_LINES = {code: mark for code, mark in _ONE_LINE.items() if code not in (0x0A, 0x2028, 0x2029)}
_HARMLESS = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u02ff]*")
_SURROGATES = re.compile("[\ud800-\udfff]")
_MOST_MARKS = 4


def mend(text: str) -> str:
    """The text with lone surrogates, which nothing can encode, replaced; else unchanged."""
    return text if text.isascii() else _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def clean(text: str) -> str:
    """One harmless line for display: control characters as pictures, reordering ones gone."""
    if _HARMLESS.fullmatch(text):
        return text
    return _thin(mend(text).translate(_ONE_LINE))


def clean_lines(text: str) -> str:
    """Harmless text for display that keeps its line breaks; `\\r\\n` and tabs become `\\n` and a space."""
    if _HARMLESS.fullmatch(text):
        return text
    return _thin(mend(text).translate(_LINES).replace("\u2028", "\n").replace("\u2029", "\n"))


def typed(text: str) -> str:
    """What a person typed or pasted, without control characters other than line breaks and tabs."""
    return "".join(
        c
        for c in mend(text).replace("\r\n", "\n").replace("\r", "\n")
        if c in "\n\t" or unicodedata.category(c) != "Cc"
    )


def _thin(text: str) -> str:
    """At most four combining marks in a row: a pile of them paints over the neighbours' lines."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)
