"""What an answer holds, and its two wire forms: XML, and JSON derived from the same tree."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crmtui.sandbox.text import xml_text

Scalar = str | int | None
"""None is `<name/>`, the empty text is `<name></name>`: the document's answers have both."""
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A scalar with attributes: `label` is a field's label, `cn` the display name of a user."""

    text: Scalar
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """Children of one element name; an array in JSON."""

    element: str
    items: Sequence["Tree"]


@dataclass(frozen=True, slots=True)
class Keyed:
    """Rows as elements named `<id123>`; in JSON members keyed by the bare id."""

    rows: Sequence[tuple[int, "Members"]]


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """Members that JSON wraps in a name, and XML has bare."""

    name: str
    members: "Members"


@dataclass(frozen=True, slots=True)
class Spread:
    """Children of one element name within a name; in JSON members keyed by id, without the name."""

    name: str
    element: str
    rows: Sequence[tuple[int, "Members"]]


@dataclass(frozen=True, slots=True)
class Members:
    """Named children in order. A `Keyed`, `Unwrapped` or `Spread` under the name "" stands among them."""

    pairs: list[tuple[str, "Tree"]] = field(default_factory=list)


Tree = Scalar | Marked | Listed | Keyed | Unwrapped | Spread | Members


def to_xml(response: Members) -> bytes:
    """The answer as `<response>`, with a line end after it as PHP's SimpleXML has."""
    parts = ['<?xml version="1.0" encoding="utf-8"?>\n']
    _element(parts, "response", response)
    parts.append("\n")
    return "".join(parts).encode()


def to_json(response: Members) -> bytes:
    """The answer without the wrapper, compact and ASCII with escaped slashes as PHP prints it."""
    return json.dumps(_plain(response), separators=(",", ":")).replace("/", "\\/").encode()


def _element(parts: list[str], name: str, tree: Tree) -> None:
    match tree:
        case None | Members([]) | Listed(_, []) | Keyed([]):
            parts.append(f"<{name}/>")
        case str() | int():
            parts.append(f"<{name}>{_escaped(tree)}</{name}>")
        case Marked():
            marks = "".join(
                f' {key}="{xml_text(value).translate(_ATTRIBUTE)}"' for key, value in tree.attributes.items()
            )
            parts.append(f"<{name}{marks}>{_escaped(tree.text)}</{name}>")
        case _:
            parts.append(f"<{name}>")
            _content(parts, tree)
            parts.append(f"</{name}>")


def _content(parts: list[str], tree: Tree) -> None:
    match tree:
        case Members(pairs):
            for name, child in pairs:
                if name:
                    _element(parts, name, child)
                else:
                    _content(parts, child)
        case Unwrapped(_, members):
            _content(parts, members)
        case Spread(name, element, rows):
            _element(parts, name, Listed(element, [row for _, row in rows]))
        case Listed(element, items):
            for item in items:
                _element(parts, element, item)
        case Keyed(rows):
            for number, row in rows:
                _element(parts, f"id{number}", row)


def _escaped(value: Scalar) -> str:
    return "" if value is None else xml_text(str(value)).translate(_TEXT)


def _plain(tree: Tree) -> object:
    match tree:
        case Marked(text, _):
            return _plain(text)
        case Listed(_, items):
            return [_plain(item) for item in items]
        case Keyed(rows) | Spread(_, _, rows):
            # An empty array of PHP is a list.
            return {str(number): _plain(row) for number, row in rows} or []
        case Unwrapped(name, members):
            return {name: _plain(members)}
        case Members(pairs):
            return _object(pairs) or []
        case _:
            return "" if tree is None else str(tree)


def _object(pairs: list[tuple[str, Tree]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, child in pairs:
        plain = _plain(child)
        if not name:
            found |= plain if isinstance(plain, dict) else {}
            continue
        # A list's count is the only number; everything else is the text that XML has.
        found[name] = child if name == "count" else plain
        if isinstance(child, Marked) and "cn" in child.attributes:
            found[f"{name}_cn"] = child.attributes["cn"]
    return found
