"""The record types of OnePageCRM's API v3.

Source: the OpenAPI description of API v3, and facts `onepagecrm.md`, section 6.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from crmtui.model.schema import Can, Deadline, Done, Holder, Idle, Kind, Related, Then, Timeline

CONTACTS: Final = "contacts"
COMPANIES: Final = "companies"
DEALS: Final = "deals"
ACTIONS: Final = "actions"
NOTES: Final = "notes"
CALLS: Final = "calls"
MEETINGS: Final = "meetings"
MAIN: Sequence[str] = (CONTACTS, COMPANIES, DEALS, ACTIONS)
SINGULAR: Mapping[str, str] = {
    CONTACTS: "contact",
    COMPANIES: "company",
    DEALS: "deal",
    ACTIONS: "action",
    NOTES: "note",
    CALLS: "call",
    MEETINGS: "meeting",
}
"""What one record is called on the wire."""
TAGS: Final = "tags"
STAMP: Final = "modified_at"
CREATED: Final = "created_at"
_STAMPS = (CREATED, STAMP)
ORDERS: Mapping[str, tuple[str, ...]] = {
    CONTACTS: (*_STAMPS, "first_name", "last_name", "company_name"),
    COMPANIES: (*_STAMPS, "name"),
    DEALS: (*_STAMPS, "date", "close_date", "expected_close_date"),
    ACTIONS: _STAMPS,
    NOTES: (*_STAMPS, "date"),
    CALLS: _STAMPS,
    MEETINGS: _STAMPS,
}
"""The fields that each kind can be ordered by."""
NEXT: Final = ("next_actions", "queued_actions")
"""The members of a contact that hold what is planned for it."""
_NEXT = Then(
    "text",
    "date",
    keeps=("contact_id", "assignee_id"),
    words=(
        ("asap", {"status": "asap"}),
        ("waiting", {"status": "waiting"}),
        # An action of the status `date` that has none is given today's.
        ("", {"status": "queued"}),
    ),
)
_EQUAL = ("=",)
_REACH: Mapping[str, int] = {CONTACTS: 10_000}
"""What pages reach of a list; further contacts are in the cascade, which knows neither filter nor order."""
_OF_A_CONTACT = Related(NOTES, "contact_id")


def _can(kind: str, *, tags: str | None = None, notes: bool = False, made_here: bool = True) -> Can:
    return Can(
        create=made_here,
        delete=made_here,
        tags=tags,
        notes=notes,
        filter=_EQUAL,
        stamp=STAMP,
        created=CREATED,
        numbered_pages=True,
        orders=ORDERS[kind],
        reach=_REACH.get(kind),
    )


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            CONTACTS,
            "Contacts",
            "contact",
            can=_can(CONTACTS, tags=TAGS, notes=True),
            title=("first_name", "last_name"),
            heading="Name",
            counted_by="status_id",
            columns=("first_name", "last_name", "company_name", "job_title", "status_id", "owner_id", STAMP),
            order=("last_name",),
            related=(_OF_A_CONTACT,),
            idle=Idle("No next action", NEXT, ACTIONS, "contact_id", whose="owner_id"),
        ),
        Kind(
            COMPANIES,
            "Organizations",
            "organization",
            # One is made by giving a contact its name, and ends with its last contact.
            can=_can(COMPANIES, made_here=False),
            columns=("name", "phone", "url", "contacts_count", "total_pending_amount", STAMP),
            order=("name",),
        ),
        Kind(
            DEALS,
            "Deals",
            "deal",
            can=_can(DEALS),
            columns=("name", "status", "stage", "amount", "expected_close_date", "contact_id", "owner_id"),
            order=(f"{STAMP}:desc",),
        ),
        Kind(
            ACTIONS,
            "Actions",
            "action",
            can=_can(ACTIONS),
            title=("text",),
            columns=("text", "status", "date", "contact_id", "assignee_id", "done"),
            order=(f"{STAMP}:desc",),
            timeline=Timeline("date"),
            holder=Holder("contact_id", "", {}),
            deadline=Deadline(
                "date",
                whose="assignee_id",
                state="done",
                undated=True,
                clock="exact_time",
                sort="status",
                at_once=(("asap", "ASAP"),),
                apart=("waiting", "queued"),
            ),
            done=Done("done", then=_NEXT),
        ),
        Kind(
            NOTES,
            "Notes",
            "note",
            can=_can(NOTES),
            title=("text",),
            columns=("date", "text", "contact_id", "linked_deal_id", "author"),
            order=("date:desc",),
            timeline=Timeline("date"),
            note="text",
        ),
        Kind(
            CALLS,
            "Calls",
            "call",
            can=_can(CALLS),
            title=("text",),
            columns=("call_time_int", "call_result", "text", "contact_id", "author"),
            order=(f"{STAMP}:desc",),
            timeline=Timeline("call_time_int"),
        ),
        Kind(
            MEETINGS,
            "Meetings",
            "meeting",
            can=_can(MEETINGS),
            title=("text",),
            columns=("meeting_time_int", "place", "text", "contact_id", "author"),
            order=(f"{STAMP}:desc",),
            timeline=Timeline("meeting_time_int"),
        ),
    )
}
