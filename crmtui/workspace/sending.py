"""One write of the outbox on its way: compared, sent, compared again, mirrored, settled."""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from crmtui.model.call import Call, Progress, unwatched
from crmtui.model.errors import CrmError, Invalid, NotFound, OutcomeUnknown
from crmtui.model.record import Part, Record, Ref, Value, is_empty
from crmtui.model.schema import Schema
from crmtui.model.value import came_back, same
from crmtui.model.write import Clash, Op, State, Write, merge
from crmtui.workspace import hanging, row_mirror
from crmtui.workspace.account import Account
from crmtui.workspace.clock import Clock
from crmtui.workspace.edits import Edits, apart
from crmtui.workspace.fields import Fields
from crmtui.workspace.orders import finished
from crmtui.workspace.parts import joined
from crmtui.workspace.saved import Clashed, Saved
from crmtui.workspace.twin import find_twin


class Sending:
    """Sends writes that the outbox holds, one at a time, and tells the journal what became of them."""

    def __init__(self, account: Account, fields: Fields, edits: Edits, say: Callable[[str], None]) -> None:
        """`say` is told how far the service is with what it is long at."""
        self._account = account
        self._fields = fields
        self._edits = edits
        self._say = say

    async def send(
        self,
        write: Write,
        schema: Schema,
        now: Record | None = None,
        *,
        compare: bool = False,
        progress: Progress = unwatched,
    ) -> Saved:
        """Compares, sends what is still to be sent, mirrors the answer, and settles the write as done.

        `now`: the record as it was read a moment ago; else an edit reads it, to be compared with.
        `compare`: a delete is compared too, for it was decided on a while ago.
        Raises `OutcomeUnknown` once it is settled as that, and every other error with nothing settled.
        """
        former = self._account.mirror.get(write.ref)
        current = now
        if current is None and (write.op is Op.EDIT or (compare and write.op is Op.DELETE)):
            current = await self._edits.read(write.ref, write.edits)
        to_send = write
        if write.op is Op.EDIT and current is not None:
            edits, clashes = merge(schema, write, current)
            if clashes:
                raise Clashed(clashes, current)
            if not edits:
                return self.done(write, schema, Saved(current, sent=False), current, former)
            to_send = msgspec.structs.replace(write, edits=edits)
        if write.op is Op.DELETE and compare and current is not None:
            _refuse_stale(schema, write, current)
        answer = await self._send(to_send, current, schema, progress)
        if write.op is Op.DELETE:
            return self.done(write, schema, Saved(None, sent=True), current, former)
        other = _other(schema, to_send.edits, answer)
        return self.done(write, schema, Saved(answer, sent=True, other=other), current, former)

    def done(
        self, write: Write, schema: Schema, saved: Saved, before: Record | None, former: Record | None
    ) -> Saved:
        """Settles a write as done: first of all in the journal, for the mirror may be unwritable.

        `before` is the record as the write found it, if that is known; `former` the mirrored one.
        """
        record = saved.record
        changed = _changed(write, schema)
        found = _found(write, before, changed)
        left = _left(write, record, changed) if saved.sent else None
        why = "" if saved.sent else "nothing to change"
        ref = record.ref if record else None
        if ref and (later := apart(schema, write)[1]):
            # On disk before the creation is settled, and of a command too it waits: what was made cannot
            # be made again, so that whatever ends the program loses nothing.
            self._account.writes.queue(self._edits.intent(Op.EDIT, ref, later), keeps=True)
        self._account.writes.settle(write, State.DONE, why, ref, before=found, after=left)
        if record is None:
            self.gone(write.ref, former)
        elif saved.sent:
            self._mirror(record, former)
        return saved

    def _mirror(self, record: Record, former: Record | None) -> None:
        # What an answer leaves out that tells all but some members is empty, within the same second too.
        self._account.mirror.upsert([record], whole=record.unread is not None)
        row_mirror.follow(self._account, former, self._account.mirror.get(record.ref))
        if former is None or hanging.spot(self._account, former) != hanging.spot(self._account, record):
            hanging.place(self._account, record)

    def refused(self, write: Write, error: CrmError) -> None:
        """Settles a write as refused, and learns what the refusal teaches."""
        self._account.writes.settle(write, State.REFUSED, error.message)
        if isinstance(error, NotFound) and write.ref.id:
            self.gone(write.ref, self._account.mirror.get(write.ref))
        if isinstance(error, Invalid):
            required = {name for name, reason in error.fields.items() if "is required" in reason}
            self._fields.learn_required(write.ref.kind, required)

    def gone(self, ref: Ref, former: Record | None) -> None:
        """A record is no more."""
        if former:
            hanging.forget(self._account, former)
        self._account.mirror.remove(ref)
        row_mirror.follow(self._account, former, None)

    async def _send(
        self, write: Write, current: Record | None, schema: Schema, progress: Progress
    ) -> Record | Any:
        """The record as the answer shows it; None of a delete."""
        calls = self._edits.requests(apart(schema, write)[0], current, schema)
        # A person who is asked for the token takes long: the try begins after that.
        await self._account.connect()
        self._account.writes.begin(write)
        answer: Record | None = None
        try:
            answer = await self._exchanged(calls, write, current, schema, progress)
            if answer is None and write.op is Op.CREATE:
                answer = await self._found_again(write, schema)
        except OutcomeUnknown as error:
            self._account.writes.settle(write, State.UNKNOWN, error.message)
            raise OutcomeUnknown(
                f"{error.message} Whether it was done is not known: it is kept in the outbox as {write.id}."
            ) from error
        except CrmError:
            self._account.writes.take_back(write)
            raise
        return answer

    async def _exchanged(
        self,
        calls: Sequence[Call],
        write: Write,
        current: Record | None,
        schema: Schema,
        progress: Progress,
    ) -> Record | None:
        """Sends the calls of a write one after the other, and puts together what their answers tell."""
        meant = self._as_meant(write, current) if current is not None and write.op is Op.EDIT else None
        told: list[Record | Part] = []
        for at, call in enumerate(calls):
            try:
                said = await self._account.send(call, progress)
                said = await finished(self._account, said, lambda how: self._say(f"{write.ref}: {how}"))
            except CrmError as error:
                if at:
                    done = ", ".join(f"{one.method} {one.path}" for one in calls[:at])
                    error.message = f"{error.message} What came before it was done: {done}."
                    self._keep_told(told, current, schema)
                raise
            if isinstance(said, Ref):
                said = await self._read_back(said, write)
            if isinstance(said, Record | Part):
                told.append(said)
        own = next((each for each in reversed(told) if isinstance(each, Record)), None)
        if own is not None:
            # A mirror that cannot be written must not make an answered write look like one that was not.
            with contextlib.suppress(CrmError):
                Clock(self._account).learn(write, current, own)
        record = own or meant
        return record and joined(schema, record, [each for each in told if isinstance(each, Part)], meant)

    def _keep_told(self, told: Sequence[Record | Part], current: Record | None, schema: Schema) -> None:
        """Mirrors what was told of a record before a later one of its requests failed."""
        own = next((each for each in reversed(told) if isinstance(each, Record)), current)
        if own is not None and told:
            parts = [each for each in told if isinstance(each, Part)]
            with contextlib.suppress(CrmError):
                self._account.mirror.upsert([joined(schema, own, parts, current)])

    async def _read_back(self, ref: Ref, write: Write) -> Record:
        """A record just made, whose answer names it and no more."""
        try:
            return await self._edits.read(ref, ())
        except CrmError:
            # It was made, and the next reading of it is no conflict.
            values = dict(write.edits)
            title = self._account.kind(ref.kind).title_of(ref.id, values)
            return Record(ref, title, values, fetched_at=time.time())

    def _as_meant(self, write: Write, current: Record) -> Record:
        """The record with its edits, where no answer tells what it is now: the next read is no conflict."""
        values = {**current.values, **write.edits}
        kind = self._account.kind(write.ref.kind)
        title = current.title
        if not write.edits.keys().isdisjoint(kind.title):
            title = kind.title_of(write.ref.id, values)
            if kind.called in values:
                values[kind.called] = title
        return msgspec.structs.replace(
            current,
            title=title,
            values=values,
            labels={name: text for name, text in current.labels.items() if name not in write.edits},
            stamp=None,
        )

    async def _found_again(self, write: Write, schema: Schema) -> Record:
        """A new record that the answer to its write does not name."""
        try:
            entry = self._account.writes.get(write.id)
            twin = await find_twin(self._account, schema, write, (entry and entry.tried_at) or write.created)
        except CrmError as error:
            raise OutcomeUnknown(
                f"The service took the write, but its answer names no record. {error.message}"
            ) from error
        if twin.record is None:
            raise OutcomeUnknown("The service took the write, but its answer names no record.")
        # That it was made is known here, so that the likeliest is it.
        return twin.record


def _refuse_stale(schema: Schema, write: Write, now: Record) -> None:
    """Raises `Clashed` where a record was changed after the person decided to delete it."""
    clashes = [
        Clash(name, was, None, now.values[name])
        for name, was in write.base.items()
        if name in now.values
        and not schema.field(name).read_only
        and not same(schema.field(name), was, now.values[name])
    ]
    if clashes:
        raise Clashed(clashes, now)


def _changed(write: Write, schema: Schema) -> Mapping[str, Value]:
    """What a write changes, the units of what it clears among it."""
    units = [schema.field(name).unit for name, value in write.edits.items() if is_empty(value)]
    return {**dict.fromkeys(filter(None, units)), **write.edits}


def _found(write: Write, before: Record | None, changed: Mapping[str, Value]) -> Mapping[str, Value]:
    """What a write changed, as it was before."""
    if write.op is Op.EDIT:
        known = before.values if before else write.base
        return {
            name: known.get(name) for name in changed if name in known or (before and name in write.edits)
        }
    return (before.values if before else write.base) if write.op is Op.DELETE else {}


def _left(write: Write, record: Record | None, changed: Mapping[str, Value]) -> Mapping[str, Value]:
    """What a write changed, as it is after."""
    if record is None:
        return {}
    if write.op is Op.CREATE:
        return record.values
    return {name: record.values.get(name, value) for name, value in changed.items()}


def _other(schema: Schema, sent: Mapping[str, Value], answer: Record) -> dict[str, Value]:
    """The fields that came back other than they were sent; those left out of the answer tell nothing."""
    return {
        name: answer.values[name]
        for name, value in sent.items()
        if name in answer.values and not came_back(schema.field(name), value, answer.values[name])
    }
