"""YAML from outside: what Ruby writes of hashes, lists and texts, as JSON would say it; never an object.

No aliases, no anchors, no merges; depth, nodes and digits bounded; every fault one `BadAnswer`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import yaml

from crmtui.model.errors import BadAnswer
from crmtui.model.text import mend

MOST_DEPTH = 64
MOST_NODES = 400_000
MOST_DIGITS = 4300
_FAULTS = (yaml.YAMLError, ValueError, LookupError, RecursionError, MemoryError)
_MAP = re.compile(r"!map:[\w:.-]+|!ruby/hash:[\w:.-]+", re.ASCII)
_SEQUENCE = re.compile(r"!seq:[\w:.-]+", re.ASCII)
_TEXTS = frozenset({"!str", "!ruby/symbol"})
_SYMBOL = re.compile(r":[A-Za-z_]\w*")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)", re.ASCII)
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]*(?:[eE][-+]?[0-9]{1,4})?", re.ASCII)
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ \t]+|[Tt])([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]*?)?0*"
    r"(?:[ \t]*(Z|[-+][0-9]{2}:?[0-9]{2}))?",
    re.ASCII,
)
"""A time as Ruby writes it, with a space before its offset."""
_WORDS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
"""Words that are no text; `no`, `yes`, `on` and `off` are."""


def decode(body: bytes) -> Any:
    """What the one document of a body says: numbers as int or Decimal, times as ISO 8601, keys as texts."""
    try:
        text = mend(body.decode("utf-8-sig"))
        if not text.strip():
            raise ValueError("it is empty")
        return _built(yaml.parse(text, Loader=yaml.CSafeLoader))
    except BadAnswer:
        raise
    except _FAULTS as error:
        raise BadAnswer(f"The service answered something that is no YAML: {_opening(body)}") from error


class _Open(NamedTuple):
    """A map or list that is being read: what it is, and how a part is added: its value, its text as a key."""

    holder: Any
    add: Callable[[Any, str | None], None]


def _built(events: Iterator[Any]) -> Any:
    """What the events of a parser say, which tells of them one by one and goes no deeper itself."""
    documents: list[Any] = []
    opened: list[_Open] = []
    nodes = 0

    def put(value: Any, text: str | None = None) -> None:
        if opened:
            opened[-1].add(value, text)
        else:
            documents.append(value)

    for event in events:
        match event:
            case yaml.ScalarEvent() | yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                nodes += 1
                if len(opened) >= MOST_DEPTH or nodes > MOST_NODES:
                    raise BadAnswer("The service's answer is nested too deeply or has too many parts.")
                if event.anchor is not None:
                    raise BadAnswer("The service's answer holds an anchor, which none of its answers needs.")
                if isinstance(event, yaml.ScalarEvent):
                    put(_scalar(event), event.value)
                else:
                    opened.append(_opened(event))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                put(opened.pop().holder)
            case yaml.AliasEvent():
                raise BadAnswer("The service's answer holds an alias, which none of its answers needs.")
            case yaml.DocumentStartEvent() if documents:
                raise BadAnswer("The service's answer holds several documents.")
    return documents[0]


def _opened(event: Any) -> _Open:
    """A map, whose keys and values come by turns, or a list."""
    if isinstance(event, yaml.SequenceStartEvent):
        _expect(event.tag, _SEQUENCE)
        items: list[Any] = []
        return _Open(items, lambda part, _: items.append(part))
    _expect(event.tag, _MAP)
    found: dict[str, Any] = {}
    keys: list[str] = []

    def add(part: Any, text: str | None) -> None:
        if keys:
            found[keys.pop()] = part
        elif text is None:
            raise BadAnswer("The service's answer holds a key that is no text.")
        else:
            keys.append(text.removeprefix(":"))

    return _Open(found, add)


def _scalar(event: yaml.ScalarEvent) -> Any:
    """The value of a scalar; only a plain one without a tag can be anything but text."""
    if event.tag is not None:
        _expect(event.tag, None)
        return event.value.removeprefix(":") if event.tag == "!ruby/symbol" else event.value
    if not event.implicit[0]:
        return event.value
    return _plain(event.value)


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if text == "<<":
        raise BadAnswer("The service's answer holds a merge, which none of its answers needs.")
    if _SYMBOL.fullmatch(text):
        return text[1:]
    if not (text[0].isdigit() or text[0] in "+-"):
        return text
    if _INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text):
        if len(text) > MOST_DIGITS:
            raise ValueError("a number is too long")
        return Decimal(text) if "." in text else int(text)
    if found := _MOMENT.fullmatch(text):
        day, clock, fraction, offset = found.groups()
        return f"{day}T{clock}{(fraction or '').rstrip('.')}{offset or ''}"
    return text


def _expect(tag: str | None, known: re.Pattern[str] | None) -> None:
    """Raises `BadAnswer` for a tag that Ruby does not give to plain maps, lists or texts."""
    if tag is None or (known.fullmatch(tag) if known else tag in _TEXTS):
        return
    raise BadAnswer(f"The service's answer holds something of the type {tag[:40]}, which is not read.")


def _opening(body: bytes) -> str:
    """The first words of an answer, so that a login page is known for what it is."""
    start = body[:400].decode("utf-8", "replace").strip()
    if not start:
        return "the answer is empty."
    if start[:1] == "<":
        return "it is a web page; check the connection's url, and whether the token has expired."
    return f"it begins with {start[:40]!r}."
