"""Records as lists and answers have them: wrapped, with what belongs to them beside."""

import re
from typing import Any

from crmtui.sandbox.onepagecrm.entity import WORDS
from crmtui.sandbox.onepagecrm.office import Office

from .dialect import Dialect
from .message import Asked, wrong

Json = dict[str, Any]
_FIELDS = {
    "contacts": ("deals", "notes", "calls", "meetings", "pinned_attachments"),
    "deals": ("contacts",),
}
_ALWAYS = ("deals", "notes", "calls")


def fields(asked: Asked, entity: str) -> frozenset[str]:
    """What a call wants beside each record: `fields=deals(all),notes(all)`."""
    word = asked.parameters.get("fields", "")
    wanted = [part.strip() for part in word.split(",") if part.strip()]
    names = [found[1] if (found := re.fullmatch(r"(\w+)\(all\)", part)) else part for part in wanted]
    if not set(names) <= set(_FIELDS.get(entity, ())) or not all(part.endswith("(all)") for part in wanted):
        raise wrong("fields", "is not included in the list")
    return frozenset(names)


class Entries:
    """Makes answers of the records of the account."""

    def __init__(self, office: Office, dialect: Dialect) -> None:
        self._office = office
        self._dialect = dialect

    def entry(self, entity: str, record: Json, wanted: frozenset[str] = frozenset()) -> Json:
        """A record under the word for it, with what stands beside it."""
        match entity:
            case "contacts":
                return self.person(record, wanted)
            case "companies":
                return {"company": self._company(record)}
            case "deals":
                return self._deal(record, wanted)
        return {WORDS[entity]: record}

    def person(self, record: Json, wanted: frozenset[str] = frozenset()) -> Json:
        """A contact with its next actions and its company."""
        found = {"contact": self.contact(record), **self._office.next_actions(record["id"])}
        for name in _FIELDS["contacts"]:
            if name in wanted or (self._dialect.embeds == "always" and name in _ALWAYS):
                found[name] = self._belonging(name, record["id"])
        company = self._office.get("companies", record["company_id"]) if record["company_id"] else None
        return {**found, "company": company} if company else found

    def contact(self, record: Json) -> Json:
        """A contact by itself."""
        rows = record["address_list"]
        if self._dialect.no_address == "none" and not any(rows[0].values()):
            return {**record, "address_list": []}
        return record

    def _belonging(self, name: str, ident: str) -> list[Json]:
        if name == "pinned_attachments":
            return []
        return self._office.select(name, {"contact_id": ident}, order="modified_at", descending=True)

    def _company(self, record: Json) -> Json:
        people = self._office.select("contacts", {"company_id": record["id"]}, order="name")
        deals = self._office.select("deals", {"company_id": record["id"], "status": "pending"})
        contacts = [
            {"contact": self.contact(person), **self._office.next_actions(person["id"])} for person in people
        ]
        pending = [self._deal(deal, frozenset()) for deal in deals]
        return {**record, "contacts": contacts, "pending_deals": pending}

    def _deal(self, record: Json, wanted: frozenset[str]) -> Json:
        found: Json = {"deal": record}
        if record["has_related_notes"]:
            notes = self._office.select("notes", {"linked_deal_id": record["id"]})
            found["related_notes"] = [{"note": note} for note in notes]
        if "contacts" in wanted:
            person = self._office.get("contacts", record["contact_id"])
            found["contacts"] = [self.contact(person)] if person else []
        return found
