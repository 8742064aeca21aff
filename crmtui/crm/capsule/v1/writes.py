"""The requests that a write takes: a record's own, and those of its parts, one after the other.

Source: facts `capsule.md`, sections 1.1 and 1.3.
"""

from collections.abc import Iterator, Mapping, Sequence

from crmtui.crm.capsule import kinds
from crmtui.crm.capsule.fields import ROWS
from crmtui.crm.capsule.v1.names import (
    API,
    CONTACTS,
    ELEMENTS,
    ORGANISATION,
    OWNERS,
    PERSON,
    REFERENCES,
    SEGMENTS,
)
from crmtui.crm.capsule.v1.parts import Parts
from crmtui.crm.capsule.v1.requests import Requests, Values, path_of, rows_in
from crmtui.crm.capsule.v1.wire import due_of, members_of, path_part, row_of
from crmtui.crm.xml_body import Node
from crmtui.model.call import Call
from crmtui.model.errors import Invalid
from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.schema import Field
from crmtui.model.value import text_of
from crmtui.model.write import Op, Write

_DUE = frozenset({"dueOn", "dueTime"})
_HOLDER_IDS = {ours: name for name, (ours, _) in REFERENCES.items() if ours in OWNERS}
_HANGING = (kinds.TASKS, kinds.ENTRIES)


class Writes:
    """Makes the Calls of writes, in one format."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._parts = Parts(requests)

    def of(self, write: Write, current: Record | None, fields: Mapping[str, Field]) -> Sequence[Call]:
        """The Calls, given the record as it is now."""
        now: Values = {**write.base, **(current.values if current else {})}
        if write.op is Op.DELETE:
            return (self._requests.writing("DELETE", path_of(write.ref, now), "gone", write.ref),)
        if write.op is Op.CREATE:
            return (self._created(write, fields),)
        own: dict[str, Value] = {}
        parts: dict[str, dict[str, Value]] = {}
        for name, value in write.edits.items():
            part = fields[name].part if name in fields else ""
            (parts.setdefault(part, {}) if part else own)[name] = value
        return (
            *self._edited(write.ref, own, now, fields),
            *self._parts.of(write.ref, parts, now, fields),
        )

    # -- the record itself

    def _created(self, write: Write, fields: Mapping[str, Field]) -> Call:
        """What is empty is left out; parts are written once the record is there."""
        kind = write.ref.kind
        edits = {
            name: value
            for name, value in write.edits.items()
            if not is_empty(value) and not (name in fields and fields[name].part)
        }
        element = _element(kind, edits)
        members = self._members(element, edits, {}, fields)
        # What hangs on a deal or a case may name that one's party too.
        owners = [owner for owner in OWNERS if owner in edits]
        if len(set(owners) - {"party"}) > 1:
            raise Invalid(
                f"Nothing was sent: it belongs to one of {', '.join(owners)}.",
                dict.fromkeys(owners[1:], f"is too many besides {owners[0]}"),
            )
        above = f"/{OWNERS[owners[0]]}/{path_part(text_of(edits[owners[0]]))}" if owners else ""
        if not above and kind in (kinds.OPPORTUNITIES, kinds.KASES, kinds.ENTRIES):
            raise Invalid("Nothing was sent: party is required.", {"party": "is required"})
        segment = element if kind == kinds.PARTIES else SEGMENTS[kind]
        if kind == kinds.TASKS and edits.get("status") == kinds.COMPLETED:
            members["status"] = kinds.COMPLETED
        return self._requests.writing("POST", f"{API}{above}/{segment}", "made", write.ref, element, members)

    def _edited(self, ref: Ref, own: Values, now: Values, fields: Mapping[str, Field]) -> Iterator[Call]:
        """The changed fields, then what goes by requests of its own, then a look if no answer shows all."""
        if not own:
            return
        element = _element(ref.kind, {**own, **now})
        if "type" in own:
            raise Invalid("Nothing was sent: a party keeps its type.", {"type": "cannot be changed"})
        held = [owner for owner in OWNERS if owner in own]
        if held and ref.kind == kinds.ENTRIES:
            raise Invalid(
                "Nothing was sent: an entry stays where it is.", dict.fromkeys(held, "cannot be changed")
            )
        state = own.get("status") if ref.kind == kinds.TASKS else None
        if state == kinds.OPEN:
            yield self._requests.writing("POST", f"{path_of(ref, now)}/reopen", "gone", ref)
        members = self._members(element, own, now, fields)
        moves = ref.kind in (kinds.OPPORTUNITIES, kinds.KASES) and "party" in own
        if members or moves:
            path = path_of(ref, now)
            if ref.kind == kinds.PARTIES:
                path = f"{API}/{element}/{path_part(ref.id)}"
            elif moves:
                path = f"{API}/party/{path_part(text_of(own['party']))}/{element}/{path_part(ref.id)}"
            yield self._requests.writing("PUT", path, "edited", ref, element, members)
        contacts = f"{API}/party/{path_part(ref.id)}/contact"
        besides = [
            self._requests.writing("DELETE", f"{contacts}/{path_part(id_)}", "gone", ref)
            for id_ in _removed(own, now)
        ]
        if state == kinds.COMPLETED:
            besides.append(self._requests.writing("POST", f"{path_of(ref, now)}/complete", "gone", ref))
        yield from besides
        if besides and members:
            yield self._requests.look(ref, now)

    def _members(
        self, element: str, edits: Values, now: Values, fields: Mapping[str, Field]
    ) -> dict[str, Node]:
        """The elements that say what is changed, contacts at last."""
        members = members_of(element, edits, fields)
        if element == "task":
            _add_due(members, edits, now)
            if now:
                # A new task is told by its path what it hangs on.
                members |= {
                    _HOLDER_IDS[owner]: text_of(edits[owner]) or None for owner in OWNERS if owner in edits
                }
        contacts: dict[str, Node] = {}
        for name, (field, _) in CONTACTS.items():
            if rows := [row_of(name, row) for row in _changed(edits.get(field), now.get(field))]:
                contacts[name] = [*rows]
        # In the order of the recordings: after all else.
        return {**members, "contacts": contacts} if contacts else members


def _element(kind: str, values: Values) -> str:
    """The element of a record; of a party by its type, or by a field that only organisations have."""
    if kind != kinds.PARTIES:
        return ELEMENTS[kind][0]
    if (told := values.get("type")) in (PERSON, ORGANISATION):
        return str(told)
    return ORGANISATION if "name" in values else PERSON


def _add_due(members: dict[str, Node], edits: Values, now: Values) -> None:
    """When a task is due, by day and time, of which one may be as it was."""
    if not _DUE.isdisjoint(edits):
        day, time = (edits.get(name, now.get(name)) for name in ("dueOn", "dueTime"))
        # What is planned for a record that was not read yet has no day to tell.
        is_unread = not now and "dueOn" not in edits
        name, text = ("dueDateTime", text_of(time)) if is_unread else due_of(day, time)
        # After the description, as in the recordings.
        told = {"description": members.pop("description")} if "description" in members else {}
        rest = dict(members)
        members.clear()
        members.update({**told, name: text, **rest})


def _changed(wanted: Value, had: Value) -> list[dict[str, Value]]:
    """The rows that are new or other than they were."""
    known = {text_of(row.get("id")): row for row in rows_in(had) if not is_empty(row.get("id"))}
    return [row for row in rows_in(wanted) if not _alike(row, known.get(text_of(row.get("id"))))]


def _alike(row: dict[str, Value], other: dict[str, Value] | None) -> bool:
    if other is None:
        return False
    return all(text_of(row.get(name)) == text_of(other.get(name)) for name in row.keys() | other.keys())


def _removed(own: Values, now: Values) -> list[str]:
    """The ids of the rows that are there no more."""
    return [
        id_
        for field in ROWS
        if field in own
        for row in rows_in(now.get(field))
        if (id_ := text_of(row.get("id"))) and id_ not in {text_of(r.get("id")) for r in rows_in(own[field])}
    ]
