"""The nouns of the account's setup: a field, and the kind of record or activity it belongs to."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Type(StrEnum):
    """Field types; those of users and checkboxes are not known from any document."""

    TEXT = "text"
    TEXTAREA = "textarea"
    SELECT = "select"
    NUMBER = "number"
    CURRENCY = "currency"
    DATE = "date"
    MOMENT = "datetime"
    URL = "url"
    EMAIL = "email"
    PHONE = "phonenumber"
    USER = "user"
    CHECKBOX = "checkbox"


@dataclass(frozen=True, slots=True)
class Field:
    """One field."""

    name: str
    label: str
    type: Type = Type.TEXT
    choices: tuple[str, ...] = ()
    computed: bool = False
    """Listed among the fields, but refused in a write."""


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of record: its segment in paths, its type id, and its fields."""

    segment: str
    type_id: int
    first_id: int
    fields: tuple[Field, ...]
    title: tuple[str, ...]
    """The fields whose values make up the record's name."""
    core: tuple[str, ...]
    """The fields that a record shows even when they are empty, in the order in which they come first."""
    relatable: bool = True

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def stored(self) -> tuple[Field, ...]:
        """The fields with values of their own: flagged stands beside the fields, others are computed."""
        return tuple(field for field in self.fields if not field.computed and field.name != "flagged")

    @cached_property
    def shown(self) -> tuple[Field, ...]:
        """The stored fields in the order in which a record shows them."""
        first = [self.by_name[name] for name in self.core]
        return (*first, *(field for field in self.stored if field.name not in self.core))

    def named(self, *types: Type) -> tuple[str, ...]:
        """The names of the stored fields of these types."""
        return tuple(field.name for field in self.stored if field.type in types)


@dataclass(frozen=True, eq=False)
class Activity:
    """A type of activity: its segment in paths, its type id, and its fields."""

    segment: str
    type_id: int
    fields: tuple[Field, ...]
    title: str = ""
    """The field that is shown as the activity's name; without one it is the label."""
    label: str = ""
    completable: bool = False

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {field.name: field for field in self.fields}
