"""The built-in fields of API v3's kinds, under the API's own names; a member of an object as `OBJECT.MEMBER`.

Source: the OpenAPI description of API v3, section "components/schemas".
"""

from collections.abc import Mapping, Sequence
from typing import Final

from crmtui.crm.onepagecrm import filters
from crmtui.crm.onepagecrm.v3 import kinds
from crmtui.model.schema import Choice, Field, FieldType

_T = FieldType
_LONG = 7168
_LONGEST = 10240

ADDRESS: Final = "address"
"""The object of an organization that is written whole."""
CUSTOM: Mapping[str, tuple[str, str]] = {
    kinds.CONTACTS: ("custom_fields", "custom_field"),
    kinds.COMPANIES: ("company_fields", "company_field"),
    kinds.DEALS: ("deal_fields", "deal_field"),
}
"""The member that holds the values of a kind's custom fields, and the member of one that tells of which."""
UNIX: Final = frozenset({"exact_time", "call_time_int", "meeting_time_int"})
"""The fields whose moments are written as seconds since 1970."""
ONCE: Mapping[str, tuple[str, ...]] = {kinds.DEALS: ("contact_id",), kinds.ACTIONS: ("contact_id",)}
"""The fields of a kind that nobody can change once it is made."""


def _words(*words: str) -> tuple[Choice, ...]:
    return tuple(Choice(word, word.replace("_", " ").capitalize()) for word in words)


def _rows(name: str, label: str, types: Sequence[str], *members: Field) -> Field:
    return Field(
        name, label, _T.ROWS, fields=(Field("type", "Type", _T.CHOICE, choices=_words(*types)), *members)
    )


def _told(name: str, label: str, type_: FieldType = _T.TEXT) -> Field:
    return Field(name, label, type_, read_only=True)


def _address(prefix: str = "") -> tuple[Field, ...]:
    return (
        Field(f"{prefix}address", "Street", _T.MULTILINE),
        Field(f"{prefix}city", "City"),
        Field(f"{prefix}state", "State"),
        Field(f"{prefix}zip_code", "Zip"),
        Field(f"{prefix}country_code", "Country", _T.CHOICE, asks=True),
    )


def _entry(*members: Field) -> tuple[Field, ...]:
    """What hangs on a contact."""
    return (*members, _told("author", "By"), _told("attachments", "Attachments", _T.ROWS), *_STAMPS)


_STAMPS = (_told(kinds.CREATED, "Created", _T.DATETIME), _told(kinds.STAMP, "Modified", _T.DATETIME))
_OWNER = Field("owner_id", "Owner", _T.USER)
_CONTACT = Field("contact_id", "Contact", _T.REFERENCE, required=True, refers_to=kinds.CONTACTS)
_TEXT = Field("text", "Text", _T.MULTILINE, max_length=_LONG)

FIELDS: Mapping[str, Sequence[Field]] = {
    kinds.CONTACTS: (
        Field("title", "Title", _T.CHOICE, asks=True),
        Field("first_name", "First name", max_length=25),
        Field("last_name", "Last name", max_length=25),
        Field("job_title", "Job title", max_length=1000),
        Field("company_name", "Organization name", max_length=55),
        Field("company_id", "Organization", _T.REFERENCE, refers_to=kinds.COMPANIES),
        _rows(
            "phones",
            "Phones",
            ("work", "mobile", "home", "direct", "fax", "company", "other"),
            Field("value", "Number", _T.PHONE, required=True),
        ),
        _rows(
            "emails", "E-mails", ("work", "home", "other"), Field("value", "Address", _T.EMAIL, required=True)
        ),
        _rows(
            "urls",
            "Web addresses",
            ("website", "blog", "twitter", "linkedin", "xing", "facebook", "google_plus", "other"),
            Field("value", "Address", _T.URL, required=True),
        ),
        _rows("address_list", "Addresses", ("work", "home", "billing", "delivery", "other"), *_address()),
        Field("status_id", "Status", _T.CHOICE, asks=True, open=False),
        Field("lead_source_id", "Lead source", _T.CHOICE, asks=True, open=False),
        Field("starred", "Starred", _T.BOOLEAN),
        Field(kinds.TAGS, "Tags", _T.CHOICES, asks=True),
        Field("background", "Background", _T.MULTILINE, max_length=_LONGEST),
        _OWNER,
        _told("next_actions", "Next actions", _T.ROWS),
        _told("queued_actions", "Queued actions", _T.ROWS),
        _told("pending_deal", "Pending deal", _T.BOOLEAN),
        _told("total_pendings", "Pending deals", _T.MONEY),
        _told("total_deals_count", "Number of deals", _T.INTEGER),
        _told("company_size", "Colleagues", _T.INTEGER),
        _told("status", "Status name"),
        _told("lead_source", "Lead source name"),
        _told("sales_closed_for", "Sales closed for", _T.CHOICES),
        _told("closed_sales", "Closed sales", _T.ROWS),
        _told("letter", "Letter"),
        _told("photo_url", "Photo", _T.URL),
        *_STAMPS,
        filters.FIELD,
    ),
    kinds.COMPANIES: (
        Field("name", "Name", required=True, max_length=55),
        Field("phone", "Phone", _T.PHONE),
        Field("url", "Web address", _T.URL),
        *_address(f"{ADDRESS}."),
        Field("description", "Description", _T.MULTILINE, max_length=_LONGEST),
        _told("contacts_count", "Contacts", _T.INTEGER),
        _told("pending_deals_count", "Pending deals", _T.INTEGER),
        _told("total_pending_amount", "Pending amount", _T.MONEY),
        _told("won_deals_count", "Won deals", _T.INTEGER),
        _told("total_won_amount", "Won amount", _T.MONEY),
        _told("syncing_status", "Contacts share a status", _T.BOOLEAN),
        _told("synced_status_id", "Shared status", _T.CHOICE),
        _told("syncing_tags", "Contacts share tags", _T.BOOLEAN),
        _told("synced_tags", "Shared tags", _T.CHOICES),
        _told("photo_url", "Logo", _T.URL),
        *_STAMPS,
    ),
    kinds.DEALS: (
        Field("name", "Name", required=True, max_length=60),
        _CONTACT,
        Field("status", "Status", _T.CHOICE, choices=_words("pending", "won", "lost"), open=False),
        Field("pipeline_id", "Pipeline", _T.CHOICE, asks=True, open=False),
        Field("stage", "Stage", _T.INTEGER, asks=True),
        Field("amount", "Amount", _T.MONEY),
        Field("months", "Months", _T.INTEGER),
        Field("expected_close_date", "Expected close", _T.DATE),
        Field("close_date", "Closed", _T.DATE),
        Field("date", "Date", _T.DATE),
        _OWNER,
        _TEXT,
        Field("cost", "Cost", _T.MONEY),
        Field("commission_base", "Commission of", _T.CHOICE, choices=_words("amount", "margin"), open=False),
        Field(
            "commission_type",
            "Commission's type",
            _T.CHOICE,
            choices=_words("none", "percentage", "absolute"),
            open=False,
        ),
        Field("commission", "Commission", _T.MONEY),
        Field("commission_percentage", "Commission in percent", _T.PERCENT),
        Field(
            "deal_items",
            "Items",
            _T.ROWS,
            fields=(
                Field("id", "Id", read_only=True),
                Field("name", "Name", required=True),
                Field("description", "Description"),
                Field("qty", "Quantity", _T.INTEGER),
                Field("price", "Price", _T.MONEY),
                Field("cost", "Cost", _T.MONEY),
                _told("amount", "Amount", _T.MONEY),
            ),
        ),
        Field("sales_pipeline_id", "Sales pipeline", _T.CHOICE, asks=True, open=False),
        _told("has_deal_items", "Has items", _T.BOOLEAN),
        _told("margin", "Margin", _T.MONEY),
        _told("total_amount", "Total amount", _T.MONEY),
        _told("total_cost", "Total cost", _T.MONEY),
        _told("reason_lost_id", "Reason lost"),
        _told("owner.email", "Owner's e-mail", _T.EMAIL),
        _told("contact_info.company", "Organization"),
        _told("linked_contacts", "Linked contacts", _T.ROWS),
        _told("has_related_notes", "Has notes", _T.BOOLEAN),
        _told("author", "By"),
        _told("attachments", "Attachments", _T.ROWS),
        *_STAMPS,
    ),
    kinds.ACTIONS: (
        Field("text", "Action", _T.MULTILINE, required=True, max_length=140),
        _CONTACT,
        Field(
            "status",
            "Status",
            _T.CHOICE,
            choices=_words("asap", "date", "date_time", "waiting", "queued", "queued_with_date", "done"),
            open=False,
        ),
        Field("date", "Date", _T.DATE),
        Field("exact_time", "Time", _T.DATETIME),
        Field("assignee_id", "Assigned to", _T.USER),
        Field("done", "Done", _T.BOOLEAN),
        Field("position", "Position", _T.INTEGER),
        _told("done_at", "Done on", _T.DATE),
        _told("externally_controlled", "Controlled elsewhere", _T.BOOLEAN),
        *_STAMPS,
    ),
    kinds.NOTES: _entry(
        Field("text", "Text", _T.MULTILINE, required=True, max_length=_LONG),
        Field("date", "Date", _T.DATE),
        _CONTACT,
        Field("linked_deal_id", "Deal", _T.REFERENCE, refers_to=kinds.DEALS),
        _told("linked_deal_name", "Deal name"),
    ),
    kinds.CALLS: _entry(
        _TEXT,
        Field("call_time_int", "When", _T.DATETIME),
        _CONTACT,
        Field("call_result", "Result", _T.CHOICE, asks=True),
        Field("phone_number", "Number", _T.PHONE),
        Field("via", "Via", _T.CHOICE, choices=_words("unknown", "jabber", "talkdesk", "phone"), open=False),
        Field("recording_link", "Recording", _T.URL),
    ),
    kinds.MEETINGS: _entry(
        _TEXT,
        Field("meeting_time_int", "When", _T.DATETIME),
        _CONTACT,
        Field("place", "Place", max_length=100),
    ),
}
