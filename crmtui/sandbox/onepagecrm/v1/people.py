"""Calls on contacts: pages of them, one of them, and its writes."""

from typing import Any

from crmtui.sandbox.onepagecrm.office import Office

from . import contact, note, values
from .action import told as told_action
from .beneath import Beneath
from .dialect import Dialect
from .labels import Labels
from .message import Answered, Asked, Problem
from .views import Views

Json = dict[str, Any]
_COUNTED = ("tags", "statuses")
_LAST_ACTIONS = 2
_LAST_NOTES = 3


class People:
    """The contacts of the account, whoever owns them: v1 knows one user."""

    def __init__(
        self, office: Office, labels: Labels, beneath: Beneath, views: Views, dialect: Dialect
    ) -> None:
        self._office = office
        self._labels = labels
        self._beneath = beneath
        self._views = views
        self._dialect = dialect
        self._undoable: str | None = None

    def listed(self, asked: Asked) -> Answered:
        """A page of contacts, of the size that the user has set; one beyond the last is empty."""
        form = asked.arguments
        conditions = self._labels.conditions(form)
        if form.get("search"):
            conditions["search"] = form["search"]
        conditions.setdefault("waiting", int(values.flag(form.get("waiting"))))
        size = self._dialect.page_size
        page = form.get("page", "")
        number = max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 10 else 1
        count = self._office.total("contacts", conditions)
        docs = self._office.store.select(
            "contacts", conditions, order="name", start=(number - 1) * size, limit=size
        )
        found = {
            "count": count,
            "page": number,
            "maxpage": max(1, -(-count // size)),
            "contacts": [self._item(doc) for doc in docs],
        }
        return Answered(found, _COUNTED)

    def shown(self, ident: str) -> Answered:
        """A contact with its last closed actions and its last notes; it counts as viewed."""
        self._found(ident)
        self._views.note(ident)
        closed = [row for row in self._beneath.actions_of(ident) if row["done"]]
        closed.sort(key=lambda row: (row["done_at"] or "", row["id"]), reverse=True)
        more = {
            "actions": [told_action(row) for row in closed[:_LAST_ACTIONS]],
            "notes": [
                note.told(row, self._dialect.pipeline) for row in self._beneath.notes_of(ident)[:_LAST_NOTES]
            ],
        }
        return Answered(self._whole(ident) | more, _COUNTED)

    def create(self, asked: Asked) -> Answered:
        """A new contact."""
        body = contact.given(asked.arguments, None, self._labels.statuses())
        return Answered(self._whole(self._office.create("contacts", body)["id"]), _COUNTED)

    def replace(self, ident: str, asked: Asked) -> Answered:
        """The contact as the form has it; what v1 does not know of it stays."""
        body = contact.given(asked.arguments, self._found(ident), self._labels.statuses())
        self._office.update("contacts", ident, body, partial=True)
        return Answered(self._whole(ident), _COUNTED)

    def delete(self, ident: str) -> Answered:
        """Delete a contact, the only one that can be restored from then on."""
        self._found(ident)
        self._office.delete("contacts", ident)
        self._undoable = ident
        return Answered(blocks=_COUNTED)

    def restore(self) -> Answered:
        """Restore the contact that was deleted last."""
        if self._undoable is None:
            raise Problem(106)
        doc = self._office.restore("contacts", self._undoable)
        self._undoable = None
        return Answered([self._whole(doc["id"])], _COUNTED)

    def tag(self, asked: Asked, *, on: bool) -> Answered:
        """Put a tag on a contact or take it away; VIP is a mark, and no tag."""
        form = asked.arguments
        if not form.get("id") or not form.get("name"):
            raise Problem(109)
        doc = self._found(form["id"])
        name = form["name"]
        if name.upper() == contact.VIP:
            self._office.people.star(doc["id"], on=on)
        elif on:
            self._office.people.assign_tag(doc["id"], name)
        else:
            self._office.people.unassign_tag(doc["id"], name)
        return Answered(blocks=("tags",))

    def _found(self, ident: str) -> Json:
        doc = self._office.kept("contacts", ident)
        if doc is None:
            raise Problem(106)
        return doc

    def _item(self, doc: Json) -> Json:
        pending = any(
            row["status"] == "pending" for row in self._office.chosen("deals", contact_id=doc["id"])
        )
        undone = self._beneath.undone_of(doc["id"])
        return contact.item(doc, self._labels.statuses(), undone, pending=pending)

    def _whole(self, ident: str) -> Json:
        doc = self._office.must("contacts", ident)
        return self._item(doc) | contact.details(doc, self._dialect.urls)
