"""What is known of the fields of the reports: public client code and one recorded answer."""

from collections.abc import Mapping

from crmtui.crm.solve360.reports import ACTIVITY_TYPES, CATEGORIES_ARGUMENT, DONE, ITEM_TYPES, USERS_ARGUMENT
from crmtui.model.schema import Choice, Field, FieldType

_T = FieldType
_STATUSES = ("Discussion", "Pending", "Won", "Lost", "On-hold")


def _choice(name: str, label: str, *choices: Choice) -> Field:
    return Field(name, label, _T.CHOICE, read_only=True, choices=choices)


def _field(name: str, label: str, type_: FieldType = _T.TEXT, *, listed: bool = True) -> Field:
    return Field(name, label, type_, read_only=True, listed=listed)


_TITLE = _field("name", "What")
_ITEM = (
    _field("itemid", "Record", _T.REFERENCE),
    _choice("itemtype", "Record type", *(Choice(id_, kind) for id_, kind in ITEM_TYPES.items())),
    _field("itemname", "Record name"),
)
_ASSIGNED = _field("assignedto", "Assigned to", _T.USER)
_RESPONSIBLE = _field("responsible", "Responsible", _T.USER)
_DETAILS = _field("details", "Details", _T.MULTILINE)
_DESCRIPTION = _field("description", "Description", _T.MULTILINE)
_PRIORITY = _field("priority", "Priority", _T.INTEGER)
_DUE = _field("duedate", "Due", _T.DATE)
_CREATED = _field("created", "Created", _T.DATETIME)
_CREATOR = _field("owner", "Made by", _T.USER)
_REMIND = _field("remindtime", "Remind")
_COMPLETED = (
    _field(DONE, "Completed", _T.BOOLEAN),
    _field("completedon", "Completed on", _T.DATETIME),
    _field("completedby", "Completed by", _T.USER),
)
_MEETING = (
    _field("timestart", "Start", _T.DATETIME),
    _field("timeend", "End", _T.DATETIME),
    _field("attendees", "Attendees", _T.USER),
    _field("location", "Location"),
)
_ABOUT = (
    _choice("typeid", "Type", *(Choice(id_, word) for id_, word in ACTIVITY_TYPES.items())),
    _field("parent", "Parent"),
    _field("parenttypeid", "Parent type"),
    _field("position", "Position", _T.INTEGER),
    _field("comments", "Comments"),
    _field("modificatorid", "Modified by", _T.USER),
    _CREATED,
    _field("updated", "Updated", _T.DATETIME),
    _field("viewed", "Viewed", _T.DATETIME),
)

FIELDS: Mapping[str, tuple[Field, ...]] = {
    "opportunities": (
        _DESCRIPTION,
        _choice("status", "Status", *(Choice(status, status) for status in _STATUSES)),
        _field("stage", "Stage"),
        _field("valueunit", "Value", _T.MONEY),
        _field("valuecurrency", "Currency"),
        _field("valueinterval", "Interval"),
        _field("probability", "Probability", _T.PERCENT),
        _field("closingdate", "Closing date", _T.DATE),
        _RESPONSIBLE,
        *_ITEM,
        _CREATOR,
        _CREATED,
        _field("modified", "Modified", _T.DATETIME),
    ),
    "followups": (
        _TITLE,
        _DETAILS,
        _DUE,
        _field("nodate", "Without a date", _T.BOOLEAN),
        _RESPONSIBLE,
        _ASSIGNED,
        _PRIORITY,
        _REMIND,
        *_COMPLETED,
        *_ITEM,
        *_ABOUT,
    ),
    "nextactions": (
        _TITLE,
        _field("title", "Title"),
        _DETAILS,
        _DUE,
        _ASSIGNED,
        _PRIORITY,
        _REMIND,
        *_COMPLETED,
        *_ITEM,
        *_ABOUT,
    ),
    "calendar": (
        _TITLE,
        _field("title", "Title"),
        *_MEETING,
        _DETAILS,
        _field("eventtype", "Kind of event"),
        _PRIORITY,
        _REMIND,
        _field("remindstatus", "Reminded"),
        _field("repeatinterval", "Repeated"),
        *_ITEM,
        *_ABOUT,
    ),
    "timerecords": (
        _DETAILS,
        _field("date", "Date", _T.DATE),
        _field("hours", "Hours", _T.DECIMAL),
        _field("person", "Person", _T.USER),
        _field("billable", "Billable", _T.BOOLEAN),
        _field("invoiced", "Invoiced"),
        *_ITEM,
        _field("type", "Type"),
        _field("taskid", "Task"),
        _field("taskname", "Name of the task"),
        _field("tasklistid", "Task list"),
        _field("tasklistname", "Name of the task list"),
        _field("parenttype", "Parent type"),
        _field("parentid", "Parent"),
        _field("parentcn", "Parent name"),
        _field("parentparentid", "Above"),
        _field("parentparentcn", "Name above"),
        _CREATOR,
        _CREATED,
    ),
    "activities": (
        _TITLE,
        _field("title", "Title"),
        _DETAILS,
        _DESCRIPTION,
        _ASSIGNED,
        _RESPONSIBLE,
        _DUE,
        *_COMPLETED,
        *_MEETING,
        _field("dateoccured", "Took place", _T.DATETIME),
        _field("duration", "Minutes"),
        _field("date", "Date", _T.DATE),
        _field("hours", "Hours", _T.DECIMAL),
        _field("person", "Person", _T.USER),
        _field("closingdate", "Closing date", _T.DATE),
        _field("valueunit", "Value", _T.MONEY),
        _field("status", "Status"),
        _PRIORITY,
        *_ITEM,
        *_ABOUT,
        _field(USERS_ARGUMENT, "Of users (as the report takes it)", _T.USER, listed=False),
        _field(CATEGORIES_ARGUMENT, "Categories of the record (ids)", listed=False),
    ),
}
