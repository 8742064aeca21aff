"""The definitions of custom fields, and the lists of values that fields take.

Source: facts `capsule.md`, sections 2.2 and 2.3. How the newer types of fields are spelt is not known.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from crmtui.crm.capsule import custom, kinds
from crmtui.crm.capsule.fields import FIELDS
from crmtui.crm.capsule.v2.said import id_of, taken_of, text_in
from crmtui.model.schema import Choice, Field, FieldType

_WORDS: Mapping[str, FieldType] = {
    "text": FieldType.TEXT,
    "largetext": FieldType.MULTILINE,
    "date": FieldType.DATE,
    "list": FieldType.CHOICE,
    "multiselectlist": FieldType.CHOICES,
    "multiselect": FieldType.CHOICES,
    "boolean": FieldType.BOOLEAN,
    "number": FieldType.DECIMAL,
    "link": FieldType.URL,
}
_LISTS = (FieldType.CHOICE, FieldType.CHOICES)
_APART = re.compile(r"[\s_-]+")


class Lookup(NamedTuple):
    """Where the values of a field are listed, and the members of a row that tell of one.

    `group`: the member by whose name a value is told apart from others of its label.
    """

    path: str
    value: str = "id"
    label: str = "name"
    key: str = ""
    group: str = ""


LOOKUPS: Mapping[str, Lookup] = {
    "team": Lookup("teams"),
    "category": Lookup("categories"),
    "stage": Lookup("stages", group="board"),
    "title": Lookup("titles", value="title", label="title"),
    "lostReason": Lookup("lostreasons", key="name"),
    "currency": Lookup("currencies", value="code"),
    "country": Lookup("countries", value="name"),
}
"""The lists that one request brings, by the name of the field."""
USERS = Lookup("users", value="username", key="id")
TAGS = Lookup("tags", value="name", key="id")
MILESTONES = Lookup("milestones", key="name", group="pipeline")


def schema_fields(kind: str, definitions: Sequence[Mapping[str, Any]]) -> tuple[Field, ...]:
    """The built-in fields of a kind, then those that the account defines."""
    defined: dict[str, tuple[Field, str]] = {}
    for about in definitions:
        field, tag = _field(kind, about)
        while field.name in defined:
            field = msgspec.structs.replace(field, name=f"custom/{field.name}")
        defined[field.name] = field, tag
    return (*FIELDS[kind], *custom.told_apart(defined.values()))


def strange_words(definitions: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The words for types that nobody foresaw."""
    words = {text_in(about, "type") for about in definitions}
    return tuple(sorted(word for word in words if _plain(word) not in _WORDS))


def choices_of(lookup: Lookup, rows: Iterable[Mapping[str, Any]]) -> tuple[Choice, ...]:
    """The values of a list; of those with one label each with its group behind it."""
    found: dict[str, tuple[Choice, str]] = {}
    for row in rows:
        value = _text(row, lookup.value)
        if value:
            label = _text(row, lookup.label) or value
            choice = Choice(value, label, text_in(row, "email"), _text(row, lookup.key))
            group = row.get(lookup.group)
            found.setdefault(value, (choice, text_in(group, "name") if isinstance(group, dict) else ""))
    labels = Counter(choice.label for choice, _ in found.values())
    return tuple(
        msgspec.structs.replace(choice, label=f"{choice.label} ({group})")
        if group and labels[choice.label] > 1
        else choice
        for choice, group in found.values()
    )


def _field(kind: str, about: Mapping[str, Any]) -> tuple[Field, str]:
    id_, label = id_of(about), text_in(about, "name")
    held = about.get("tag")
    tag = text_in(held, "name") if isinstance(held, dict) else ""
    type_ = _WORDS.get(_plain(text_in(about, "type")), FieldType.UNKNOWN)
    options = tuple(dict.fromkeys(_option(each) for each in about.get("options") or ()))
    rule = text_in(about, "captureRule").lower()
    field = Field(
        custom.name_of(label or id_, tag, taken_of(kind)),
        label or id_,
        type_,
        choices=tuple(Choice(option, option) for option in options) if type_ in _LISTS else None,
        open=type_ not in _LISTS,
        given=("type", rule) if kind == kinds.PARTIES and rule in ("person", "organisation") else None,
        key=(id_, tag),
    )
    return field, tag


def _option(part: Any) -> str:
    """An option of a list, which is a text; an object would tell it as its name."""
    return text_in(part, "name") or text_in(part, "value") if isinstance(part, dict) else str(part)


def _plain(word: str) -> str:
    return _APART.sub("", word).lower()


def _text(row: Mapping[str, Any], name: str) -> str:
    found = row.get(name)
    return str(found) if isinstance(found, int | str) and not isinstance(found, bool) else ""
