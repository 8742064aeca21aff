"""The lists of fields, users, groups and category tags.

Source: the vendor's page "API Reference" (section "Working with records") and public client code.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from crmtui.crm.solve360.said import parts_of, text_in
from crmtui.crm.solve360.standard_fields import COMPUTED, FIELDS
from crmtui.model.schema import Choice, Field, FieldType

_WORDS: Mapping[str, FieldType] = {
    "text": FieldType.TEXT,
    "string": FieldType.TEXT,
    "textarea": FieldType.MULTILINE,
    "select": FieldType.CHOICE,
    "dropdown": FieldType.CHOICE,
    "radio": FieldType.CHOICE,
    "multiselect": FieldType.CHOICES,
    "checkbox": FieldType.BOOLEAN,
    "boolean": FieldType.BOOLEAN,
    "number": FieldType.DECIMAL,
    "integer": FieldType.INTEGER,
    "currency": FieldType.MONEY,
    "percent": FieldType.PERCENT,
    "date": FieldType.DATE,
    "datetime": FieldType.DATETIME,
    "url": FieldType.URL,
    "email": FieldType.EMAIL,
    "phonenumber": FieldType.PHONE,
    "phone": FieldType.PHONE,
    "user": FieldType.USER,
}
_LISTS = ("options", "choices", "values", "items")
_PARTS = ("option", "choice", "value", "item")


def fields_of(kind: str, said: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a kind: those that are told in their order, then the built-in ones that are not."""
    known = {field.name: field for field in FIELDS.get(kind, ())}
    found: dict[str, Field] = {}
    for name, about in _entries(said):
        if name != "id":
            found.setdefault(name, _field(name, about, known.get(name)))
    return (*found.values(), *(field for name, field in known.items() if name not in found))


def words_of(said: Mapping[str, Any]) -> tuple[int, tuple[str, ...]]:
    """How many fields are told, and the words for types that nobody foresaw."""
    words = [text_in(about.get("type")).lower() for _, about in _entries(said)]
    return len(words), tuple(sorted({word for word in words if word and word not in _WORDS}))


def categories_of(said: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The category tags of a kind."""
    return _choices(said.get("categories"), "category")


def people_of(said: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The users, then the groups: either can own a record."""
    return (*_choices(said.get("users"), "user"), *_choices(said.get("groups"), "group"))


def _choices(holder: Any, part: str) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    for about in parts_of(holder, part):
        if isinstance(about, dict) and (id_ := text_in(about.get("id"))):
            found.setdefault(id_, Choice(id_, text_in(about.get("name")) or id_, text_in(about.get("email"))))
    return tuple(found.values())


def _entries(said: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    holder = said.get("fields")
    for about in parts_of(holder, "field"):
        if isinstance(about, dict) and (name := text_in(about.get("name"))):
            yield name, about


def _field(name: str, about: Mapping[str, Any], known: Field | None) -> Field:
    """A field as it is told; what is known of it counts where less is told."""
    if name in COMPUTED:
        return COMPUTED[name]
    options = _options(about)
    told = _WORDS.get(text_in(about.get("type")).lower())
    type_ = told or (known.type if known else FieldType.CHOICE if options else FieldType.UNKNOWN)
    if known is not None and type_ is FieldType.TEXT:
        type_ = known.type
    return Field(
        name,
        _label(about) or (known.label if known else ""),
        type_,
        read_only=known is not None and known.read_only,
        choices=options or (known.choices if known else None),
        asks=known is not None and known.asks,
        lookup=known.lookup if known else None,
        open=known is None or known.open,
    )


def _label(about: Mapping[str, Any]) -> str:
    """The label; in some answers it is an object with a title."""
    label = about.get("label")
    return text_in(label.get("title")) if isinstance(label, dict) and "title" in label else text_in(label)


def _options(about: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The values of a select, in whichever element they stand: no sample of one is public."""
    holder = next((about[name] for name in _LISTS if about.get(name)), None)
    parts = parts_of(holder, *_PARTS) if isinstance(holder, dict | list) else []
    found: dict[str, Choice] = {}
    for part in parts:
        label = (
            text_in(part.get("label", part.get("name", part))) if isinstance(part, dict) else text_in(part)
        )
        value = (text_in(part.get("value", part.get("id"))) if isinstance(part, dict) else "") or label
        if value:
            found.setdefault(value, Choice(value, label or value))
    return tuple(found.values())
