"""The rules of tasks."""

from typing import Any

from . import draft, values
from .account import CATEGORIES, TOKEN_USER
from .draft import Records
from .entity import TASKS
from .refusal import refused

Json = dict[str, Any]
LINKS = {"party": "parties", "opportunity": "opportunities", "kase": "kases"}
_CHECKS = {
    "description": values.text,
    "detail": values.text,
    "category": values.choice(CATEGORIES, "category"),
    "dueOn": values.day,
    "dueTime": values.clock,
    "status": values.one_of("OPEN", "COMPLETED", "PENDING"),
    **dict.fromkeys(LINKS, values.record),
    "owner": draft.owner,
}
_TOLD = (*draft.TOLD, "completedBy", "completedAt", "hasTrack", "nextTask", "taskDayDelayRule")


def changed(records: Records, old: Json | None, body: Json) -> Json:
    """A task after a change, or a new one."""
    given = values.taken(body, _CHECKS, _TOLD, "task")
    old = old or {**TASKS.empty, "owner": TOKEN_USER}
    doc = {**old, **given}
    values.required(doc, ["description", "dueOn", "owner"], "task")
    draft.check_records(records, given, LINKS, "task")
    if sum(doc[name] is not None for name in LINKS) > 1:
        message = "task can be linked to only one of party, opportunity or kase"
        raise refused(message, "task", next(name for name in reversed(LINKS) if given.get(name)))
    if doc["status"] == "PENDING" and old["status"] != "PENDING":
        raise refused("cannot set task status to PENDING", "task", "status")
    doc["status"] = doc["status"] or old["status"]
    if doc["status"] != "COMPLETED":
        doc |= {"completedAt": None, "completedBy": None}
    elif old["status"] != "COMPLETED":
        doc |= {"completedAt": records.now(), "completedBy": TOKEN_USER}
    return doc
