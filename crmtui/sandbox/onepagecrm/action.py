"""The rules of actions: what is next with a contact, and in whose stream it stands."""

from collections.abc import Iterable, Mapping
from typing import Any

from . import contact, values
from .account import TOKEN_USER
from .entity import ACTIONS, rank
from .records import Records
from .refusal import Conflict, invalid
from .values import Check

Json = dict[str, Any]
STATUSES = ("asap", "date", "date_time", "waiting", "queued", "queued_with_date")
QUEUED = ("queued", "queued_with_date")
DATED = ("date", "date_time", "queued_with_date")
LOCKED = "The action is controlled by an external event"
NOWHERE = "9"
"""The rank of a contact without an action, in the stream of its owner."""


def _checks(records: Records) -> Mapping[str, Check]:
    return {
        "contact_id": values.text(24),
        "assignee_id": contact.owner(records),
        "text": values.text(140),
        "status": values.choice((*STATUSES, "done"), "date"),
        "date": values.day,
        "exact_time": values.seconds,
        "position": values.whole,
    }


def changed(records: Records, old: Json | None, body: Json, *, partial: bool) -> Json:
    """An action after a change, or a new one; dates that its status has no use for are left out."""
    given = values.taken(body, _checks(records))
    base = dict(ACTIONS.empty)
    if old is not None:
        lasting = ("id", "contact_id", "assignee_id", "done", "done_at", "before", "status", "position")
        base = old if partial else {**base, **{name: old[name] for name in (*lasting, "created_at")}}
        if given.pop("contact_id", old["contact_id"]) != old["contact_id"]:
            raise invalid("contact_id", "cannot be changed")
        if old["externally_controlled"] and given.keys() - {"assignee_id"}:
            raise Conflict(LOCKED)
    doc = {**base, **given}
    if records.kept("contacts", doc["contact_id"]) is None:
        raise invalid("contact_id", "contact not found" if doc["contact_id"] else "is required")
    if not doc["text"]:
        raise invalid("text", "is required")
    if doc["status"] == "done" and not doc["done"]:
        doc["status"] = old["status"] if old else "date"
        return finished(records, _dated(records, doc))
    if old is not None and old["done"] and doc["status"] != "done":
        doc |= {"done": False, "done_at": None, "before": None}
    return doc if doc["done"] else _dated(records, doc)


def _dated(records: Records, doc: Json) -> Json:
    doc["date"] = (doc["date"] or records.today()) if doc["status"] in DATED else None
    if doc["status"] != "date_time":
        doc["exact_time"] = None
    elif doc["exact_time"] is None:
        raise invalid("exact_time", "is required")
    if doc["status"] not in QUEUED:
        doc["position"] = None
    elif doc["position"] is None:
        doc["position"] = 1 + max((row["position"] or 0 for row in queue(records, doc)), default=0)
    return doc


def queue(records: Records, doc: Json) -> list[Json]:
    """The other queued actions of the same contact."""
    others = records.chosen("actions", contact_id=doc["contact_id"], done=0)
    return [row for row in others if row["status"] in QUEUED and row["id"] != doc["id"]]


def finished(records: Records, doc: Json) -> Json:
    """An action that is done, whatever it was before."""
    if doc["externally_controlled"]:
        raise Conflict(LOCKED)
    return {**doc, "before": doc["status"], "status": "done", "done": True, "done_at": records.today()}


def resumed(doc: Json) -> Json:
    """An action that is not done after all, as it was before."""
    return {**doc, "status": doc["before"] or "date", "before": None, "done": False, "done_at": None}


def second_asap(records: Records, doc: Json) -> list[Json]:
    """The other ASAP actions that the same user has with the contact of an ASAP action."""
    if doc["status"] != "asap":
        return []
    rows = records.chosen(
        "actions", contact_id=doc["contact_id"], status="asap", assignee_id=doc["assignee_id"]
    )
    return [row for row in rows if row["id"] != doc["id"]]


def ranks(person: Json, undone: Iterable[Json]) -> dict[str, str]:
    """Where a contact stands in the streams: by user, and under `""` in that of all.

    It stands where the most urgent action of each assignee puts it; without any action it comes last in the
    stream of its owner, unless they closed the sale.
    """
    found: dict[str, str] = {}
    for doc in undone:
        if doc["status"] not in QUEUED:
            place = rank(doc)
            for user in (doc["assignee_id"], ""):
                found[user] = min(found.get(user, place), place)
    closed = {sale["user_id"] for sale in person["closed_sales"]}
    if not found and person["owner_id"] not in closed:
        found = {person["owner_id"]: NOWHERE, "": NOWHERE}
    return found


def next_ones(undone: list[Json], user: str = TOKEN_USER) -> tuple[list[Json], list[Json]]:
    """The next actions of a contact, the user's own and the most urgent ones first, and the queued ones."""
    waiting = [doc for doc in undone if doc["status"] in QUEUED]
    ahead = [doc for doc in undone if doc["status"] not in QUEUED]
    ahead.sort(key=lambda doc: (doc["assignee_id"] != user, rank(doc), doc["id"]))
    waiting.sort(key=lambda doc: (rank(doc), doc["id"]))
    return ahead, waiting
