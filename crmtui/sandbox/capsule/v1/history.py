"""Notes and e-mails: v2's entry as v1's history item, and v1's item as the members of a v2 body."""

from typing import Any

from .element import Element, holding
from .scalars import moment
from .task import links

Json = dict[str, Any]
_SUBJECT = 75
"""Letters of a note that its subject shows before three dots."""


def history_element(entry: Json) -> Element:
    """One item of the history; attachments and participants stand only where there are some."""
    creator = entry.get("creator") or {}
    content = entry.get("content") or ""
    members: list[Element | tuple[str, object]] = [
        ("id", entry["id"]),
        ("type", entry["type"].capitalize()),
        ("entryDate", entry.get("entryAt") or entry["createdAt"]),
        ("creator", creator.get("username")),
        ("creatorName", creator.get("name")),
        ("subject", entry.get("subject") or _beginning(content)),
        ("note", content),
    ]
    attachments = [
        holding("attachment", *((name, each.get(name)) for name in ("id", "filename", "contentType")))
        for each in entry.get("attachments") or ()
    ]
    if attachments:
        members.append(holding("attachments", *attachments))
    participants = [
        holding(
            "participant",
            ("name", each.get("name")),
            ("emailAddress", each.get("address")),
            ("role", each.get("role")),
        )
        for each in entry.get("participants") or ()
    ]
    if participants:
        members.append(holding("participants", *participants))
    return holding(
        "historyItem",
        *members,
        *links(entry),
        ("partyPictureURL", (entry.get("party") or {}).get("pictureURL")),
    )


def history_body(element: Element) -> Json:
    """What a request says, in the members of v2; all but the text and its date is read-only."""
    body: Json = {}
    if (note := element.find("note")) is not None:
        body["content"] = note.value
    if (dated := element.find("entryDate")) is not None and dated.value is not None:
        body["entryAt"] = moment(dated)
    return body


def _beginning(content: str) -> str:
    return content if len(content) <= _SUBJECT else f"{content[:_SUBJECT]}..."
