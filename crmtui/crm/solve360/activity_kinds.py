"""The types of Solve360's activities, each a kind named as its part of a path is.

Source: the vendor's page "API Reference" (section "Working with records") and public client code.
"""

from collections.abc import Mapping
from typing import Final

from crmtui.crm.solve360.activity_fields import DETAILS, ITEM_ID, ITEM_TYPE, PARENT, TEMPLATE_ID
from crmtui.model.schema import Can, Done, Kind, Related, Timeline

OTHER: Final = "activity"
"""The kind of activities whose type nobody knows: shown by their names and fields, and not written."""
TEMPLATE: Final = "template"
"""The kind under which templates are inserted; no activity is of it."""
_WITHIN = (ITEM_TYPE, ITEM_ID)
_WRITTEN = Can(filter=(), order=False, stamp="updated", created="created", listed=False)
_KEPT = Can(create=False, filter=(), order=False, stamp="updated", created="created", listed=False)
_READ = Can(create=False, edit=False, delete=False, order=False, stamp="updated", listed=False)
_INSERTED = Can(edit=False, delete=False, order=False, listed=False)
_AT = Timeline("created", above=PARENT)


def _kind(
    name: str,
    label: str,
    singular: str,
    columns: tuple[str, ...],
    can: Can = _WRITTEN,
    *,
    done: Done | None = None,
    note: str = "",
    holds: tuple[str, ...] = (),
) -> Kind:
    """A type whose first column names its records."""
    return Kind(
        name,
        label,
        singular,
        can=can,
        title=columns[:1],
        columns=columns,
        timeline=_AT,
        within=_WITHIN,
        done=done,
        holds=holds,
        note=note,
    )


_DONE = Done("completed")
_TO_DO = ("duedate", "assignedto", "completedon")
_HELD = ("task",)
_DEAL = ("description", "status", "valueunit", "valuecurrency", "closingdate", "responsible")
_MEETING = ("title", "timestart", "location")
_TYPES = (
    (3, _kind("note", "Notes", "note", (DETAILS,), note=DETAILS)),
    (14, _kind("task", "Tasks", "task", ("title", *_TO_DO), done=_DONE)),
    (4, _kind("event", "Events", "event", _MEETING)),
    (73, _kind("call", "Calls", "call", (DETAILS, "dateoccured", "duration", "assignedto"))),
    (6, _kind("followup", "Follow-ups", "follow-up", (DETAILS, *_TO_DO), done=_DONE)),
    (32, _kind("opportunity", "Opportunities", "opportunity", _DEAL)),
    (22, _kind("tasklist", "Task lists", "task list", ("name", "milestonedate"), done=_DONE, holds=_HELD)),
    (15, _kind("timerecord", "Time records", "time record", (DETAILS, "hours", "date", "person"), _KEPT)),
    (61, _kind("eventex", "Unlinked events", "event", _MEETING, _KEPT)),
    (23, _kind("file", "Files", "file", ("filename", "caption"), _KEPT)),
    (24, _kind("photo", "Photos", "photo", ("filename", "caption"), _KEPT)),
    (88, _kind("scheduledemail", "Scheduled e-mails", "scheduled e-mail", ("subject", "date"), _KEPT)),
    (90, _kind("linkedemails", "Linked e-mails", "linked e-mails", ("name",), _KEPT)),
    (0, _kind(OTHER, "Other activities", "activity", ("name", "typeid"), _READ)),
)
BY_TYPE: Mapping[str, str] = {str(number): kind.name for number, kind in _TYPES if number}
"""The kinds by the ids of their types, as far as anybody has told these."""
KINDS: Mapping[str, Kind] = {kind.name: kind for _, kind in _TYPES} | {
    TEMPLATE: Kind(TEMPLATE, "Templates", "template", can=_INSERTED, title=(TEMPLATE_ID,), within=_WITHIN)
}


def hanging_on(kind: str) -> tuple[Related, ...]:
    """The activities of the records of a kind."""
    return tuple(Related(name, ITEM_ID, ((ITEM_TYPE, kind),)) for name in KINDS if name != TEMPLATE)
