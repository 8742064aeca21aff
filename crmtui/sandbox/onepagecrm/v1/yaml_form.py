"""A document as YAML, as Ruby's `to_yaml` writes it; no recording is known."""

import re
from collections.abc import Iterator
from typing import Any

from .dialect import Dialect

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./@-]*( [A-Za-z0-9_./@-]+)*|\d\d\.\d\d\.\d{4}|\d+[a-df]\w*")
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"])
"""What YAML 1.1 takes for something else than text."""
_ODD = re.compile(
    '["\\\\\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]'
)
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MAPS = {
    "syck": "!map:HashWithIndifferentAccess ",
    "psych": "!ruby/hash:ActiveSupport::HashWithIndifferentAccess",
}
_LISTS = {"syck": "!seq:BSON::OrderedArray "}
_SYMBOLS = frozenset({"type", "period"})
"""Keys whose values Ruby code is apt to keep as symbols."""


def to_yaml(document: dict[str, Any], dialect: Dialect) -> bytes:
    """The document in block style behind `--- `."""
    tag = _MAPS.get(dialect.yaml_tags, "")
    return "\n".join([f"--- {tag}", *_pairs(document, dialect, ""), ""]).encode()


def _pairs(document: dict[str, Any], dialect: Dialect, indent: str) -> Iterator[str]:
    colon = ":" if dialect.yaml_keys == "symbols" else ""
    for key, value in document.items():
        yield from _entry(f"{indent}{colon}{key}: ", key, value, dialect, indent)


def _entry(lead: str, key: str, value: Any, dialect: Dialect, indent: str) -> Iterator[str]:
    """A value behind its key or dash, which `lead` holds with its indentation."""
    tags = dialect.yaml_tags
    match value:
        case {} if not value:
            yield f"{lead}{{}}"
            if tags == "syck":
                yield ""
        case []:
            yield f"{lead}[]"
        case dict():
            lines = _pairs(value, dialect, indent + "  ")
            # A hash without a tag begins on the line of its dash.
            tagged = tags in _MAPS or not lead.endswith("- ")
            yield lead + (_MAPS.get(tags, "") if tagged else next(lines).lstrip())
            yield from lines
        case list():
            yield lead + _LISTS.get(tags, "")
            for each in value:
                yield from _entry(f"{indent}- ", key, each, dialect, indent)
        case str():
            yield from _text(lead, key, value, tags, indent + "  ")
        case None:
            yield lead
        case bool():
            yield lead + str(value).lower()
        case _:
            yield lead + repr(value)


def _text(lead: str, key: str, text: str, tags: str, indent: str) -> Iterator[str]:
    if tags == "psych" and key in _SYMBOLS and _is_plain(text):
        yield f"{lead}!ruby/symbol {text}"
    elif _is_plain(text):
        yield lead + ("!str " if tags == "syck" else "") + text
    elif _is_block(text):
        yield lead + ("|" if text.endswith("\n") else "|-")
        yield from (indent + line if line else "" for line in text.removesuffix("\n").split("\n"))
    else:
        yield f'{lead}"{_ODD.sub(_escaped, text)}"'


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and text.casefold() not in _WORDS


def _is_block(text: str) -> bool:
    lines = text.split("\n")
    if len(lines) < 2 or text.endswith("\n\n") or not lines[0] or lines[0].startswith(" "):
        return False
    return not any(_ODD.search(line.replace('"', "").replace("\\", "")) for line in lines)


def _escaped(found: re.Match[str]) -> str:
    each = found[0]
    code = ord(each)
    return _SHORT.get(each) or (f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}")
