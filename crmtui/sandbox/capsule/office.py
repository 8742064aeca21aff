"""The account as both dialects see it: records in the shape of v2, and the rules on changing them."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from . import account, entry, kase, opportunity, party, shape, task
from .account import by_id
from .definitions import DEFINITIONS
from .entity import ENTRIES, OF_WORD, TAGGED
from .refusal import Missing, refused
from .store import Store, stamp

Json = dict[str, Any]
_RULES = {
    "parties": party.changed,
    "opportunities": opportunity.changed,
    "kases": kase.changed,
    "tasks": task.changed,
    "entries": entry.changed,
}
WORDS = {entity: word for word, entity in OF_WORD.items() if word != "organisation"}
_DEFINITIONS = {entity: by_id(rows) for entity, rows in DEFINITIONS.items()}


class Office:
    """Reads and changes records; what is told are fresh objects, which the caller may change."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._store = Store(connection)

    def get(self, entity: str, number: int) -> Json | None:
        """One record with all its members, or None."""
        doc = self._store.get(entity, number)
        return None if doc is None else self._told(entity, [doc])[0]

    def found(self, entity: str, number: int) -> Json:
        """One record, or `Missing`."""
        record = self.get(entity, number)
        if record is None:
            raise Missing(WORDS[entity])
        return record

    def all(self, entity: str) -> Iterator[Json]:
        """All records in the order of their ids."""
        for doc in self._store.scan(entity):
            yield self._told(entity, [doc])[0]

    def select(
        self,
        entity: str,
        start: int = 0,
        limit: int = 2**31,
        *,
        since: str | None = None,
        words: str = "",
        within: tuple[str, int] | None = None,
        order: str = "id",
        keep: Callable[[Json], bool] | None = None,
    ) -> list[Json]:
        """A part of the records, by `id`, by `name` or the `newest` first.

        `since` is a moment in UTC to the second, inclusive; `words` occur in the name (of a party: in an
        e-mail address or phone number too) without regard to case; `within` is the member and id of what
        they belong to; `keep` chooses by the record as it is kept: other records, users, milestones and tags
        by their ids, a party with all of name, firstName and lastName.
        """
        docs = self._store.slice(
            entity, start, limit, since=since, words=words, within=within, order=order, keep=keep
        )
        return self._told(entity, docs)

    def create(self, entity: str, body: Json) -> Json:
        """Make a record of a body in the shape of v2."""
        with self._change():
            doc = _RULES[entity](self, None, body)
            now = self.now()
            doc |= {"id": self.next_id(), "createdAt": now, "updatedAt": now}
            self._store.put(entity, doc)
            if entity == "entries":
                self._contacted(doc)
            return self._told(entity, [doc])[0]

    def update(self, entity: str, number: int, body: Json) -> Json:
        """Change the members that a body gives: rows by id or `_delete`, the others as a whole."""
        old = self._store.get(entity, number)
        if old is None:
            raise Missing(WORDS[entity])
        with self._change():
            doc = {**_RULES[entity](self, old, body), "updatedAt": self.now()}
            self._store.put(entity, doc)
            if entity == "tasks" and doc["status"] == "COMPLETED" != old["status"]:
                self._note_completion(doc)
            return self._told(entity, [doc])[0]

    def delete(self, entity: str, number: int) -> None:
        """Delete a record and what belongs to it; the people of an organisation stay."""
        if self._store.get(entity, number) is None:
            raise Missing(WORDS[entity])
        with self._change():
            self._delete(entity, number)

    def deleted(self, entity: str, since: str) -> list[Json]:
        """What was deleted at a moment or later, oldest first: `{id, deletedAt}`."""
        return self._store.deleted(entity, since)

    def parties(self, entity: str, number: int) -> list[Json]:
        """The additional parties of an opportunity or kase."""
        self.found(entity, number)
        docs = [self._store.get("parties", party) for party in self._store.related(entity, number)]
        return self._told("parties", [doc for doc in docs if doc is not None])

    def add_party(self, entity: str, number: int, party_id: int) -> None:
        """Add an additional party to an opportunity or kase."""
        record = self._kept(entity, number)
        self._kept("parties", party_id)
        if party_id == record["party"]:
            raise refused(f"party is already related to this {WORDS[entity]}", WORDS[entity], "party")
        if party_id in self._store.related(entity, number):
            raise refused(f"party is already a contact for this {WORDS[entity]}", WORDS[entity], "party")
        with self._change():
            self._store.relate(entity, number, party_id)

    def remove_party(self, entity: str, number: int, party_id: int) -> None:
        """Take an additional party away from an opportunity or kase."""
        self._kept(entity, number)
        if party_id not in self._store.related(entity, number):
            raise Missing("party")
        with self._change():
            self._store.unrelate(entity, number, party_id)

    def tags(self, entity: str) -> list[Json]:
        """The tags of an entity: `{id, name, description, dataTag}`."""
        return self._store.tags(entity)

    def save_tag(self, entity: str, tag: Json) -> None:
        """Keep a tag under its id."""
        with self._change():
            self._store.put_tag(entity, tag)

    def make_tag(self, entity: str, name: str) -> int:
        """A new tag's id."""
        number = self.next_id()
        self._store.put_tag(
            entity, {"id": number, "name": name.strip(), "description": None, "dataTag": False}
        )
        return number

    def delete_tag(self, entity: str, number: int) -> None:
        """Delete a tag, and take it from the records that have it."""
        if number not in by_id(self.tags(entity)):
            raise Missing("tag")
        with self._change():
            for doc in list(self._store.scan(entity)):
                if number in doc["tags"]:
                    doc["tags"].remove(number)
                    self._store.put(entity, {**doc, "updatedAt": self.now()})
            self._store.remove_tag(number)

    def definitions(self, entity: str) -> list[Json]:
        """The custom fields of an entity; a text's `pattern` is for v1 alone to tell."""
        return [dict(row) for row in DEFINITIONS[entity]]

    def fields(self, entity: str) -> Mapping[int, Json]:
        """The custom fields of an entity by id."""
        return _DEFINITIONS[entity]

    def kept(self, entity: str, number: int) -> Json | None:
        """A record as it is kept: others, users, milestones and tags stand by their ids."""
        return self._store.get(entity, number)

    def next_id(self) -> int:
        """An id that nothing has had."""
        return self._store.next_id()

    def employer(self, name: str) -> int:
        """The id of the organisation of a name, which is made where there is none."""
        for doc in self._store.scan("parties", words=name):
            if doc["type"] == "organisation" and doc["name"].casefold() == name.casefold():
                return int(doc["id"])
        return int(self.create("parties", {"type": "organisation", "name": name})["id"])

    def now(self) -> str:
        """This moment in UTC to the second."""
        return stamp()

    def today(self) -> str:
        """This day in UTC."""
        return f"{datetime.now(UTC):%Y-%m-%d}"

    def _kept(self, entity: str, number: int) -> Json:
        doc = self._store.get(entity, number)
        if doc is None:
            raise Missing(WORDS[entity])
        return doc

    def _told(self, entity: str, docs: list[Json]) -> list[Json]:
        tags = by_id(self._store.tags(entity)) if entity in TAGGED else {}
        definitions = _DEFINITIONS.get(entity, {})
        # Many records of a page belong to the same few.
        kept = cache(self._store.get)
        return [shape.told(entity, doc, kept, tags, definitions) for doc in docs]

    def _delete(self, entity: str, number: int) -> None:
        word = WORDS[entity]
        belonging = {"parties": ("tasks", "entries", "kases", "opportunities"), "kases": ("tasks", "entries")}
        belonging["opportunities"] = ("tasks", "entries")
        for other in belonging.get(entity, ()):
            for doc in list(self._store.scan(other, within=(word, number))):
                self._delete(other, doc["id"])
        loose = {"parties": ("parties", "organisation"), "opportunities": ("kases", "opportunity")}
        if entity in loose:
            other, member = loose[entity]
            for doc in list(self._store.scan(other, within=(member, number))):
                self._store.put(other, {**doc, member: None, "updatedAt": self.now()})
        if entity == "parties":
            self._store.forget_party(number)
        self._store.remove(entity, number)

    def _note_completion(self, done: Json) -> None:
        """A completed task stands in the timeline of what it belongs to."""
        if not any(done[name] for name in task.LINKS):
            return
        now = self.now()
        links = {name: done[name] for name in task.LINKS}
        doc = {**ENTRIES.empty, **links, "type": "task", "content": done["description"]}
        doc |= {"id": self.next_id(), "createdAt": now, "updatedAt": now, "entryAt": now}
        self._store.put("entries", {**doc, "activityType": account.TASK_DONE})

    def _contacted(self, doc: Json) -> None:
        """Some activities count as contact with what they belong to."""
        if not account.ACTIVITY_BY_ID[doc["activityType"]]["updateLastContacted"]:
            return
        for name, entity in task.LINKS.items():
            record = self._store.get(entity, doc[name]) if doc[name] else None
            if record is not None:
                last = max(record["lastContactedAt"] or "", doc["entryAt"])
                self._store.put(entity, {**record, "lastContactedAt": last, "updatedAt": self.now()})

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        self._store.begin()
        try:
            yield
        except BaseException:  # half a change is no change, whatever stops it
            self._store.finish(done=False)
            raise
        self._store.finish(done=True)
