"""The verbs of contacts: stars, tags, statuses, owners, sales cycles and companies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from . import contact
from .account import TOKEN_USER
from .refusal import Conflict, Missing, invalid

if TYPE_CHECKING:
    from .office import Office

Json = dict[str, Any]
LONGEST_COMMENT = 140


class People:
    """Changes one thing about a contact, and tells the contact."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def star(self, ident: str, *, on: bool) -> Json:
        """Set or take the caller's star."""
        doc = self._office.must("contacts", ident)
        return self._changed(doc, starred_by=contact.starred(doc, on=on))

    def assign_tag(self, ident: str, name: str) -> Json:
        """Add a tag, which is made where there is none."""
        doc = self._office.must("contacts", ident)
        if not name.strip():
            raise invalid("tag_name", "is required")
        with self._office.change("contacts"):
            known = self._office.tag(name.strip())
        return self._changed(doc, tags=list(dict.fromkeys((*doc["tags"], known))))

    def unassign_tag(self, ident: str, name: str) -> Json:
        """Take a tag away."""
        doc = self._office.must("contacts", ident)
        left = [tag for tag in doc["tags"] if tag.casefold() != name.strip().casefold()]
        if left == doc["tags"]:
            raise Missing("tag")
        return self._changed(doc, tags=left)

    def change_status(self, ident: str, status: str) -> Json:
        """Give a contact a status; in a company that keeps all in one status, they all get it."""
        doc = self._office.must("contacts", ident)
        if status not in self._office.by_id("statuses"):
            raise Missing("status")
        return self._changed(doc, status_id=status)

    def change_owner(self, ident: str, owner: str) -> Json:
        """Give a contact to a user."""
        doc = self._office.must("contacts", ident)
        if owner not in self._office.by_id("users"):
            raise Missing("user")
        return self._changed(doc, owner_id=owner)

    def close_sales(self, ident: str, comment: Any, *, force: bool = False) -> Json:
        """End the caller's sales cycle; with open actions only by force, which deletes them."""
        doc = self._office.must("contacts", ident)
        if comment is not None and not (isinstance(comment, str) and len(comment) <= LONGEST_COMMENT):
            raise invalid("comment", f"is too long (maximum is {LONGEST_COMMENT} characters)")
        undone = self._office.chosen("actions", contact_id=ident, done=0)
        mine = [row for row in undone if force or row["assignee_id"] == TOKEN_USER]
        if mine and not force:
            raise Conflict("Cannot close sales cycle: there are active actions with this contact")
        for row in mine:
            self._office.delete("actions", row["id"])
        closed_at = int(datetime.now(UTC).timestamp())
        sale = {"user_id": TOKEN_USER, "closed_at": closed_at, "comment": comment or ""}
        return self._changed(doc, closed_sales=[*self._others(doc), sale])

    def reopen_sales(self, ident: str) -> Json:
        """Begin the caller's sales cycle again."""
        doc = self._office.must("contacts", ident)
        return self._changed(doc, closed_sales=self._others(doc))

    def split(self, ident: str, name: str) -> Json:
        """Take a contact out of its company, and perhaps into another one."""
        doc = self._office.must("contacts", ident)
        if not name and not doc["last_name"]:
            raise invalid("company_name", "is required")
        with self._office.change("contacts"):
            joined = self._office.employer({**doc, "company_id": ""}, name[:55])
            self._office.keep("contacts", {**doc, **joined}, old=doc)
        return self._office.found("contacts", ident)

    def sync_status(self, ident: str, status: str | None) -> Json:
        """Keep all contacts of a company in one status from now on, or (None) no longer."""
        doc = self._office.must("companies", ident)
        if status is not None and status not in self._office.by_id("statuses"):
            raise invalid("status_id", "status not found")
        with self._office.change("companies"):
            doc |= {"syncing_status": status is not None, "synced_status_id": status}
            self._office.keep("companies", doc)
            for each in self._office.chosen("contacts", company_id=ident) if status else []:
                self._office.keep("contacts", {**each, "status_id": status})
        return self._office.found("companies", ident)

    def follow(self, doc: Json, old: Json | None) -> None:
        """What a changed contact changes elsewhere: the status of its colleagues, where it is one for all."""
        company = self._office.kept("companies", doc["company_id"]) if doc["company_id"] else None
        if company is None or not company["syncing_status"] or old is None:
            return
        if old["company_id"] != doc["company_id"] or old["status_id"] == doc["status_id"]:
            return
        self._office.store.put("companies", {**company, "synced_status_id": doc["status_id"]})
        for each in self._office.chosen("contacts", company_id=company["id"]):
            if each["status_id"] != doc["status_id"]:
                changed = {**each, "status_id": doc["status_id"], "modified_at": self._office.now()}
                self._office.store.put("contacts", changed)
                self._office.settle(each["id"])

    def _changed(self, doc: Json, **members: Any) -> Json:
        with self._office.change("contacts"):
            self._office.keep("contacts", {**doc, **members}, old=doc)
        return self._office.found("contacts", doc["id"])

    def _others(self, doc: Json) -> list[Json]:
        return [sale for sale in doc["closed_sales"] if sale["user_id"] != TOKEN_USER]
