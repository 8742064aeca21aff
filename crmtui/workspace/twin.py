"""The record that an unanswered creation may have made: it has the sent fields and was not there before."""

import msgspec

from crmtui.model.attachment import FILE
from crmtui.model.bind import All, Op, Test, Text, Where
from crmtui.model.query import Order, Query
from crmtui.model.record import Record, Value, is_empty
from crmtui.model.schema import IDS, FieldType, Kind, Schema
from crmtui.model.value import came_back, text_of
from crmtui.model.write import Write
from crmtui.workspace.account import Account
from crmtui.workspace.clock import Clock
from crmtui.workspace.reading import read

_MOST = 200
"""The newest records that are looked at."""
_LONGEST = 80
"""Characters of a text that a filter is trusted with."""
_PLAIN = frozenset({FieldType.TEXT, FieldType.EMAIL, FieldType.CHOICE})


class Twin(msgspec.Struct, frozen=True):
    """The record that was found, None where there is none such; `doubt`: why it may be another's."""

    record: Record | None = None
    doubt: str = ""


async def find_twin(account: Account, schema: Schema, write: Write, tried_at: float) -> Twin:
    """Looks at the service for what a creation made that was tried at a moment (UTC seconds).

    Usually 1 call.
    """
    kind = account.kind(write.ref.kind)
    if kind.is_order:
        return Twin(doubt=f"{account.adapter.label} does not tell whether the {kind.singular} was taken.")
    made = kind.can.created
    order = (Order(made, descending=True),) if made and kind.can.order else ()
    found = await read(account, Query(kind.name, _where(kind, schema, write), order), schema.by_name, _MOST)
    ids = [record.ref.id for record in found.records]
    known = account.writes.created(kind.name) | account.mirror.known_before(kind.name, ids, tried_at)
    clock = Clock(account)
    doubts: list[Record] = []
    twins: list[Record] = []
    for record in found.records:
        if record.ref.id in known:
            continue
        when = clock.compare(record.values.get(made), tried_at) if made else "unsure"
        likeness = _likeness(kind, schema, write, record)
        if when == "before" or likeness == 0:
            continue
        (twins if likeness == 2 and when == "after" else doubts).append(record)
    if twins:
        return Twin(_newest(twins))
    if found.more and not order and not doubts:
        many = f"More than {_MOST} {kind.label.lower()} are like it, and the service does not order them."
        return Twin(doubt=many)
    if doubts:
        named = ", ".join(str(record.ref) for record in doubts[:3])
        return Twin(_newest(doubts), f"{named} may be what it made, and the service does not tell.")
    return Twin()


def _newest(records: list[Record]) -> Record:
    return max(records, key=lambda record: (len(record.ref.id), record.ref.id))


def _where(kind: Kind, schema: Schema, write: Write) -> Where | None:
    """What the service is asked for: the references, and two plain texts, those of the title first."""
    if kind.within:
        return All(tuple(_equal(name, write) for name in kind.within))
    if "=" not in kind.can.filter:
        return None
    fields = [schema.field(name) for name, value in write.edits.items() if not is_empty(value)]
    names = [field.name for field in fields if field.type in IDS]
    texts = [field.name for field in fields if field.type in _PLAIN]
    texts.sort(key=lambda name: (name not in kind.title, schema.field(name).type is FieldType.CHOICE))
    plain = (name for name in texts if _is_plain(text_of(write.edits[name])))
    names += [name for name, _ in zip(plain, range(2), strict=False)]
    tests = [_equal(name, write) for name in names]
    return All(tuple(tests)) if len(tests) > 1 else tests[0] if tests else None


def _equal(name: str, write: Write) -> Test:
    return Test(name, Op.EQ, (Text(text_of(write.edits.get(name))),))


def _is_plain(text: str) -> bool:
    return len(text) <= _LONGEST and text.isprintable() and text == text.strip()


def _likeness(kind: Kind, schema: Schema, write: Write, record: Record) -> int:
    """2: every sent field is as it was sent; 1: those that name it are, others may have been changed.

    A field that the listing leaves out tells nothing.
    """
    alike = {
        name: came_back(schema.field(name), _bare(value), _bare(record.values[name]))
        for name, value in write.edits.items()
        if name != FILE and name in record.values
    }
    naming = [alike[name] for name in (*kind.title, *_links(schema, write)) if name in alike]
    if not all(naming or [bool(alike)]):
        return 0
    return 2 if all(alike.values()) else int(bool(naming))


def _bare(value: Value) -> Value:
    """A text without what gets lost on the way: control characters, and spaces at its ends."""
    if not isinstance(value, str):
        return value
    return "".join(char for char in value if char.isprintable() or char in "\r\n\t").strip()


def _links(schema: Schema, write: Write) -> list[str]:
    return [name for name in write.edits if schema.field(name).type is FieldType.REFERENCE]
