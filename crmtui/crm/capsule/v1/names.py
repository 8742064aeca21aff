"""What Capsule v1 calls the kinds and their fields, which bear the names of v2 here.

Source: facts `capsule.md`, sections 1.1, 1.3 and part 3.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from crmtui.crm.capsule import kinds

API: Final = "/api"
PERSON: Final = "person"
ORGANISATION: Final = "organisation"
HISTORY: Final = "historyItem"

SEGMENTS: Mapping[str, str] = {
    kinds.PARTIES: "party",
    kinds.OPPORTUNITIES: "opportunity",
    kinds.KASES: "kase",
    kinds.TASKS: "task",
    kinds.ENTRIES: "history",
}
"""The part of a path before a record's id."""
LISTS: Mapping[str, str] = {**SEGMENTS, kinds.TASKS: "tasks"}
"""The part of a path that lists a kind."""
ROOTS: Mapping[str, str] = {
    kinds.PARTIES: "parties",
    kinds.OPPORTUNITIES: "opportunities",
    kinds.KASES: "kases",
    kinds.TASKS: "tasks",
    kinds.ENTRIES: "history",
}
"""The root element of a list."""
ELEMENTS: Mapping[str, Sequence[str]] = {
    kinds.PARTIES: (PERSON, ORGANISATION),
    kinds.OPPORTUNITIES: ("opportunity",),
    kinds.KASES: ("kase",),
    kinds.TASKS: ("task",),
    kinds.ENTRIES: (HISTORY,),
}
"""The element of one record."""
OWNERS: Mapping[str, str] = {"opportunity": "opportunity", "kase": "kase", "party": "party"}
"""The fields that tell what a task or an entry hangs on, with the part of the path before its id."""

RENAMED: Mapping[str, str] = {
    "createdOn": kinds.CREATED,
    "updatedOn": kinds.STAMP,
    "lastContactedOn": "lastContactedAt",
    "expectedCloseDate": "expectedCloseOn",
    "actualCloseDate": "closedOn",
    "closeDate": "closedOn",
    "dueDate": "dueOn",
    "completedOn": "completedAt",
    "note": "content",
    "entryDate": "entryAt",
}
"""Elements whose value has another name in v2; all others keep theirs."""
REFERENCES: Mapping[str, tuple[str, str]] = {
    "partyId": ("party", "partyName"),
    "organisationId": ("organisation", "organisationName"),
    "opportunityId": ("opportunity", "opportunityName"),
    "caseId": ("kase", "caseName"),
    "milestoneId": ("milestone", "milestone"),
    "creator": ("creator", "creatorName"),
}
"""Elements that hold an id: the field's name, and the element that holds the text for it."""
DATES: frozenset[str] = frozenset({"expectedCloseOn", "closedOn", "dueOn"})
"""The fields that are dates, which the service writes as midnight."""

CONTACTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "address": ("addresses", {}),
    "email": ("emailAddresses", {"emailAddress": "address"}),
    "phone": ("phoneNumbers", {"phoneNumber": "number"}),
    "website": ("websites", {"webService": "service", "webAddress": "address"}),
}
"""The children of `contacts`: the field whose rows they are, and the members that have other names there."""
LISTED: Mapping[str, str] = {"attachments": "attachment", "participants": "participant"}
"""The elements that hold several of another."""

WRITTEN: Mapping[str, Sequence[tuple[str, str]]] = {
    PERSON: (
        ("about", "about"),
        ("firstName", "firstName"),
        ("lastName", "lastName"),
        ("title", "title"),
        ("jobTitle", "jobTitle"),
        ("organisationId", "organisation"),
    ),
    ORGANISATION: (("about", "about"), ("name", "name")),
    "opportunity": (
        ("name", "name"),
        ("currency", "currency"),
        ("value", "value"),
        ("milestoneId", "milestone"),
        ("probability", "probability"),
        ("description", "description"),
        ("duration", "duration"),
        ("durationBasis", "durationBasis"),
        ("expectedCloseDate", "expectedCloseOn"),
        ("owner", "owner"),
    ),
    "kase": (("status", "status"), ("name", "name"), ("description", "description"), ("owner", "owner")),
    "task": (
        ("description", "description"),
        ("owner", "owner"),
        ("category", "category"),
        ("detail", "detail"),
    ),
    HISTORY: (("note", "content"), ("entryDate", "entryAt")),
}
"""The elements of a request in the order of the recordings, each with the field that it is written from."""
