"""The requests that a write takes in OnePageCRM v1.2.

Source: facts `onepagecrm.md`, section 4. A PUT replaces the whole record, so that it is sent only of one
that was read whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from crmtui.crm.onepagecrm.v1 import kinds
from crmtui.crm.onepagecrm.v1.fields import BY_NAME
from crmtui.crm.onepagecrm.v1.wire import MEMBERS, SENDS, VIP, Values, encode, form_of, path_of, refuse
from crmtui.model.call import Call
from crmtui.model.errors import Invalid
from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.schema import Field, FieldType
from crmtui.model.value import canonical, text_of
from crmtui.model.write import Op, Write

UNREAD: Final = "unread"
"""The argument of a Call that names the fields which it lacks, and would empty if it were sent."""
_NOT_ALWAYS = frozenset({"deal_stage", "exp_close"})
"""What is told of deals that are pending, and of those by the user's settings."""
_TRUTH = Field("truth", type=FieldType.BOOLEAN)
_NEW: Mapping[str, Values] = {
    kinds.CONTACTS: {"status": "lead"},
    kinds.ACTIONS: {},
    kinds.NOTES: {},
    kinds.DEALS: {"status": "pending"},
}
"""What a new record has unless told otherwise."""


class Writes:
    """Makes the Calls of writes, whose answers come in one format."""

    def __init__(self, format_: str) -> None:
        self._format = format_

    def of(self, write: Write, current: Record | None) -> Sequence[Call]:
        """The Calls, given the record as it is now."""
        now: Values = {**write.base, **(current.values if current else {})}
        if write.op is Op.DELETE:
            return (self._deleted(write.ref, now),)
        if write.op is Op.CREATE:
            return tuple(self._created(write))
        if write.ref.kind == kinds.CONTACTS:
            return tuple(self._contact(write.ref, write.edits, now))
        if write.ref.kind == kinds.ACTIONS:
            return tuple(self._action(write.ref, write.edits, now))
        return (self._put(write.ref, write.edits, now),)

    def look(self, ref: Ref) -> Call:
        """Asks for one record."""
        args = {"kind": ref.kind, "what": str(ref), "id": ref.id}
        return Call("GET", path_of(ref.kind, self._format, ref.id), "record", args=args)

    # -- new and gone

    def _created(self, write: Write) -> Iterator[Call]:
        kind = write.ref.kind
        values = {**_NEW[kind], **{n: v for n, v in write.edits.items() if not is_empty(v)}}
        if kind in kinds.NOTE_TYPES:
            values.setdefault("date", date.today().isoformat())
        if kind == kinds.ACTIONS:
            _check_action(values)
        form = form_of(kind, values)
        if kind != kinds.CONTACTS:
            form[kinds.CONTACT] = text_of(values.get(kinds.CONTACT))
            refuse({} if form[kinds.CONTACT] else {kinds.CONTACT: "is required"})
        made = self._writing("POST", path_of(kind, self._format), "record", write.ref, form)
        if kind == kinds.CONTACTS and write.undoes:
            # The service brings its last deleted contact back itself; what it cannot is made again.
            args = {**made.args, "instead": made.body.decode(), "named": _names(values)}
            path = f"/api/misc/undo_contact_deletion.{self._format}"
            yield Call("POST", path, "restored", (), SENDS, b"", args, safe=False)
        else:
            yield made
        if kind == kinds.ACTIONS and canonical(_TRUTH, values.get("done")) is True:
            yield self._completion(write.ref, values, done=True)

    def _deleted(self, ref: Ref, now: Values) -> Call:
        if ref.kind == kinds.ACTIONS and "done" in now and canonical(_TRUTH, now["done"]) is not True:
            raise Invalid(
                "Nothing was sent: OnePageCRM deletes an action only once it is done; mark it as done first.",
                {"done": "must be true before it is deleted"},
            )
        return self._writing("DELETE", path_of(ref.kind, self._format, ref.id), "gone", ref)

    # -- changed

    def _contact(self, ref: Ref, edits: Values, now: Values) -> Iterator[Call]:
        """Tags alone are put on and taken off; all else takes the whole record."""
        if set(edits) != {kinds.TAGS} or kinds.TAGS not in now:
            yield self._put(ref, edits, now)
            return
        had, wanted = _texts(now[kinds.TAGS]), _texts(edits[kinds.TAGS])
        added = [tag for tag in wanted if tag not in had]
        removed = [tag for tag in had if tag not in wanted]
        # Such a tag can be given, but then no other change of the contact could be sent any more.
        form_of(kinds.CONTACTS, {kinds.TAGS: [*added]}, whole=False)
        for verb, tags in (("assign_tag", added), ("unassign_tag", removed)):
            for tag in tags:
                form = {"id": ref.id, "name": tag}
                path = f"/api/misc/{verb}.{self._format}"
                yield self._writing("POST", path, "gone", ref, form)
        if VIP in {tag.lower() for tag in added}:
            # It is a mark and no tag: what is there now has to be asked.
            yield self.look(ref)

    def _action(self, ref: Ref, edits: Values, now: Values) -> Iterator[Call]:
        """Completion goes by verbs of its own, before what it takes back and after what it ends."""
        own = {name: value for name, value in edits.items() if name != "done"}
        done = canonical(_TRUTH, edits["done"]) is True if "done" in edits else None
        if done is False:
            yield self._completion(ref, now, done=False)
        if own:
            yield self._put(ref, _one_time(own), now)
        if done is True:
            yield self._completion(ref, {**now, **own}, done=True)

    def _completion(self, ref: Ref, now: Values, *, done: bool) -> Call:
        contact = text_of(now.get(kinds.CONTACT))
        verb = "mark_action_as_done" if done else "undo_action_completion"
        form = {kinds.CONTACT: contact}
        call = self._writing("POST", f"/api/misc/{verb}.{self._format}", "written", ref, form)
        unread = {} if contact else {UNREAD: [kinds.CONTACT]}
        return msgspec.structs.replace(call, args={**call.args, **unread})

    def _put(self, ref: Ref, edits: Values, now: Values) -> Call:
        """The whole record with the edits in it."""
        kind = ref.kind
        if kind in kinds.NOTE_TYPES and kinds.CONTACT in edits:
            raise Invalid(
                "Nothing was sent: a note stays with its contact.", {kinds.CONTACT: "cannot be changed"}
            )
        values = {**now, **edits}
        unread = {
            theirs: ours
            for theirs, ours in MEMBERS[kind].items()
            if ours not in values and ours not in _NOT_ALWAYS
        }
        if kind == kinds.ACTIONS and not unread:
            _check_action(values)
        form = form_of(kind, values, whole=not unread)
        form = {name: text for name, text in form.items() if name not in unread}
        call = self._writing("PUT", path_of(kind, self._format, ref.id), "written", ref, form)
        # Before a record is read the call shows what will be sent, and is none that could be.
        return (
            msgspec.structs.replace(call, args={**call.args, UNREAD: [*unread.values()]}) if unread else call
        )

    def _writing(
        self, method: str, path: str, reader: str, ref: Ref, form: Mapping[str, str] | None = None
    ) -> Call:
        args: dict[str, Any] = {"kind": ref.kind, "what": str(ref), "id": ref.id}
        if form is None:
            return Call(method, path, reader, args=args, safe=False)
        names = MEMBERS[ref.kind].items()
        args["sent"] = {theirs: ours for theirs, ours in names if theirs in form}
        return Call(method, path, reader, (), SENDS, encode(form), args, safe=False)


def _one_time(edits: Values) -> Values:
    """An action has a date, or is next, or waits: what is said of one takes back the others."""
    said = {name for name in ("next", "waiting") if canonical(_TRUTH, edits.get(name)) is True}
    if len(said) == 2 or ("next" in edits and "waiting" in edits):
        return edits
    if said:
        [other] = {"next", "waiting"} - said
        return {**edits, other: False}
    if not is_empty(edits.get("date")):
        return {**dict.fromkeys(("next", "waiting"), False), **edits}
    return edits


def _check_action(values: Values) -> None:
    said = [name for name in ("next", "waiting") if canonical(_TRUTH, values.get(name)) is True]
    if len(said) == 2:
        refuse(dict.fromkeys(said, "is one, or the other is"))
    if not said and is_empty(values.get("date")):
        refuse({"date": "is required of an action that is neither next nor waiting"})


def _texts(value: Value) -> list[str]:
    plain = canonical(BY_NAME[kinds.CONTACTS][kinds.TAGS], value)
    return [text_of(tag) for tag in plain] if isinstance(plain, list) else []


def _names(values: Values) -> dict[str, str]:
    """What a contact is known by again."""
    return {name: text_of(values.get(name)) for name in ("firstname", "lastname", "company")}
