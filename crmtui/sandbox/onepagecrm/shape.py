"""Records as v3 tells them: with what is computed of other records, and without what is only kept."""

from collections.abc import Mapping
from typing import Any, Protocol

from . import fields
from .account import TOKEN_USER, full_name
from .columns import contact_name, filed, letter

Json = dict[str, Any]
_NO_ADDRESS = {"address": "", "city": "", "state": "", "zip_code": "", "country_code": ""}


class Known(Protocol):
    """What there is to know of the account."""

    def kept(self, entity: str, ident: str) -> Json | None:
        """A record as it is kept."""

    def chosen(self, entity: str, **conditions: Any) -> list[Json]:
        """The records that meet conditions, as they are kept."""

    def count(self, entity: str, **conditions: Any) -> int:
        """How many records meet conditions."""

    def setup(self, kind: str) -> list[Json]:
        """What the account has set up."""

    def by_id(self, kind: str) -> Mapping[str, Json]:
        """The same by id."""


def told(entity: str, doc: Json, known: Known) -> Json:
    """A record with all its members."""
    return _TOLD[entity](doc, known)


def money(amount: float) -> int | float:
    """An amount, whole where it is."""
    rounded = round(amount, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def total(deals: list[Json]) -> int | float:
    """What deals are worth together."""
    return money(sum(doc["amount"] * doc["months"] for doc in deals))


def _contact(doc: Json, known: Known) -> Json:
    deals = known.chosen("deals", contact_id=doc["id"])
    pending = [deal for deal in deals if deal["status"] == "pending"]
    source = known.by_id("lead_sources").get(doc["lead_source_id"])
    company = doc["company_id"]
    return {
        "id": doc["id"],
        "first_name": doc["first_name"],
        "last_name": doc["last_name"],
        "job_title": doc["job_title"],
        "company_id": company,
        "company_name": doc["company_name"],
        "company_size": known.count("contacts", company_id=company) if company else 0,
        "owner_id": doc["owner_id"],
        "status": known.by_id("statuses")[doc["status_id"]]["text"],
        "status_id": doc["status_id"],
        "tags": doc["tags"],
        "starred": TOKEN_USER in doc["starred_by"],
        "background": doc["background"],
        "lead_source_id": doc["lead_source_id"],
        "lead_source": source["text"] if source else "",
        "pending_deal": bool(pending),
        "total_pendings": total(pending),
        "total_deals_count": len(deals),
        "photo_url": doc["photo_url"],
        "custom_fields": fields.told("custom_fields", known.setup("custom_fields"), doc["custom_fields"]),
        "address_list": doc["address_list"] or [dict(_NO_ADDRESS)],
        "letter": letter(filed(doc)),
        "urls": doc["urls"],
        "phones": doc["phones"],
        "emails": doc["emails"],
        "sales_closed_for": [sale["user_id"] for sale in doc["closed_sales"]],
        "closed_sales": doc["closed_sales"],
        "created_at": doc["created_at"],
        "modified_at": doc["modified_at"],
        "title": doc["title"],
    }


def _company(doc: Json, known: Known) -> Json:
    deals = known.chosen("deals", company_id=doc["id"])
    won = [deal for deal in deals if deal["status"] == "won"]
    pending = [deal for deal in deals if deal["status"] == "pending"]
    return {
        "id": doc["id"],
        "name": doc["name"],
        "description": doc["description"],
        "phone": doc["phone"],
        "photo_url": doc["photo_url"],
        "url": doc["url"],
        "company_fields": fields.told("company_fields", known.setup("company_fields"), doc["company_fields"]),
        "syncing_status": doc["syncing_status"],
        "synced_status_id": doc["synced_status_id"],
        # What an address lacks is null of a company, and empty text of a contact.
        "address": {name: doc["address"].get(name) or None for name in _NO_ADDRESS},
        "won_deals_count": len(won),
        "total_won_amount": total(won),
        "total_pending_amount": total(pending),
        "pending_deals_count": len(pending),
        "contacts_count": known.count("contacts", company_id=doc["id"]),
        "created_at": doc["created_at"],
        "modified_at": doc["modified_at"],
    }


def _deal(doc: Json, known: Known) -> Json:
    owner = known.by_id("users")[doc["owner_id"]]
    person = known.kept("contacts", doc["contact_id"])
    told_items = [
        {**row, "amount": money(row["price"] * row["qty"]), "deal_id": doc["id"], "position": place}
        for place, row in enumerate(doc["deal_items"], 1)
    ]
    ending = {"close_date": doc["close_date"]}
    if doc["status"] == "pending":
        ending = {"stage": doc["stage"], "expected_close_date": doc["expected_close_date"]}
    return {
        "id": doc["id"],
        "contact_id": doc["contact_id"],
        "owner_id": doc["owner_id"],
        "owner": {"id": owner["id"], "name": full_name(owner), "email": owner["email"]},
        "pipeline_id": doc["pipeline_id"],
        "sales_pipeline_id": doc["pipeline_id"],
        "name": doc["name"],
        "text": doc["text"],
        "date": doc["date"],
        "contact_info": {
            "contact_name": contact_name(person) if person else "",
            "company": person["company_name"] if person else "",
        },
        "author": doc["author"],
        "amount": doc["amount"],
        "months": doc["months"],
        "total_amount": money(doc["amount"] * doc["months"]),
        "cost": doc["cost"],
        "margin": money(doc["amount"] - doc["cost"]),
        "total_cost": money(doc["cost"] * doc["months"]),
        "commission_base": doc["commission_base"],
        "commission_type": doc["commission_type"],
        "commission": doc["commission"],
        "commission_percentage": doc["commission_percentage"],
        "status": doc["status"],
        "deal_fields": fields.told("deal_fields", known.setup("deal_fields"), doc["deal_fields"]),
        "has_deal_items": bool(told_items),
        "deal_items": told_items,
        "has_related_notes": known.count("notes", linked_deal_id=doc["id"]) > 0,
        "attachments": [],
        "linked_contacts": [],
        "created_at": doc["created_at"],
        "modified_at": doc["modified_at"],
        **ending,
    }


def _action(doc: Json, known: Known) -> Json:
    optional = ("date", "exact_time", "position", "done_at")
    names = ("id", "assignee_id", "contact_id", "text", "status", "done", "created_at", "modified_at")
    return {
        **{name: doc[name] for name in names},
        "externally_controlled": doc["externally_controlled"],
        **{name: doc[name] for name in optional if doc[name] is not None},
    }


def _note(doc: Json, known: Known) -> Json:
    deal = known.kept("deals", doc["linked_deal_id"]) if doc["linked_deal_id"] else None
    return {
        "id": doc["id"],
        "author": doc["author"],
        "contact_id": doc["contact_id"],
        "text": doc["text"],
        "date": doc["date"],
        "attachments": [],
        "linked_deal_id": doc["linked_deal_id"],
        "linked_deal_name": deal["name"] if deal else "",
        "created_at": doc["created_at"],
        "modified_at": doc["modified_at"],
    }


def _call(doc: Json, known: Known) -> Json:
    return {
        "id": doc["id"],
        "author": doc["author"],
        "text": doc["text"],
        "call_result": doc["call_result"],
        "call_time_int": doc["call_time_int"],
        "contact_id": doc["contact_id"],
        "via": doc["via"],
        "phone_number": doc["phone_number"],
        "recording_link": doc["recording_link"],
        "attachments": [],
        "created_at": doc["created_at"],
        "modified_at": doc["modified_at"],
    }


def _meeting(doc: Json, known: Known) -> Json:
    return {
        "id": doc["id"],
        "author": doc["author"],
        "text": doc["text"],
        "meeting_time_int": doc["meeting_time_int"],
        "place": doc["place"],
        "contact_id": doc["contact_id"],
        "attachments": [],
        "created_at": doc["created_at"],
        "modified_at": doc["modified_at"],
    }


_TOLD = {
    "contacts": _contact,
    "companies": _company,
    "deals": _deal,
    "actions": _action,
    "notes": _note,
    "calls": _call,
    "meetings": _meeting,
}
