"""XML from and for a service: no DTD, no entities, depth and size bounded, every fault one `BadAnswer`."""

import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from xml.parsers import expat

import xmltodict

from crmtui.model.errors import BadAnswer, Invalid

XML = "application/xml"
MOST_DEPTH = 64
MOST_NODES = 400_000
_FAULTS = (expat.ExpatError, ValueError, LookupError, RecursionError, MemoryError)
_NO_TEXT = re.compile("[^\t\n\r -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)

Node: TypeAlias = "str | list[Node] | Mapping[str, Node] | None"
"""What an element holds: text, nothing, several elements of one name, or elements by their names."""
NIL: Final[Mapping[str, Node]] = {"@nil": "true"}
"""An element of no value, which it says by its attribute."""


def decode(body: bytes, *, strip: bool = True) -> dict[str, Any]:
    """The root element by its name; attributes are `@name`, text beside them `#text`.

    `strip` takes the white space round texts; without it that between elements is `#text` too.
    """
    try:
        _look_over(body)
        said = xmltodict.parse(body, disable_entities=True, strip_whitespace=strip)
    except _FAULTS as error:
        raise BadAnswer(f"The service answered something that is no XML: {_opening(body)}") from error
    return dict(said)


def encode(root: str, node: Node) -> bytes:
    """A document of one root element, a line end after it as after the vendors' own.

    Characters that XML cannot carry, and other controls, are left out.
    """
    return f"{xmltodict.unparse({root: _sendable(node)})}\n".encode()


def _look_over(body: bytes) -> None:
    """Refuses what is too deep, too large, or declares a document type, before anything is built of it."""
    parser = expat.ParserCreate()
    depth = nodes = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth, nodes
        depth += 1
        nodes += 1 + len(attributes)
        if depth > MOST_DEPTH or nodes > MOST_NODES:
            raise BadAnswer("The service's answer is nested too deeply or has too many parts.")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*declared: Any) -> None:
        raise BadAnswer("The service's answer declares a document type, which none of its answers needs.")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(body, True)


def _sendable(node: Node) -> Node:
    if node is NIL:
        return node
    if isinstance(node, str):
        return _NO_TEXT.sub("", node)
    if isinstance(node, list):
        return [_sendable(part) for part in node]
    if isinstance(node, Mapping):
        for name in node:
            if not _NAME.fullmatch(name):
                # What begins with @ or # would be written as something else than an element.
                raise Invalid(f"Nothing was sent: no field can be called {name!r}.", {name: "is no name"})
        return {name: _sendable(part) for name, part in node.items()}
    return node


def _opening(body: bytes) -> str:
    """The first words of an answer, so that a login page is known for what it is."""
    start = body[:400].decode("utf-8", "replace").strip()
    if not start:
        return "the answer is empty."
    if "<html" in start.lower():
        return "it is a web page; check the connection's url, and whether the token has expired."
    return f"it begins with {start[:40]!r}."
