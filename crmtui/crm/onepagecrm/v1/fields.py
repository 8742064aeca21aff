"""The built-in fields of OnePageCRM v1.2's kinds, named as its answers name them.

Source: facts `onepagecrm.md`, section 4.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from crmtui.crm.onepagecrm import filters
from crmtui.crm.onepagecrm.v1 import kinds
from crmtui.model.schema import Choice, Field, FieldType

_T = FieldType

STATUSES: Final = ("lead", "prospect", "customer", "inactive", "general")
"""The names of statuses that always work, whatever an account calls them."""
ROW_MEMBERS: Mapping[str, str] = {"phones": "number", "emails": "address", "urls": "address"}
"""The member of each sort of rows that holds the thing itself, beside `type`."""
ROW_TYPES: Mapping[str, Sequence[str]] = {
    "phones": ("work", "mobile", "home", "direct", "fax", "other"),
    "emails": ("work", "home", "other"),
    "urls": ("website", "blog", "twitter", "linkedin", "facebook", "other"),
}


NEXT_MEMBERS: Final = (
    Field("text", "Action"),
    Field("next", "Next (without a date)", _T.BOOLEAN),
    Field("date", "Date", _T.DATE),
)
"""The members of a contact's next action, which is one and no list."""


def _words(words: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(word, word) for word in words)


def _rows(name: str, label: str, type_: FieldType) -> Field:
    kind = Field("type", "Type", _T.CHOICE, required=True, choices=_words(ROW_TYPES[name]), open=False)
    thing = Field(ROW_MEMBERS[name], ROW_MEMBERS[name].capitalize(), type_, required=True)
    return Field(name, label, _T.ROWS, fields=(kind, thing), listed=False)


def _detail(name: str, label: str, type_: FieldType = _T.TEXT, *, most: int | None = None) -> Field:
    return Field(name, label, type_, max_length=most, listed=False)


def _told(name: str, label: str, type_: FieldType) -> Field:
    return Field(name, label, type_, read_only=True)


_CONTACT = Field(kinds.CONTACT, "Contact", _T.REFERENCE, required=True, refers_to=kinds.CONTACTS)
_NOTE_TYPE = _told("type", "Type", _T.TEXT)
_MADE = (
    _told("user_id", "By", _T.TEXT),
    _told("created_at", "Created", _T.DATETIME),
    _told("updated_at", "Updated", _T.DATETIME),
)
"""Members of a note that only the answers to its writes hold."""

FIELDS: Mapping[str, Sequence[Field]] = {
    kinds.CONTACTS: (
        Field("firstname", "First name", max_length=25),
        Field("lastname", "Last name", max_length=25),
        _detail("jobtitle", "Job title"),
        Field("company", "Company", max_length=55),
        _rows("phones", "Phones", _T.PHONE),
        _rows("emails", "E-mail addresses", _T.EMAIL),
        _rows("urls", "Web addresses", _T.URL),
        _detail("address", "Address"),
        _detail("city", "City"),
        _detail("state", "State"),
        _detail("zip", "Zip"),
        Field("country", "Country", pattern="[A-Za-z]{2}", listed=False),
        _detail("description", "Description", _T.MULTILINE),
        Field("status", "Status", _T.CHOICE, asks=True, open=False),
        Field(kinds.TAGS, "Tags", _T.CHOICES, asks=True),
        Field("vip", "VIP", _T.BOOLEAN),
        Field(kinds.NEXT_ACTION, "Next action", _T.ROWS, read_only=True, fields=NEXT_MEMBERS),
        _told("pendingdeal", "Pending deal", _T.BOOLEAN),
        filters.FIELD,
    ),
    kinds.ACTIONS: (
        _CONTACT,
        Field("name", "Action", required=True, max_length=140),
        Field("date", "Date", _T.DATE),
        Field("next", "Next (without a date)", _T.BOOLEAN),
        Field("waiting", "Waiting", _T.BOOLEAN),
        Field("done", "Done", _T.BOOLEAN),
        _told("closed", "Closed", _T.DATETIME),
    ),
    kinds.NOTES: (
        _CONTACT,
        Field("body", "Text", _T.MULTILINE, required=True),
        Field("date", "Date", _T.DATE),
        _NOTE_TYPE,
        *_MADE,
    ),
    kinds.DEALS: (
        _CONTACT,
        Field("body", "Text", _T.MULTILINE, required=True),
        Field("amount", "Amount", _T.MONEY),
        Field("status", "Status", _T.CHOICE, choices=_words(("pending", "won", "lost")), open=False),
        Field("deal_stage", "Stage (percent)", _T.CHOICE, choices=_words(("10", "25", "50", "75", "90"))),
        Field("exp_close", "Expected close", _T.DATE),
        Field("date", "Date", _T.DATE),
        _told("closed", "Closed", _T.DATE),
        _NOTE_TYPE,
        *_MADE,
    ),
}
BY_NAME: Mapping[str, Mapping[str, Field]] = {
    kind: {field.name: field for field in fields} for kind, fields in FIELDS.items()
}
