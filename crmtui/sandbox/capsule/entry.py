"""The rules of entries: notes and what else the timeline of a record holds."""

from typing import Any

from . import draft, values
from .account import ACTIVITY_TYPES, NOTE
from .draft import Records
from .entity import ENTRIES
from .refusal import refused
from .task import LINKS

Json = dict[str, Any]
_CHECKS = {
    "content": values.text,
    "subject": values.text,
    "entryAt": values.moment,
    "activityType": values.choice(ACTIVITY_TYPES, "activity type"),
}
_TOLD = (*draft.TOLD, "creator", "attachments", "participants")


def changed(records: Records, old: Json | None, body: Json) -> Json:
    """An entry after a change, or a new note."""
    kind = old["type"] if old else "note"
    links = dict.fromkeys(LINKS, values.record) if old is None else {}
    told = _TOLD if old is None else (*_TOLD, *LINKS)
    given = values.taken(body, {"type": draft.fixed(kind), **_CHECKS, **links}, told, "entry")
    old = old or {**ENTRIES.empty, "entryAt": records.now()}
    doc = {**old, **given}
    if sum(doc[name] is not None for name in LINKS) != 1:
        raise refused("entry must be linked to either a party, opportunity or kase", "entry", "party")
    draft.check_records(records, given, LINKS, "entry")
    doc["entryAt"] = doc["entryAt"] or old["entryAt"]
    doc["activityType"] = doc["activityType"] or NOTE
    if doc["type"] == "note":
        values.required(doc, ["content"], "entry")
    return doc
