"""Paths and headers of API v2, and single values as it wants them written.

Source: facts `capsule.md`, sections 2.1, 2.3 and 2.4.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from crmtui.crm.capsule import kinds
from crmtui.model.call import Answer
from crmtui.model.errors import Invalid
from crmtui.model.record import Value, is_empty
from crmtui.model.schema import Field, FieldType
from crmtui.model.value import canonical, fold, text_of

ROOT: Final = "/api/v2"
ACCEPTS: Final = (("Accept", "application/json"),)
SENDS: Final = (*ACCEPTS, ("Content-Type", "application/json"))
MOST: Final = 100
"""The most rows of a page."""
EMBEDDED: Mapping[str, str] = {
    kinds.PARTIES: "tags,fields",
    kinds.OPPORTUNITIES: "tags,fields",
    kinds.KASES: "tags,fields",
    kinds.TASKS: "party,opportunity,kase,owner,nextTask",
    kinds.ENTRIES: "party,kase,opportunity,creator,activityType",
}
"""What answers hold only where they are asked for it."""
DEFINED: Final = (kinds.PARTIES, kinds.OPPORTUNITIES, kinds.KASES)
"""The kinds that have custom fields, tags and a feed of what was deleted."""
_BY_ID: Final = frozenset(
    {"organisation", "party", "milestone", "team", "opportunity", "kase", "category", "lostReason"}
)
"""The members that are written as an object with an id."""
_MADE_BY_NAME: Final = "category"
_BARE: Final = "stage"
"""The member that is written as an id, and read as an object."""


def path_of(kind: str, *parts: str) -> str:
    """The path of a kind, or of something beneath it, whatever a person typed."""
    return "/".join((ROOT, kind, *map(_path_part, parts)))


def _path_part(text: str) -> str:
    part = quote(text, safe="")
    return part if text.strip(".") else part.replace(".", "%2E")


def has_more(answer: Answer) -> bool | None:
    """Whether rows follow a page, by either of two headers; None where neither is there."""
    said = answer.headers.get("x-pagination-has-more", "").strip().lower()
    link = answer.headers.get("link")
    if said in ("true", "false"):
        return said == "true"
    return None if link is None else 'rel="next"' in link or "rel=next" in link


def id_to_wire(text: str) -> int | str:
    """An id as the number that it is."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else text


def user_to_wire(field: Field, value: Value) -> dict[str, Value] | None:
    """A user by name, and by id where the users are known."""
    if is_empty(value):
        return None
    name = text_of(value)
    known = next((each for each in field.choices or () if fold(each.value) == fold(name)), None)
    return (
        {"id": id_to_wire(known.key), "username": known.value} if known and known.key else {"username": name}
    )


def to_wire(field: Field, value: Value) -> Value:
    """One value of a built-in field; `Invalid` for a reference that is no id."""
    if is_empty(value):
        return None
    if field.type is FieldType.USER:
        return user_to_wire(field, value)
    if field.name in _BY_ID or field.name == _BARE:
        return _reference(field.name, text_of(value))
    if field.type is FieldType.DATETIME and isinstance(value, str):
        return _moment(value)
    return canonical(field, value)


def custom_to_wire(field: Field, value: Value) -> dict[str, Value]:
    """One row of `fields`; null clears all but yes/no, which null is refused of."""
    plain: Value = None if is_empty(value) else canonical(field, value)
    if plain is None and field.type is FieldType.BOOLEAN:
        plain = False
    return {"definition": {"id": id_to_wire(field.key[0])}, "value": plain}


def _reference(name: str, text: str) -> Value:
    id_ = id_to_wire(text)
    if isinstance(id_, int):
        return id_ if name == _BARE else {"id": id_}
    if name == _MADE_BY_NAME:
        return {"name": text}
    raise Invalid(f'Nothing was sent: {name} is no id: "{text}".', {name: f'is no id: "{text}"'})


def _moment(text: str) -> str:
    """A moment in UTC; one without a zone is taken as it would be read, which is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
