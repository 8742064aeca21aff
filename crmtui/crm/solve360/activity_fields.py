"""What is known of the fields of Solve360's activities without asking.

Source: public client code that read or wrote them; `GET /fields/{activity}` tells what an account has.
"""

from collections.abc import Mapping
from typing import Final

from crmtui.model.schema import Choice, Field, FieldType

_T = FieldType

ITEM_TYPE: Final = "itemtype"
ITEM_ID: Final = "itemid"
"""The kind and the id of the record that an activity belongs to, however deep it hangs there."""
PARENT: Final = "parent"
"""What an activity hangs on: that record, or another activity of it."""
DETAILS: Final = "details"
"""The field that the service keeps as HTML, whichever activity has it."""
MARKUP: Final = "details_html"
"""The details as they came, where they hold markup that their text does not tell of."""
TEMPLATE_ID: Final = "templateid"


def _choices(words: str) -> tuple[Choice, ...]:
    return tuple(Choice(word, word) for word in words.split(","))


_PLACE = (
    Field(
        ITEM_TYPE,
        "Record's kind",
        _T.CHOICE,
        required=True,
        choices=tuple(
            Choice(kind, label)
            for kind, label in (
                ("contacts", "Contact"),
                ("companies", "Company"),
                ("projectblogs", "Project blog"),
                ("tickets", "Ticket"),
            )
        ),
        open=False,
    ),
    Field(ITEM_ID, "Record", _T.REFERENCE, required=True),
    Field(PARENT, "Beneath", _T.REFERENCE),
)
_TOLD = (
    Field("name", "Name", read_only=True),
    Field(MARKUP, "Details as HTML", _T.UNKNOWN, read_only=True),
    Field("typeid", "Type", read_only=True),
    Field("level", "Level", _T.INTEGER, read_only=True),
    Field("position", "Position", _T.INTEGER, read_only=True),
    Field("flagged", "Flagged", _T.BOOLEAN, read_only=True),
    Field("creatorid", "Created by", _T.USER, read_only=True),
    Field("created", "Created", _T.DATETIME, read_only=True),
    Field("updated", "Updated", _T.DATETIME, read_only=True),
    Field("viewed", "Viewed", _T.DATETIME, read_only=True),
)
"""What every activity has besides its fields, set by the service."""

_DETAILS = Field(DETAILS, "Details", _T.MULTILINE)
_TITLE = Field("title", "Title")
_ASSIGNED = Field("assignedto", "Assigned to", _T.USER)
_DUE = Field("duedate", "Due", _T.DATE)
_PRIORITY = Field("priority", "Priority", _T.INTEGER)
_REMIND = Field("remindtime", "Remind", _T.INTEGER)
_COMPLETION = (
    Field("completed", "Completed", _T.BOOLEAN),
    Field("completedon", "Completed on", _T.DATETIME, read_only=True),
    Field("completedby", "Completed by", _T.USER, read_only=True),
)
_MEETING = (
    _TITLE,
    Field("timestart", "Start", _T.DATETIME),
    Field("timeend", "End", _T.DATETIME),
    Field("location", "Location"),
    _DETAILS,
    Field("attendees", "Attendees"),
    Field("eventtype", "Event type"),
    _PRIORITY,
    _REMIND,
    Field("repeatinterval", "Repeat"),
)
_CAPTION = Field("caption", "Caption")
_FILE = (_CAPTION, Field("filename", "File", read_only=True))
_OWN: Mapping[str, tuple[Field, ...]] = {
    "note": (_DETAILS,),
    "task": (
        _TITLE,
        _DUE,
        _ASSIGNED,
        _PRIORITY,
        _DETAILS,
        *_COMPLETION,
        Field("sendnotification", "Notify", _T.BOOLEAN),
        Field("timeremains", "Time remaining", _T.DECIMAL),
        Field("timeremainsmeasure", "Measure"),
    ),
    "event": _MEETING,
    "call": (
        _DETAILS,
        Field("dateoccured", "Date", _T.DATETIME),
        # Minutes, but a question mark occurs too.
        Field("duration", "Minutes"),
        _ASSIGNED,
    ),
    "followup": (
        _DETAILS,
        _DUE,
        Field("nodate", "No date", _T.BOOLEAN),
        _ASSIGNED,
        _PRIORITY,
        _REMIND,
        *_COMPLETION,
    ),
    "opportunity": (
        Field("description", "Description"),
        Field(
            "status", "Status", _T.CHOICE, choices=_choices("Discussion,Pending,Won,Lost,On-hold"), open=False
        ),
        Field("stage", "Stage"),
        Field("probability", "Probability", _T.PERCENT),
        Field("closingdate", "Closing date", _T.DATE),
        Field("valueunit", "Value", _T.MONEY),
        Field(
            "valuecurrency",
            "Currency",
            _T.CHOICE,
            choices=_choices(
                "USD,EUR,GBP,CAD,AUD,BRL,CHF,CNY,DKK,HKD,HRK,HUF,INR,JPY,MXN,MYR,NOK,NZD,RUB,SEK,SGD,THB,ZAR"
            ),
        ),
        Field(
            "valueinterval",
            "Interval",
            _T.CHOICE,
            choices=_choices("fixed price,per hour,per day,per week,per month,per quarter,per year"),
        ),
        Field("responsible", "Responsible", _T.USER),
    ),
    "tasklist": (
        Field("name", "Name"),
        Field("description", "Description", _T.MULTILINE),
        Field("milestonedate", "Milestone", _T.DATE),
        Field("attendees", "Attendees"),
        *_COMPLETION,
    ),
    "timerecord": (
        Field("date", "Date", _T.DATE),
        Field("hours", "Hours", _T.DECIMAL),
        Field("person", "Person", _T.USER),
        Field("billable", "Billable", _T.BOOLEAN),
        _DETAILS,
    ),
    "eventex": _MEETING,
    "file": _FILE,
    "photo": _FILE,
    "scheduledemail": (Field("subject", "Subject"), _DETAILS, Field("date", "Date", _T.DATETIME)),
    "linkedemails": (),
    "activity": (),
    "template": (Field(TEMPLATE_ID, "Template's id", _T.CHOICE, required=True),),
}

FIELDS: Mapping[str, tuple[Field, ...]] = {
    kind: (*own, *_PLACE, *(field for field in _TOLD if field.name not in {each.name for each in own}))
    for kind, own in _OWN.items()
}
