"""The hash around every answer of OnePageCRM v1.2, the same struct from XML, JSON and YAML.

Source: the vendor's page "Response message format"; facts `onepagecrm.md`, section 3. The XML is that of
Rails' `Hash#to_xml`, which is a guess: dashes and underscores, typed and untyped elements are read.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from crmtui.crm import json_body, xml_body, yaml_body
from crmtui.crm.onepagecrm.v1.news import news_in
from crmtui.model.errors import BadAnswer
from crmtui.model.news import News
from crmtui.model.record import Value
from crmtui.model.value import number

_HASHES = frozenset({"nextaction", "data", "sales"})
"""Elements that are hashes whatever their form; `tags` is one of the envelope, and of a contact is none."""
_NUMBERS = frozenset({"integer", "float", "decimal"})
_REPLACED = ("\N{REPLACEMENT CHARACTER}", "*")
"""What stands in XML for a character that it cannot carry: Ruby's builders have used either."""


class Envelope(NamedTuple):
    """One answer: the server's clock (unix seconds), the outcome in a number and words, what it is about.

    `data` is None, a dict, a list or a text. `timestamp` is None where the answer tells no time.
    """

    timestamp: int | None
    status: int
    message: str
    data: Any
    news: News


def envelope_of(body: bytes, format_: str) -> Envelope:
    """The envelope in a body of a format, `xml`, `json` or `yaml`; `BadAnswer` where it holds none."""
    said = _unix_lines(_DECODERS[format_](body))
    status = whole(said.get("status")) if isinstance(said, dict) else None
    if status is None:
        raise BadAnswer("The service answered without a status; check the connection's url and crm.")
    message = said.get("message")
    return Envelope(
        whole(said.get("timestamp")),
        status,
        message if isinstance(message, str) else "",
        said.get("data"),
        news_in(said),
    )


def listed(node: Any) -> list[Any]:
    """The parts of what is to be a list; XML may leave out to say that it is one."""
    if isinstance(node, list):
        return node
    if isinstance(node, dict) and len(node) == 1:
        [part] = node.values()
        return part if isinstance(part, list) else [part]
    return []


def whole(node: Any) -> int | None:
    """The integer that a value is or, as text, stands for; None if it is none."""
    found = number(node.strip()) if isinstance(node, str) else node
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def may_be_replaced(value: Value) -> bool:
    """Whether a text that came as XML, anywhere in a value, may have held what XML cannot carry."""
    if isinstance(value, str):
        return any(mark in value for mark in _REPLACED)
    parts: Iterator[Value] = iter(value.values() if isinstance(value, dict) else ())
    if isinstance(value, list):
        parts = iter(value)
    return any(may_be_replaced(part) for part in parts)


def _xml(body: bytes) -> Any:
    [root] = xml_body.decode(body, strip=False).values()
    said = _element("", root)
    if isinstance(said, dict) and not said.get("tags"):
        said.pop("tags", None)
    return said


def _element(name: str, node: Any) -> Any:
    """An element as JSON would have it: by its attributes, what it holds, or what is known of its name."""
    if isinstance(node, list):
        return [_element(name, part) for part in node]
    attributes: Mapping[str, Any] = node if isinstance(node, dict) else {}
    held = {part: inner for part, inner in attributes.items() if part[:1] not in "@#"}
    if attributes.get("@type") == "array":
        return [_element(part, one) for part, inner in held.items() for one in _each(inner)]
    if held:
        return {part.replace("-", "_"): _element(part.replace("-", "_"), i) for part, i in held.items()}
    if name in _HASHES:
        return {}
    if str(attributes.get("@nil", "")).lower() == "true":
        return None
    text = attributes.get("#text") if attributes else node
    return _typed(attributes.get("@type"), text or "")


def _typed(word: Any, text: str) -> Any:
    if word in _NUMBERS:
        found = number(text.strip())
        return text if found is None else found
    if word == "boolean" and text.strip() in ("true", "false", "1", "0"):
        return text.strip() in ("true", "1")
    return text


def _each(inner: Any) -> list[Any]:
    return inner if isinstance(inner, list) else [inner]


def _unix_lines(node: Any) -> Any:
    """Texts with line ends as XML has them, which knows no others."""
    if isinstance(node, str):
        return node.replace("\r\n", "\n").replace("\r", "\n") if "\r" in node else node
    if isinstance(node, dict):
        return {name: _unix_lines(part) for name, part in node.items()}
    return [_unix_lines(part) for part in node] if isinstance(node, list) else node


_DECODERS: Mapping[str, Callable[[bytes], Any]] = {
    "xml": _xml,
    "json": json_body.decode,
    "yaml": yaml_body.decode,
}
