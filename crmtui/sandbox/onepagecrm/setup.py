"""What the account has set up, and the rules on changing it: statuses, lead sources, fields, users, tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import values
from .account import COLORS, LEAD, TOKEN_USER
from .definitions import CHOICES, TYPES
from .definitions import WORDS as FIELD_WORDS
from .refusal import Conflict, Forbidden, Invalid, Missing, invalid
from .values import Check

if TYPE_CHECKING:
    from .office import Office

Json = dict[str, Any]
WORDS = {"statuses": "status", "lead_sources": "lead_source", "users": "user", **FIELD_WORDS}
_FIELD: Mapping[str, Check] = {
    "name": values.text(60),
    "type": values.choice(TYPES),
    "position": values.whole,
    "choices": values.texts,
    "reminder_days": values.whole,
}
_CHECKS: Mapping[str, Mapping[str, Check]] = {
    "statuses": {
        "text": values.text(20),
        "color": values.choice(COLORS),
        "description": values.text(33),
    },
    "lead_sources": {"text": values.text(40)},
    **dict.fromkeys(FIELD_WORDS, _FIELD),
}
_REQUIRED = {
    "statuses": ("text", "color"),
    "lead_sources": ("text",),
    **dict.fromkeys(FIELD_WORDS, ("name", "type")),
}
_VALUED = {"custom_fields": "contacts", "company_fields": "companies", "deal_fields": "deals"}


class Setup:
    """Makes, changes and deletes what only administrators may, and tags, which everybody may."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def found(self, kind: str, ident: str) -> Json:
        """One of a kind, or `Missing`."""
        row = self._office.by_id(kind).get(ident)
        if row is None:
            raise Missing(WORDS.get(kind, kind.removesuffix("s")))
        return dict(row)

    def create(self, kind: str, body: Json) -> Json:
        """Make a status, a lead source or a custom field."""
        self._office.require("admin")
        doc = self._checked(kind, body, {})
        now = self._office.now()
        made: Json = {"id": self._office.store.next_id()}
        if kind == "statuses":
            made["status"] = f"custom{len(self._office.setup(kind)) - 4}"
        doc = {**made, **({"description": ""} if kind == "statuses" else {}), **doc}
        if kind in FIELD_WORDS:
            doc.setdefault("position", len(self._office.setup(kind)))
            doc |= {"created_at": now, "modified_at": now}
        return self._keep(kind, doc)

    def update(self, kind: str, ident: str, body: Json, *, partial: bool) -> Json:
        """Change a status, a lead source or a custom field, whose type stays."""
        self._office.require("admin")
        old = self.found(kind, ident)
        doc = self._checked(kind, body, old if partial else {})
        if kind in FIELD_WORDS:
            if doc["type"] != old["type"]:
                raise invalid("type", "cannot be changed")
            doc["modified_at"] = self._office.now()
        elif kind == "statuses":
            doc.setdefault("description", "")
        return self._keep(kind, {**old, **doc})

    def delete(self, kind: str, ident: str) -> None:
        """Delete a status, a lead source or a custom field, also from the records that have it."""
        self._office.require("admin")
        self.found(kind, ident)
        if ident == LEAD or len(self._office.setup(kind)) == 1:
            raise Conflict("This one cannot be deleted")
        with self._office.change("setup"):
            self._forget(kind, ident)
            self._office.store.remove_setup(kind, ident)

    def update_user(self, ident: str, body: Json) -> Json:
        """Change a user's names: one's own, or as an administrator."""
        doc = self.found("users", ident)
        if ident != TOKEN_USER:
            self._office.require("admin")
            if body.get("bcc_email"):
                raise Forbidden("You can only update your own BCC email address")
        checks = dict.fromkeys(("first_name", "last_name", "company_name"), values.text(55))
        return self._keep("users", {**doc, **values.taken(body, checks)})

    def tag(self, name: str) -> str:
        """A tag's name as the account has it, which is made where there is none."""
        for row in self._office.setup("tags"):
            if row["id"] == name.casefold():
                return str(row["name"])
        self._office.store.put_setup("tags", name.casefold(), {"id": name.casefold(), "name": name})
        return name

    def rename_tag(self, name: str, new: str) -> None:
        """Give a tag another name, on its contacts too."""
        new = new.strip()
        if not new:
            raise invalid("name", "is required")
        old = self._tag(name)
        with self._office.change("tags"):
            self._office.store.remove_setup("tags", old["id"])
            known = self.tag(new)
            self._retag(old["id"], known)

    def delete_tag(self, name: str) -> None:
        """Delete a tag, and take it from its contacts."""
        old = self._tag(name)
        with self._office.change("tags"):
            self._office.store.remove_setup("tags", old["id"])
            self._retag(old["id"], None)

    def remove_unused_tags(self) -> None:
        """Delete the tags that no contact has."""
        with self._office.change("tags"):
            used = {tag for (tag,) in self._office.store.rows("SELECT DISTINCT tag FROM tagged")}
            for row in self._office.setup("tags"):
                if row["id"] not in used:
                    self._office.store.remove_setup("tags", row["id"])

    def conditions(self, ident: str) -> Json:
        """The conditions that a filter is, as `entity` names them."""
        found: Json = {}
        statuses = {row["status"]: row["id"] for row in self._office.setup("statuses")}
        for name, _, value in self.found("filters", ident)["conditions"]:
            match name:
                case "status":
                    found["status_id"] = statuses.get(value, value)
                case "deal_value":
                    found["deal_above"] = value
                case "starred":
                    found["starred"] = int(value == "true")
                case _:
                    found[name] = value
        return found

    def _tag(self, name: str) -> Json:
        for row in self._office.setup("tags"):
            if row["id"] == name.strip().casefold():
                return row
        raise Missing("tag")

    def _retag(self, old: str, new: str | None) -> None:
        for doc in self._office.chosen("contacts", tag=old):
            named = [new if tag.casefold() == old else tag for tag in doc["tags"]]
            tags = list(dict.fromkeys(tag for tag in named if tag is not None))
            self._office.keep("contacts", {**doc, "tags": tags}, old=doc)

    def _checked(self, kind: str, body: Json, base: Json) -> Json:
        doc = {**base, **values.taken(body, _CHECKS[kind])}
        errors = {name: "is required" for name in _REQUIRED[kind] if not doc.get(name)}
        if kind in FIELD_WORDS and not errors:
            if doc["type"] in CHOICES and not doc.get("choices"):
                errors["choices"] = "is required"
            if doc["type"] == "anniversary" and kind != "custom_fields":
                errors["type"] = "is not included in the list"
            if doc["type"] not in CHOICES:
                doc.pop("choices", None)
        if errors:
            raise Invalid("A validation error has occurred", errors)
        return doc

    def _keep(self, kind: str, doc: Json) -> Json:
        with self._office.change("setup"):
            self._office.store.put_setup(kind, doc["id"], doc)
        return dict(doc)

    def _forget(self, kind: str, ident: str) -> None:
        member = {"statuses": "status_id", "lead_sources": "lead_source_id"}.get(kind)
        if member is not None:
            for doc in self._office.chosen("contacts", **{member: ident}):
                nothing = LEAD if kind == "statuses" else ""
                self._office.keep("contacts", {**doc, member: nothing}, old=doc)
        else:
            for doc in self._office.chosen(_VALUED[kind]):
                if ident in doc[kind]:
                    del doc[kind][ident]
                    self._office.store.put(_VALUED[kind], doc)
