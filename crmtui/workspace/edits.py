"""A write from the person's decision to the answer: checked, stored, compared, sent, compared again."""

import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from crmtui.model.call import Call
from crmtui.model.errors import Conflict, CrmError, Invalid, NotFound, OutcomeUnknown
from crmtui.model.record import Record, Ref, Value, is_empty
from crmtui.model.schema import DATES, Field, Schema
from crmtui.model.value import check, same
from crmtui.model.write import Clash, Op, State, Write, merge
from crmtui.workspace import row_mirror
from crmtui.workspace.account import Account
from crmtui.workspace.fields import Fields

Send: TypeAlias = Callable[[Call], Awaitable[Record | None]]
"""Sends a Call of a write; the record that its answer shows, None where it shows none."""


class Clashed(Conflict):
    """Fields that somebody else changed too; nothing was sent."""

    def __init__(self, clashes: Sequence[Clash], theirs: Record) -> None:
        names = ", ".join(clash.field for clash in clashes)
        super().__init__(f"Somebody else changed {names} in the meantime; nothing was sent.")
        self.clashes = tuple(clashes)
        self.theirs = theirs


class Saved(msgspec.Struct, frozen=True):
    """What a write did: the record as it is now (None once deleted), whether anything was sent,
    and the fields that came back other than they were sent."""

    record: Record | None
    sent: bool
    other: Mapping[str, Value] = {}


class Edits:
    """The writes of an account."""

    def __init__(self, account: Account, fields: Fields) -> None:
        self._account = account
        self._fields = fields

    def intent(
        self, op: Op, ref: Ref, edits: Mapping[str, Value], base: Mapping[str, Value] | None = None
    ) -> Write:
        """A new write, not yet stored."""
        return Write(os.urandom(4).hex(), op, ref, dict(edits), dict(base or {}), time.time())

    def check(self, schema: Schema, op: Op, edits: Mapping[str, Value]) -> None:
        """Raises `Invalid`, each field named, for what the service would refuse anyway."""
        wrong: dict[str, str] = {}
        for name, value in edits.items():
            field = schema.field(name)
            if field.read_only:
                wrong[name] = "is read-only"
            elif field.required and is_empty(value):
                wrong[name] = "is required"
            elif reason := check(field, value):
                wrong[name] = reason
        if op is Op.CREATE:
            given = {name for name, value in edits.items() if not is_empty(value)}
            missing = (
                f.name for f in schema.fields if f.required and not f.read_only and f.name not in given
            )
            wrong |= dict.fromkeys(missing, "is required")
        if wrong:
            named = "; ".join(f"{name} {reason}" for name, reason in wrong.items())
            raise Invalid(f"Nothing was sent: {named}.", wrong)

    def calls(
        self, write: Write, current: Record | None, schema: Schema, *, looked: bool = False
    ) -> Sequence[Call]:
        """The Calls of a write as they would be sent now; an edit is preceded by a look at the record.

        `looked`: it was looked at already.
        """
        self._account.refuse_writes()
        calls = self._account.adapter.write(write, self._with_forms(write.ref, current), schema.by_name)
        if write.op is Op.EDIT and not looked:
            return (self._account.adapter.show(write.ref), *calls)
        return calls

    def cost(self, write: Write, current: Record | None, schema: Schema) -> int:
        """What saving costs, in calls."""
        return sum(call.cost for call in self.calls(write, current, schema))

    async def save(
        self, write: Write, schema: Schema, now: Record | None = None, send: Send | None = None
    ) -> Saved:
        """Stores the intent, compares, sends what is still to be sent, and mirrors the answer.

        `now`: the record as it was read a moment ago; else it is read here, to be compared with.
        `send` is how its Calls are sent, where that is not the account's own way.
        """
        self._account.refuse_writes()
        writes = self._account.writes
        writes.queue(write)
        former = self._account.mirror.get(write.ref)
        try:
            saved = await self._save(write, schema, now, send or self._account.send)
        except OutcomeUnknown as error:
            writes.settle(write, State.UNKNOWN, error.message)
            raise OutcomeUnknown(
                f"{error.message} Whether it was done is not known: it is kept in the outbox as {write.id}."
            ) from error
        except CrmError as error:
            writes.settle(write, State.REFUSED, error.message)
            if isinstance(error, NotFound) and write.ref.id:
                self._account.mirror.remove(write.ref)
                row_mirror.follow(self._account, former, None)
            if isinstance(error, Invalid):
                required = {name for name, reason in error.fields.items() if "is required" in reason}
                self._fields.learn_required(write.ref.kind, required)
            raise
        # First of all that it was done: a mirror that cannot be written must not say otherwise.
        writes.settle(write, State.DONE, "" if saved.sent else "nothing to change", _ref(saved))
        if saved.record is None:
            self._account.mirror.remove(write.ref)
            row_mirror.follow(self._account, former, None)
        elif saved.sent:
            self._account.mirror.upsert([saved.record])
            row_mirror.follow(self._account, former, self._account.mirror.get(saved.record.ref))
        return saved

    async def _save(self, write: Write, schema: Schema, now: Record | None, send: Send) -> Saved:
        current = None
        if write.op is Op.EDIT:
            current = now or await self.read(write.ref)
            to_send, clashes = merge(schema, write, current)
            if clashes:
                raise Clashed(clashes, current)
            if not to_send:
                return Saved(current, sent=False)
            write = msgspec.structs.replace(write, edits=to_send)
        calls = self._account.adapter.write(write, self._with_forms(write.ref, current), schema.by_name)
        self._account.writes.begin(write)
        answer: Record | None = None
        for call in calls:
            answer = await send(call)
        if write.op is Op.DELETE:
            return Saved(None, sent=True)
        if answer is None:
            if current is None:
                raise OutcomeUnknown("The service took the write, but its answer names no record.")
            # Nothing tells what the record is now, so that the next read of it must be no conflict.
            answer = msgspec.structs.replace(current, values={**current.values, **write.edits}, stamp=None)
        return Saved(answer, sent=True, other=_other(schema, write.edits, answer))

    def interrupted(self, write: Write) -> str:
        """Settles a write whose sending was cut off here: nobody sends it later. Says what is not known."""
        writes = self._account.writes
        state = next((entry.state for entry in writes.waiting() if entry.write.id == write.id), None)
        if state is State.QUEUED:
            writes.settle(write, State.REFUSED, "interrupted before anything was sent")
        elif state is not None:
            writes.settle(write, State.UNKNOWN, "interrupted before the answer came")
            return f"Whether it was done is not known; it is kept in the outbox as {write.id}."
        return ""

    async def read(self, ref: Ref) -> Record:
        """A record as it is now; one that is gone leaves the mirror too."""
        former = self._account.mirror.get(ref)
        try:
            record: Record = await self._account.send(self._account.adapter.show(ref))
        except NotFound:
            self._account.mirror.remove(ref)
            row_mirror.follow(self._account, former, None)
            raise
        self._account.mirror.upsert([record], whole=True)
        row_mirror.keep(self._account, record, former)
        row_mirror.follow(self._account, former, record)
        return record

    def _with_forms(self, ref: Ref, current: Record | None) -> Record | None:
        """The record with every form of "none" that was read of its fields, for clearing them."""
        if current is None:
            return None
        return msgspec.structs.replace(current, empties=self._account.mirror.empties(ref))


def _ref(saved: Saved) -> Ref | None:
    return saved.record.ref if saved.record else None


def _other(schema: Schema, sent: Mapping[str, Value], answer: Record) -> dict[str, Value]:
    """The fields that came back other than they were sent; those left out of the answer tell nothing."""
    return {
        name: answer.values[name]
        for name, value in sent.items()
        if name in answer.values and not _came_back(schema.field(name), value, answer.values[name])
    }


def _came_back(field: Field, sent: Value, answer: Value) -> bool:
    """Whether an answer is what was sent; a mere day may come back as its first moment."""
    if same(field, answer, sent):
        return True
    is_a_day = field.type in DATES and isinstance(sent, str) and len(sent) == len("2018-09-17")
    return is_a_day and same(field, answer, f"{sent}T00:00:00")
