"""The built-in fields of Capsule's kinds, named as API v2 names them.

Source: facts `capsule.md`, sections 1.3, 2.3 and part 3.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from crmtui.crm.capsule import kinds
from crmtui.model.schema import Choice, Field, FieldType, Naming

_T = FieldType

ROWS: Final = ("addresses", "phoneNumbers", "emailAddresses", "websites")
"""The fields of a party whose value is several rows."""
ADDITIONAL: Final = "parties"
"""The field, and the part, of an opportunity or project that names the parties besides its own."""
PERSON: Final = ("type", "person")
ORGANISATION: Final = ("type", "organisation")
SERVICES: Sequence[str] = [
    "URL",
    "SKYPE",
    "TWITTER",
    "FACEBOOK",
    "LINKED_IN",
    "XING",
    "FEED",
    "GOOGLE_PLUS",
    "FLICKR",
    "GITHUB",
    "YOUTUBE",
    "INSTAGRAM",
    "PINTEREST",
    "TIKTOK",
    "THREADS",
    "BLUESKY",
    "SNAPCHAT",
]
_BASES = ("FIXED", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR")


def _words(*words: str) -> tuple[Choice, ...]:
    return tuple(Choice(word, word) for word in words)


def _row(name: str, label: str, types: Sequence[str], *members: Field) -> Field:
    """Rows with a type each, and an id that they keep."""
    kind = Field("type", "Type", _T.CHOICE, choices=_words(*types))
    ids = Field("id", "Id", _T.TEXT, read_only=True)
    return Field(name, label, _T.ROWS, fields=(ids, kind, *members))


def _computed(name: str, label: str, type_: FieldType = _T.DATETIME) -> Field:
    return Field(name, label, type_, read_only=True)


_STAMPS = (_computed(kinds.CREATED, "Created"), _computed(kinds.STAMP, "Updated"))
_CONTACTED = _computed("lastContactedAt", "Last contacted")
_OWNER = Field("owner", "Owner", _T.USER)
_TEAM = Field("team", "Team", _T.CHOICE, asks=True, open=False)
_TAGS = Field(kinds.TAGS, "Tags", _T.CHOICES, asks=True)
_PARTY = Field("party", "Party", _T.REFERENCE, required=True, refers_to=kinds.PARTIES)
_PARTIES = Field(
    ADDITIONAL,
    "Additional parties",
    _T.ROWS,
    fields=(Field("id", "Id"), Field("type", "Type", read_only=True), Field("name", "Name", read_only=True)),
    listed=False,
    naming=Naming("type", (("person", kinds.PARTIES), ("organisation", kinds.PARTIES)), note=""),
    part=ADDITIONAL,
)
_HOLDERS = (
    Field("party", "Party", _T.REFERENCE, refers_to=kinds.PARTIES),
    Field("opportunity", "Opportunity", _T.REFERENCE, refers_to=kinds.OPPORTUNITIES),
    Field("kase", "Project", _T.REFERENCE, refers_to=kinds.KASES),
)

FIELDS: Mapping[str, Sequence[Field]] = {
    kinds.PARTIES: (
        Field(
            "type",
            "Type",
            _T.CHOICE,
            required=True,
            choices=(Choice("person", "Person"), Choice("organisation", "Organisation")),
            open=False,
            fixed=True,
        ),
        Field("title", "Title", _T.CHOICE, asks=True, given=PERSON),
        Field("firstName", "First name", given=PERSON),
        Field("lastName", "Last name", given=PERSON),
        Field("jobTitle", "Job title", given=PERSON),
        Field("organisation", "Organisation", _T.REFERENCE, refers_to=kinds.PARTIES, given=PERSON),
        Field("name", "Name", given=ORGANISATION),
        _row(
            "phoneNumbers",
            "Phone numbers",
            ("Home", "Work", "Mobile", "Fax", "Direct"),
            Field("number", "Number", _T.PHONE, required=True),
        ),
        _row(
            "emailAddresses",
            "E-mail addresses",
            ("Home", "Work"),
            Field("address", "Address", _T.EMAIL, required=True),
        ),
        _row(
            "websites",
            "Websites",
            ("Home", "Work"),
            Field("service", "Service", _T.CHOICE, choices=_words(*SERVICES)),
            Field("address", "Address", required=True),
            Field("url", "URL", _T.URL, read_only=True),
        ),
        _row(
            "addresses",
            "Addresses",
            ("Home", "Postal", "Office"),
            Field("street", "Street", _T.MULTILINE),
            Field("city", "City"),
            Field("state", "State"),
            Field("zip", "Zip"),
            Field("country", "Country", _T.CHOICE, asks=True),
        ),
        Field("about", "About", _T.MULTILINE),
        _OWNER,
        _TEAM,
        _TAGS,
        _CONTACTED,
        *_STAMPS,
        _computed("pictureURL", "Picture", _T.URL),
    ),
    kinds.OPPORTUNITIES: (
        Field("name", "Name", required=True),
        _PARTY,
        Field("milestone", "Milestone", _T.CHOICE, required=True, asks=True, open=False),
        Field("value", "Value", _T.MONEY, unit="currency"),
        Field("currency", "Currency", _T.CHOICE, asks=True),
        Field("expectedCloseOn", "Expected close", _T.DATE),
        Field("probability", "Probability", _T.PERCENT),
        Field("durationBasis", "Duration basis", _T.CHOICE, choices=_words(*_BASES), open=False),
        Field("duration", "Duration", _T.INTEGER),
        Field("description", "Description", _T.MULTILINE),
        _OWNER,
        _TEAM,
        Field("lostReason", "Lost reason", _T.CHOICE, asks=True, open=False),
        _TAGS,
        _PARTIES,
        _computed("closedOn", "Closed", _T.DATE),
        _computed("lastOpenMilestone", "Last open milestone", _T.TEXT),
        _computed("lastStageChangedAt", "Stage changed"),
        _CONTACTED,
        *_STAMPS,
    ),
    kinds.KASES: (
        Field("name", "Name", required=True),
        _PARTY,
        Field("status", "Status", _T.CHOICE, choices=_words("OPEN", "CLOSED"), open=False),
        Field("stage", "Stage", _T.CHOICE, asks=True, open=False),
        Field("description", "Description", _T.MULTILINE),
        _OWNER,
        _TEAM,
        Field("opportunity", "Opportunity", _T.REFERENCE, refers_to=kinds.OPPORTUNITIES),
        Field("startOn", "Start", _T.DATE),
        Field("expectedCloseOn", "Expected close", _T.DATE),
        _TAGS,
        _PARTIES,
        _computed("closedOn", "Closed", _T.DATE),
        _CONTACTED,
        *_STAMPS,
    ),
    kinds.TASKS: (
        Field("description", "Description", required=True),
        Field("dueOn", "Due", _T.DATE, required=True),
        Field("dueTime", "Due time"),
        Field("category", "Category", _T.CHOICE, asks=True),
        *_HOLDERS,
        _OWNER,
        Field("detail", "Detail", _T.MULTILINE),
        Field(
            "status", "Status", _T.CHOICE, choices=_words(kinds.OPEN, kinds.COMPLETED, "PENDING"), open=False
        ),
        _computed("completedAt", "Completed"),
        _computed("completedBy", "Completed by", _T.USER),
        *_STAMPS,
    ),
    kinds.ENTRIES: (
        Field("content", "Text", _T.MULTILINE, required=True),
        Field("entryAt", "When", _T.DATETIME),
        *_HOLDERS,
        _computed("subject", "Subject", _T.TEXT),
        _computed("activityType", "Activity", _T.CHOICE),
        _computed("type", "Type", _T.TEXT),
        _computed("creator", "By", _T.USER),
        Field("attachments", "Attachments", _T.ROWS, read_only=True),
        Field("participants", "Participants", _T.ROWS, read_only=True),
        *_STAMPS,
    ),
}
"""All fields of v2; those that v1 lacks are left out there."""
