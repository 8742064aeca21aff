"""Calls on what belongs to a contact: actions, and notes, which deals are among."""

from typing import Any

from crmtui.sandbox.onepagecrm.account import TOKEN_USER
from crmtui.sandbox.onepagecrm.entity import rank
from crmtui.sandbox.onepagecrm.office import Office

from . import action, note
from .dialect import Dialect
from .message import Answered, Asked, Problem
from .restrictions import Restrictions

Json = dict[str, Any]
_SOLD = ("sales", "tags")


class Beneath:
    """The actions, notes and deals of contacts."""

    def __init__(self, office: Office, restrictions: Restrictions, dialect: Dialect) -> None:
        self._office = office
        self._restrictions = restrictions
        self._dialect = dialect

    def actions_of(self, contact: str) -> list[Json]:
        """A contact's actions as they are kept, those of other users and the queued ones left out."""
        docs = self._office.chosen("actions", contact_id=contact)
        shown = (
            doc for doc in docs if doc["assignee_id"] == TOKEN_USER and doc["status"] not in action.QUEUED
        )
        return sorted(shown, key=rank)

    def undone_of(self, contact: str) -> Json | None:
        """A contact's next action."""
        return next((doc for doc in self.actions_of(contact) if not doc["done"]), None)

    def notes_of(self, contact: str) -> list[Json]:
        """A contact's notes and deals as they are kept, newest first."""
        docs = [
            doc for entity in ("notes", "deals") for doc in self._office.chosen(entity, contact_id=contact)
        ]
        return sorted(docs, key=lambda doc: (doc["date"], doc["id"]), reverse=True)

    def list_actions(self, asked: Asked) -> Answered:
        """The actions of a contact."""
        return Answered([action.told(doc) for doc in self.actions_of(self._contact(asked))])

    def show_action(self, ident: str) -> Answered:
        """One action."""
        return Answered(action.told(self._action(ident)))

    def create_action(self, asked: Asked) -> Answered:
        """A new action; a contact has one at a time that is not done."""
        contact = self._contact(asked)
        if self.undone_of(contact) is not None:
            raise Problem(107)
        body = {"contact_id": contact, **action.given(asked.arguments)}
        return self.show_action(self._office.create("actions", body)["id"])

    def replace_action(self, ident: str, asked: Asked) -> Answered:
        """The action as the form has it; one that is done stays so."""
        doc = self._action(ident)
        body = action.given(asked.arguments)
        timed = doc["status"] == "date_time" and body.get("date") == doc["date"]
        if doc["done"] or timed:
            # A time of day is of v3 alone, and lasts as long as its date.
            del body["status"]
        self._office.update("actions", ident, body, partial=True)
        return self.show_action(ident)

    def delete_action(self, ident: str) -> Answered:
        """Delete an action, which has to be done."""
        if not self._action(ident)["done"]:
            raise Problem(108)
        self._office.delete("actions", ident)
        return Answered()

    def complete(self, asked: Asked) -> Answered:
        """Mark the next action of a contact as done."""
        doc = self.undone_of(self._contact(asked))
        if doc is None:
            raise Problem(106)
        self._office.steps.finish(doc["id"])
        return self.show_action(doc["id"])

    def resume(self, asked: Asked) -> Answered:
        """Take back that the last action of a contact was done."""
        contact = self._contact(asked)
        done = [doc for doc in self.actions_of(contact) if doc["done"]]
        if not done:
            raise Problem(106)
        if self.undone_of(contact) is not None:
            raise Problem(107)
        last = max(done, key=lambda doc: (doc["done_at"] or "", doc["modified_at"], doc["id"]))
        self._office.steps.resume(last["id"])
        return self.show_action(last["id"])

    def list_notes(self, asked: Asked) -> Answered:
        """The notes and deals of a contact."""
        docs = self.notes_of(self._contact(asked))
        return Answered([note.told(doc, self._dialect.pipeline) for doc in docs])

    def show_note(self, ident: str) -> Answered:
        """One note or deal."""
        return Answered(note.told(self._note(ident)[1], self._dialect.pipeline))

    def create_note(self, asked: Asked) -> Answered:
        """A new note, or a new deal."""
        form = asked.arguments
        body = {"contact_id": self._contact(asked), **note.given(form, self._dialect)}
        if not note.is_deal(form, self._dialect):
            return self._written("notes", self._office.create("notes", body)["id"])
        self._restrictions.check_new_deal()
        body |= note.named(body["text"]) | note.given_deal(form, None, self._dialect)
        return self._written("deals", self._office.create("deals", body)["id"])

    def replace_note(self, ident: str, asked: Asked) -> Answered:
        """The note as the form has it, which may make it a deal, and a deal a note."""
        entity, old = self._note(ident)
        form = asked.arguments
        body = note.given(form, self._dialect)
        if note.is_deal(form, self._dialect):
            kept = old if entity == "deals" else None
            if kept is None:
                self._restrictions.check_new_deal()
            if kept is None or note.body_of(kept) != body["text"]:
                body |= note.named(body["text"])
            else:
                del body["text"]
            body |= note.given_deal(form, kept, self._dialect)
        wanted = "deals" if note.is_deal(form, self._dialect) else "notes"
        if wanted == entity:
            self._office.update(entity, ident, body, partial=True)
        else:
            self._turn(entity, wanted, old, body)
        return self._written(wanted, ident, sold=wanted != entity)

    def delete_note(self, ident: str) -> Answered:
        """Delete a note or deal."""
        entity, _ = self._note(ident)
        self._office.delete(entity, ident)
        return Answered(blocks=_SOLD if entity == "deals" else ())

    def _turn(self, entity: str, wanted: str, old: Json, body: Json) -> None:
        """Make a deal of a note, or the other way round, under the same id."""
        ident = old["id"]
        with self._office.change(entity):
            made = self._office.create(wanted, {"contact_id": old["contact_id"], **body})
            doc = self._office.must(wanted, made["id"])
            self._office.delete(entity, ident)
            self._office.store.remove(wanted, made["id"])
            self._office.store.put(wanted, {**doc, "id": ident, "created_at": old["created_at"]})

    def _written(self, entity: str, ident: str, *, sold: bool = False) -> Answered:
        doc = self._office.must(entity, ident)
        told = note.raw(doc) if self._dialect.notes == "raw" else note.told(doc, self._dialect.pipeline)
        return Answered(told, _SOLD if sold or entity == "deals" else ())

    def _contact(self, asked: Asked) -> str:
        ident = asked.arguments.get("cid", "")
        if not ident:
            raise Problem(109)
        if self._office.kept("contacts", ident) is None:
            raise Problem(106)
        return ident

    def _action(self, ident: str) -> Json:
        doc = self._office.kept("actions", ident)
        if doc is None or doc["status"] in action.QUEUED:
            raise Problem(106)
        return doc

    def _note(self, ident: str) -> tuple[str, Json]:
        for entity in ("notes", "deals"):
            doc = self._office.kept(entity, ident)
            if doc is not None:
                return entity, doc
        raise Problem(106)
