"""The record types of OnePageCRM v1.2, where a deal is a note with an amount.

Source: facts `onepagecrm.md`, section 4.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from crmtui.model.schema import Can, Deadline, Done, Idle, Kind, Related, Then, Timeline

CONTACTS: Final = "contacts"
ACTIONS: Final = "actions"
NOTES: Final = "notes"
DEALS: Final = "deals"
MAIN: Sequence[str] = (CONTACTS, ACTIONS, DEALS)
TAGS: Final = "tags"
CONTACT: Final = "cid"
"""The field by which all others point at their contact."""
NEXT_ACTION: Final = "nextaction"
RESOURCES: Mapping[str, str] = {CONTACTS: "contacts", ACTIONS: "actions", NOTES: "notes", DEALS: "notes"}
"""The part of a path before a record's id."""
NOTE_TYPES: Mapping[str, str] = {NOTES: "note", DEALS: "deal"}
"""The value of `type` by which the two kinds of one resource are told apart."""

_NEXT = Then(
    "name",
    "date",
    keeps=(CONTACT,),
    # Every action has a date, or is next, or waits.
    words=(("next", {"next": True}), ("waiting", {"waiting": True}), ("", {"next": True})),
)
_HANGING = Can(filter=("=",), order=False, listed=False)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            CONTACTS,
            "Contacts",
            "contact",
            can=Can(tags=TAGS, notes=True, filter=("=",), order=False, restores_last=True),
            title=("firstname", "lastname"),
            columns=("firstname", "lastname", "company", "status", TAGS, NEXT_ACTION, "pendingdeal"),
            heading="Name",
            counted_by="status",
            # The list of contacts is the service's action stream: each tells what is next on it.
            deadline=Deadline(
                f"{NEXT_ACTION}.date",
                text=f"{NEXT_ACTION}.text",
                undated=True,
                sort=f"{NEXT_ACTION}.next",
                at_once=(("true", "next"),),
            ),
            idle=Idle("No next action", (NEXT_ACTION,), ACTIONS, CONTACT),
            related=(Related(ACTIONS, CONTACT), Related(NOTES, CONTACT), Related(DEALS, CONTACT)),
        ),
        Kind(
            ACTIONS,
            "Actions",
            "action",
            can=_HANGING,
            columns=("name", "date", "next", "waiting", "done", CONTACT),
            done=Done("done", then=_NEXT),
        ),
        Kind(
            NOTES,
            "Notes",
            "note",
            can=_HANGING,
            title=("body",),
            columns=("date", "body", CONTACT),
            timeline=Timeline("date"),
            note="body",
        ),
        Kind(
            DEALS,
            "Deals",
            "deal",
            can=_HANGING,
            title=("body",),
            columns=("body", "amount", "status", "deal_stage", "exp_close", "date", CONTACT),
            timeline=Timeline("date"),
            amount=("amount",),
        ),
    )
}
