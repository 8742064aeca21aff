"""People and organisations: v2's party as v1's element, and v1's element as the members of a v2 body."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from .element import Element, holding, listed
from .scalars import whole

Json = dict[str, Any]


class _Contact(NamedTuple):
    """One sort of contact details: its element, its member in v2, and the names of both for each part."""

    element: str
    member: str
    parts: Mapping[str, str]


_CONTACTS = (
    _Contact(
        "address",
        "addresses",
        {part: part for part in ("type", "street", "city", "state", "zip", "country")},
    ),
    _Contact("email", "emailAddresses", {"type": "type", "emailAddress": "address"}),
    _Contact("phone", "phoneNumbers", {"type": "type", "phoneNumber": "number"}),
    _Contact(
        "website",
        "websites",
        {"type": "type", "webService": "service", "webAddress": "address", "url": "url"},
    ),
)
CONTACT_MEMBERS = tuple(contact.member for contact in _CONTACTS)
_READ_ONLY = "url"
_OWN = {
    "person": ("about", "title", "firstName", "lastName", "jobTitle"),
    "organisation": ("about", "name"),
}
"""What a request may set by its text alone, named as in v2."""


def display_name(party: Mapping[str, Any]) -> str:
    """The name by which lists are sorted and tasks name their party: "First Last", or the organisation's."""
    if party["type"] == "organisation":
        return party.get("name") or ""
    return " ".join(filter(None, (party.get("firstName"), party.get("lastName"))))


def party_element(party: Json, *, with_tags: bool = False, written: bool = False) -> Element:
    """A party in the order of the recordings; the answer to a write tells `updatedOn` to the millisecond."""
    updated = _to_the_millisecond(party["updatedAt"]) if written else party["updatedAt"]
    organisation = party.get("organisation") or {}
    members: list[Element | tuple[str, object]] = [
        ("id", party["id"]),
        _contacts(party),
        ("pictureURL", party.get("pictureURL")),
        ("createdOn", party["createdAt"]),
        ("updatedOn", updated),
        ("lastContactedOn", party.get("lastContactedAt")),
        ("about", party.get("about")),
        *((name, party.get(name)) for name in _OWN[party["type"]][1:]),
        ("organisationId", organisation.get("id")),
        ("organisationName", organisation.get("name")),
    ]
    if with_tags:
        members.append(tags_element(party.get("tags") or (), with_ids=True))
    return holding(party["type"], *members)


def parties_element(parties: Iterable[Json], size: int | None = None, *, with_tags: bool = False) -> Element:
    """A list of people and organisations in one order."""
    return listed("parties", (party_element(party, with_tags=with_tags) for party in parties), size)


def tags_element(tags: Iterable[Mapping[str, Any]], *, with_ids: bool) -> Element:
    """The tags of a record; before 2015 they had no ids."""
    return listed(
        "tags",
        (holding("tag", ("id", tag["id"] if with_ids else None), ("name", tag["name"])) for tag in tags),
    )


def party_body(element: Element) -> Json:
    """What a request says, in the members of v2: what it leaves out is left out, what is empty is None.

    `organisation` is {"id": n} or {"name": text}; a name beside an id says nothing.
    """
    body: Json = {
        name: child.value for name in _OWN[element.name] if (child := element.find(name)) is not None
    }
    number, name = element.find("organisationId"), element.find("organisationName")
    if number is not None and number.value is not None:
        body["organisation"] = {"id": whole(number)}
    elif name is not None and name.value is not None:
        body["organisation"] = {"name": name.value}
    elif number is not None or name is not None:
        body["organisation"] = None
    contacts = element.find("contacts")
    for contact in _CONTACTS:
        rows = [_row(child, contact) for child in (contacts.named(contact.element) if contacts else ())]
        if rows:
            body[contact.member] = rows
    return body


def _row(child: Element, contact: _Contact) -> Json:
    row: Json = {
        member: part.value
        for name, member in contact.parts.items()
        if name != _READ_ONLY and (part := child.find(name)) is not None
    }
    number = child.find("id")
    if number is not None and number.value is not None:
        return {"id": whole(number), **row}
    # A new row has no value to take away, as clients' empty types mean to.
    return {member: value for member, value in row.items() if value is not None}


def _contacts(party: Json) -> Element:
    return holding(
        "contacts",
        *(
            holding(
                contact.element,
                ("id", row["id"]),
                *((name, row.get(member)) for name, member in contact.parts.items()),
            )
            for contact in _CONTACTS
            for row in party.get(contact.member) or ()
        ),
    )


def _to_the_millisecond(stamp: str) -> str:
    return f"{stamp[:19]}.{datetime.now(UTC).microsecond // 1000:03d}Z"
