"""Tasks: v2's task as v1's element, and v1's element as the members of a v2 body."""

from datetime import tzinfo
from typing import Any

from .deal import owner_name
from .element import Element, holding
from .party import display_name
from .scalars import day, from_local, local, midnight, whole

Json = dict[str, Any]
_LINKS = (("party", "party"), ("opportunity", "opportunity"), ("kase", "case"))
"""What a task or note can hang on: the member of v2, and how v1's names of it begin."""


def task_element(task: Json, zone: tzinfo) -> Element:
    """A task in the order of the recordings; a time is told in UTC, a day without one as its midnight."""
    due, time = task.get("dueOn"), task.get("dueTime")
    timed = bool(due and time)
    return holding(
        "task",
        ("id", task["id"]),
        ("description", task["description"]),
        ("detail", task.get("detail")),
        ("category", (task.get("category") or {}).get("name")),
        ("dueDateTime", from_local(due or "", time or "", zone) if timed else None),
        ("dueDate", None if timed else midnight(due)),
        ("owner", owner_name(task)),
        *links(task),
        ("status", task["status"]),
        ("completedOn", task.get("completedAt")),
        ("createdOn", task.get("createdAt")),
        ("updatedOn", task.get("updatedAt")),
    )


def links(record: Json) -> list[tuple[str, object]]:
    """The id and the name of what a task or note hangs on: `partyId partyName`, `caseId caseName` …"""
    found: list[tuple[str, object]] = []
    for member, prefix in _LINKS:
        linked = record.get(member)
        if linked:
            name = display_name(linked) if member == "party" else linked.get("name")
            found += [(f"{prefix}Id", linked["id"]), (f"{prefix}Name", name)]
    return found


def task_body(element: Element, zone: tzinfo) -> Json:
    """What a request says, in the members of v2; status is changed by complete and reopen alone."""
    body: Json = {
        name: child.value for name in ("description", "detail") if (child := element.find(name)) is not None
    }
    if (category := element.find("category")) is not None:
        body["category"] = None if category.value is None else {"name": category.value}
    if (owner := element.find("owner")) is not None and owner.value is not None:
        body["owner"] = {"username": owner.value}
    if (due := element.find("dueDate")) is not None:
        body |= {"dueOn": day(due), "dueTime": None}
    if (at := element.find("dueDateTime")) is not None and (there := local(at, zone)) is not None:
        body |= {"dueOn": there[0], "dueTime": there[1]}
    for member, prefix in _LINKS:
        linked = element.find(f"{prefix}Id")
        if linked is not None:
            body[member] = None if linked.value is None else {"id": whole(linked)}
    return body
