"""A document as XML, as Ruby on Rails makes it of a hash (`Hash#to_xml`); no recording is known."""

import re
from collections.abc import Iterator
from typing import Any

from .dialect import Dialect

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SINGULARS = {"statuses": "status", "data": "datum", "maxpage": "maxpage", "address": "address"}


def to_xml(document: dict[str, Any], dialect: Dialect) -> bytes:
    """The document under the root `hash`; characters that XML cannot hold are replaced by U+FFFD."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', *_lines("hash", document, dialect, 0)]
    return ("\n".join(lines) + "\n").encode()


def singular(name: str) -> str:
    """The name of one of many, by the rules of Rails that these names need."""
    if name in _SINGULARS:
        return _SINGULARS[name]
    return name.removesuffix("s")


def _lines(name: str, value: Any, dialect: Dialect, depth: int) -> Iterator[str]:
    indent = "  " * depth
    tag = name.replace("_", "-") if dialect.names == "dashes" else name
    match value:
        case dict():
            yield f"{indent}<{tag}>"
            for key, each in value.items():
                yield from _lines(key, each, dialect, depth + 1)
            yield f"{indent}</{tag}>"
        case []:
            yield f'{indent}<{tag} type="array"/>'
        case list():
            yield f'{indent}<{tag} type="array">'
            for each in value:
                yield from _lines(singular(name), each, dialect, depth + 1)
            yield f"{indent}</{tag}>"
        case None:
            yield f'{indent}<{tag} nil="true"' + ("/>" if dialect.xml_null == "closed" else f"></{tag}>")
        case bool():
            yield f'{indent}<{tag} type="boolean">{str(value).lower()}</{tag}>'
        case int():
            yield f'{indent}<{tag} type="integer">{value}</{tag}>'
        case float():
            yield f'{indent}<{tag} type="float">{value!r}</{tag}>'
        case _:
            yield f"{indent}<{tag}>{_text(value, dialect)}</{tag}>"


def _text(text: str, dialect: Dialect) -> str:
    text = _ILLEGAL.sub("\ufffd", text).translate(_ESCAPES)
    if dialect.xml_text == "plain":
        return text
    return "".join(each if " " <= each <= "~" or each == "\n" else f"&#{ord(each)};" for each in text)
