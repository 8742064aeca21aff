"""Records as they are told: what is kept as an id becomes an object with its name."""

from collections.abc import Callable, Mapping
from typing import Any

from . import account, rows
from .entity import ENTITIES

Json = dict[str, Any]
Kept = Callable[[str, int], Json | None]
_AVATAR = "https://capsulecrm.com/theme/default/images/{}_avatar_70.png"


def user(number: int | None) -> Json | None:
    """A user as an owner, creator or completer."""
    found = account.USER_BY_ID.get(number or 0)
    return found and {name: found[name] for name in ("id", "username", "name")}


def _row(table: Mapping[int, Json], *names: str) -> Callable[[int | None], Json | None]:
    def told(number: int | None) -> Json | None:
        row = table.get(number) if number is not None else None
        return row and {name: row[name] for name in names}

    return told


_TOLD: Mapping[str, Callable[[Any], Any]] = {
    "owner": user,
    "creator": user,
    "completedBy": user,
    "team": _row(account.TEAM_BY_ID, "id", "name"),
    "milestone": _row(account.MILESTONE_BY_ID, "id", "name"),
    "lastOpenMilestone": _row(account.MILESTONE_BY_ID, "id", "name"),
    "lostReason": _row(account.LOST_BY_ID, "id", "name"),
    "stage": _row(account.STAGE_BY_ID, "id", "name"),
    "category": _row(account.CATEGORY_BY_ID, "id", "name", "colour"),
    "activityType": _row(account.ACTIVITY_BY_ID, "id", "name"),
    "websites": lambda found: [{**row, "url": rows.url(row)} for row in found],
}
_PARTY_ONLY = {"person": ("name",), "organisation": ("title", "firstName", "lastName", "jobTitle")}


def nested_party(doc: Json | None) -> Json | None:
    """A party inside another record."""
    if doc is None:
        return None
    names = ("firstName", "lastName") if doc["type"] == "person" else ("name",)
    return {
        "id": doc["id"],
        "type": doc["type"],
        **{name: doc[name] for name in names},
        "pictureURL": picture(doc),
    }


def nested(doc: Json | None) -> Json | None:
    """An opportunity or a kase inside another record."""
    return doc and {"id": doc["id"], "name": doc["name"]}


def picture(doc: Json) -> str:
    """The address of a party's picture."""
    return _AVATAR.format("org" if doc["type"] == "organisation" else "person")


def told(
    entity: str, doc: Json, kept: Kept, tags: Mapping[int, Json], definitions: Mapping[int, Json]
) -> Json:
    """A record with all its members, tags and fields among them."""
    found = dict(doc)
    for name, tell in _TOLD.items():
        if name in found:
            found[name] = tell(found[name])
    for name in ENTITIES[entity].references:
        other = "parties" if name in ("party", "organisation") else ENTITIES_OF[name]
        record = kept(other, doc[name]) if doc[name] is not None else None
        found[name] = nested_party(record) if other == "parties" else nested(record)
    if entity == "parties":
        found["pictureURL"] = picture(doc)
        for name in _PARTY_ONLY[doc["type"]]:
            del found[name]
        if doc["type"] == "organisation":
            del found["organisation"]
    if "tags" in doc:
        found["tags"] = [_tag(tags[number]) for number in doc["tags"] if number in tags]
        found["fields"] = [_field(row, definitions[row["definition"]]) for row in doc["fields"]]
    return found


ENTITIES_OF = {"opportunity": "opportunities", "kase": "kases"}


def _tag(tag: Json) -> Json:
    return {name: tag[name] for name in ("id", "name", "dataTag")}


def _field(row: Json, definition: Json) -> Json:
    found = {
        "id": row["id"],
        "value": row["value"],
        "definition": {"id": definition["id"], "name": definition["name"]},
    }
    tag = definition.get("tag")
    return {**found, "tagId": tag["id"]} if tag else found
