"""What records are found by: columns that are computed of them, and conditions on these."""

from collections.abc import Callable, Mapping
from typing import Any

from crmtui.sandbox.text import fold

Json = dict[str, Any]
Condition = tuple[str, Callable[[Any], Any]]
"""SQL with one place for a value, and what is made of the value that is asked for."""


def same(value: Any) -> Any:
    """The value itself, as a condition takes it."""
    return value


def equal(column: str) -> Condition:
    """A column has the value."""
    return f"{column} = ?", same


def within(column: str) -> Condition:
    """A column has the value within it, in whatever case."""
    return f"instr({column}, ?) > 0", lambda value: fold(value)


def letter(name: str) -> str:
    """The letter under which a name stands: `1` where it does not begin with one from a to z."""
    first = name[:1].casefold()
    return first if first.isascii() and first.isalpha() else "1"


def digits(text: str) -> str:
    """The digits of a telephone number."""
    return "".join(char for char in text if char.isdigit())


def contact_name(doc: Json) -> str:
    """A contact's first and last name."""
    return " ".join(part for part in (doc["first_name"], doc["last_name"]) if part)


def filed(doc: Json) -> str:
    """What a contact is filed under: its last name, or that of its company."""
    return str(doc["last_name"] or doc["company_name"] or doc["first_name"])


def words(doc: Json) -> str:
    """What a contact is searched by: its name, its company, the digits of its telephone numbers."""
    parts = [contact_name(doc), doc["company_name"], *(digits(row["value"]) for row in doc["phones"])]
    return "\n".join(parts).casefold()


def values(name: str) -> Callable[[Json], str]:
    """The column of the values of rows, such as e-mail addresses."""
    return lambda doc: "\n".join(row["value"] for row in doc[name]).casefold()


def fields(doc: Json) -> str:
    """The values of custom fields, each choice of several by itself."""
    pairs = [
        f"{ident}={one}"
        for ident, value in doc["custom_fields"].items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return "\n".join(pairs).casefold()


def folded(name: str) -> Callable[[Json], str]:
    """The column of a member in whatever case."""
    return lambda doc: str(doc[name] or "").casefold()


def plain(name: str) -> Callable[[Json], Any]:
    """The column of a member as it is."""
    return lambda doc: doc[name]


STAMPED: Mapping[str, Callable[[Json], Any]] = {
    "created": plain("created_at"),
    "modified": plain("modified_at"),
}


def times(*columns: str) -> Mapping[str, Condition]:
    """From and up to a moment of each column, and the two shorter names for that of the last change."""
    found: dict[str, Condition] = {}
    for column in ("created", "modified", *columns):
        found |= {f"{column}_from": (f"{column} >= ?", same), f"{column}_to": (f"{column} <= ?", same)}
    return found
