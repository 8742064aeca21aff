"""The kinds of records: what is kept of each, and what each is found, chosen and ordered by."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crmtui.sandbox.database import statement
from crmtui.sandbox.text import fold

from .account import DEFAULT_PIPELINE, LEAD, TOKEN_USER
from .columns import (
    STAMPED,
    Condition,
    digits,
    equal,
    fields,
    filed,
    folded,
    letter,
    plain,
    same,
    times,
    values,
    within,
    words,
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind: `contacts`, of which each is a `contact`."""

    name: str
    word: str
    empty: Json
    """All members of one as it is kept, with the values that need no room."""
    columns: Mapping[str, Callable[[Json], Any]]
    """What it is found by, computed of a whole record."""
    orders: Mapping[str, str]
    conditions: Mapping[str, Condition]

    def whole(self, kept: Json) -> Json:
        """A record with all its members, in their order; its arrays and objects are its own."""
        return {name: kept[name] if name in kept else _own(value) for name, value in self.empty.items()}

    def kept(self, doc: Json) -> Json:
        """The members of a record that tell something."""
        return {name: value for name, value in doc.items() if value != self.empty[name]}


def _own(value: Any) -> Any:
    return value.copy() if isinstance(value, list | dict) else value


_OF_CONTACT: Mapping[str, Condition] = {
    "contact_id": equal("contact"),
    "company_id": ("contact IN (SELECT id FROM contacts WHERE company = ?)", same),
}
_MINE = statement("(id IN (SELECT contact FROM actions WHERE done = 0 AND assignee =", f"'{TOKEN_USER}'")

CONTACTS = Entity(
    "contacts",
    "contact",
    {
        "id": "",
        "title": "",
        "first_name": "",
        "last_name": "",
        "job_title": "",
        "company_id": "",
        "company_name": "",
        "owner_id": TOKEN_USER,
        "status_id": LEAD,
        "tags": [],
        "starred_by": [],
        "background": "",
        "lead_source_id": "",
        "photo_url": "",
        "custom_fields": {},
        "address_list": [],
        "urls": [],
        "phones": [],
        "emails": [],
        "closed_sales": [],
        "created_at": "",
        "modified_at": "",
    },
    {
        "owner": plain("owner_id"),
        "status": plain("status_id"),
        "source": plain("lead_source_id"),
        "company": plain("company_id"),
        "letter": lambda doc: letter(filed(doc)),
        "sort": lambda doc: f"{filed(doc)}\n{doc['first_name']}".casefold(),
        "words": words,
        "emails": values("emails"),
        "phones": lambda doc: "\n".join(digits(row["value"]) for row in doc["phones"]),
        "urls": values("urls"),
        "fields": fields,
        "starred": lambda doc: int(TOKEN_USER in doc["starred_by"]),
        **STAMPED,
    },
    {
        "name": "sort",
        **{name: f"fold(doc ->> '{name}')" for name in ("first_name", "last_name", "company_name")},
        "created_at": "created",
        "modified_at": "modified",
        "id": "id",
    },
    {
        "owner_id": equal("owner"),
        "status_id": equal("status"),
        "lead_source_id": equal("source"),
        "company_id": equal("company"),
        "not_linked_with": ("company != ?", same),
        "letter": ("letter = ?", lambda value: letter(str(value))),
        "search": within("words"),
        "email": ("instr(char(10) || emails || char(10), char(10) || ? || char(10)) > 0", fold),
        "phone": ("instr(phones, ?) > 0", lambda value: digits(str(value)) or "none"),
        "url": within("urls"),
        "starred": equal("starred"),
        "tag": ("id IN (SELECT contact FROM tagged WHERE tag = ?)", fold),
        "pending_deal": ("(id IN (SELECT contact FROM deals WHERE status = 'pending')) = ?", same),
        "waiting": (f"{_MINE} AND status = 'waiting')) = ?", same),
        "has_actions": ("(id IN (SELECT contact FROM actions WHERE done = 0)) = ?", same),
        "has_actions_for_me": (f"{_MINE})) = ?", same),
        "action_until": (f"{_MINE} AND date <= ?))", same),
        "before_rank": ("stream.rank < ?", same),
        "in_stream_of": ("id IN (SELECT contact FROM stream WHERE user = ?)", same),
        "custom_field": (
            "instr(char(10) || fields || char(10), char(10) || ? || char(10)) > 0",
            lambda pair: fold(f"{pair[0]}={pair[1]}"),
        ),
        "country": (
            "EXISTS (SELECT 1 FROM json_each(doc, '$.address_list') WHERE value ->> 'country_code' = ?)",
            same,
        ),
        "deal_status": ("id IN (SELECT contact FROM deals WHERE status = ?)", same),
        "among": ("id IN (SELECT value FROM json_each(?))", same),
        "deal_above": ("id IN (SELECT contact FROM deals WHERE total > ?)", float),
        **times(),
    },
)
COMPANIES = Entity(
    "companies",
    "company",
    {
        "id": "",
        "name": "",
        "description": "",
        "phone": "",
        "photo_url": "",
        "url": "",
        "company_fields": {},
        "syncing_status": False,
        "synced_status_id": None,
        "address": {},
        "created_at": "",
        "modified_at": "",
    },
    {
        "name": folded("name"),
        "letter": lambda doc: letter(doc["name"]),
        "phones": lambda doc: digits(doc["phone"]),
        **STAMPED,
    },
    {"name": "name", "created_at": "created", "modified_at": "modified", "id": "id"},
    {
        "name": within("name"),
        "named": ("name = ?", fold),
        "letter": ("letter = ?", lambda value: letter(str(value))),
        "phone": ("instr(phones, ?) > 0", lambda value: digits(str(value)) or "none"),
        **times(),
    },
)
DEALS = Entity(
    "deals",
    "deal",
    {
        "id": "",
        "contact_id": "",
        "owner_id": TOKEN_USER,
        "pipeline_id": DEFAULT_PIPELINE,
        "name": "",
        "text": "",
        "date": "",
        "author": "",
        "amount": 0,
        "months": 1,
        "cost": 0,
        "commission_base": "amount",
        "commission_type": "none",
        "commission": 0,
        "commission_percentage": 0,
        "status": "pending",
        "stage": None,
        "expected_close_date": None,
        "close_date": None,
        "deal_fields": {},
        "deal_items": [],
        "stages": {},
        "created_at": "",
        "modified_at": "",
    },
    {
        "contact": plain("contact_id"),
        "owner": plain("owner_id"),
        "pipeline": plain("pipeline_id"),
        "status": plain("status"),
        "stage": plain("stage"),
        "total": lambda doc: doc["amount"] * doc["months"],
        "date": plain("date"),
        "expected": plain("expected_close_date"),
        "closed": plain("close_date"),
        "name": folded("name"),
        **STAMPED,
    },
    {
        "id": "id",
        "created_at": "created",
        "modified_at": "modified",
        "date": "date",
        "close_date": "closed",
        "expected_close_date": "expected",
    },
    {
        **_OF_CONTACT,
        "name": within("name"),
        "search": (
            "id IN (SELECT sold.id FROM deals AS sold JOIN contacts ON contacts.id = sold.contact"
            " WHERE instr(sold.name || char(10) || contacts.words, ?) > 0)",
            fold,
        ),
        "status": equal("status"),
        "closed": ("(status != 'pending') = ?", same),
        "stage": equal("stage"),
        "pipeline_id": equal("pipeline"),
        "owner_id": equal("owner"),
        "tag": ("contact IN (SELECT contact FROM tagged WHERE tag = ?)", fold),
        "contacts": ("contact IN (SELECT value FROM json_each(?))", json.dumps),
        **times("date", "closed", "expected"),
    },
)
ACTIONS = Entity(
    "actions",
    "action",
    {
        "id": "",
        "assignee_id": TOKEN_USER,
        "contact_id": "",
        "text": "",
        "status": "date",
        "before": None,
        "done": False,
        "done_at": None,
        "position": None,
        "date": None,
        "exact_time": None,
        "externally_controlled": False,
        "created_at": "",
        "modified_at": "",
    },
    {
        "contact": plain("contact_id"),
        "assignee": plain("assignee_id"),
        "status": plain("status"),
        "done": lambda doc: int(doc["done"]),
        "rank": lambda doc: rank(doc),
        "date": plain("date"),
        "closed": plain("done_at"),
        **STAMPED,
    },
    {"rank": "rank", "id": "id", "created_at": "created", "modified_at": "modified", "closed": "closed"},
    {
        **_OF_CONTACT,
        "assignee_id": equal("assignee"),
        "status": equal("status"),
        "done": equal("done"),
        **times("date", "closed"),
    },
)


def rank(doc: Json) -> str:
    """Where an action stands: ASAP ones first, then dated, waiting, queued and done ones."""
    match doc["status"]:
        case "asap":
            return "0"
        case "date" | "date_time":
            return f"1 {doc['date']} {doc['exact_time'] or 9_999_999_999}"
        case "waiting":
            return "2"
        case "queued" | "queued_with_date":
            return f"3 {doc['position'] or 0:06d}"
    return "4"


def _log(name: str, word: str, members: Json, column: str, **columns: str) -> Entity:
    """What is logged with a contact: its members besides those of all, and the columns of some of them."""
    return Entity(
        name,
        word,
        {
            "id": "",
            "author": "",
            "author_id": TOKEN_USER,
            "contact_id": "",
            "text": "",
            **members,
            "created_at": "",
            "modified_at": "",
        },
        {
            "contact": plain("contact_id"),
            "author": plain("author_id"),
            **{name: plain(member) for name, member in columns.items()},
            **STAMPED,
        },
        {"id": "id", "created_at": "created", "modified_at": "modified", "date": column},
        {**_OF_CONTACT, "linked_deal_id": equal("deal"), **times(column)},
    )


NOTES = _log("notes", "note", {"date": "", "linked_deal_id": ""}, "date", date="date", deal="linked_deal_id")
CALLS = _log(
    "calls",
    "call",
    {
        "call_result": "other",
        "call_time_int": 0,
        "via": "unknown",
        "phone_number": None,
        "recording_link": "",
    },
    "time",
    time="call_time_int",
    result="call_result",
)
MEETINGS = _log("meetings", "meeting", {"meeting_time_int": 0, "place": ""}, "time", time="meeting_time_int")
ENTITIES = {entity.name: entity for entity in (CONTACTS, COMPANIES, DEALS, ACTIONS, NOTES, CALLS, MEETINGS)}
WORDS = {entity.name: entity.word for entity in ENTITIES.values()}
BELONGING = ("actions", "deals", "notes", "calls", "meetings")
"""What belongs to a contact."""
