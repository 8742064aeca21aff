"""What Capsule v1's records consist of: the fields of v2 that it has, custom ones, and lists of values.

Source: facts `capsule.md`, sections 1.1 and 1.3.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from crmtui.crm.capsule import custom, kinds
from crmtui.crm.capsule.fields import FIELDS, ORGANISATION, PERSON, SERVICES
from crmtui.crm.capsule.v1.said import parts_of, rows_of, text_in
from crmtui.model.schema import Choice, Field, FieldType, Schema

_LACKED: Mapping[str, frozenset[str]] = {
    kinds.PARTIES: frozenset({"owner", "team"}),
    kinds.OPPORTUNITIES: frozenset(
        {"team", "lostReason", "lastOpenMilestone", "lastStageChangedAt", "lastContactedAt"}
    ),
    kinds.KASES: frozenset({"team", "stage", "opportunity", "startOn", "expectedCloseOn", "lastContactedAt"}),
    kinds.TASKS: frozenset({"completedBy"}),
    kinds.ENTRIES: frozenset({"activityType", kinds.CREATED, kinds.STAMP}),
}
_UNKNOWN_WORDS = frozenset(
    {"WEEK", "QUARTER", "PENDING", "Direct", *SERVICES[SERVICES.index("PINTEREST") + 1 :]}
)
"""Values of v2's lists that came after v1."""
_TITLES = ("Mr", "Master", "Mrs", "Miss", "Ms", "Dr")
_TYPES: Mapping[str, FieldType] = {
    "text": FieldType.TEXT,
    "date": FieldType.DATE,
    "list": FieldType.CHOICE,
    "boolean": FieldType.BOOLEAN,
    "number": FieldType.DECIMAL,
}
_CLASSES = {PERSON[1]: PERSON, ORGANISATION[1]: ORGANISATION}
_LAST = 1_000_000


@cache
def built_in(kind: str) -> tuple[Field, ...]:
    """The fields of a kind that every account has."""
    fields = tuple(_as_here(field) for field in FIELDS[kind] if field.name not in _LACKED[kind])
    if kind != kinds.ENTRIES:
        return fields
    # What v2 tells by the type of the activity, v1 tells by that of the entry.
    return tuple(
        msgspec.structs.replace(field, type=FieldType.CHOICE) if field.name == "type" else field
        for field in fields
    )


@cache
def names_of(kind: str) -> frozenset[str]:
    """The names that no custom field of a kind can have by itself, in v2 either."""
    return frozenset(field.name for field in FIELDS[kind])


def schema_of(kind: str, node: Any, at: float) -> Schema:
    """The built-in fields and those that `customfield/definitions` tells, in the order of its form."""
    rows = [row for row in rows_of(node, "customFieldDefinition") if text_in(row.get("label"))]
    found: dict[str, tuple[Field, str]] = {}
    for row in sorted(rows, key=_place):
        field = _custom(kind, row)
        if (twin := found.get(field.name)) is None:
            found[field.name] = field, text_in(row.get("tag"))
        elif twin[0].given != field.given:  # one of people and one of organisations, called the same
            found[field.name] = msgspec.structs.replace(twin[0], given=None), twin[1]
    words = {text_in(row.get("type")).lower() for row in rows}
    strange = tuple(sorted(word for word in words if word and word not in _TYPES))
    return Schema(kind, (*built_in(kind), *custom.told_apart(found.values())), at, len(rows), strange)


def users_in(node: Any) -> tuple[Choice, ...]:
    """The users by their usernames, which records name them by."""
    return _choices((text_in(row.get("username")), text_in(row.get("name"))) for row in rows_of(node, "user"))


def milestones_in(node: Any) -> tuple[Choice, ...]:
    """The milestones by their ids."""
    return _choices((text_in(row.get("id")), text_in(row.get("name"))) for row in rows_of(node, "milestone"))


def words_in(node: Any, name: str) -> tuple[Choice, ...]:
    """A list of plain texts; elements that have a code and a name are taken too."""
    return _choices(_word(part) for part in parts_of(node, name))


def _choices(pairs: Iterator[tuple[str, str]]) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    for value, label in pairs:
        if value:
            found.setdefault(value, Choice(value, label or value))
    return tuple(found.values())


def _word(part: Any) -> tuple[str, str]:
    if not isinstance(part, dict):
        return text_in(part), ""
    name = text_in(part.get("name"))
    return text_in(part.get("code")) or name, name


def _as_here(field: Field) -> Field:
    """A field of v2 as it is in v1: by a part of its own, with fewer values, or with a fixed list."""
    field = _without_later(field)
    match field.name:
        case kinds.TAGS:
            return msgspec.structs.replace(field, part=kinds.TAGS, listed=False, asks=False)
        case "title":
            titles = tuple(Choice(title, title) for title in _TITLES)
            return msgspec.structs.replace(field, asks=False, choices=titles)
        case _:
            return field


def _without_later(field: Field) -> Field:
    choices = field.choices
    if choices is not None:
        choices = tuple(choice for choice in choices if choice.value not in _UNKNOWN_WORDS)
    return msgspec.structs.replace(
        field, choices=choices, fields=tuple(_without_later(member) for member in field.fields)
    )


def _custom(kind: str, row: Mapping[str, Any]) -> Field:
    label, tag = text_in(row.get("label")), text_in(row.get("tag"))
    type_ = _TYPES.get(text_in(row.get("type")).lower(), FieldType.UNKNOWN)
    options = text_in(row.get("options"))
    lists = type_ is FieldType.CHOICE
    choices = _choices((part, part) for part in map(str.strip, options.split(";"))) if lists else None
    return Field(
        custom.name_of(label, tag, names_of(kind)),
        label,
        type_,
        choices=choices,
        open=not lists,
        part=custom.CUSTOM,
        listed=False,
        given=_CLASSES.get(text_in(row.get("forPartyClass")).lower()) if kind == kinds.PARTIES else None,
        key=(label, tag),
        pattern=options if type_ is FieldType.TEXT else "",
    )


def _place(row: Mapping[str, Any]) -> int:
    """Where a field stands in a form; those that do not tell come last, as they came."""
    order = text_in(row.get("displayOrder"))
    return int(order) if order.isascii() and order.isdigit() and len(order) < 7 else _LAST
