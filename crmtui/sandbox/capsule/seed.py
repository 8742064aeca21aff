"""The world as a Capsule account: parties, opportunities, kases, tasks and entries, each from its index."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from crmtui.sandbox.clock import Clock
from crmtui.sandbox.hostile import LONG, hostile_text
from crmtui.sandbox.world import DEALS, EVENTS, NEXT_STEPS, company

from . import account, opportunity, store
from .definitions import FIRST_RECORD, TAGS
from .entity import ENTITIES
from .seed_parties import Parties, moment

Json = dict[str, Any]
WITH_ENTRIES = 300
"""So many of the first parties, and a third as many opportunities and kases, have entries."""
_VALUES = (420, 950.5, 12_750, 2_750.99, 84_000)
_FINDINGS = "Replaced the power supply.\n\n* Fan cleaned\n* Test run: **2 h**, no fault"


def fill(connection: sqlite3.Connection, size: int) -> None:
    """Create the tables and fill them: `size` parties, opportunities, kases and tasks, and some entries."""
    store.create_tables(connection)
    seed = Seed(size, Clock(datetime.now(UTC).date()))
    for entity, tags in TAGS.items():
        rows = [(tag["id"], entity, store.dumped(tag)) for tag in tags]
        connection.executemany("INSERT INTO tag VALUES (?, ?, ?)", rows)
    made = {
        "parties": seed.parties.docs(),
        "opportunities": seed.opportunities(),
        "kases": seed.kases(),
        "tasks": seed.tasks(),
        "entries": seed.entries(),
    }
    for name, docs in made.items():
        store.insert(connection, ENTITIES[name], docs)
    connection.executemany("INSERT INTO related VALUES (?, ?, ?)", seed.related())
    connection.execute("INSERT INTO serial VALUES (?)", [seed.parties.next_row])
    store.create_indexes(connection)


class Seed:
    """Generates the records; those of higher index were changed longer ago."""

    def __init__(self, size: int, clock: Clock) -> None:
        self._size = size
        self._clock = clock
        self.first = {
            name: FIRST_RECORD + place * size
            for place, name in enumerate(("parties", "opportunities", "kases", "tasks", "entries"))
        }
        self.parties = Parties(size, clock, self.first["parties"], self.first["entries"] + 12 * size)
        self._names = [company(index).name for index in range(min(size, 5000))]

    def opportunities(self) -> Iterator[Json]:
        """One opportunity for each index: most are open, every seventh won, every eleventh lost."""
        pipeline = [row["id"] for row in account.MILESTONES if not row["complete"]]
        for index in range(self._size):
            closed = 85 if index % 7 == 6 else 86 if index % 11 == 10 else None
            milestone = closed or pipeline[index * 5 % len(pipeline)]
            basis = opportunity.BASES[index % 7] if index % 3 == 1 else "FIXED"
            yield {
                **self._stamped("opportunities", index),
                "party": self._party(index),
                "name": hostile_text(index, self._size) or self._title(index, DEALS[index * 3 % 10]),
                "description": None if index % 3 else "Needs a decision.\nBudget & plan <draft> are there.",
                "owner": _owner(index + 1),
                "milestone": milestone,
                "value": None
                if index % 9 == 5
                else {"amount": _VALUES[index % 5], "currency": ("GBP", "EUR", "GBP", "USD")[index % 4]},
                "expectedCloseOn": None if index % 6 == 2 else self._clock.day(index * 13 % 300 - 90),
                "probability": account.MILESTONE_BY_ID[milestone]["probability"],
                "durationBasis": basis,
                "duration": None if basis == "FIXED" else 1 + index % 24,
                "closedOn": self._clock.day(-3 - index % 40) if closed else None,
                "lostReason": 140 + index % 4 if closed == 86 else None,
                "lastOpenMilestone": 84 if closed else None,
                "lastStageChangedAt": moment(self._clock, 4 + index % 40, index) if closed else None,
                "tags": [211] if index % 5 == 1 else [212] if index % 13 == 3 else [],
                "fields": self._fields((331, "Kestrel & Co", 4), (334, self._clock.day(20), 9), index=index),
            }

    def kases(self) -> Iterator[Json]:
        """One kase for each index; every fifth is closed."""
        for index in range(self._size):
            closed = index % 5 == 4
            stage = (101, 102, 111, 103, None, 112)[index % 6]
            yield {
                **self._stamped("kases", index),
                "party": self._party(index + 1),
                "opportunity": self.first["opportunities"] + (index + 1) % self._size
                if index % 4 == 3
                else None,
                "name": hostile_text(index, self._size) or self._title(index, NEXT_STEPS[index % 6]),
                "description": None if index % 2 else "Kick-off done.",
                "owner": _owner(index) if index % 3 else None,
                "team": None if index % 3 else 72,
                "status": "CLOSED" if closed else "OPEN",
                "stage": stage,
                "startOn": self._clock.day(-60 - index % 50) if index % 2 else None,
                "expectedCloseOn": self._clock.day(index % 90) if index % 3 else None,
                "closedOn": self._clock.day(-2 - index % 30) if closed else None,
                "tags": [221] if index % 6 == 1 else [],
                "fields": self._fields((351, "High", 3), (354, _FINDINGS, 10), index=index),
            }

    def tasks(self) -> Iterator[Json]:
        """One task for each index: of a party, an opportunity, a kase or nothing in turn."""
        for index in range(self._size):
            done = index % 4 == 3
            link = ("party", "opportunity", "kase", None)[index % 4 if index % 12 else 3]
            links = {link: self._linked(link, index)} if link else {}
            stamped = self._stamped("tasks", index)
            yield {
                **stamped,
                **links,
                "description": hostile_text(index, self._size) or NEXT_STEPS[index % len(NEXT_STEPS)],
                "detail": None if index % 3 else "Ask for the new price list, and for whom it holds.",
                "category": account.CATEGORIES[index % 5]["id"] if index % 6 else None,
                "dueOn": self._clock.day(index * 7 % 60 - 15),
                "dueTime": f"{9 + index % 8:02d}:30" if index % 2 else None,
                "status": "COMPLETED" if done else "OPEN",
                "owner": _owner(index),
                "completedBy": _owner(index) if done else None,
                "completedAt": stamped["updatedAt"] if done else None,
            }

    def entries(self) -> Iterator[Json]:
        """Entries of the first records: notes, calls, meetings, e-mails and completed tasks."""
        number = self.first["entries"]
        few = min(self._size, WITH_ENTRIES)
        for name, count in (("party", few), ("opportunity", few // 3), ("kase", few // 3)):
            for index in range(count):
                for place in range(1 + index * 3 % 7):
                    record = self._linked(name, index)
                    yield self._entry(number, name, record, index * 5 + place, place)
                    number += 1

    def related(self) -> Iterator[tuple[str, int, int]]:
        """Additional parties of some opportunities and kases."""
        for entity in ("opportunities", "kases"):
            for index in range(0, min(self._size, WITH_ENTRIES), 4):
                if self._size > 2:
                    party = self.first["parties"] + (index + 2) % self._size
                    yield entity, self.first[entity] + index, party

    def _entry(self, number: int, name: str, record: int, seed: int, place: int) -> Json:
        kind, text = EVENTS[seed % len(EVENTS)]
        at = moment(self._clock, 2 + place * 9 + seed % 5, seed)
        activity = {"Call": 151, "Meeting": 152, "Email": account.EMAIL, "Task": account.TASK_DONE}.get(kind)
        email = {
            "subject": text.partition(";")[0],
            "participants": [
                {
                    "id": self.parties.row_id(),
                    "name": "Ann Archer",
                    "address": "ann@mail.example",
                    "role": "TO",
                }
            ],
        }
        files = [
            {
                "id": self.parties.row_id(),
                "filename": "offer & plan.pdf",
                "contentType": "application/pdf",
                "size": 48_213,
            }
        ]
        content = LONG if seed % 97 == 50 else hostile_text(60 + seed % 110, 1000) if seed % 11 == 7 else None
        return {
            "id": number,
            name: record,
            "createdAt": at,
            "updatedAt": at,
            "entryAt": at,
            "type": {"Email": "email", "Task": "task"}.get(kind, "note"),
            "content": content or f"{text}.",
            "creator": _owner(seed) or account.TOKEN_USER,
            "activityType": activity or account.NOTE,
            "attachments": files if seed % 8 == 2 else [],
            **(email if kind == "Email" else {}),
        }

    def _stamped(self, entity: str, index: int) -> Json:
        return self.parties.stamped(self.first[entity] + index, index)

    def _party(self, index: int) -> int:
        return self.first["parties"] + index % self._size

    def _linked(self, name: str, index: int) -> int:
        entity = {"party": "parties", "opportunity": "opportunities", "kase": "kases"}[name]
        return self.first[entity] + index % self._size

    def _title(self, index: int, what: str) -> str:
        return f"{what}: {self._names[index % len(self._names)]}"

    def _fields(self, *given: tuple[int, Any, int], index: int) -> list[Json]:
        return [
            self.parties.field(definition, value) for definition, value, every in given if index % every == 1
        ]


def _owner(index: int) -> int:
    return account.ASSIGNABLE[index * 3 % len(account.ASSIGNABLE)]
