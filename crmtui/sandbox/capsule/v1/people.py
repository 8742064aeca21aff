"""Paths of people and organisations: lists, records, writes, single contact details."""

from typing import Any

from crmtui.sandbox.capsule.office import Office

from .dialect import Dialect
from .documents import expect
from .message import Answered, Asked, not_found
from .party import CONTACT_MEMBERS, display_name, parties_element, party_body, party_element
from .reading import document
from .shelf import Keep, Shelf, filled, gone, together

Json = dict[str, Any]
ENTITY = "parties"
TYPES = ("person", "organisation")


class People:
    """Answers what is asked of /party, /person and /organisation."""

    def __init__(self, office: Office, shelf: Shelf, dialect: Dialect) -> None:
        self._office = office
        self._shelf = shelf
        self._dialect = dialect

    def listed(self, asked: Asked) -> Answered:
        """The parties that `q`, `email`, `tag` and `lastmodified` leave, by their display names."""
        arguments = asked.arguments
        email, words, tag = (arguments.get(name, "") for name in ("email", "q", "tag"))
        keep = together(
            _has_email(email) if email else None,
            self._matches(words) if words else None,
            self._shelf.tagged(ENTITY, tag) if tag else None,
        )
        rows, size = self._shelf.page(ENTITY, arguments, words=email, keep=keep)
        return Answered(parties_element(rows, size, with_tags=self._embeds_tags(arguments)))

    def shown(self, party: Json, asked: Asked) -> Answered:
        """One party; the root tells its type."""
        return Answered(party_element(party, with_tags=self._embeds_tags(asked.arguments)))

    def employees(self, party: Json, asked: Asked) -> Answered:
        """The people of an organisation; a person has none."""
        rows, size = self._shelf.page(ENTITY, asked.arguments, within=("organisation", party["id"]))
        return Answered(parties_element(rows, size))

    def create(self, kind: str, asked: Asked) -> Answered:
        """Make a person or an organisation; where it is found is all that is answered."""
        body = party_body(expect(document(asked), kind))
        made = self._office.create(ENTITY, {"type": kind, **filled(body)})
        return Answered(status=201, location=f"/party/{made['id']}")

    def update(self, kind: str, number: str, asked: Asked) -> Answered:
        """Change what a document names; a person is answered whole, an organisation as the dialect has it."""
        party = self._shelf.found(ENTITY, number)
        if party["type"] != kind:
            raise not_found("party")
        changed = self._office.update(ENTITY, party["id"], party_body(expect(document(asked), kind)))
        if kind == "organisation" and self._dialect.put == "empty":
            return Answered()
        return Answered(party_element(changed, written=True))

    def delete(self, party: Json) -> Answered:
        """Delete a party and what belongs to it."""
        self._office.delete(ENTITY, party["id"])
        return Answered()

    def delete_contact(self, party: Json, number: str) -> Answered:
        """Delete one address, e-mail address, phone number or website."""
        for member in CONTACT_MEMBERS:
            row = next((row for row in party[member] if str(row["id"]) == number), None)
            if row is not None:
                self._office.update(ENTITY, party["id"], {member: [gone(row)]})
                return Answered()
        raise not_found("contact")

    def _embeds_tags(self, arguments: dict[str, str]) -> bool:
        return self._dialect.embed == "tags" and "tags" in arguments.get("embed", "").split(",")

    def _matches(self, words: str) -> Keep:
        """A part of the name or of a phone number, or the whole of a custom field's value."""
        sought = words.casefold()

        def keep(kept: Json) -> bool:
            if sought in display_name(kept).casefold():
                return True
            if any(sought in row["number"].casefold() for row in kept["phoneNumbers"]):
                return True
            return any(str(row["value"]).casefold() == sought for row in kept["fields"])

        return keep


def _has_email(address: str) -> Keep:
    sought = address.casefold()
    return lambda kept: any(row["address"].casefold() == sought for row in kept["emailAddresses"])
