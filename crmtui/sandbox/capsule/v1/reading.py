"""Bodies of requests as elements, whichever of the two formats they came in."""

import json
from collections.abc import Iterator
from xml.parsers import expat

from .element import Element
from .message import Asked, Problem

_DEEPEST = 32


def document(asked: Asked) -> Element:
    """The root element of a call's body: XML unless the call says JSON; 400 where it cannot be parsed."""
    read = _from_json if asked.media == "application/json" else _from_xml
    try:
        return read(asked.body)
    except (ValueError, RecursionError, expat.ExpatError) as error:
        raise Problem(400, f"the request cannot be parsed: {error}") from error


def _from_json(body: bytes) -> Element:
    data = json.loads(body, parse_int=str, parse_float=str, parse_constant=str)
    if not isinstance(data, dict) or len(data) != 1:
        raise ValueError("one root is expected")
    (root,) = _elements(data, 0)
    return root


def _elements(members: dict[str, object], depth: int) -> Iterator[Element]:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    for name, value in members.items():
        for each in value if isinstance(value, list) else [value]:
            yield _element(name, each, depth)


def _element(name: str, value: object, depth: int) -> Element:
    match value:
        case dict():
            marks = {key[1:]: str(each).lower() for key, each in value.items() if key.startswith("@")}
            inner = {key: each for key, each in value.items() if not key.startswith("@")}
            return Element(name, "", tuple(_elements(inner, depth + 1)), marks)
        case None:
            return Element(name, attributes={"nil": "true"})
        case bool():
            return Element(name, str(value).lower())
        case str():
            return Element(name, value)
        case _:
            raise ValueError(f"{name} is an array of arrays")


def _from_xml(body: bytes) -> Element:
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.buffer_text = True
    parser.Parse(body, True)
    return builder.roots[0]


class _Builder:
    """Builds elements from the events of the XML parser."""

    def __init__(self) -> None:
        self.roots: list[Element] = []
        self._open: list[tuple[str, dict[str, str], list[Element]]] = []
        self._texts: list[list[str]] = [[]]

    def refuse(self, *_: object) -> None:
        raise ValueError("a document type is not allowed")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > _DEEPEST:
            raise ValueError("too deep")
        self._open.append((name, attributes, []))
        self._texts.append([])

    def text(self, text: str) -> None:
        self._texts[-1].append(text)

    def end(self, _name: str) -> None:
        name, attributes, children = self._open.pop()
        text = "".join(self._texts.pop())
        # Line ends between tags are no value.
        element = Element(name, "" if children or text.isspace() else text, tuple(children), attributes)
        (self._open[-1][2] if self._open else self.roots).append(element)
