"""The nouns of a SpotlerCRM data dictionary: a field and the object it belongs to."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Type(StrEnum):
    """Field types by the names the vendor's help uses (help article "Custom Field Types")."""

    TEXT = "Text"
    EMAIL = "Email"
    URL = "URL"
    TEXTAREA = "Textarea"
    MEMO = "Memo"
    MULTI_SELECT = "Multi-select"
    CHECKBOX = "Checkbox"
    DATE = "Date"
    NUMBER = "Number"
    CURRENCY = "Currency"
    PERCENT = "Percent"


NUMERIC = frozenset({Type.NUMBER, Type.CURRENCY, Type.PERCENT})
LENGTHS = {Type.TEXT: 100, Type.EMAIL: 50, Type.URL: 100, Type.TEXTAREA: 10_000, Type.MULTI_SELECT: 100}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object."""

    name: str
    label: str
    type: Type = Type.TEXT
    required: bool = False
    lookup: str = ""
    refers_to: str = ""
    default: str | int | None = None
    server_set: bool = False
    """Set by the service; what a client sends is ignored."""
    day_only: bool = False
    """A date without a time of day."""
    as_string: bool = False
    """A checkbox whose wire values are the strings "0" and "1", as in custom fields."""
    hidden: bool = False
    """Taken in a POST to link records, but neither in answers nor in the dictionary."""

    @property
    def max_length(self) -> int | None:
        """The longest text it takes, or None where there is no limit."""
        return LENGTHS.get(self.type)

    @property
    def is_number(self) -> bool:
        """Whether its values are JSON numbers."""
        return self.type in NUMERIC or (self.type is Type.CHECKBOX and not self.as_string)

    @property
    def is_text(self) -> bool:
        """Whether its values compare as text without regard to case."""
        return not self.is_number and self.type is not Type.DATE


@dataclass(frozen=True)
class Kind:
    """One object: its name in paths, the word for one record, and its fields."""

    name: str
    record_type: str
    fields: tuple[Field, ...]
    first_id: int
    indexed: tuple[str, ...] = ()
    read_only: bool = False
    parent: str = ""
    """The hidden field that names the record it hangs under."""

    @cached_property
    def visible(self) -> tuple[Field, ...]:
        """The fields a client may know."""
        return tuple(field for field in self.fields if not field.hidden)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The visible fields by name."""
        return {field.name: field for field in self.visible}
