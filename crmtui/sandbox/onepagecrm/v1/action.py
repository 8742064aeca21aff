"""An action in the words of v1, and a form of v1 in those of the account."""

from typing import Any

from . import values
from .message import Problem

Json = dict[str, Any]
QUEUED = ("queued", "queued_with_date")
"""States of actions that v1 does not know, and does not show."""


def told(doc: Json) -> Json:
    """An action; `next` is of those without a date, `waiting` of those that wait for somebody else."""
    status = doc["before"] if doc["done"] else doc["status"]
    return {
        "name": doc["text"],
        "waiting": status == "waiting",
        "closed": values.moment_told(f"{doc['done_at']}T00:00:00Z" if doc["done_at"] else None),
        "done": doc["done"],
        "date": values.day_told(doc["date"]),
        "id": doc["id"],
        "next": status == "asap",
        "cid": doc["contact_id"],
    }


def given(form: dict[str, str]) -> Json:
    """The whole of a form as a body of the account: a text, and one of date, next and waiting."""
    name = form.get("name", "")[:140]
    following, waiting = values.flag(form.get("next")), values.flag(form.get("waiting"))
    if not name:
        raise Problem(109)
    if following and waiting:
        raise Problem(108)
    if following or waiting:
        return {"text": name, "status": "asap" if following else "waiting"}
    day = values.day_given(form.get("date"))
    if day is None:
        raise Problem(108 if form.get("date") else 109)
    return {"text": name, "status": "date", "date": day}
