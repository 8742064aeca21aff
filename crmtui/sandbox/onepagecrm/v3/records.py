"""The records of a kind: lists, one of them, create, update, delete and undo."""

from dataclasses import replace
from typing import Any

from crmtui.sandbox.onepagecrm import sales
from crmtui.sandbox.onepagecrm.account import TOKEN_USER
from crmtui.sandbox.onepagecrm.action import NOWHERE
from crmtui.sandbox.onepagecrm.entity import BELONGING, ENTITIES, WORDS
from crmtui.sandbox.onepagecrm.office import Office

from .blocks import Blocks
from .dialect import Dialect
from .entries import Entries, fields
from .message import YES, Answered, Asked, missing, wrong
from .paging import paged
from .query import conditions, order

Json = dict[str, Any]
BATCH = 100
"""Contacts of one answer of the cascade."""
FILTERED = 25
"""Contacts on a page of a filter's."""
_EXTRAS = {
    "contacts": ("next_action_name", "next_action_date", "status", "lead_source"),
    "companies": ("image",),
    "deals": ("sales_pipeline_id",),
    "notes": ("linked_deal_name",),
}
_SHARED = ("partial", "undo", "created_at", "modified_at", "attachments")


class Records:
    """Answers calls about records."""

    def __init__(self, office: Office, blocks: Blocks, dialect: Dialect) -> None:
        self._office = office
        self._blocks = blocks
        self._dialect = dialect
        self.entries = Entries(office, dialect)

    def list(self, asked: Asked, entity: str, within: Json | None = None) -> Answered:
        """A page of the records that the parameters want, or of those within another one."""
        wanted = fields(asked, entity)
        found = {**conditions(asked, entity, self._office), **(within or {})}
        by, descending = order(asked, entity)

        def part(start: int, limit: int) -> list[Json]:
            rows = self._office.select(
                entity, found, order=by, descending=descending, start=start, limit=limit
            )
            return [self.entries.entry(entity, row, wanted) for row in rows]

        total = self._office.total(entity, found)
        data = paged(asked, self._dialect, entity, part, total, deep=entity != "contacts")
        return Answered(data, beside=self._blocks.of(entity))

    def stream(self, asked: Asked, user: str) -> Answered:
        """A page of an action stream: of a user, or (`""`) of all."""
        found = conditions(asked, "contacts", self._office, everyone=True)
        if self._dialect.stream == "tidy":
            found["before_rank"] = NOWHERE
        return self._streamed(asked, found, user)

    def filtered(self, asked: Asked, ident: str) -> Answered:
        """A page of the contacts that meet a filter, beside the filter."""
        told = self._office.choices.found("filters", ident)
        found = self._office.choices.conditions(ident)
        answer = self._streamed(asked, found, "", fixed=FILTERED)
        return Answered({"filter": told, **answer.data})

    def cascade(self, asked: Asked, last: str | None) -> Answered:
        """The next hundred contacts by name, and where those after them are."""
        if self._dialect.cascade == "own":
            asked = replace(asked, parameters={**asked.parameters, "team": "0"})
        found = conditions(asked, "contacts", self._office)
        if last is None:
            rows = self._office.select("contacts", found, order="name", limit=BATCH)
        else:
            self._office.must("contacts", last)
            rows = self._office.after("contacts", found, last, "name", BATCH)
        left = self._office.store.left("contacts", found, rows[-1]["id"], "name") if rows else 0
        further = f"{asked.origin}/api/v3/contacts/cascade/{rows[-1]['id']}" if left else None
        contacts = [self.entries.person(row) for row in rows]
        return Answered({"contacts": contacts, "items_left": left, "next_set_url": further})

    def show(self, asked: Asked, entity: str, ident: str) -> Answered:
        """One record."""
        entry = self.entries.entry(entity, self._office.found(entity, ident), fields(asked, entity))
        if entity == "deals" and asked.flag("include_history"):
            entry["deal"]["previous_pipeline_stages"] = self._office.must("deals", ident)["stages"]
        return Answered(entry)

    def create(self, asked: Asked, entity: str, contact: str | None = None) -> Answered:
        """A new record, perhaps of the contact in the path."""
        if entity == "companies":
            raise missing("resource")
        body = self._body(asked, entity)
        if contact is not None:
            self._office.must("contacts", contact)
            body["contact_id"] = contact
        record = self._office.create(entity, body)
        if entity == "contacts" and body.get("next_action_name"):
            self._first_action(record["id"], body)
            record = self._office.found(entity, record["id"])
        if entity == "calls" and self._dialect.call_time == "text":
            record["call_time_int"] = str(record["call_time_int"])
        return Answered(self.entries.entry(entity, record), 201, self._beside(entity))

    def update(self, asked: Asked, entity: str, ident: str) -> Answered:
        """A record after a change: of the members that are given (`partial`), or of all."""
        body = self._body(asked, entity)
        partial = bool(asked.flag("partial")) or str(body.get("partial", "")).lower() in YES
        record = self._office.update(entity, ident, body, partial=partial)
        if entity == "actions" and asked.flag("done") and not record["done"]:
            record = self._office.steps.finish(ident)
        return Answered(self.entries.entry(entity, record), beside=self._beside(entity))

    def delete(self, asked: Asked, entity: str, ident: str) -> Answered:
        """Delete a record, or bring a deleted contact or action back (`undo`)."""
        if entity == "companies":
            raise missing("resource")
        if asked.flag("undo") and entity in ("contacts", "actions"):
            record = self._office.restore(entity, ident)
            return Answered(self.entries.entry(entity, record), beside=self._beside(entity))
        self._office.delete(entity, ident)
        return Answered({}, beside=self._beside(entity))

    def delete_several(self, asked: Asked) -> Answered:
        """Delete contacts by their ids."""
        ids = [ident for ident in asked.parameters.get("ids", "").split(",") if ident]
        if not ids:
            raise wrong("ids", "is required")
        for ident in ids:
            self._office.must("contacts", ident)
        for ident in dict.fromkeys(ids):
            self._office.delete("contacts", ident)
        return Answered({}, beside=self._beside("contacts"))

    def belonging(self, asked: Asked, entity: str, ident: str, other: str) -> Answered:
        """A page of what belongs to a contact or a company."""
        if other not in BELONGING:
            raise missing("resource")
        self._office.must(entity, ident)
        return self.list(asked, other, {f"{WORDS[entity]}_id": ident})

    def _streamed(self, asked: Asked, found: Json, user: str, fixed: int = 0) -> Answered:
        by, descending = order(asked, "contacts")
        stream: str | None = user
        if asked.parameters.get("sort_by"):
            found["in_stream_of"] = user
            found.pop("before_rank", None)
            stream = None

        def part(start: int, limit: int) -> list[Json]:
            rows = self._office.select(
                "contacts",
                found,
                order=by,
                descending=descending and stream is None,
                start=start,
                limit=limit,
                stream=stream,
            )
            return [self.entries.person(row) for row in rows]

        total = self._office.total("contacts", found, stream)
        return Answered(paged(asked, self._dialect, "contacts", part, total, deep=False, fixed=fixed))

    def _first_action(self, contact: str, body: Json) -> None:
        when = body.get("next_action_date") or self._office.today()
        status = when if when in ("asap", "waiting") else "date"
        action = {"contact_id": contact, "text": body["next_action_name"], "status": status}
        dated = {"date": when} if status == "date" else {}
        self._office.create("actions", {**action, **dated, "assignee_id": TOKEN_USER})

    def _beside(self, entity: str) -> Json:
        found = self._blocks.of(entity)
        if entity == "deals" and self._dialect.sales == "told":
            told = sales.summary(self._office)
            found["sales"] = {name: told[name] for name in ("target", "won", "pending", "expires")}
        return found

    def _body(self, asked: Asked, entity: str) -> Json:
        body = asked.json()
        if self._dialect.unknown == "refused":
            known = {*ENTITIES[entity].empty, *_EXTRAS.get(entity, ()), *_SHARED, "starred"}
            unknown = sorted(body.keys() - known)
            if unknown:
                raise wrong(unknown[0], "is not a known attribute")
        return body
