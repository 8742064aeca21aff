"""The six activity reports of Solve360: read-only lists over the activities of all records.

Source: the vendor's page "Activity reports", and public client code for what answers hold.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from crmtui.model.schema import Can, Deadline, Holder, Kind

ITEM_TYPES: Mapping[str, str] = {"1": "contacts", "2": "projectblogs", "40": "companies"}
"""The record types by their numbers; that of tickets is not known."""
ACTIVITY_TYPES: Mapping[str, str] = {
    "3": "note",
    "4": "event",
    "6": "followup",
    "14": "task",
    "15": "timerecord",
    "22": "tasklist",
    "23": "file",
    "24": "photo",
    "32": "opportunity",
    "61": "eventex",
    "73": "call",
    "88": "scheduledemail",
    "90": "linkedemails",
}
"""The known types of activity by their numbers, with the words of their addresses."""
USERS_ARGUMENT: Final = "users"
CATEGORIES_ARGUMENT: Final = "categories"
DONE: Final = "completed"


class Report(msgspec.Struct, frozen=True):
    """How a report is asked for.

    `person`: the argument for a user in charge, who stands in the fields `people`; `crowd`: it takes
    several. `due`: the field that the argument of that name is about. `times`: the fields that `start`
    and `end` can be about, told by `last` if it `tells`; `days`: how far from today they lie where a
    filter names none of them, which `window` says in words. `sets`: the arguments that take several
    ids, by the fields that have them; `unseen`: those that no row has a field for. `states`: whether it
    takes a `status`; `bills`: whether its filter is what is billable or invoiced.
    """

    segment: str
    person: str = ""
    people: tuple[str, ...] = ()
    crowd: bool = False
    due: str = ""
    times: tuple[str, ...] = ()
    tells: bool = False
    days: tuple[int, int] = (0, 0)
    window: str = ""
    sets: Mapping[str, str] = {}
    unseen: tuple[str, ...] = ()
    states: bool = False
    bills: bool = False


REPORTS: Mapping[str, Report] = {
    "opportunities": Report(
        "opportunities", person="filter", people=("responsible",), due="closingdate", states=True
    ),
    "followups": Report(
        "followups", person="responsible", people=("responsible", "assignedto"), due="duedate"
    ),
    "nextactions": Report("nextactions", person="filter", people=("assignedto",), due="duedate"),
    "calendar": Report(
        "calendar",
        person="filter",
        people=("attendees",),
        crowd=True,
        times=("timestart",),
        days=(0, 30),
        window="the next 30 days",
    ),
    "timerecords": Report(
        "timetracking",
        times=("date",),
        days=(-30, 0),
        window="the last 30 days",
        sets={"itemtype": "itemtypes"},
        bills=True,
    ),
    "activities": Report(
        "activities",
        times=("updated", "created", "completedon"),
        tells=True,
        days=(-30, 0),
        window="the last 30 days",
        sets={"typeid": "types", "itemtype": "itemtypes"},
        unseen=(USERS_ARGUMENT, CATEGORIES_ARGUMENT),
    ),
}

_HOLDER = Holder("itemid", "itemtype", ITEM_TYPES)


def _kind(name: str, label: str, singular: str, columns: str, order: str, deadline: Deadline | None) -> Kind:
    elsewhere = (
        f"{label} are a report of Solve360 and read-only: make and change them on the record that they"
        " hang on, which enter opens."
    )
    # An answer is ordered here, and does not tell what changed since the last: no `stamp`.
    can = Can(create=False, edit=False, delete=False, single=False, elsewhere=elsewhere)
    return Kind(
        name,
        label,
        singular,
        can=can,
        title=(columns.split()[0],),
        columns=tuple(columns.split()),
        order=(order,),
        holder=_HOLDER,
        deadline=deadline,
    )


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind(
            "opportunities",
            "Opportunities",
            "opportunity",
            "description status valueunit valuecurrency probability closingdate itemid responsible",
            "closingdate",
            Deadline("closingdate", "responsible", "status", ("Won", "Lost")),
        ),
        _kind(
            "followups",
            "Follow-ups",
            "follow-up",
            "name duedate itemid responsible priority",
            "duedate",
            Deadline("duedate", "responsible", DONE, undated=True),
        ),
        _kind(
            "nextactions",
            "Next actions",
            "next action",
            "name duedate itemid assignedto priority",
            "duedate",
            Deadline("duedate", "assignedto", DONE, undated=True),
        ),
        _kind(
            "calendar",
            "Calendar",
            "event",
            "name timestart timeend itemid attendees location",
            "timestart",
            Deadline("timestart", "attendees", late=False),
        ),
        _kind(
            "timerecords",
            "Time records",
            "time record",
            "details date hours person itemid billable invoiced",
            "date:desc",
            None,
        ),
        _kind(
            "activities",
            "Activities",
            "activity",
            "name typeid itemid updated assignedto",
            "updated:desc",
            None,
        ),
    )
}
