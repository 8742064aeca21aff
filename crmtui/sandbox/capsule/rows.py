"""The rows of a record's arrays: ways to reach a party, tags, and values of custom fields."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .places import COUNTRY_NAMES
from .refusal import Missing, refused
from .values import Check, Wrong, day, one_of, taken, text, whole

Json = dict[str, Any]
SERVICES = (
    "URL", "SKYPE", "TWITTER", "FACEBOOK", "LINKED_IN", "XING", "FEED", "GOOGLE_PLUS", "FLICKR", "GITHUB",
    "YOUTUBE", "INSTAGRAM", "PINTEREST", "TIKTOK", "THREADS", "BLUESKY", "SNAPCHAT",
)  # fmt: skip
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_SITES = {"TWITTER": "https://twitter.com/", "FACEBOOK": "https://facebook.com/", "SKYPE": "skype:"}


def _country(value: Any) -> str | None:
    name = text(value)
    if name is not None and name not in COUNTRY_NAMES:
        raise Wrong("unknown country")
    return name


CHILDREN: Mapping[str, tuple[str, Mapping[str, Check], str | None]] = {
    "addresses": (
        "address",
        {
            "type": one_of("Home", "Office", "Postal"),
            "street": text,
            "city": text,
            "state": text,
            "zip": text,
            "country": _country,
        },
        None,
    ),
    "phoneNumbers": (
        "phoneNumber",
        {"type": one_of("Home", "Work", "Mobile", "Fax", "Direct"), "number": text},
        "number",
    ),
    "emailAddresses": ("emailAddress", {"type": one_of("Home", "Work"), "address": text}, "address"),
    "websites": (
        "website",
        {"type": one_of("Home", "Work"), "service": one_of(*SERVICES), "address": text},
        "address",
    ),
}
"""Per array of a party: the resource of its rows, their members, and the one that must have a value."""


def children(name: str, old: list[Json], given: Iterable[Json], next_id: Callable[[], int]) -> list[Json]:
    """An array after a change: rows without id are new, with id changed, with `_delete` gone."""
    resource, checks, needed = CHILDREN[name]
    rows = {row["id"]: row for row in old}
    for change in given:
        number = _id(change, resource)
        if number is not None and number not in rows:
            raise Missing(resource)
        if number is not None and change.get("_delete") is True:
            del rows[number]
            continue
        # Any other word than `_delete` is passed over in silence, as the service does.
        values = taken(change, checks, ("id", "url", "_delete", "_destroy"), resource)
        row = {**(rows[number] if number else dict.fromkeys(checks)), **values}
        if needed and not row[needed]:
            raise refused(f"{needed} is required", resource, needed)
        if name == "websites":
            row["service"] = row["service"] or "URL"
        key = number or next_id()
        rows[key] = {"id": key, **{member: row[member] for member in checks}}
    return list(rows.values())


def _id(change: Json, resource: str) -> int | None:
    try:
        return whole(change.get("id"))
    except Wrong as wrong:
        raise refused(str(wrong), resource, "id") from wrong


def url(row: Json) -> str:
    """Where a website row leads."""
    address: str = row["address"]
    if "://" in address or row["service"] not in ("URL", "FEED", *_SITES):
        return address
    return f"{_SITES.get(row['service'], 'http://')}{address.removeprefix('@')}"


def tags(
    old: list[int], given: Iterable[Json], known: Iterable[Json], make: Callable[[str], int]
) -> list[int]:
    """The ids of a record's tags after a change; a name that no tag has makes one."""
    ids = {tag["id"] for tag in known}
    names = {tag["name"].casefold(): tag["id"] for tag in known}
    found = list(old)
    for change in given:
        number, name = _id(change, "tag"), change.get("name")
        if number is None and isinstance(name, str) and name.strip():
            number = names.get(name.casefold())
        if change.get("_delete") is True:
            if number not in found:
                raise refused("tag not found to delete", "tag", "id")
            found.remove(number)
            continue
        if number is None:
            if not isinstance(name, str) or not name.strip():
                raise refused("name is required", "tag", "name")
            number = make(name)
        elif number not in ids:
            raise refused("tag not found", "tag", "id")
        if number not in found:
            found.append(number)
    return found


def fields(
    old: list[Json], given: Iterable[Json], known: Mapping[int, Json], next_id: Callable[[], int]
) -> list[Json]:
    """A record's values of custom fields after a change; a value of nothing takes the row away."""
    rows = {row["id"]: row for row in old}
    for change in given:
        number = _id(change, "field")
        if number is not None and number not in rows:
            raise Missing("field")
        if number is not None and change.get("_delete") is True:
            del rows[number]
            continue
        definition = _definition(change, rows.get(number), known)
        if "value" not in change:
            raise refused("value is required", "field", "value")
        value = _field_value(definition, change["value"])
        at = next((row["id"] for row in rows.values() if row["definition"] == definition["id"]), None)
        if value is None:
            rows.pop(at, None)
        else:
            key = at or next_id()
            rows[key] = {"id": key, "definition": definition["id"], "value": value}
    return list(rows.values())


def _definition(change: Json, row: Json | None, known: Mapping[int, Json]) -> Json:
    if row is not None:
        return known[row["definition"]]
    given = change.get("definition")
    number = given.get("id") if isinstance(given, dict) else given
    if number is None:
        raise refused("definition is required", "field", "definition")
    if not isinstance(number, int) or number not in known:
        raise refused("field definition not found", "field", "definition")
    return known[number]


def _field_value(definition: Json, value: Any) -> Any:
    try:
        return _of_type(definition, value)
    except Wrong as wrong:
        raise refused(str(wrong), "field", "value") from wrong


def _of_type(definition: Json, value: Any) -> Any:
    kind = definition["type"]
    if kind == "boolean":
        if not isinstance(value, bool):
            raise Wrong("invalid type for field")
        return value
    if value is None or value == "":
        return None
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        value = repr(value)
    if not isinstance(value, str):
        raise Wrong("invalid type for field")
    if kind == "number" and not _NUMBER.fullmatch(value):
        raise Wrong("invalid type for field")
    if kind == "list" and value not in definition["options"]:
        raise Wrong("value is not one of the options")
    return day(value) if kind == "date" else value
