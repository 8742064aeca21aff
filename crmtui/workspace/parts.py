"""Records that are told by several requests: their own, and one for each part of them."""

from collections.abc import Collection, Sequence

import msgspec

from crmtui.model.record import Part, Record
from crmtui.model.schema import Schema


def parts_of(schema: Schema, names: Collection[str] | None = None) -> list[str]:
    """The parts that hold some of these fields, None for all fields, in the order of the fields."""
    wanted = (field.part for field in schema.fields if names is None or field.name in names)
    return list(dict.fromkeys(filter(None, wanted)))


def is_own(schema: Schema, names: Collection[str] | None) -> bool:
    """Whether the record's own request tells some of these fields, or there are none to be told."""
    return not names or any(not schema.field(name).part for name in names)


def joined(schema: Schema, record: Record, parts: Sequence[Part], known: Record | None = None) -> Record:
    """A record with its parts: what they do not name is empty, and what was not read as it was `known`."""
    if known is record:
        known = None
    read = {part.part for part in parts}
    values, labels = dict(record.values), dict(record.labels)
    for field in schema.fields:
        if field.part in read:
            values[field.name] = None
            labels.pop(field.name, None)
        elif field.part and known and field.name in known.values and field.name not in values:
            values[field.name] = known.values[field.name]
            if field.name in known.labels:
                labels[field.name] = known.labels[field.name]
    for part in parts:
        values |= part.values
        labels |= part.labels
    return msgspec.structs.replace(record, values=values, labels=labels)
