"""The document types that requests may send: which elements each knows, read-only ones included.

A client may send back what it read, so a type knows all that its answers hold. Anything else does not match
the expected document type, which the service answers with 500 (API document, table of responses).
"""

from collections.abc import Mapping

from .element import Element
from .message import Problem

Type = Mapping[str, "Type | None"]
"""The children of an element by name; None where the child is a scalar."""


def _scalars(names: str) -> dict[str, Type | None]:
    return dict.fromkeys(names.split())


_CONTACTS: Type = {
    "address": _scalars("id type street city state zip country"),
    "email": _scalars("id type emailAddress"),
    "phone": _scalars("id type phoneNumber"),
    "website": _scalars("id type webService webAddress url"),
}
_TAGS: Type = {"tag": _scalars("id name")}
_PARTY: Type = {
    **_scalars("id pictureURL createdOn updatedOn lastContactedOn about"),
    "contacts": _CONTACTS,
    "tags": _TAGS,
}
_FIELD: Type = _scalars("id tag label text date boolean number")
TYPES: Mapping[str, Type] = {
    "person": {**_PARTY, **_scalars("title firstName lastName jobTitle organisationId organisationName")},
    "organisation": {**_PARTY, **_scalars("name")},
    "opportunity": _scalars(
        "id name description partyId currency value durationBasis duration expectedCloseDate actualCloseDate"
        " milestoneId milestone probability owner createdOn updatedOn"
    ),
    "kase": _scalars("id status name description partyId closeDate owner createdOn updatedOn"),
    "task": _scalars(
        "id description detail category dueDate dueDateTime owner partyId partyName opportunityId"
        " opportunityName caseId caseName status completedOn createdOn updatedOn"
    ),
    "historyItem": {
        **_scalars(
            "id type entryDate creator creatorName subject note partyId partyName opportunityId"
            " opportunityName caseId caseName partyPictureURL"
        ),
        "attachments": {"attachment": _scalars("id filename contentType")},
        "participants": {"participant": _scalars("name emailAddress role")},
    },
    "customFields": {"customField": _FIELD},
    "customField": _FIELD,
}
"""The types by the name of their root."""


def expect(root: Element, name: str) -> Element:
    """The root, if it is of the type of this name, all the way down; else 500."""
    if root.name != name:
        raise _unexpected(root.name, [name])
    _check(root, TYPES[name])
    return root


def _check(element: Element, known: Type | None) -> None:
    for child in element.children:
        if known is None or child.name not in known:
            raise _unexpected(child.name, known or ())
        _check(child, known[child.name])


def _unexpected(name: str, known: "Mapping[str, object] | list[str] | tuple[()]") -> Problem:
    expected = ",".join(f"<{{}}{each}>" for each in known) or "(none)"
    return Problem(500, f'unexpected element (uri:"", local:"{name}"). Expected elements are {expected}')
