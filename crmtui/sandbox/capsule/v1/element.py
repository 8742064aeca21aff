"""One XML element of the v1 API, and its two wire forms: XML, and JSON derived from it mechanically."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crmtui.sandbox.text import xml_text

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Element:
    """A named text, or named children in order; attributes are `size` in answers and Rails' in requests."""

    name: str
    text: str = ""
    children: tuple["Element", ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str) -> "Element | None":
        """The last child of a name: where a document has several of a scalar, the last one counts."""
        return next((child for child in reversed(self.children) if child.name == name), None)

    def named(self, name: str) -> list["Element"]:
        """The children of a name, in order."""
        return [child for child in self.children if child.name == name]

    @property
    def value(self) -> str | None:
        """The text; None where the element is empty or says `nil="true"`."""
        return None if self.attributes.get("nil") == "true" else self.text or None


def holding(name: str, *members: "Element | tuple[str, object]") -> Element:
    """An element of children and of pairs, of which those without a value are left out."""
    children = []
    for member in members:
        if isinstance(member, Element):
            children.append(member)
        elif member[1] is not None and member[1] != "":
            children.append(Element(member[0], _scalar(member[1])))
    return Element(name, children=tuple(children))


def listed(name: str, rows: Iterable[Element], size: int | None = None) -> Element:
    """A list with its `size`: as many as the rows unless told otherwise."""
    children = tuple(rows)
    return Element(name, "", children, {"size": str(len(children) if size is None else size)})


def to_xml(root: Element) -> bytes:
    """The document on one line, without white space between its elements, as recorded."""
    parts = [DECLARATION]
    _write(parts, root)
    return "".join(parts).encode()


def to_json(root: Element, *, size_beside_rows: bool, escaped_slashes: bool, bare: bool = False) -> bytes:
    """The root as the only member of an object, or its members alone where it is bare; UTF-8, compact."""
    members = _plain(root, size_beside_rows)
    text = json.dumps(members if bare else {root.name: members}, ensure_ascii=False, separators=(",", ":"))
    text = _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return (text.replace("/", "\\/") if escaped_slashes else text).encode()


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _write(parts: list[str], element: Element) -> None:
    marks = "".join(f' {name}="{value}"' for name, value in element.attributes.items())
    text = xml_text(element.text).translate(_TEXT)
    if not text and not element.children:
        parts.append(f"<{element.name}{marks}/>")
        return
    parts.append(f"<{element.name}{marks}>{text}")
    for child in element.children:
        _write(parts, child)
    parts.append(f"</{element.name}>")


def _plain(element: Element, size_beside_rows: bool) -> object:
    """Every scalar a text, attributes with @, one child an object, several an array, an empty element ""."""
    shown = element.attributes if size_beside_rows or not element.children else {}
    found: dict[str, object] = {f"@{name}": value for name, value in shown.items()}
    if not element.children and not found:
        return element.text
    several: dict[str, list[object]] = {}
    for child in element.children:
        several.setdefault(child.name, []).append(_plain(child, size_beside_rows))
    for name, values in several.items():
        found[name] = values if len(values) > 1 else values[0]
    return found
