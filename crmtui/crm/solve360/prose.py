"""Texts that the service keeps as HTML, as people read them."""

import html
import re

_BREAK = re.compile(r"<br\s*/?>(?:\r?\n)?|</(?:p|div|li|tr|h[1-6])\s*>(?:\r?\n)?", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_BLANKS = re.compile(r"[ \t]*\n[ \t]*")


def plain(text: str) -> str:
    """HTML as lines of plain text: breaks become line ends, tags go, what was escaped is itself again."""
    if "<" not in text and "&" not in text:
        return text
    lines = _BLANKS.sub("\n", _TAG.sub("", _BREAK.sub("\n", text)))
    return html.unescape(lines).strip()
