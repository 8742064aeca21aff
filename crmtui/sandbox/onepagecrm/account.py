"""What the account starts with: users, statuses, lead sources, pipelines, filters and other choices."""

from typing import Any

Json = dict[str, Any]
FOUNDED = "2019-03-04T09:30:00Z"
_STAMPS = {"created_at": FOUNDED, "modified_at": FOUNDED}


def ident(number: int) -> str:
    """The id of a number: 24 hexadecimal digits, rising with it."""
    return f"5e0b7c3d9007ba{number:010x}"


_RIGHTS = ["activity", "edit_target", "deal_items", "pipeline", "export", "private_contacts"]
_ALL_RIGHTS = ["account_owner", "admin", *_RIGHTS, "delete_contacts", "delete_deals", "bulk_status"]


def _user(number: int, first: str, last: str, country: str, *rights: str) -> Json:
    return {
        "id": ident(number),
        "first_name": first,
        "last_name": last,
        "email": f"user{number}@example.com",
        "company_name": "Fictional Ltd",
        "account_rights": list(rights) or [*_RIGHTS, "delete_contacts"],
        "photo_url": "",
        "country_code": country,
    }


USERS: tuple[Json, ...] = (
    _user(61, "Rosa", "Rossi", "IE", *_ALL_RIGHTS),
    _user(62, "Jane", "Smith", "GB"),
    _user(63, "Markus", "Weiß", "DE"),
    _user(64, "Hélène", "Fournier", "FR"),
    _user(65, "健", "山本", "JP", "activity"),
    _user(66, "Omar", "السعيد", "EG"),
    _user(67, "Max [/]", "\x1b[31mMuster\u202e", "DE"),
)
TOKEN_USER: str = USERS[0]["id"]
"""The user whose key it is."""
BCC_EMAIL = "rosa.5e0b7c3d@users.onepagecrm.example"


def _status(number: int, status: str, text: str, description: str, color: str) -> Json:
    return {
        "id": ident(number),
        "status": status,
        "text": text,
        "description": description,
        "color": color,
    }


STATUSES: tuple[Json, ...] = (
    _status(81, "lead", "Lead", "Not yet qualified", "f96600"),
    _status(82, "prospect", "Prospect", "Actively selling to these people", "cc0000"),
    _status(83, "customer", "Customer", "They have bought", "3399ff"),
    _status(84, "inactive", "Inactive", "Not selling to them at the moment", "666666"),
    _status(85, "general", "Other", "", "000000"),
    _status(86, "custom1", "Ältere/r [/] & Söhne", "", "009900"),
)
LEAD: str = STATUSES[0]["id"]
COLORS = ("666666", "3399ff", "cc0000", "f96600", "000000", "ff00ff", "009900")
LEAD_SOURCES: tuple[Json, ...] = (
    {"id": "advertisement", "text": "Advertisement"},
    {"id": "email_web", "text": "Email or Web"},
    {"id": "list_generation", "text": "List Generation"},
    {"id": "other", "text": "Other"},
    {"id": "partner", "text": "Partner"},
    {"id": "referral", "text": "Referral"},
    {"id": "seminar", "text": "Seminar"},
    {"id": "social", "text": "Social"},
    {"id": "tradeshow", "text": "Tradeshow"},
    {"id": "word_of_mouth", "text": "Word of Mouth"},
)
TAGS = ("Customer event", "Newsletter", "Press & Media", "VIP", "R&D [/]", "Ältere Kunden")
_STAGES: tuple[Json, ...] = (
    {"stage": 10, "label": "Qualification"},
    {"stage": 25, "label": None},
    {"stage": 50, "label": "Decision"},
    {"stage": 75, "label": None},
    {"stage": 90, "label": "Negotiation"},
)
_RENEWALS = ({"stage": 30, "label": "Due"}, {"stage": 60, "label": "Asked"}, {"stage": 90, "label": "Agreed"})


def _pipeline(number: int, name: str, stages: tuple[Json, ...], *, default: bool) -> Json:
    return {
        "id": ident(number),
        "name": name,
        "type": "sales",
        "default": default,
        "won_column_enabled": False,
        "won_column_name": None,
        "stages": [dict(stage) for stage in stages],
        **_STAMPS,
    }


PIPELINES = (
    _pipeline(91, "Sales", _STAGES, default=True),
    _pipeline(92, "Renewals [/] & co", _RENEWALS, default=False),
)
DEFAULT_PIPELINE: str = PIPELINES[0]["id"]
CALL_RESULTS = {
    "interested": "Interested",
    "not_interested": "Not interested",
    "left_message": "Left message",
    "no_answer": "No answer",
    ident(95): "Call again [/]",
    "other": "Other",
}
FILTERS: tuple[Json, ...] = (
    {
        "id": ident(101),
        "name": "Prospects with pending deals",
        "conditions": [["status", "is", "prospect"], ["deal_status", "is", "pending"]],
    },
    {"id": ident(102), "name": "Pending deals", "conditions": [["deal_status", "is", "pending"]]},
    {
        "id": ident(103),
        "name": "Large deals & VIPs",
        "conditions": [["deal_value", "greater", "1000"], ["tag", "is", "VIP"]],
    },
    {"id": ident(104), "name": "Ireland [/]", "conditions": [["country", "is", "IE"]]},
    {"id": ident(105), "name": "My starred ones", "conditions": [["starred", "is", "true"]]},
)
PREDEFINED_ACTIONS: tuple[Json, ...] = (
    {"id": ident(111), "text": "Call to follow up", "days": 3},
    {"id": ident(112), "text": "Send proposal", "days": 7},
)
CONTACT_TITLES = ("Mr", "Mrs", "Ms")
NEXT_ACTION_DATES: tuple[Json, ...] = (
    {"number": 1, "period": "days"},
    {"number": 7, "period": "days"},
    {"number": 2, "period": "weeks"},
    {"number": 1, "period": "months"},
)
POPULAR_COUNTRIES = ("GB", "IE", "DE", "FR", "JP")
CURRENCY = ("EUR", "€")
LISTING_SIZE = 25
"""Contacts on a page where the caller does not choose."""
TARGET = 4400.0
"""What the user is to sell in a month."""
COST_SETUP: Json = {
    "cost_enabled": True,
    "cost_required": False,
    "commission_base": "amount",
    "commission_percentage": "10.0",
}


def author(user: Json) -> str:
    """A user's name as records tell it: `Jane D.`"""
    return f"{user['first_name']} {user['last_name'][:1]}."


def full_name(user: Json) -> str:
    """A user's first and last name."""
    return f"{user['first_name']} {user['last_name']}"
