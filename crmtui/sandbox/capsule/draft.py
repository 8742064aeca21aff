"""What the rules of all entities share: owners and teams, references, tags and custom fields."""

from collections.abc import Mapping
from typing import Any, Protocol

from . import rows, values
from .account import TEAM_BY_ID, TEAMS, USERS
from .refusal import refused
from .values import Check, Wrong

Json = dict[str, Any]
_BY_USERNAME = values.choice(USERS, "owner", "username")


class Records(Protocol):
    """What the rules need of the account."""

    def next_id(self) -> int:
        """An id that nothing has had."""

    def kept(self, entity: str, number: int) -> Json | None:
        """A record with other records as ids."""

    def tags(self, entity: str) -> list[Json]:
        """The tags of an entity."""

    def make_tag(self, entity: str, name: str) -> int:
        """A new tag's id."""

    def fields(self, entity: str) -> Mapping[int, Json]:
        """The custom fields of an entity by id."""

    def employer(self, name: str) -> int:
        """The id of the organisation of a name, which is made where there is none."""

    def now(self) -> str:
        """The moment of the change."""

    def today(self) -> str:
        """Its day."""


def owner(value: Any) -> int | None:
    """A user's id, from their id or, where none is given, from their username."""
    found: int | None = _BY_USERNAME(value)
    return found


OWNED: Mapping[str, Check] = {"owner": owner, "team": values.choice(TEAMS, "team")}
TAGGED: Mapping[str, Check] = {"tags": values.objects, "fields": values.objects}
TOLD = ("id", "createdAt", "updatedAt", "lastContactedAt", "pictureURL")
"""Members that answers hold and bodies may repeat, to no effect."""


def check_team(doc: Json, resource: str) -> None:
    """An owner beside a team is one of its members."""
    team = TEAM_BY_ID.get(doc["team"])
    if team is not None and doc["owner"] is not None and doc["owner"] not in team["members"]:
        raise refused("owner is not a member of the team", resource, "owner")


def tagged(records: Records, entity: str, old: Json, given: Json) -> Json:
    """The tags and fields of a record after a change."""
    found: Json = {}
    if "tags" in given:
        known = records.tags(entity)
        make = lambda name: records.make_tag(entity, name)  # noqa: E731
        found["tags"] = rows.tags(old["tags"], given["tags"], known, make)
    if "fields" in given:
        found["fields"] = rows.fields(old["fields"], given["fields"], records.fields(entity), records.next_id)
    return found


def check_records(records: Records, given: Json, entities: Mapping[str, str], resource: str) -> None:
    """Refuse references to records that there are not; `entities` by the name of the member."""
    for name, entity in entities.items():
        number = given.get(name)
        if number is not None and records.kept(entity, number) is None:
            raise refused(f"{name} not found", resource, name)


def fixed(word: Any) -> Check:
    """Takes a value that can no longer change."""

    def check(value: Any) -> Any:
        if value != word:
            raise Wrong("cannot be changed")
        return value

    return check
