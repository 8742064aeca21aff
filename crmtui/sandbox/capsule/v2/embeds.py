"""Records as v2 answers with them: short, and longer by what `embed` asks for."""

from typing import Any

from crmtui.sandbox.capsule import account
from crmtui.sandbox.capsule.entity import ENTITIES, TAGGED
from crmtui.sandbox.capsule.office import Office

from .dialect import Dialect
from .message import Asked, invalid

Json = dict[str, Any]
_TAGGED = ("tags", "fields", "missingImportantFields")
ALLOWED = {
    "parties": (*_TAGGED, "organisation"),
    "opportunities": (*_TAGGED, "party", "milestone"),
    "kases": (*_TAGGED, "party", "opportunity"),
    "tasks": ("party", "opportunity", "kase", "owner", "nextTask"),
    "entries": ("party", "kase", "opportunity", "creator", "activityType"),
    "users": ("party",),
    "trackdefinitions": ("task",),
}
_ENTITIES = {
    "party": "parties",
    "organisation": "parties",
    "opportunity": "opportunities",
    "kase": "kases",
}
_TABLES = {
    "owner": account.USER_BY_ID,
    "creator": account.USER_BY_ID,
    "milestone": account.MILESTONE_BY_ID,
    "activityType": account.ACTIVITY_BY_ID,
}
_OMITTED = ("attachments", "participants", "subject", "party", "opportunity", "kase")
"""Members that an entry has only with a value."""


def embeds(asked: Asked, entity: str) -> frozenset[str]:
    """What a call wants embedded, if its entity has it."""
    words = frozenset(word for word in asked.parameters.get("embed", "").split(",") if word)
    unknown = words.difference(ALLOWED.get(entity, ()))
    if unknown:
        raise invalid(f"invalid embed: {', '.join(sorted(unknown))}", "query", "embed")
    return words


class Embeds:
    """Makes answers of the records of the account."""

    def __init__(self, office: Office, dialect: Dialect) -> None:
        self._office = office
        self._milliseconds = dialect.stamps == "milliseconds"

    def told(self, entity: str, record: Json, wanted: frozenset[str]) -> Json:
        """A record with what is wanted of it."""
        found = self._plain(entity, record)
        if entity in TAGGED:
            for name in ("tags", "fields"):
                if name in wanted:
                    found[name] = record[name]
            if "missingImportantFields" in wanted:
                found["missingImportantFields"] = self._lacking(entity, record)
        for name in wanted.intersection(found):
            if found[name] is not None and name not in _TAGGED:
                found[name] = self._whole(name, found[name]["id"])
        if entity == "entries":
            found = {name: value for name, value in found.items() if value or name not in _OMITTED}
        return self.stamped(found) if self._milliseconds else found

    def stamped(self, value: Any, name: str = "") -> Any:
        """A value with the milliseconds of its moments."""
        if isinstance(value, dict):
            return {key: self.stamped(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [self.stamped(each) for each in value]
        return value.replace("Z", ".042Z") if name.endswith("At") and isinstance(value, str) else value

    def _plain(self, entity: str, record: Json) -> Json:
        hidden = ("tags", "fields") if entity in TAGGED else ()
        return {name: value for name, value in record.items() if name not in hidden}

    def _whole(self, name: str, number: int) -> Json | None:
        if name in _TABLES:
            return dict(_TABLES[name][number])
        entity = _ENTITIES.get(name, "tasks")
        record = self._office.get(ENTITIES[entity].name, number)
        return record and self._plain(entity, record)

    def _lacking(self, entity: str, record: Json) -> bool:
        given = {row["definition"]["id"] for row in record["fields"]}
        important = {row["id"] for row in self._office.definitions(entity) if row["important"]}
        return not important <= given
