"""Capsule v1's answers as one shape, whether they came as XML or as JSON.

JSON is derived from the XML mechanically: texts for all scalars, `@size` for the attribute, an object
for one child and an array for several, `""` for an empty element. Source: facts `capsule.md`, 1.3 and 1.4.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from crmtui.crm import json_body, xml_body
from crmtui.model.call import Answer
from crmtui.model.errors import BadAnswer
from crmtui.model.record import Value
from crmtui.model.value import text_of

_BESIDE = "@#$"
"""What begins with these is no element: attributes, and the text beside them."""
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T00:00(?::00(?:\.0+)?)?Z")
_NEW_ID = re.compile(r"/([0-9]+)/?$")


class Said(NamedTuple):
    """An answer's root element: its name, what it holds, and its `size`, where it has one."""

    root: str
    node: Any
    size: int | None


def said_in(body: bytes) -> Said:
    """What an answer says; its first byte tells the form, which its Content-Type does not."""
    is_xml = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    whole: Any = xml_body.decode(body, strip=False) if is_xml else json_body.decode(body)
    if not isinstance(whole, dict) or len(whole) != 1:
        return Said("", _plain(whole), None)
    [(root, node)] = whole.items()
    if root.lower() == "html":
        raise BadAnswer("The service answered a web page; check the connection's url.")
    return Said(root, _plain(node), _whole(node.get("@size")) if isinstance(node, dict) else None)


def parts_of(holder: Any, name: str) -> list[Any]:
    """The children of a name: none, one that stands alone, or several."""
    held = holder.get(name) if isinstance(holder, dict) else None
    if held is None:
        return []
    return held if isinstance(held, list) else [held]


def rows_of(holder: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """The children of a name that hold children themselves."""
    return (part for part in parts_of(holder, name) if isinstance(part, dict))


def text_in(node: Any) -> str:
    """The text of a scalar, empty where it has none."""
    return node if isinstance(node, str) else ""


def day_or_text(value: Value) -> Value:
    """The mere date that midnight in UTC stands for; anything else as it was read."""
    found = _MIDNIGHT.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else value


def id_located(answer: Answer) -> str:
    """The id at the end of `Location`, which is never fetched; empty where there is none."""
    found = _NEW_ID.search(answer.headers.get("location", ""))
    return found[1] if found else ""


def _plain(node: Any) -> Any:
    """Elements as dicts, several of one name as lists, scalars as texts as they are, nothing as None."""
    if isinstance(node, list):
        return [_plain(part) for part in node]
    if not isinstance(node, dict):
        return None if node is None or node == "" else text_of(node)
    inner = {name: _plain(part) for name, part in node.items() if name[:1] not in _BESIDE}
    if inner:
        return inner
    if str(node.get("@nil", "")).lower() == "true":
        return None
    return _plain(node.get("#text", node.get("$")))


def _whole(node: Any) -> int | None:
    text = text_of(node) if isinstance(node, str | int) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
