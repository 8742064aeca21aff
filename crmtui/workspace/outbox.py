"""What a person wants written, from the decision until it is settled: stored, ordered, sent once."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias
from weakref import WeakValueDictionary

from crmtui.model.call import CALL_SECONDS, Progress, unwatched
from crmtui.model.errors import CrmError, NotFound, OutcomeUnknown, Unavailable
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Schema
from crmtui.model.write import Op, State, Write
from crmtui.store.writes import Entry
from crmtui.workspace.account import Account
from crmtui.workspace.edits import Edits
from crmtui.workspace.fields import Fields
from crmtui.workspace.pauses import NotYet, Pauses
from crmtui.workspace.saved import Clashed, Saved
from crmtui.workspace.sending import Sending
from crmtui.workspace.settling import Settling
from crmtui.workspace.waiting import Waiting

Patience: TypeAlias = Callable[[Entry, float], Awaitable[None]]
"""Waits some seconds until a write can be asked after again, and says so."""

_OTHERS_SECONDS = CALL_SECONDS + 10
"""How long another instance may be at work on a write."""
_TRY_SECONDS = 10.0
"""How long a person who gives up a write waits for a try of it to end."""
_LOOK_SECONDS = 0.2


class Behind(CrmError):
    """A write was not sent because an earlier one of its record still waits."""

    def __init__(self, earlier: Write, cause: CrmError) -> None:
        super().__init__(f"An earlier write of {earlier.ref} comes first ({earlier.id}). {cause.message}")
        self.cause = cause


class Outbox:
    """The writes of an account that are not settled, and the way of each to the service.

    Those of one record go in the order in which they were decided on.
    """

    def __init__(self, account: Account, fields: Fields, edits: Edits) -> None:
        self._account = account
        self._writes = account.writes
        self._fields = fields
        self._sending = Sending(account, fields, edits, lambda sentence: self.say(sentence))
        self._settling = Settling(account, edits, self._sending)
        self._locks: WeakValueDictionary[Ref, asyncio.Lock] = WeakValueDictionary()
        self._pauses = Pauses(account.quota)
        account.on_answer = self._line_is_there
        self.on_waiting: Callable[[], None] = lambda: None
        """Called when a write was left waiting."""
        self.on_line: Callable[[], None] = lambda: None
        """Called when the service can be reached again."""
        self.say: Callable[[str], None] = lambda sentence: None
        """Told what became of a write other than the one that was asked for."""

    @property
    def has_no_line(self) -> bool:
        """Whether the last try found no way to the service."""
        return self._pauses.down

    def waiting(self) -> list[Entry]:
        """What is not settled, the oldest first."""
        return self._writes.waiting()

    def is_under_way(self, entry: Entry) -> bool:
        """Whether somebody is at work on a waiting write, or on one of the same record."""
        return entry.held or self._lock(entry.write).locked()

    def pending(self, ref: Ref) -> Mapping[str, Value]:
        """The fields of a record as waiting edits will have them."""
        return Waiting(self._account).edits(ref)

    async def save(
        self,
        write: Write,
        schema: Schema,
        now: Record | None = None,
        *,
        keeps: bool = False,
        draft: Ref | None = None,
        patience: Patience | None = None,
        progress: Progress = unwatched,
    ) -> Saved:
        """Stores an intent and sends it, after what waits for the same record.

        `keeps`: what cannot be sent now waits, and `Saved.waits` says why; else it is given up, with its
        error. `draft`: the draft that the intent takes the place of. `now` is the record as it was read a
        moment ago. Without `patience` nobody waits until an unanswered try can be asked after.
        """
        self._account.refuse_writes()
        self._writes.queue(write, keeps=keeps, draft=draft)
        try:
            async with self._lock(write):
                await self._clear(self._before(write), patience)
                if saved := await self._same(write, patience):
                    return saved
                entry = self._find(write.id)
                saved = await self._attempt(entry, schema, now, patience, progress, asked=True)
            return await self._followed(write, saved, patience)
        except BaseException as error:
            self._end(write.id, error, asked=True)
            left = self._find_waiting(write.id)
            if keeps and left and isinstance(error, CrmError):
                return Saved(self._account.mirror.get(write.ref), sent=False, waits=left.why)
            raise

    def store(self, writes: Sequence[Write], draft: Ref | None = None) -> None:
        """Stores intents that keep, to be sent one by one; `draft`: see `save`."""
        self._account.refuse_writes()
        self._writes.queue(*writes, keeps=True, draft=draft)

    async def clear(self, ref: Ref, patience: Patience | None = None) -> None:
        """Settles and sends what waits for a record, so that the next write starts from what it left."""
        if entries := self._writes.waiting(ref) if ref.id else ():
            async with self._lock(entries[0].write):
                await self._clear(entries, patience)

    async def send(
        self,
        id_: str,
        now: Record | None = None,
        *,
        insist: bool = False,
        patience: Patience | None = None,
    ) -> Saved | None:
        """Settles and sends a waiting write, after those before it; None if another instance did.

        `now` is the record as it was read a moment ago. `insist`: also a write of which the service
        cannot tell whether it was done.
        """
        self._account.refuse_writes()
        return await self._go(self._find(id_), patience, now, insist=insist)

    def drop(self, id_: str) -> Entry:
        """Gives up a waiting write; one that is being sent cannot be."""
        entry = self._idle(id_)
        self._writes.settle(entry.write, State.REFUSED, "Given up by the person.")
        return entry

    async def give_up(self, id_: str) -> Entry:
        """Gives up a waiting write as soon as a try that is on its way has ended, which may settle it."""
        entry = self._find(id_)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_TRY_SECONDS), self._lock(entry.write):
                pass
        return self.drop(id_)

    def resolve(self, write: Write) -> None:
        """A waiting write that met a conflict goes on as the person decided: other edits, another base."""
        self._idle(write.id)
        self._writes.rewrite(write)
        self.on_waiting()

    def unsure(self, id_: str) -> str:
        """What a person must know of a write that was cut off here; empty if it was not sent."""
        entry = self._writes.get(id_)
        if entry and entry.state is State.UNKNOWN:
            return f"Whether it was done is not known; it is kept in the outbox as {id_}."
        is_made = entry and entry.state is State.DONE and entry.write.op is Op.CREATE
        for left in self._writes.waiting(entry.write.ref) if entry and is_made else ():
            return f"{left.write.ref} was made, {_waits(left.write)}"
        return ""

    # -- the order of one record's writes

    def _lock(self, write: Write) -> asyncio.Lock:
        """Two tasks of this instance do not send writes of one record at a time."""
        key = write.ref if write.ref.id else Ref(write.ref.connection, write.ref.kind, f"+{write.id}")
        return self._locks.setdefault(key, asyncio.Lock())

    def _before(self, write: Write) -> list[Entry]:
        """The writes of the same record that come before, the oldest first."""
        entries = self._writes.waiting(write.ref) if write.ref.id else []
        ids = [entry.write.id for entry in entries]
        return entries[: ids.index(write.id)] if write.id in ids else entries

    async def _clear(self, entries: list[Entry], patience: Patience | None) -> None:
        """Settles and sends writes that come before another; one that ends refused makes way for it."""
        for entry in entries:
            write = entry.write
            held = await self._hold(write.id)
            if held is None:
                continue
            try:
                await self._attempt(held, patience=patience)
            except CrmError as error:
                if self._find_waiting(write.id):
                    raise Behind(write, error) from error
                self.say(f"{write.ref}: {write.id} of the outbox was refused. {error.message}")
            else:
                self.say(f"{write.ref}: {write.id} of the outbox is settled, it was done.")

    async def _same(self, write: Write, patience: Patience | None) -> Saved | None:
        """What the unanswered creation of the same content did: a repeat makes no second record.

        It stands for the repeat whatever becomes of it, unless it is given up.
        """
        for entry in self._writes.waiting(write.ref) if write.op is Op.CREATE else ():
            id_ = entry.write.id
            if id_ == write.id or entry.write.edits != write.edits or entry.state is State.QUEUED:
                continue
            self.say(f"{id_} of the outbox is the same and was not answered: it is settled first.")
            try:
                saved = await self._go(entry, patience)
            finally:
                first = self._writes.get(id_)
                if first and first.state is not State.REFUSED:
                    self._writes.settle(write, State.REFUSED, f"It was sent already, as {id_}.")
            if first and first.state is State.DONE:
                return saved or Saved(self._account.mirror.get(first.write.ref), sent=True)
        return None

    # -- one write

    async def _go(
        self, entry: Entry, patience: Patience | None, now: Record | None = None, *, insist: bool = False
    ) -> Saved | None:
        """Settles and sends a waiting write in its turn; None if it was settled elsewhere meanwhile."""
        async with self._lock(entry.write):
            before = self._before(entry.write)
            await self._clear(before, patience)
            held = await self._hold(entry.write.id)
            if held is None:
                return None
            now = None if before else now  # they changed it
            saved = await self._attempt(held, now=now, patience=patience, insist=insist)
        return await self._followed(entry.write, saved, patience)

    async def _followed(self, write: Write, saved: Saved, patience: Patience | None) -> Saved:
        """What a creation could not carry is written at once, or waits; a command is told so by an error."""
        made = saved.record.ref if write.op is Op.CREATE and saved.record else None
        first = self._writes.get(write.id)
        for entry in self._writes.waiting(made) if made else ():
            try:
                after = await self._go(entry, patience)
            except CrmError as error:
                left = self._find_waiting(entry.write.id)
                if left and first and first.keeps:
                    return Saved(saved.record, sent=True, waits=left.why)
                if left:
                    # Repeating the command would make another record.
                    raise OutcomeUnknown(f"{made} was made, {_waits(entry.write)} {error.message}") from error
                error.message = f"{made} was made, but not all of it was written. {error.message}"
                raise
            saved = Saved(after.record if after else saved.record, sent=True, other=saved.other)
        return saved

    async def _attempt(
        self,
        entry: Entry,
        schema: Schema | None = None,
        now: Record | None = None,
        patience: Patience | None = None,
        progress: Progress = unwatched,
        *,
        insist: bool = False,
        asked: bool = False,
    ) -> Saved:
        """A held write goes as far as it can: settled if it was tried before, else or then sent.

        However it ends, nobody holds it afterwards. `asked`: a person looks on and decides on a conflict.
        """
        write = entry.write
        try:
            schema = schema or self._fields.now(write.ref.kind)
            # A try that could not be noted as ended is no less unknown.
            if entry.state is not State.QUEUED and (
                saved := await self._settled(entry, schema, patience, insist=insist)
            ):
                return saved
            late = not asked or bool(write.undoes)
            return await self._sending.send(write, schema, now, compare=late, progress=progress)
        except BaseException as error:
            self._end(write.id, error, asked=asked)
            raise

    async def _settled(
        self, entry: Entry, schema: Schema, patience: Patience | None, *, insist: bool
    ) -> Saved | None:
        """What an unanswered write did; None once it is certain that it did nothing and will not."""
        # As of before it is asked after; and not longer even where a clock was put back since.
        left = min(CALL_SECONDS, (entry.tried_at or 0.0) + CALL_SECONDS - time.time())
        saved = await self._settling.settle(entry, schema, insist=insist)
        if saved or left <= 0:
            return saved
        if patience is None:
            raise NotYet(time.time() + left)
        await patience(entry, left)
        return await self._settling.settle(entry, schema, insist=insist)

    def _end(self, id_: str, error: BaseException, *, asked: bool) -> None:
        """A write held here that was not done: it waits for its next try, or is settled as refused."""
        entry = self._writes.held(id_)
        if entry is None:
            self.on_waiting()
            return
        why = error.message if isinstance(error, CrmError) else "Interrupted."
        state = entry.state
        if isinstance(error, Behind):
            until = 0.0 if entry.keeps else None
        elif state is State.SENDING:
            until, state = 0.0, State.UNKNOWN
        elif state is State.QUEUED or isinstance(error, Clashed):
            until, state = self._pauses.of_unsent(entry, error, asked=asked), State.QUEUED
        else:
            until, state = self._pauses.of_unknown(entry, error), State.UNKNOWN
        if until is not None:
            self._writes.wait(id_, why, until, state)
            self.on_waiting()
        elif isinstance(error, CrmError):
            self._sending.refused(entry.write, error)
        else:
            self._writes.settle(entry.write, State.REFUSED, "Interrupted before anything was sent.")

    def _line_is_there(self) -> None:
        if self._pauses.reset():
            self.on_line()

    async def _hold(self, id_: str) -> Entry | None:
        """A waiting write, held; None once another instance has settled it."""
        until = time.monotonic() + _OTHERS_SECONDS
        while self._find_waiting(id_):
            if entry := self._writes.hold(id_):
                return entry
            if time.monotonic() > until:
                raise Unavailable(f"Another crmtui is at work on {id_} and does not end; try again.")
            await asyncio.sleep(_LOOK_SECONDS)
        return None

    def _find(self, id_: str) -> Entry:
        entry = self._find_waiting(id_)
        if entry is None:
            raise NotFound(f"Nothing waits in the outbox as {id_}; crmtui outbox list shows what does.")
        return entry

    def _idle(self, id_: str) -> Entry:
        """A waiting write that nobody is at work on, held for what a person decided."""
        entry = self._find(id_)
        if self.is_under_way(entry) or self._writes.hold(id_) is None:
            raise Unavailable(f"{id_} is being sent at this moment; look again in a while.")
        return entry

    def _find_waiting(self, id_: str) -> Entry | None:
        entry = self._writes.get(id_)
        return entry if entry and entry.state in (State.QUEUED, State.SENDING, State.UNKNOWN) else None


def _waits(write: Write) -> str:
    """What a creation could not carry is not written yet."""
    return f"but not all of it is written: the rest waits in the outbox as {write.id}."
