"""YAML text as a tree of words: no types, no aliases, no tags, and every limit checked on the way."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

_DEEPEST = 64
_MOST_NODES = 20_000
_MOST_CHARACTERS = 1_000_000
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IMPOSSIBLE = re.compile("[\0\ud800-\udfff]")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Fault(Exception):
    """What is wrong in the document and on which line, counted from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class Word(msgspec.Struct, frozen=True):
    """A scalar as it was written: `no` is the word `no`, `007` keeps its zeros."""

    text: str
    plain: bool
    """Written without quotes, so that it may be a number, a yes or a nothing."""
    line: int
    last: int

    @property
    def nothing(self) -> bool:
        """A key without a value, or YAML's word for none."""
        return self.plain and self.text in _NULLS


class Items(msgspec.Struct):
    """A list."""

    items: list["Node"]
    line: int
    last: int


class Entry(msgspec.Struct, frozen=True):
    """A key and its value."""

    value: "Node"
    line: int
    """Where the key stands."""
    column: int


class Table(msgspec.Struct):
    """A mapping."""

    entries: dict[str, Entry]
    flow: bool
    """Written in braces."""
    line: int
    last: int
    """The last line with something of it, comments apart."""


Node = Word | Items | Table


def parse(text: str) -> Table:
    """The document's mapping, empty where there is none; a `Fault` where it is not one plain mapping."""
    if len(text) > _MOST_CHARACTERS:
        raise Fault(1, f"the file is longer than {_MOST_CHARACTERS:,} characters")
    if odd := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        raise Fault(line, f"the character U+{ord(odd[0]):04X} cannot stand in YAML; remove it")
    import yaml

    loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = _Builder(yaml.parse(text, Loader=loader)).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or "this is no YAML"
        raise Fault(mark.line + 1 if mark else 1, f"{problem}; mend the YAML there") from error
    if isinstance(root, Table):
        return root
    if isinstance(root, Word) and root.nothing:
        return Table({}, False, 1, 0)
    raise Fault(root.line, "expected keys such as `connections:` here")


class _Builder:
    """Turns parser events into nodes; depth, count and forbidden things are refused before they cost."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._nodes = 0

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            match type(event).__name__:
                case "StreamStartEvent" | "StreamEndEvent" | "DocumentEndEvent":
                    pass
                case "DocumentStartEvent":
                    if root is not None:
                        raise Fault(_line(event), "a second document begins here; keep everything in one")
                case _:
                    root = self._node(event, 1)
        return root if root is not None else Word("", True, 1, 0)

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event).__name__
        line = _line(event)
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise Fault(line, f"more than {_MOST_NODES:,} words and lists; shorten the file")
        if depth > _DEEPEST:
            raise Fault(line, f"nested more than {_DEEPEST} deep; nothing here needs that")
        if kind == "AliasEvent" or event.anchor is not None:
            raise Fault(
                line, "anchors (&) and aliases (*) are not taken here; write it out, or quote the word"
            )
        if event.tag is not None:
            raise Fault(line, "tags (!) are not taken here; leave it out, or quote the word")
        if kind == "ScalarEvent":
            if odd := _IMPOSSIBLE.search(event.value):
                raise Fault(line, f"the character U+{ord(odd[0]):04X} cannot be part of a word; remove it")
            return Word(event.value, not event.style, line, _last(event))
        if kind == "SequenceStartEvent":
            return self._items(line, depth)
        return self._table(event, line, depth)

    def _items(self, line: int, depth: int) -> Items:
        items: list[Node] = []
        for event in self._events:
            if type(event).__name__ == "SequenceEndEvent":
                return Items(items, line, max([_end(event, line), *(item.last for item in items)]))
            items.append(self._node(event, depth + 1))
        raise Fault(line, "the list does not end")

    def _table(self, start: Any, line: int, depth: int) -> Table:
        entries: dict[str, Entry] = {}
        for event in self._events:
            if type(event).__name__ == "MappingEndEvent":
                last = max([_end(event, line), *(entry.value.last for entry in entries.values())])
                return Table(entries, bool(start.flow_style), line, last)
            key = self._node(event, depth + 1)
            if not isinstance(key, Word):
                raise Fault(key.line, "a key must be one word")
            if key.text in entries:
                first = entries[key.text].line
                raise Fault(key.line, f"the key {key.text[:60]!r} stands in line {first} already")
            value = self._node(next(self._events), depth + 1)
            entries[key.text] = Entry(value, key.line, event.start_mark.column)
        raise Fault(line, "the mapping does not end")


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _last(event: Any) -> int:
    """The last line of a scalar: a block scalar's end mark stands at the beginning of the next line."""
    start, end = event.start_mark, event.end_mark
    return int(end.line) + (0 if end.column == 0 and end.line > start.line else 1)


def _end(event: Any, line: int) -> int:
    """The closing bracket's line; a block collection has none, and its end mark runs over comments."""
    closes = event.end_mark.index > event.start_mark.index
    return int(event.end_mark.line) + 1 if closes else line
