"""The types of activity: what their segments are called, and which fields they have."""

from .field import Activity, Field, Type

STATUSES = ("Discussion", "Pending", "Won", "Lost", "On-hold")
CURRENCIES = (
    "USD", "EUR", "GBP", "CAD", "AUD", "BRL", "CHF", "CNY", "DKK", "HKD", "HRK", "HUF",
    "INR", "JPY", "MXN", "MYR", "NOK", "NZD", "RUB", "SEK", "SGD", "THB", "ZAR",
)  # fmt: skip
INTERVALS = ("fixed price", "per hour", "per day", "per week", "per month", "per quarter", "per year")
DETAILS = Field("details", "Details", Type.TEXTAREA)
TITLE = Field("title", "Title")
ASSIGNED = Field("assignedto", "Assigned to", Type.USER)
PRIORITY = Field("priority", "Priority", Type.NUMBER)
DUE = Field("duedate", "Due date", Type.DATE)
REMIND = Field("remindtime", "Remind", Type.NUMBER)
CAPTION = Field("caption", "Caption")
COMPLETION = (
    Field("completed", "Completed", Type.CHECKBOX),
    Field("completedon", "Completed on", Type.MOMENT, computed=True),
    Field("completedby", "Completed by", Type.USER, computed=True),
)
MEETING = (
    TITLE,
    Field("timestart", "Start", Type.MOMENT),
    Field("timeend", "End", Type.MOMENT),
    Field("location", "Location"),
    DETAILS,
    Field("attendees", "Attendees"),
    Field("eventtype", "Type"),
    PRIORITY,
    REMIND,
    Field("repeatinterval", "Repeat"),
)

NOTE = Activity("note", 3, (DETAILS,), "details")
EVENT = Activity("event", 4, MEETING, "title")
FOLLOWUP = Activity(
    "followup",
    6,
    (
        DETAILS,
        ASSIGNED,
        DUE,
        Field("nodate", "No date", Type.CHECKBOX),
        PRIORITY,
        REMIND,
        *COMPLETION,
    ),
    "details",
    completable=True,
)
TASK = Activity(
    "task",
    14,
    (
        TITLE,
        DETAILS,
        ASSIGNED,
        DUE,
        PRIORITY,
        Field("sendnotification", "Notify", Type.CHECKBOX),
        Field("timeremains", "Time remaining", Type.NUMBER),
        Field("timeremainsmeasure", "Measure"),
        *COMPLETION,
    ),
    "title",
    completable=True,
)
TIMERECORD = Activity(
    "timerecord",
    15,
    (
        Field("date", "Date", Type.DATE),
        Field("hours", "Hours", Type.NUMBER),
        Field("person", "Person", Type.USER),
        Field("billable", "Billable", Type.CHECKBOX),
        Field("invoiced", "Invoiced"),
        DETAILS,
    ),
    "details",
)
TASKLIST = Activity(
    "tasklist",
    22,
    (
        Field("name", "Name"),
        Field("description", "Description", Type.TEXTAREA),
        Field("milestonedate", "Milestone", Type.DATE),
        Field("attendees", "Attendees"),
        *COMPLETION,
    ),
    "name",
    completable=True,
)
OPPORTUNITY = Activity(
    "opportunity",
    32,
    (
        Field("description", "Description"),
        Field("status", "Status", Type.SELECT, STATUSES),
        Field("stage", "Stage"),
        Field("probability", "Probability", Type.NUMBER),
        Field("closingdate", "Closing date", Type.DATE),
        Field("valueunit", "Value", Type.CURRENCY),
        Field("valuecurrency", "Currency", Type.SELECT, CURRENCIES),
        Field("valueinterval", "Interval", Type.SELECT, INTERVALS),
        Field("responsible", "Responsible", Type.USER),
        Field("custom890001", "Next step"),
    ),
    "description",
)
EVENTEX = Activity("eventex", 61, MEETING, "title")
CALL = Activity(
    "call",
    73,
    (
        DETAILS,
        Field("dateoccured", "Date", Type.MOMENT),
        # Minutes, but a question mark occurs too.
        Field("duration", "Duration"),
        ASSIGNED,
    ),
    "details",
)
# From here on the type ids are made up, but for those of files, photos and e-mail.
COMMENT = Activity("comment", 201, (DETAILS,), "details")
FILE = Activity("file", 23, (CAPTION, Field("filename", "File")), "filename")
PHOTO = Activity("photo", 24, (CAPTION, Field("filename", "File")), "filename")
PHOTOLIST = Activity("photolist", 202, (Field("name", "Name"),), "name")
WEBSITE = Activity("website", 203, (CAPTION, Field("url", "Address", Type.URL)), "caption")
LINKED_EMAILS = Activity("linkedemails", 90, (), label="Linked emails")
WIDGET = Activity("xerowidget", 204, (Field("account", "Account"), Field("balance", "Balance")), "account")
TEMPLATE = "template"
"""The segment under which templates are inserted; no activity is of this type."""

ACTIVITIES = {
    each.segment: each
    for each in (
        NOTE, EVENT, FOLLOWUP, TASK, TIMERECORD, TASKLIST, OPPORTUNITY, EVENTEX, CALL, COMMENT, FILE, PHOTO,
        PHOTOLIST, WEBSITE, LINKED_EMAILS, WIDGET,
        Activity("attachmentfile", 205, (CAPTION, Field("filename", "File")), "filename"),
        Activity("googledoc", 206, (CAPTION, Field("url", "Address", Type.URL)), "caption"),
        Activity("recurringevent", 207, MEETING, "title"),
        Activity("separator", 208, (CAPTION,), "caption"),
        Activity("scheduledemail", 88, (Field("subject", "Subject"), DETAILS,
                                        Field("date", "Date", Type.MOMENT)), "subject"),
    )
}  # fmt: skip
BY_TYPE = {each.type_id: each for each in ACTIVITIES.values()}
TEMPLATES = {
    501: ("task", ("Send welcome pack", "Call after a week", "Ask for a reference")),
    502: ("followup", ("Ring about the quote", "Send the contract")),
}
"""Templates by id: the type and the titles of the activities they insert."""
