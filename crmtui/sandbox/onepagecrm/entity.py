"""The kinds of records: what is kept of each, and what each is found, chosen and ordered by."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crmtui.sandbox.database import statement
from crmtui.sandbox.text import fold

from .account import DEFAULT_PIPELINE, LEAD, TOKEN_USER

Json = dict[str, Any]
Condition = tuple[str, Callable[[Any], Any]]
"""SQL with one place for a value, and what is made of the value that is asked for."""


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


def _same(value: Any) -> Any:
    return value


def _equal(column: str) -> Condition:
    return f"{column} = ?", _same


def _within(column: str) -> Condition:
    return f"instr({column}, ?) > 0", lambda value: fold(value)


def letter(name: str) -> str:
    """The letter under which a name stands: `1` where it does not begin with one from a to z."""
    first = name[:1].casefold()
    return first if first.isascii() and first.isalpha() else "1"


def digits(text: str) -> str:
    """The digits of a telephone number."""
    return "".join(char for char in text if char.isdigit())


def contact_name(doc: Json) -> str:
    """A contact's first and last name."""
    return " ".join(part for part in (doc["first_name"], doc["last_name"]) if part)


def filed(doc: Json) -> str:
    """What a contact is filed under: its last name, or that of its company."""
    return str(doc["last_name"] or doc["company_name"] or doc["first_name"])


def _words(doc: Json) -> str:
    parts = [contact_name(doc), doc["company_name"], *(digits(row["value"]) for row in doc["phones"])]
    return "\n".join(parts).casefold()


def _values(name: str) -> Callable[[Json], str]:
    return lambda doc: "\n".join(row["value"] for row in doc[name]).casefold()


def _fields(doc: Json) -> str:
    """The values of custom fields, each choice of several by itself."""
    pairs = [
        f"{ident}={one}"
        for ident, value in doc["custom_fields"].items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return "\n".join(pairs).casefold()


def _folded(name: str) -> Callable[[Json], str]:
    return lambda doc: str(doc[name] or "").casefold()


def _plain(name: str) -> Callable[[Json], Any]:
    return lambda doc: doc[name]


STAMPED: Mapping[str, Callable[[Json], Any]] = {
    "created": _plain("created_at"),
    "modified": _plain("modified_at"),
}


def _times(*columns: str) -> Mapping[str, Condition]:
    """From and up to a moment of each column, and the two shorter names for that of the last change."""
    found: dict[str, Condition] = {}
    for column in ("created", "modified", *columns):
        found |= {f"{column}_from": (f"{column} >= ?", _same), f"{column}_to": (f"{column} <= ?", _same)}
    return found


_OF_CONTACT: Mapping[str, Condition] = {
    "contact_id": _equal("contact"),
    "company_id": ("contact IN (SELECT id FROM contacts WHERE company = ?)", _same),
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
        "owner": _plain("owner_id"),
        "status": _plain("status_id"),
        "source": _plain("lead_source_id"),
        "company": _plain("company_id"),
        "letter": lambda doc: letter(filed(doc)),
        "sort": lambda doc: f"{filed(doc)}\n{doc['first_name']}".casefold(),
        "words": _words,
        "emails": _values("emails"),
        "phones": lambda doc: "\n".join(digits(row["value"]) for row in doc["phones"]),
        "urls": _values("urls"),
        "fields": _fields,
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
        "owner_id": _equal("owner"),
        "status_id": _equal("status"),
        "lead_source_id": _equal("source"),
        "company_id": _equal("company"),
        "not_linked_with": ("company != ?", _same),
        "letter": ("letter = ?", lambda value: letter(str(value))),
        "search": _within("words"),
        "email": ("instr(char(10) || emails || char(10), char(10) || ? || char(10)) > 0", fold),
        "phone": ("instr(phones, ?) > 0", lambda value: digits(str(value)) or "none"),
        "url": _within("urls"),
        "starred": _equal("starred"),
        "tag": ("id IN (SELECT contact FROM tagged WHERE tag = ?)", fold),
        "pending_deal": ("(id IN (SELECT contact FROM deals WHERE status = 'pending')) = ?", _same),
        "waiting": (f"{_MINE} AND status = 'waiting')) = ?", _same),
        "has_actions": ("(id IN (SELECT contact FROM actions WHERE done = 0)) = ?", _same),
        "has_actions_for_me": (f"{_MINE})) = ?", _same),
        "action_until": (f"{_MINE} AND date <= ?))", _same),
        "before_rank": ("stream.rank < ?", _same),
        "in_stream_of": ("id IN (SELECT contact FROM stream WHERE user = ?)", _same),
        "custom_field": (
            "instr(char(10) || fields || char(10), char(10) || ? || char(10)) > 0",
            lambda pair: fold(f"{pair[0]}={pair[1]}"),
        ),
        "country": (
            "EXISTS (SELECT 1 FROM json_each(doc, '$.address_list') WHERE value ->> 'country_code' = ?)",
            _same,
        ),
        "deal_status": ("id IN (SELECT contact FROM deals WHERE status = ?)", _same),
        "among": ("id IN (SELECT value FROM json_each(?))", _same),
        "deal_above": ("id IN (SELECT contact FROM deals WHERE total > ?)", float),
        **_times(),
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
        "name": _folded("name"),
        "letter": lambda doc: letter(doc["name"]),
        "phones": lambda doc: digits(doc["phone"]),
        **STAMPED,
    },
    {"name": "name", "created_at": "created", "modified_at": "modified", "id": "id"},
    {
        "name": _within("name"),
        "named": ("name = ?", fold),
        "letter": ("letter = ?", lambda value: letter(str(value))),
        "phone": ("instr(phones, ?) > 0", lambda value: digits(str(value)) or "none"),
        **_times(),
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
        "contact": _plain("contact_id"),
        "owner": _plain("owner_id"),
        "pipeline": _plain("pipeline_id"),
        "status": _plain("status"),
        "stage": _plain("stage"),
        "total": lambda doc: doc["amount"] * doc["months"],
        "date": _plain("date"),
        "expected": _plain("expected_close_date"),
        "closed": _plain("close_date"),
        "name": _folded("name"),
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
        "name": _within("name"),
        "search": (
            "id IN (SELECT sold.id FROM deals AS sold JOIN contacts ON contacts.id = sold.contact"
            " WHERE instr(sold.name || char(10) || contacts.words, ?) > 0)",
            fold,
        ),
        "status": _equal("status"),
        "closed": ("(status != 'pending') = ?", _same),
        "stage": _equal("stage"),
        "pipeline_id": _equal("pipeline"),
        "owner_id": _equal("owner"),
        "tag": ("contact IN (SELECT contact FROM tagged WHERE tag = ?)", fold),
        "contacts": ("contact IN (SELECT value FROM json_each(?))", json.dumps),
        **_times("date", "closed", "expected"),
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
        "contact": _plain("contact_id"),
        "assignee": _plain("assignee_id"),
        "status": _plain("status"),
        "done": lambda doc: int(doc["done"]),
        "rank": lambda doc: rank(doc),
        "date": _plain("date"),
        "closed": _plain("done_at"),
        **STAMPED,
    },
    {"rank": "rank", "id": "id", "created_at": "created", "modified_at": "modified", "closed": "closed"},
    {
        **_OF_CONTACT,
        "assignee_id": _equal("assignee"),
        "status": _equal("status"),
        "done": _equal("done"),
        **_times("date", "closed"),
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
            "contact": _plain("contact_id"),
            "author": _plain("author_id"),
            **{name: _plain(member) for name, member in columns.items()},
            **STAMPED,
        },
        {"id": "id", "created_at": "created", "modified_at": "modified", "date": column},
        {**_OF_CONTACT, "linked_deal_id": _equal("deal"), **_times(column)},
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
