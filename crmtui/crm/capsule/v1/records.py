"""Elements of Capsule v1 as records, with the names of v2.

Source: facts `capsule.md`, section 1.3 and part 3.
"""

import re
import time
from collections.abc import Iterator, Mapping
from heapq import merge
from typing import Any

from crmtui.crm.capsule import custom, kinds
from crmtui.crm.capsule.fields import ADDITIONAL
from crmtui.crm.capsule.v1.dictionary import built_in, names_of
from crmtui.crm.capsule.v1.names import (
    CONTACTS,
    DATES,
    ELEMENTS,
    LISTED,
    ORGANISATION,
    PERSON,
    REFERENCES,
    RENAMED,
)
from crmtui.crm.capsule.v1.said import day_or_text, parts_of, rows_of, text_in
from crmtui.model.record import Part, Record, Ref, Value
from crmtui.model.schema import Kind
from crmtui.model.value import fold

_LABELS = {label: id_ for id_, (_, label) in REFERENCES.items()}
_CLOCK = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}(?::(?!00)[0-9]{2})?)(?::00)?(?:\.0+)?Z")
_DUE = "dueDateTime"
_ABOUT_CUSTOM = frozenset({"id", "tag", "tagId", "label"})


def listed(kind: str, holder: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The records of a list with the names of their elements.

    People and organisations stand apart by now: they are put together by what they are called, in which
    order the service lists them.
    """
    names = ELEMENTS[kind]
    parted = ([(name, row) for row in rows_of(holder, name)] for name in names)
    return merge(*parted, key=lambda row: fold(called(row[1]))) if len(names) > 1 else iter(next(parted))


def called(node: Mapping[str, Any]) -> str:
    """What a party is called."""
    parts = (text_in(node.get(name)) for name in ("firstName", "lastName", "name"))
    return " ".join(part for part in parts if part)


def record_of(
    connection: str, kind: Kind, element: str, node: Mapping[str, Any], at: float | None = None
) -> Record:
    """One record; `at` is when it was read."""
    values, labels = members_of(node)
    if element in (PERSON, ORGANISATION):
        values["type"] = element
    id_, stamp = text_in(node.get("id")), values.get(kinds.STAMP)
    # An element that is not there is empty; what an answer never holds are the parts of a record.
    empty = (field.name for field in built_in(kind.name) if not field.part and field.name not in values)
    values |= dict.fromkeys(empty)
    return Record(
        Ref(connection, kind.name, id_),
        kind.title_of(id_, values),
        values,
        labels,
        stamp if isinstance(stamp, str) else None,
        time.time() if at is None else at,
    )


def members_of(node: Mapping[str, Any]) -> tuple[dict[str, Value], dict[str, str]]:
    """The values by the names that they have here, and the texts of those that are ids."""
    values: dict[str, Value] = {}
    labels: dict[str, str] = {}
    for name, part in node.items():
        if name == "id":
            continue
        if name == "contacts":
            values |= _contacts(part)
        elif name in LISTED:
            values[name] = [dict(row) for row in rows_of(part, LISTED[name])]
        elif text_in(part) and text_in(node.get(_LABELS.get(name, ""))):
            labels[REFERENCES[_LABELS[name]][0]] = part
        elif name == _DUE and (due := _CLOCK.fullmatch(text_in(part))):
            values["dueOn"], values["dueTime"] = due[1], due[2]
        else:
            ours = REFERENCES[name][0] if name in REFERENCES else RENAMED.get(name, name)
            values[ours] = day_or_text(part) if ours in DATES else part
    return values, labels


def tags_in(holder: Any) -> Part:
    """The part of a record that is its tags, by name."""
    tags = (
        text_in(tag.get("name")) if isinstance(tag, dict) else text_in(tag) for tag in _all(holder, "tag")
    )
    return Part(kinds.TAGS, {kinds.TAGS: [tag for tag in tags if tag]})


def additional_in(holder: Any) -> Part:
    """The part of a record that is its additional parties."""
    rows: list[Value] = [
        {"id": text_in(node.get("id")), "type": element, "name": called(node)}
        for element, node in listed(kinds.PARTIES, holder)
    ]
    return Part(ADDITIONAL, {ADDITIONAL: rows})


def customs_in(kind: str, holder: Any) -> Part:
    """The part of a record that is its custom fields: those that have a value."""
    taken = names_of(kind)
    values: dict[str, Value] = {}
    for row in rows_of(holder, "customField"):
        told = next(((name, part) for name, part in row.items() if name not in _ABOUT_CUSTOM), None)
        if (label := text_in(row.get("label"))) and told:
            values[custom.name_of(label, text_in(row.get("tag")), taken)] = _typed(*told)
    return Part(custom.CUSTOM, values)


def _typed(member: str, value: Value) -> Value:
    """A custom field's value, typed as the element that holds it."""
    if member == "boolean" and value in ("true", "false"):
        return value == "true"
    return day_or_text(value) if member == "date" else value


def _contacts(holder: Any) -> dict[str, Value]:
    """The rows of each sort that a party has, none where there are none."""
    found: dict[str, Value] = {}
    for name, (field, renamed) in CONTACTS.items():
        found[field] = [
            {renamed.get(member, member): value for member, value in row.items()}
            for row in rows_of(holder, name)
        ]
    others = holder.keys() - CONTACTS.keys() if isinstance(holder, dict) else ()
    return {**found, **{name: parts_of(holder, name) for name in sorted(others)}}


def _all(holder: Any, name: str) -> list[Any]:
    return holder if isinstance(holder, list) else parts_of(holder, name)
