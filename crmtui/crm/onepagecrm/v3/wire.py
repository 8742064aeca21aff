"""Paths and headers of API v3, and single values as it wants them written.

Source: facts `onepagecrm.md`, section 6. How a value is cleared is a GUESS: as answers write that it is none.
"""

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from crmtui.crm.onepagecrm.v3.fields import UNIX
from crmtui.model.record import Value, is_empty
from crmtui.model.schema import Field, FieldType
from crmtui.model.value import canonical, number

ROOT: Final = "/api/v3"
ACCEPTS: Final = (("Accept", "application/json"),)
SENDS: Final = (*ACCEPTS, ("Content-Type", "application/json"))
MOST: Final = 100
"""The most rows of a page."""
_NULL = frozenset(
    {
        FieldType.INTEGER,
        FieldType.DECIMAL,
        FieldType.MONEY,
        FieldType.PERCENT,
        FieldType.BOOLEAN,
        FieldType.DATE,
        FieldType.DATETIME,
        FieldType.REFERENCE,
        FieldType.USER,
    }
)
"""The types of which no value is null; of the others it is an empty text."""


def path_of(kind: str, *parts: str) -> str:
    """The path of a kind, or of something beneath it, whatever a person typed."""
    return "/".join((ROOT, kind, *map(_path_part, parts)))


def _path_part(text: str) -> str:
    part = quote(text, safe="")
    return part if text.strip(".") else part.replace(".", "%2E")


def to_wire(field: Field, value: Value) -> Any:
    """One value as it is written; of rows those that hold something, as a person writes them."""
    if field.type is FieldType.ROWS:
        return [made for row in _list(value) if (made := _row(field, row))]
    if field.type is FieldType.CHOICES:
        return [] if is_empty(value) else canonical(field, value)
    if is_empty(value):
        return None if field.type in _NULL else ""
    if field.name in UNIX and isinstance(value, str):
        return _seconds(value)
    return canonical(field, value)


def moment_in(value: Value) -> Value:
    """Seconds since 1970 as an ISO moment; they may come as a text. Anything else stays what it is."""
    seconds = number(value) if isinstance(value, str) else value
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return value
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return value


def _seconds(text: str) -> Value:
    """A moment as seconds since 1970; one without a zone is taken as it would be read, which is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(moment.timestamp())


def _row(field: Field, row: Value) -> dict[str, Value]:
    """A row without what the service tells of it alone; none where nothing but its sort is left.

    A sort that nobody gave is the first one: the service takes no row without.
    """
    if not isinstance(row, dict):
        return {}
    told = {member.name for member in field.fields if member.read_only}
    found: dict[str, Value] = {n: value for n, value in row.items() if n not in told and value is not None}
    if all(is_empty(row.get(member.name)) for member in field.mains):
        return {}
    usual = {sort.name: sort.choices[0].value for sort in field.sorts if sort.choices}
    return {**found, **{name: value for name, value in usual.items() if is_empty(found.get(name))}}


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
