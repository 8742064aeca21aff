"""The account as both dialects see it: records in the shape of v3, and the rules on changing them."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from . import action, company, contact, deal, log, shape
from .account import TOKEN_USER
from .entity import BELONGING, COMPANIES, WORDS, Json
from .people import People
from .refusal import Conflict, Missing
from .setup import Setup
from .steps import Steps
from .store import Conditions, Store, stamp
from .terms import Terms

_MOST_KEPT = 500
"""So many counts are remembered until the next change."""


class Office:
    """Reads and changes records; what is told are fresh objects, which the caller may change.

    `people` has the verbs of contacts, `steps` those of actions, `choices` what is set up.
    """

    def __init__(self, connection: sqlite3.Connection, terms: Terms) -> None:
        self.store = Store(connection)
        self.terms = terms
        self.choices = Setup(self)
        self.people = People(self)
        self.steps = Steps(self)
        self._known: tuple[tuple[int, int], dict[Any, Any]] = ((0, -1), {})
        self._rules: Mapping[str, Callable[..., Json]] = {
            "contacts": contact.changed,
            "companies": company.changed,
            "deals": partial(deal.changed, next_id=self.store.next_id),
            "actions": action.changed,
            **{name: partial(log.changed, entity=name) for name in ("notes", "calls", "meetings")},
        }

    def get(self, entity: str, ident: str) -> Json | None:
        """One record with all its members, or None."""
        doc = self.store.get(entity, ident)
        return None if doc is None else shape.told(entity, doc, self)

    def found(self, entity: str, ident: str) -> Json:
        """One record, or `Missing`."""
        return shape.told(entity, self.must(entity, ident), self)

    def select(
        self,
        entity: str,
        conditions: Conditions | None = None,
        *,
        order: str = "id",
        descending: bool = False,
        start: int = 0,
        limit: int = -1,
        stream: str | None = None,
    ) -> list[Json]:
        """A part of the records that meet conditions (see `entity`), in an order, or that of a stream.

        `stream` is the user whose action stream it is, `""` for that of the whole account.
        """
        docs = self.store.select(
            entity,
            conditions or {},
            order=order,
            descending=descending,
            start=start,
            limit=limit,
            stream=stream,
        )
        return [shape.told(entity, doc, self) for doc in docs]

    def after(self, entity: str, conditions: Conditions, last: str, order: str, limit: int) -> list[Json]:
        """The records that come after one in an order."""
        docs = self.store.after(entity, conditions, last, order, limit)
        return [shape.told(entity, doc, self) for doc in docs]

    def total(self, entity: str, conditions: Conditions, stream: str | None = None) -> int:
        """How many records meet conditions, or do so in a stream; remembered until something changes."""
        key = (entity, stream, *sorted(conditions.items()))
        found = self.remembered(key, lambda: self.store.count(entity, conditions, stream=stream))
        return int(found)

    def next_actions(self, ident: str) -> Json:
        """The actions that are next with a contact, as lists have them beside it."""
        ahead, queued = action.next_ones(self.chosen("actions", contact_id=ident, done=0))
        told = [shape.told("actions", doc, self) for doc in ahead]
        found: Json = {"next_actions": told}
        if told:
            found["next_action"] = dict(told[0])
        waiting = [shape.told("actions", doc, self) for doc in queued]
        return {**found, "queued_actions": waiting, "next_action_conflicts": []}

    def create(self, entity: str, body: Json) -> Json:
        """Make a record of a body in the shape of v3."""
        with self.change(entity, new=True):
            doc = self._rules[entity](self, old=None, body=body, partial=False)
            doc |= {"id": self.store.next_id(), "created_at": self.now()}
            self.keep(entity, doc, new=True)
            return self.found(entity, doc["id"])

    def update(self, entity: str, ident: str, body: Json, *, partial: bool = False) -> Json:
        """Put a record in the place of another one, or change the members that a body gives."""
        old = self.must(entity, ident)
        with self.change(entity):
            doc = self._rules[entity](self, old=dict(old), body=body, partial=partial)
            self.keep(entity, doc, old=old)
            return self.found(entity, ident)

    def delete(self, entity: str, ident: str) -> None:
        """Delete a record and what belongs to it; contacts and actions can come back."""
        doc = self.must(entity, ident)
        match entity:
            case "contacts":
                self.require("delete_contacts")
            case "deals":
                self.require("delete_deals")
            case "actions" if doc["externally_controlled"]:
                raise Conflict(action.LOCKED)
        with self._whole():
            if entity != "contacts":
                self.terms.check(entity, self.count, new=False)
            docs = {entity: [doc]}
            if entity == "contacts":
                docs |= {other: self.chosen(other, contact_id=ident) for other in BELONGING}
            for other, gone in docs.items():
                for each in gone:
                    self.store.remove(other, each["id"])
            if entity == "contacts":
                docs["companies"] = self._abandon(doc["company_id"])
            if entity in ("contacts", "actions"):
                self.store.throw_away(entity, ident, docs)
            if entity == "actions":
                self.settle(doc["contact_id"])

    def deleted(self, entity: str) -> str | None:
        """The id of the contact or action that was deleted last."""
        found = self.store.thrown_away(entity)
        return found[0] if found else None

    def restore(self, entity: str, ident: str) -> Json:
        """Bring a deleted contact or action back, with what belongs to it."""
        found = self.store.thrown_away(entity, ident)
        if found is None:
            raise Missing(WORDS[entity])
        _, docs = found
        with self.change(entity, new=True):
            self.store.take_back(entity, ident)
            for each in docs.pop("companies", []):
                if not self.chosen("companies", named=each["name"]):
                    self.store.put("companies", each)
            for other, rows in docs.items():
                for each in rows:
                    self.store.put(other, each)
            doc = self.must(entity, ident)
            if entity == "contacts" and doc["company_name"]:
                doc |= self.employer({**doc, "company_id": ""}, doc["company_name"])
            self.keep(entity, doc)
            return self.found(entity, ident)

    def keep(self, entity: str, doc: Json, old: Json | None = None, *, new: bool = False) -> None:
        """Keep a changed record, and change what hangs on it."""
        doc["modified_at"] = doc["created_at"] if new else self.now()
        self.store.put(entity, doc)
        match entity:
            case "contacts":
                self.settle(doc["id"])
                if old is not None and old["company_id"] != doc["company_id"]:
                    self._abandon(old["company_id"])
                self.people.follow(doc, old)
            case "companies" if old is not None and old["name"] != doc["name"]:
                for each in self.chosen("contacts", company_id=doc["id"]):
                    self.store.put(
                        "contacts", {**each, "company_name": doc["name"], "modified_at": self.now()}
                    )
            case "actions":
                self.steps.make_room(doc)
                self.settle(doc["contact_id"])

    def settle(self, ident: str) -> None:
        """Put a contact where its actions place it in the streams."""
        person = self.store.get("contacts", ident)
        if person is not None:
            undone = self.chosen("actions", contact_id=ident, done=0)
            self.store.put_stream(person, action.ranks(person, undone))

    def employer(self, doc: Json, name: str) -> Json:
        """The company of a name for a contact, as its id and name: found, renamed or made.

        A company whose only contact gets another one's name is renamed, unless there is one of that name.
        """
        if not name:
            return {"company_id": "", "company_name": ""}
        there = self.chosen("companies", named=name)
        if there:
            return {"company_id": there[0]["id"], "company_name": there[0]["name"]}
        own = self.store.get("companies", doc["company_id"]) if doc["company_id"] else None
        if own is None or self.count("contacts", company_id=own["id"]) > 1:
            own = {"id": self.store.next_id(), "created_at": self.now()}
        made = {**COMPANIES.whole({}), **own, "name": name, "modified_at": self.now()}
        self.store.put("companies", made)
        return {"company_id": made["id"], "company_name": name}

    def must(self, entity: str, ident: str) -> Json:
        """A record as it is kept, or `Missing`."""
        doc = self.store.get(entity, ident)
        if doc is None:
            raise Missing(WORDS[entity])
        return doc

    def kept(self, entity: str, ident: str) -> Json | None:
        """A record as it is kept, or None."""
        return self.store.get(entity, ident)

    def chosen(self, entity: str, **conditions: Any) -> list[Json]:
        """The records that meet conditions, as they are kept."""
        return self.store.select(entity, conditions)

    def count(self, entity: str, **conditions: Any) -> int:
        """How many records meet conditions."""
        return self.total(entity, conditions)

    def setup(self, kind: str) -> list[Json]:
        """What the account has set up of a kind; not to be changed."""
        found: list[Json] = self.remembered(("setup", kind), lambda: self.store.setup(kind))
        return found

    def by_id(self, kind: str) -> Mapping[str, Json]:
        """What the account has set up of a kind, by id."""
        rows = self.setup(kind)
        found: Mapping[str, Json] = self.remembered(("by id", kind), lambda: {row["id"]: row for row in rows})
        return found

    def tag(self, name: str) -> str:
        """A tag's name as the account has it, which is made where there is none."""
        return self.choices.tag(name)

    def require(self, right: str) -> None:
        """Refuse what the user has no right to do."""
        self.terms.require(right, self.by_id("users")[TOKEN_USER]["account_rights"])

    @property
    def notifications(self) -> list[str]:
        """The restrictions that the account has reached."""
        return self.terms.notifications(self.count)

    def now(self) -> str:
        """This moment in UTC to the second."""
        return stamp()

    def today(self) -> str:
        """This day in UTC."""
        return f"{datetime.now(UTC):%Y-%m-%d}"

    def remembered(self, key: Any, compute: Callable[[], Any]) -> Any:
        """A value that stays the same until something in the account changes."""
        version = self.store.version
        if self._known[0] != version or len(self._known[1]) > _MOST_KEPT:
            self._known = (version, {})
        known = self._known[1]
        if key not in known:
            known[key] = compute()
        return known[key]

    @contextlib.contextmanager
    def change(self, entity: str, *, new: bool = False) -> Iterator[None]:
        """A change of a kind of record, which happens as a whole or not at all."""
        self.terms.check(entity, self.count, new=new)
        with self._whole():
            yield

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        self.store.begin()
        try:
            yield
        except BaseException:  # half a change is no change, whatever stops it
            self.store.finish(done=False)
            raise
        self.store.finish(done=True)

    def _abandon(self, ident: str) -> list[Json]:
        """Delete a company that has no contact any more, and tell it."""
        doc = self.store.get("companies", ident) if ident else None
        if doc is None or self.count("contacts", company_id=ident):
            return []
        self.store.remove("companies", ident)
        return [doc]
