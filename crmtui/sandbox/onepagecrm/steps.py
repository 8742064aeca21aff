"""The verbs of actions: done and not done after all, next instead of queued, whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import action
from .account import TOKEN_USER
from .refusal import Conflict, invalid

if TYPE_CHECKING:
    from .office import Office

Json = dict[str, Any]


class Steps:
    """Changes one thing about an action, and tells the action."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def finish(self, ident: str) -> Json:
        """Mark an action as done."""
        doc = self._office.must("actions", ident)
        if doc["done"]:
            raise Conflict("Action is already completed")
        return self._changed(action.finished(self._office, doc))

    def resume(self, ident: str) -> Json:
        """Take the completion of an action back."""
        doc = self._office.must("actions", ident)
        if not doc["done"]:
            raise Conflict("Action is not completed")
        return self._changed(action.resumed(doc))

    def promote(self, ident: str) -> Json:
        """Make a queued action the next one, where there is none."""
        doc = self._queued(ident)
        ahead, _ = action.next_ones(self._undone(doc))
        if any(row["assignee_id"] == doc["assignee_id"] for row in ahead):
            raise Conflict("There is a next action already")
        date = doc["date"] or self._office.today()
        return self._changed({**doc, "status": "date", "date": date, "position": None})

    def swap(self, ident: str) -> Json:
        """Put a dated queued action in the place of the next one, which is queued."""
        doc = self._queued(ident)
        ahead, _ = action.next_ones(self._undone(doc))
        if doc["status"] != "queued_with_date" or not ahead or ahead[0]["assignee_id"] != TOKEN_USER:
            raise Conflict("There is no date conflict to resolve")
        other = ahead[0]
        if other["status"] == "asap" or (other["date"] or "9999") <= doc["date"]:
            raise Conflict("There is no date conflict to resolve")
        with self._office.change("actions"):
            queued = "queued_with_date" if other["date"] else "queued"
            back = {"status": queued, "exact_time": None, "position": doc["position"]}
            self._office.keep("actions", {**other, **back})
        return self._changed({**doc, "status": "date", "position": None})

    def unassign(self, ident: str, assignee: str) -> Json:
        """Give an action to another user, the caller where none is named."""
        doc = self._office.must("actions", ident)
        if assignee and assignee not in self._office.by_id("users"):
            raise invalid("assignee_id", "user not found")
        return self._changed({**doc, "assignee_id": assignee or TOKEN_USER})

    def unlink(self, ident: str) -> Json:
        """Make an ordinary action of one that an external event controls."""
        doc = self._office.must("actions", ident)
        return self._changed({**doc, "externally_controlled": False})

    def make_room(self, doc: Json) -> None:
        """There is one ASAP action for each user of a contact: another one is dated, or in the way."""
        others = action.second_asap(self._office, doc)
        if others and self._office.terms.second_asap == "conflict":
            raise Conflict("There is an ASAP action for this contact already")
        for other in others:
            today, now = self._office.today(), self._office.now()
            changed = {**other, "status": "date", "date": today, "modified_at": now}
            self._office.store.put("actions", changed)

    def _queued(self, ident: str) -> Json:
        doc = self._office.must("actions", ident)
        if doc["status"] not in action.QUEUED:
            raise Conflict("Action is not queued")
        return doc

    def _undone(self, doc: Json) -> list[Json]:
        return self._office.chosen("actions", contact_id=doc["contact_id"], done=0)

    def _changed(self, doc: Json) -> Json:
        with self._office.change("actions"):
            self._office.keep("actions", doc)
        return self._office.found("actions", doc["id"])
