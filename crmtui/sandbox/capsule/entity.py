"""The entities of the account: their names in paths and answers, and what they refer to."""

from dataclasses import dataclass, field
from typing import Any

from .account import NOTE, TOKEN_USER

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity: `parties`, of which each is a `party`."""

    name: str
    word: str
    references: tuple[str, ...]
    """Members that hold the id of another record, each with a column of its own."""

    empty: Json
    """All members of one, with the values that need not be kept."""
    arrays: tuple[str, ...] = field(init=False)
    """Those of them that are arrays."""

    def __post_init__(self) -> None:
        arrays = tuple(name for name, value in self.empty.items() if value == [])
        object.__setattr__(self, "arrays", arrays)

    @property
    def table(self) -> str:
        """Its table in the database."""
        return self.name

    def whole(self, kept: Json) -> Json:
        """A record with all its members, in their order; its arrays are its own."""
        doc = dict(self.empty)
        for name in self.arrays:
            doc[name] = []
        doc.update(kept)
        return doc

    def kept(self, doc: Json) -> Json:
        """The members of a record that tell something."""
        return {name: value for name, value in doc.items() if value != self.empty[name]}


PARTIES = Entity(
    "parties",
    "party",
    ("organisation",),
    {
        "id": 0,
        "type": "",
        "about": None,
        "title": None,
        "firstName": None,
        "lastName": None,
        "jobTitle": None,
        "name": None,
        "createdAt": "",
        "updatedAt": "",
        "organisation": None,
        "lastContactedAt": None,
        "owner": None,
        "team": None,
        "addresses": [],
        "phoneNumbers": [],
        "websites": [],
        "emailAddresses": [],
        "tags": [],
        "fields": [],
    },
)
OPPORTUNITIES = Entity(
    "opportunities",
    "opportunity",
    ("party",),
    {
        "id": 0,
        "createdAt": "",
        "updatedAt": "",
        "party": None,
        "name": None,
        "description": None,
        "owner": None,
        "team": None,
        "milestone": None,
        "value": None,
        "expectedCloseOn": None,
        "probability": None,
        "durationBasis": "FIXED",
        "duration": None,
        "closedOn": None,
        "lostReason": None,
        "lastContactedAt": None,
        "lastStageChangedAt": None,
        "lastOpenMilestone": None,
        "tags": [],
        "fields": [],
    },
)
KASES = Entity(
    "kases",
    "kase",
    ("party", "opportunity"),
    {
        "id": 0,
        "createdAt": "",
        "updatedAt": "",
        "party": None,
        "opportunity": None,
        "name": None,
        "description": None,
        "owner": None,
        "team": None,
        "status": "OPEN",
        "stage": None,
        "startOn": None,
        "expectedCloseOn": None,
        "closedOn": None,
        "lastContactedAt": None,
        "tags": [],
        "fields": [],
    },
)
TASKS = Entity(
    "tasks",
    "task",
    ("party", "opportunity", "kase"),
    {
        "id": 0,
        "createdAt": "",
        "updatedAt": "",
        "description": None,
        "detail": None,
        "category": None,
        "dueOn": None,
        "dueTime": None,
        "status": "OPEN",
        "party": None,
        "opportunity": None,
        "kase": None,
        "owner": None,
        "completedBy": None,
        "completedAt": None,
        "hasTrack": False,
        "nextTask": None,
        "taskDayDelayRule": None,
    },
)
ENTRIES = Entity(
    "entries",
    "entry",
    ("party", "opportunity", "kase"),
    {
        "id": 0,
        "type": "note",
        "createdAt": "",
        "updatedAt": "",
        "entryAt": "",
        "subject": None,
        "content": None,
        "creator": TOKEN_USER,
        "activityType": NOTE,
        "party": None,
        "opportunity": None,
        "kase": None,
        "attachments": [],
        "participants": [],
    },
)
ENTITIES = {entity.name: entity for entity in (PARTIES, OPPORTUNITIES, KASES, TASKS, ENTRIES)}
TAGGED = ("parties", "opportunities", "kases")
"""The entities that have tags, custom fields, entries and a feed of what was deleted."""
OF_WORD = {entity.word: entity.name for entity in ENTITIES.values()} | {"organisation": "parties"}


def party_name(doc: Json) -> str:
    """What a party is called: an organisation's name, or a person's first and last one."""
    if doc["type"] == "organisation":
        return str(doc["name"])
    return " ".join(part for part in (doc.get("firstName"), doc.get("lastName")) if part)
