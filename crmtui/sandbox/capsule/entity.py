"""The entities of the account: their names in paths and answers, and what they refer to."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity: `parties`, of which each is a `party`."""

    name: str
    word: str
    references: tuple[str, ...]
    """Members that hold the id of another record, each with a column of its own."""

    @property
    def table(self) -> str:
        """Its table in the database."""
        return self.name


PARTIES = Entity("parties", "party", ("organisation",))
OPPORTUNITIES = Entity("opportunities", "opportunity", ("party",))
KASES = Entity("kases", "kase", ("party", "opportunity"))
TASKS = Entity("tasks", "task", ("party", "opportunity", "kase"))
ENTRIES = Entity("entries", "entry", ("party", "opportunity", "kase"))
ENTITIES = {entity.name: entity for entity in (PARTIES, OPPORTUNITIES, KASES, TASKS, ENTRIES)}
TAGGED = ("parties", "opportunities", "kases")
"""The entities that have tags, custom fields, entries and a feed of what was deleted."""
OF_WORD = {entity.word: entity.name for entity in ENTITIES.values()} | {"organisation": "parties"}


def party_name(doc: Json) -> str:
    """What a party is called: an organisation's name, or a person's first and last one."""
    if doc["type"] == "organisation":
        return str(doc["name"])
    return " ".join(part for part in (doc["firstName"], doc["lastName"]) if part)
