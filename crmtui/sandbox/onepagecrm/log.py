"""The rules of what is logged with a contact: notes, calls and meetings."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from . import values
from .account import USERS, author
from .entity import ENTITIES
from .records import Records
from .refusal import invalid
from .values import Check

Json = dict[str, Any]
VIA = ("unknown", "jabber", "talkdesk", "phone")


def _or_none(value: Any) -> str | None:
    return values.text(255)(value) or None


def _checks(records: Records, entity: str) -> Mapping[str, Check]:
    results = [row["id"] for row in records.setup("call_results")]
    own: dict[str, Mapping[str, Check]] = {
        "notes": {"date": values.day, "linked_deal_id": values.text(24)},
        "calls": {
            "call_result": values.choice(results, "other"),
            "call_time_int": values.seconds,
            "via": values.choice(VIA, "unknown"),
            "phone_number": _or_none,
            "recording_link": values.text(1024),
        },
        "meetings": {"meeting_time_int": values.seconds, "place": values.text(100)},
    }
    return {"contact_id": values.text(24), "text": values.text(7168), **own[entity]}


def changed(records: Records, entity: str, old: Json | None, body: Json, *, partial: bool) -> Json:
    """A note, call or meeting after a change, or a new one."""
    given = values.taken(body, _checks(records, entity))
    empty = ENTITIES[entity].empty
    lasting = ("id", "author", "author_id", "contact_id", "created_at")
    base = {**empty, "author": author(USERS[0])}
    if old is not None:
        base = old if partial else {**empty, **{name: old[name] for name in lasting}}
    doc = {**base, **given}
    if records.kept("contacts", doc["contact_id"]) is None:
        raise invalid("contact_id", "contact not found" if doc["contact_id"] else "is required")
    if entity == "notes":
        _check_note(records, doc)
        doc["date"] = doc["date"] or (old or {}).get("date") or records.today()
    else:
        moment = "call_time_int" if entity == "calls" else "meeting_time_int"
        doc[moment] = doc[moment] or (old or {}).get(moment) or int(datetime.now(UTC).timestamp())
    return doc


def _check_note(records: Records, doc: Json) -> None:
    if not doc["text"]:
        raise invalid("text", "is required")
    if doc["linked_deal_id"] and records.kept("deals", doc["linked_deal_id"]) is None:
        raise invalid("linked_deal_id", "deal not found")
