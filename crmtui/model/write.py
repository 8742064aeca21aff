"""What a person wants changed, in model words: stored before it is sent, made into Calls only then."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.row_merge import merge_rows
from crmtui.model.schema import Field, FieldType, Schema
from crmtui.model.value import canonical, same


class Op(StrEnum):
    """What a write does to its record."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"


class State(StrEnum):
    """Where a write is: waiting, under way, settled, or sent with no word of what became of it."""

    QUEUED = "queued"
    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Write(msgspec.Struct, frozen=True):
    """One intent: `edits` are the fields to set, `base` what they were when the person decided.

    A delete keeps the whole record as its base, so that it can be undone. `created` is UTC seconds.
    `undoes` is the id of the write that this one reverses.
    """

    id: str
    op: Op
    ref: Ref
    edits: Mapping[str, Value] = {}
    base: Mapping[str, Value] = {}
    created: float = 0.0
    undoes: str = ""
    version: int = 1


class Change(msgspec.Struct, frozen=True):
    """One field of a review: what it is and what it becomes."""

    field: str
    old: Value
    new: Value


class Clash(msgspec.Struct, frozen=True):
    """One field that two people changed: what both started from, mine and theirs."""

    field: str
    original: Value
    mine: Value
    theirs: Value


def changed(schema: Schema, base: Mapping[str, Value], edits: Mapping[str, Value]) -> dict[str, Value]:
    """The edits that differ from the base; a form left as it was has none."""
    fields = schema.by_name
    return {
        name: value
        for name, value in edits.items()
        if name not in fields or not same(fields[name], base.get(name), value)
    }


def _is_nothing(field: Field, value: Value) -> bool:
    """Whether a value is none; of a part that lists ticked boxes only, one that is not ticked is none."""
    is_box = bool(field.part) and field.type is FieldType.BOOLEAN
    return is_empty(value) or (is_box and canonical(field, value) is False)


def merge(schema: Schema, write: Write, theirs: Record) -> tuple[dict[str, Value], list[Clash]]:
    """Three-way compare of an edit with the record as it is now.

    Returns what is still to be sent, and the fields that somebody else changed to something other
    than mine. A field that the base never held has theirs as its base. Of rows that are part of the record
    mine are put on top of theirs, in a clash too.
    """
    to_send: dict[str, Value] = {}
    clashes: list[Clash] = []
    for name, mine in write.edits.items():
        field = schema.field(name)
        now = theirs.values.get(name)
        base = write.base.get(name, now)
        if same(field, now, mine):
            continue
        if field.embedded:
            merged = merge_rows(field, base, mine, now)
            if merged.clashes:
                clashes.append(Clash(name, base, merged.rows, now))
            elif not same(field, now, merged.rows):
                to_send[name] = merged.rows
        elif same(field, base, now) or (_is_nothing(field, base) and _is_nothing(field, now)):
            to_send[name] = mine
        else:
            clashes.append(Clash(name, base, mine, now))
    return to_send, clashes
