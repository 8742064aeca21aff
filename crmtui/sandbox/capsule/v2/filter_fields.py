"""The fields that filters know, with their types; their names differ from those of records (Filters page)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from crmtui.sandbox.capsule import account
from crmtui.sandbox.capsule.entity import party_name
from crmtui.sandbox.capsule.office import Office

Json = dict[str, Any]
Values = Callable[[Json], Iterable[Any]]
"""The values a record has in a field, none if it is empty."""
_CUSTOM = re.compile(r"(org\.)?custom:(\d{1,18})", re.ASCII)
_TYPES = {"date": "date", "number": "number", "boolean": "boolean"}


@dataclass(frozen=True, slots=True)
class Field:
    """A field: of type string, number, date, boolean, or `named`, which has an id and a name."""

    type: str
    values: Values


class Fields:
    """The fields that an entity is filtered by."""

    def __init__(self, entity: str, office: Office) -> None:
        self._office = office
        self._definitions = office.fields(entity)
        self._tags = {tag["id"]: tag["name"] for tag in office.tags(entity)}
        self._named = {
            "parties": self._of_parties,
            "opportunities": self._of_opportunities,
            "kases": self._of_kases,
        }[entity]() | self._of_all()

    def get(self, name: str) -> Field | None:
        """The field of a name, if there is one."""
        custom = _CUSTOM.fullmatch(name)
        if custom is None:
            return self._named.get(name)
        definition = self._definitions.get(int(custom[2]))
        if definition is None or (custom[1] and "org.name" not in self._named):
            return None
        kind = _TYPES.get(definition["type"], "string")
        values = _custom(definition)
        return Field(kind, self._of_employer(values) if custom[1] else values)

    def _of_all(self) -> dict[str, Field]:
        return {
            "id": Field("number", _member("id")),
            "owner": Field("number", _member("owner")),
            "team": Field("number", _member("team")),
            "tag": Field("named", self._tagged),
            "hasTags": _flag(lambda doc: doc["tags"]),
            "addedOn": Field("date", _day("createdAt")),
            "updatedOn": Field("date", _day("updatedAt")),
        }

    def _of_parties(self) -> dict[str, Field]:
        rows = {
            "email": ("emailAddresses", "address"),
            "phone": ("phoneNumbers", "number"),
            "city": ("addresses", "city"),
            "zip": ("addresses", "zip"),
            "state": ("addresses", "state"),
            "country": ("addresses", "country"),
        }
        return {
            **{name: Field("string", _rows(*each)) for name, each in rows.items()},
            "name": Field("string", lambda doc: [party_name(doc)]),
            "jobTitle": Field("string", _member("jobTitle")),
            "type": Field("string", _member("type")),
            "hasEmailAddress": _flag(lambda doc: doc["emailAddresses"]),
            "hasPhoneNumber": _flag(lambda doc: doc["phoneNumbers"]),
            "hasAddress": _flag(lambda doc: doc["addresses"]),
            "hasPeople": _flag(
                lambda doc: self._office.select("parties", 0, 1, within=("organisation", doc["id"]))
            ),
            "lastContactedOn": Field("date", _day("lastContactedAt")),
            "org.name": Field("string", self._of_employer(_member("name"))),
            "org.tag": Field("named", self._of_employer(self._tagged)),
        }

    def _of_opportunities(self) -> dict[str, Field]:
        return {
            "name": Field("string", _member("name")),
            "status": Field("string", lambda doc: [_status(doc)]),
            "pipeline": Field("named", _within("pipeline", "milestone", account.MILESTONE_BY_ID)),
            "milestone": Field("string", lambda doc: [account.MILESTONE_BY_ID[doc["milestone"]]["name"]]),
            "probability": Field("number", _member("probability")),
            "lostReason": Field("string", lambda doc: _name(account.LOST_BY_ID, doc["lostReason"])),
            "currency": Field("string", lambda doc: [doc["value"]["currency"]] if doc["value"] else []),
            "expectedValue": Field("number", lambda doc: [doc["value"]["amount"]] if doc["value"] else []),
            "isOpen": _flag(lambda doc: doc["closedOn"] is None),
            "isStale": _flag(_is_stale),
            "isOwnedByMe": _flag(lambda doc: doc["owner"] == account.TOKEN_USER),
            "closedOn": Field("date", _member("closedOn")),
            "expectedCloseOn": Field("date", _member("expectedCloseOn")),
        }

    def _of_kases(self) -> dict[str, Field]:
        return {
            "name": Field("string", _member("name")),
            "status": Field("string", _member("status")),
            "board": Field("named", _within("board", "stage", account.STAGE_BY_ID)),
            "stage": Field("named", lambda doc: _both(account.STAGE_BY_ID.get(doc["stage"]))),
            "isOpen": _flag(lambda doc: doc["status"] == "OPEN"),
            "isOwnedByMe": _flag(lambda doc: doc["owner"] == account.TOKEN_USER),
            "startOn": Field("date", _member("startOn")),
            "closedOn": Field("date", _member("closedOn")),
            "expectedCloseOn": Field("date", _member("expectedCloseOn")),
        }

    def _tagged(self, doc: Json) -> Iterable[Any]:
        for number in doc["tags"]:
            yield number
            yield self._tags[number]

    def _of_employer(self, values: Values) -> Values:
        def found(doc: Json) -> Iterable[Any]:
            employer = self._office.kept("parties", doc["organisation"]) if doc["organisation"] else None
            return values(employer) if employer else []

        return found


def _flag(test: Callable[[Json], Any]) -> Field:
    return Field("boolean", lambda doc: [bool(test(doc))])


def _member(name: str) -> Values:
    return lambda doc: [] if doc[name] is None else [doc[name]]


def _day(name: str) -> Values:
    return lambda doc: [] if doc[name] is None else [doc[name][:10]]


def _rows(array: str, name: str) -> Values:
    return lambda doc: [row[name] for row in doc[array] if row[name]]


def _custom(definition: Json) -> Values:
    boolean, number = definition["type"] == "boolean", definition["type"] == "number"

    def values(doc: Json) -> list[Any]:
        found = [row["value"] for row in doc["fields"] if row["definition"] == definition["id"]]
        if boolean:
            # A box that nobody ticked is not listed.
            return found or [False]
        return [float(value) for value in found] if number else found

    return values


def _within(member: str, by: str, table: Mapping[int, Json]) -> Values:
    def values(doc: Json) -> list[Any]:
        row = table.get(doc[by])
        return _both(row[member]) if row else []

    return values


def _both(row: Json | None) -> list[Any]:
    return [row["id"], row["name"]] if row else []


def _name(table: Mapping[int, Json], number: int | None) -> list[str]:
    return [table[number]["name"]] if number is not None else []


def _status(doc: Json) -> str:
    milestone = account.MILESTONE_BY_ID[doc["milestone"]]
    return "OPEN" if not milestone["complete"] else "WON" if milestone["probability"] else "LOST"


def _is_stale(doc: Json) -> bool:
    days = account.MILESTONE_BY_ID[doc["milestone"]]["daysUntilStale"]
    if days is None:
        return False
    edge = (datetime.now(UTC).date() - timedelta(days)).isoformat()
    return bool((doc["lastStageChangedAt"] or doc["updatedAt"])[:10] < edge)
