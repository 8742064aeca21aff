"""The world as an account of OnePageCRM: contacts, companies, deals, actions and what is logged with them."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from crmtui.sandbox.clock import Clock
from crmtui.sandbox.hostile import LONG, hostile_text
from crmtui.sandbox.world import DEALS, EVENTS, NEXT_STEPS

from . import account, action, store
from .account import PIPELINES, USERS, author, ident
from .definitions import FIELDS, FIRST_RECORD
from .entity import ENTITIES
from .seed_contacts import Contacts, moment, owner, value

Json = dict[str, Any]
Row = tuple[object, ...]
WITH_LOGS = 300
"""So many of the first contacts have notes, calls and meetings."""
_AMOUNTS = (420, 950.5, 12_750, 2_750.99, 84_000)
_BY_ID = {user["id"]: user for user in USERS}
_RESULTS = list(account.CALL_RESULTS)


def fill(connection: sqlite3.Connection, size: int) -> None:
    """Create the tables and fill them: `size` contacts, deals and actions, and some logged things."""
    store.create_tables(connection)
    seed = Seed(size, Clock(datetime.now(UTC).date()))
    connection.executemany("INSERT INTO setup VALUES (?, ?, ?)", _setup())
    undone: dict[str, list[Json]] = {}
    store.insert(connection, ENTITIES["actions"], seed.actions(undone))
    stream: list[Row] = []
    tagged: list[Row] = []
    store.insert(connection, ENTITIES["contacts"], seed.placed(undone, stream, tagged))
    connection.executemany(store.INSERT_STREAM, stream)
    connection.executemany("INSERT INTO tagged VALUES (?, ?)", tagged)
    for name, docs in (("companies", seed.contacts.companies()), ("deals", seed.deals())):
        store.insert(connection, ENTITIES[name], docs)
    for name, logged in seed.logs().items():
        store.insert(connection, ENTITIES[name], logged)
    connection.execute("INSERT INTO serial VALUES (?)", [seed.next_number])
    store.create_indexes(connection)


def _setup() -> Iterator[tuple[str, str, str]]:
    kinds = {
        "users": account.USERS,
        "statuses": account.STATUSES,
        "lead_sources": account.LEAD_SOURCES,
        "pipelines": account.PIPELINES,
        "filters": account.FILTERS,
        "predefined_actions": account.PREDEFINED_ACTIONS,
        "call_results": [{"id": key, "text": text} for key, text in account.CALL_RESULTS.items()],
        "tags": [{"id": tag.casefold(), "name": tag} for tag in account.TAGS],
        **FIELDS,
    }
    for kind, rows in kinds.items():
        for row in rows:
            yield kind, row["id"], store.dumped(row)


class Seed:
    """Generates the records, each from its index."""

    def __init__(self, size: int, clock: Clock) -> None:
        self._size = size
        self._clock = clock
        kinds = ("contacts", "companies", "deals", "actions")
        self.first = {name: FIRST_RECORD + place * size for place, name in enumerate(kinds)}
        self.next_number = FIRST_RECORD + len(kinds) * size
        self.contacts = Contacts(size, clock, self.first["contacts"], self.first["companies"])

    def placed(self, undone: dict[str, list[Json]], stream: list[Row], tagged: list[Row]) -> Iterator[Json]:
        """The contacts, with their places in the streams and their tags as rows."""
        for doc in self.contacts.docs():
            stream += store.streamed(doc, action.ranks(doc, undone.get(doc["id"], ())))
            tagged += [(doc["id"], tag.casefold()) for tag in doc["tags"]]
            yield doc

    def actions(self, undone: dict[str, list[Json]]) -> Iterator[Json]:
        """One action for each index: most are of the contact of that index, some are its second one.

        Those that are not done are noted by their contact.
        """
        for index in range(self._size):
            at = index - 1 if index % 9 == 8 else index
            kind = ("date", "asap", "date_time", "date", "waiting", "done", "date")[index % 7]
            if index % 9 == 8:
                kind = "queued" if index % 2 else "date"
            days = index * 13 % 40 - 12
            colleague = index % 9 == 8 and index % 4 == 0
            doc = {
                **self._stamped("actions", index),
                "assignee_id": USERS[1]["id"] if colleague else owner(at),
                "contact_id": self._contact(at),
                "text": (hostile_text(index, self._size) or NEXT_STEPS[index % 6])[:140],
                "status": kind,
                "before": "date" if kind == "done" else None,
                "done": kind == "done",
                "done_at": self._clock.day(-3 - index % 40) if kind == "done" else None,
                "position": 1 if kind == "queued" else None,
                "date": self._clock.day(days) if kind in ("date", "date_time", "done") else None,
                "exact_time": self._time(days, index) if kind == "date_time" else None,
                "externally_controlled": index % 50 == 16,
            }
            if not doc["done"]:
                undone.setdefault(doc["contact_id"], []).append(doc)
            yield doc

    def deals(self) -> Iterator[Json]:
        """One deal for each index: most are pending, every seventh won, every eleventh lost."""
        for index in range(self._size):
            status = "won" if index % 7 == 6 else "lost" if index % 11 == 10 else "pending"
            pipeline = PIPELINES[int(index % 8 == 5)]
            stages = [row["stage"] for row in pipeline["stages"]]
            pending = status == "pending"
            stage = stages[index * 3 % len(stages)] if pending else None
            yield {
                **self._stamped("deals", index),
                "contact_id": self._contact(index * 2),
                "owner_id": owner(index * 2 % self._size),
                "pipeline_id": pipeline["id"],
                "name": (hostile_text(index, self._size) or self._title(index))[:60].strip(),
                "text": "" if index % 3 else "Needs a decision.\nBudget & plan <draft> are there.",
                "date": self._clock.day(-20 - index % 200),
                "author": author(_BY_ID[owner(index)]),
                "amount": 0 if index % 9 == 5 else _AMOUNTS[index % 5],
                "months": 12 if index % 13 == 4 else 1,
                "cost": 100 if index % 6 == 1 else 0,
                "commission_base": "amount",
                "commission_type": "none",
                "commission": 0,
                "commission_percentage": 0,
                "status": status,
                "stage": stage,
                "expected_close_date": self._clock.day(index * 13 % 300 - 90) if pending else None,
                "close_date": None if pending else self._clock.day(-3 - index % 40),
                "deal_fields": self._fields(index),
                "deal_items": self._items(index),
                "stages": {pipeline["id"]: stage} if pending else {},
            }

    def logs(self) -> dict[str, list[Json]]:
        """Notes, calls and meetings of the first contacts."""
        found: dict[str, list[Json]] = {"notes": [], "calls": [], "meetings": []}
        for index in range(min(self._size, WITH_LOGS)):
            for place in range(1 + index * 3 % 5):
                kind, text = EVENTS[(index * 5 + place) % len(EVENTS)]
                name = {"Call": "calls", "Meeting": "meetings"}.get(kind, "notes")
                found[name].append(self._logged(name, text, index, place))
        return found

    def _logged(self, name: str, text: str, index: int, place: int) -> Json:
        seed = index * 5 + place
        days = 2 + place * 9 + index % 5
        made = moment(self._clock, days, seed)
        user = _BY_ID[owner(seed)]
        hostile = hostile_text(60 + seed % 110, 1000) if seed % 11 == 7 else None
        number = self.next_number
        self.next_number += 1
        own: Json = {
            "notes": {
                "date": self._clock.day(-days),
                "linked_deal_id": self._deal(index) if place == 1 else "",
            },
            "calls": {
                "call_result": _RESULTS[seed % len(_RESULTS)],
                "call_time_int": self._time(-days, seed),
                "via": "phone" if seed % 2 else "unknown",
                "phone_number": "+44 20 7946 0123 (work)" if seed % 2 else None,
                "recording_link": "",
            },
            "meetings": {
                "meeting_time_int": self._time(-days, seed),
                "place": "Their office" if seed % 2 else "",
            },
        }
        return {
            "id": ident(number),
            "author": author(user),
            "author_id": user["id"],
            "contact_id": self._contact(index),
            "text": hostile or (LONG[:7168] if seed % 97 == 50 else f"{text}."),
            **own[name],
            "created_at": made,
            "modified_at": made,
        }

    def _fields(self, index: int) -> Json:
        found: Json = {}
        if index % 4 == 1:
            found |= value("deal_fields", "single_line_text", "Kestrel & Co")
            found |= value("deal_fields", "select_box", "Van")
        if index % 9 == 1:
            found |= value("deal_fields", "date", self._clock.day(20))
            found |= value("deal_fields", "number", 7.5)
        return found

    def _items(self, index: int) -> list[Json]:
        if index % 10 != 2 or index % 9 == 5:
            return []
        # Two items together are worth what the deal is.
        half = _AMOUNTS[index % 5] / 2
        return [
            {
                "id": ident(self.first["deals"] + index),
                "name": "User Subscription",
                "description": "For a year",
                "cost": 0,
                "price": half,
                "qty": 2,
                "predefined_item_id": "",
            }
        ]

    def _deal(self, index: int) -> str:
        """The deal of a contact of an even index, for others none."""
        return "" if index % 2 else ident(self.first["deals"] + index // 2)

    def _title(self, index: int) -> str:
        return f"{DEALS[index * 3 % 10]}: {self.contacts.name(index)}"

    def _stamped(self, name: str, index: int) -> Json:
        return self.contacts.stamped(self.first[name] + index, index)

    def _contact(self, index: int) -> str:
        return ident(self.first["contacts"] + index % self._size)

    def _time(self, days: int, seed: int) -> int:
        day = datetime.fromisoformat(f"{self._clock.day(days)}T08:00:00+00:00")
        return int(day.timestamp()) + seed * 900 % 36_000
