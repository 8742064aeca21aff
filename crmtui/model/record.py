"""A record of a CRM, and the reference that names it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

import msgspec

Value: TypeAlias = "bool | int | Decimal | str | list[Value] | dict[str, Value] | None"
"""A field's value as it was read: `""`, null and missing stay three things, numbers keep all digits."""


class Ref(msgspec.Struct, frozen=True, order=True):
    """Names one record: `CONN/KIND/ID`; a record not yet created has the id `""`."""

    connection: str
    kind: str
    id: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.connection, self.kind, self.id) if part)


class Record(msgspec.Struct, frozen=True):
    """One record as it was read.

    `values` holds every member of the answer but the id; `labels` the text of values that
    are ids; `stamp` is what tells that the record changed (None where the service has none);
    `fetched_at` is UTC, seconds since 1970; `empties` gives the wire's own form of "none" for
    fields whose form is not the value itself, or which were empty once and no longer are.
    `unread`: the members that this answer leaves out whatever they are, where all others that it
    lacks are empty; None where a list's row may lack anything, and a single record nothing.
    `beneath`: what hangs on it and came with it, each followed by what hangs on that; None where the
    answer tells nothing of it. The mirror keeps such records by themselves.
    """

    ref: Ref
    title: str
    values: Mapping[str, Value]
    labels: Mapping[str, str] = {}
    stamp: str | None = None
    fetched_at: float = 0.0
    empties: Mapping[str, Value] = {}
    unread: frozenset[str] | None = None
    beneath: tuple["Record", ...] | None = None


class Part(msgspec.Struct, frozen=True):
    """What a request besides a record's own tells of it: the values of those fields of a part that have some.

    A field of that part (see `Field.part`) that is not there is empty.
    """

    part: str
    values: Mapping[str, Value]
    labels: Mapping[str, str] = {}


def member_of(values: Mapping[str, Value], name: str) -> Value:
    """The value of a field, or of a member of the one row that a field holds: `FIELD.MEMBER`."""
    if name in values:
        return values[name]
    field, dot, member = name.partition(".")
    row = values.get(field)
    return member_of(row, member) if dot and isinstance(row, dict) else None


def is_empty(value: Value) -> bool:
    """Whether a value is one of the forms of nothing: null, `""`, or a list without members."""
    return value is None or value == "" or value == []
