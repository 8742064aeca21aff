"""Sends what waits in the outbox, behind the app and owned by no screen."""

import asyncio
import contextlib
import math
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from crmtui.model.errors import ConfigError, CrmError
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Schema
from crmtui.model.write import Op, State, Write
from crmtui.store.drafts import Draft
from crmtui.store.writes import Entry
from crmtui.workspace.account import Account, unasked
from crmtui.workspace.edits import Edits
from crmtui.workspace.fields import Fields
from crmtui.workspace.form_texts import text_for
from crmtui.workspace.looking import looked_at
from crmtui.workspace.outbox import Outbox
from crmtui.workspace.saved import Saved
from crmtui.workspace.several import each

T = TypeVar("T")

_REST_SECONDS = 10.0
"""The least time between two tries of one write."""
_LEAST_SECONDS = 1.0
_LOOK_SECONDS = 60.0
"""How often it is looked for what other instances left behind."""


class Courier:
    """Tries each waiting write when its time has come, the oldest of a record first."""

    def __init__(self, account: Account, fields: Fields, edits: Edits, outbox: Outbox) -> None:
        self._account = account
        self._fields = fields
        self._edits = edits
        self._outbox = outbox
        self._awake = asyncio.Event()
        self._hurried = -math.inf
        self._tried: dict[str, float] = {}
        self._at_work: set[asyncio.Task[Any]] = set()
        self._saving: set[str] = set()
        """The writes that are being saved together, and are nobody else's to try."""
        self._ends = False
        outbox.on_waiting = self._left_waiting
        outbox.on_line = self.hurry
        self.tell: Callable[[Entry, CrmError | None], None] = lambda entry, error: None
        """Told of a write that was done, without an error, or refused, or that a person must decide on."""
        self.changed: Callable[[], None] = lambda: None
        """Called when something else waits than before, or for another reason."""

    def hurry(self) -> None:
        """What waits for a time may go now: the line or the token may be there again."""
        self._hurried = time.monotonic()
        self._awake.set()

    async def save(self, write: Write, schema: Schema, draft: Ref | None = None) -> Saved:
        """Saves what a person decided on, in the place of its draft; what cannot be sent now waits."""
        return await self._sheltered(self._outbox.save(write, schema, keeps=True, draft=draft))

    async def save_all(self, writes: Sequence[Write], draft: Ref | None = None) -> list[Saved | CrmError]:
        """Saves edits of several records as `save` does; what came of each, in their order.

        A conflict, and what was refused, is an error; the conflict waits for the person in the outbox.
        """
        return await self._sheltered(self._save_all(writes, draft))

    async def send(self, id_: str, *, insist: bool = False) -> Saved | None:
        """Tries a waiting write now; see `Outbox.send`."""
        return await self._sheltered(self._send(id_, insist=insist))

    def start(self) -> asyncio.Task[None]:
        """Runs until `close`, as a task of nobody's."""
        return self._begun(self.run())

    async def close(self, seconds: float) -> None:
        """Awaits for some seconds what is on its way; what is cut off then is unknown."""
        self.tell, self.changed = (lambda entry, error: None), (lambda: None)
        self._ends = True
        self._awake.set()
        if self._at_work and any(entry.state is State.SENDING for entry in self._outbox.waiting()):
            await asyncio.wait(self._at_work, timeout=seconds)
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    async def run(self) -> None:
        """Goes on until it is cancelled, or `close` is called."""
        unasked.set(True)
        while not self._ends:
            self._awake.clear()
            pause = _LOOK_SECONDS
            # What another instance keeps busy, or a full disk does not take, is looked at again.
            with contextlib.suppress(ConfigError):
                await self._try_all([e for e in self._first_of_each() if self._seconds_left(e) <= 0])
                pause = min(map(self._seconds_left, self._first_of_each()), default=pause)
            # Not wait_for: that of Python 3.11 forgets a cancellation that comes with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(max(pause, _LEAST_SECONDS), _LOOK_SECONDS)):
                    await self._awake.wait()

    async def _save_all(self, writes: Sequence[Write], draft: Ref | None) -> list[Saved | CrmError]:
        ids = {write.id for write in writes}
        self._saving |= ids
        try:
            self._outbox.store(writes, draft)
            return await self._send_stored(writes)
        finally:
            self._saving -= ids

    async def _send_stored(self, writes: Sequence[Write]) -> list[Saved | CrmError]:
        ids = {write.id for write in writes}
        entries = [entry for entry in self._outbox.waiting() if entry.write.id in ids]
        looked = await looked_at(self._account, self._fields, self._edits, entries)

        async def save(write: Write) -> Saved:
            now = looked.get(write.ref)
            try:
                saved = await self._send(write.id, now if isinstance(now, Record) else None)
            except CrmError:
                left = self._account.writes.get(write.id)
                if left is None or left.state is State.REFUSED or left.waits_for_person:
                    raise
                return Saved(self._account.mirror.get(write.ref), sent=False, waits=left.why)
            return saved or Saved(self._account.mirror.get(write.ref), sent=True)

        return await each(self._account, writes, save)

    async def _sheltered(self, work: Coroutine[Any, Any, T]) -> T:
        """What work comes to; it goes on if whoever waits for it goes away, until `close`."""
        return await asyncio.shield(self._begun(work))

    def _begun(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._at_work.add(task)
        task.add_done_callback(self._end)
        return task

    def _end(self, task: asyncio.Task[Any]) -> None:
        self._at_work.discard(task)
        if not task.cancelled():
            task.exception()  # it is kept in the journal, also where nobody waits for it any more

    def _left_waiting(self) -> None:
        self._awake.set()
        self.changed()

    def _seconds_left(self, entry: Entry) -> float:
        """Until a write goes: its time has come, or somebody was in a hurry since it was tried.

        Whatever comes and goes, nothing is tried without a rest.
        """
        tried = self._tried.get(entry.write.id, -math.inf)
        in_time = tried >= self._hurried or entry.waits_for_person
        return max(entry.next_try - time.time() if in_time else 0.0, tried + _REST_SECONDS - time.monotonic())

    def _first_of_each(self) -> list[Entry]:
        """The oldest waiting write of every record that is not under way; each creation is its own."""
        found: dict[Ref | str, Entry] = {}
        for entry in self._outbox.waiting():
            if entry.keeps or entry.state is not State.QUEUED:
                found.setdefault(entry.write.ref if entry.write.ref.id else entry.write.id, entry)
        return [
            entry
            for entry in found.values()
            if entry.write.id not in self._saving and not self._outbox.is_under_way(entry)
        ]

    async def _try_all(self, entries: Sequence[Entry]) -> None:
        looked = await looked_at(self._account, self._fields, self._edits, entries)

        async def one(entry: Entry) -> None:
            now = looked.get(entry.write.ref)
            if not self._ends:
                await self._try(entry, now if isinstance(now, Record) else None)

        await each(self._account, entries, one)

    async def _try(self, entry: Entry, now: Record | None) -> None:
        self._tried[entry.write.id] = time.monotonic()
        try:
            await self._send(entry.write.id, now)
        except CrmError as error:
            left = self._account.writes.get(entry.write.id)
            refused = left is not None and left.state is State.REFUSED
            if refused or (left is not None and left.waits_for_person and not entry.waits_for_person):
                self.tell(entry, error)
        else:
            self.tell(entry, None)

    async def _send(self, id_: str, now: Record | None = None, *, insist: bool = False) -> Saved | None:
        try:
            return await self._outbox.send(id_, now, insist=insist)
        except CrmError:
            left = self._account.writes.get(id_)
            if left is not None and left.state is State.REFUSED:
                self._keep_draft(left)
            raise

    def _keep_draft(self, entry: Entry) -> None:
        """What was refused is typed text again, unless something newer is."""
        write = entry.write
        ref = write.ref if write.ref.id else Ref(write.ref.connection, write.ref.kind, f"+{write.id}")
        if write.op in (Op.DELETE, Op.RESTORE) or self._account.drafts.get(ref):
            return
        schema = self._fields.now(write.ref.kind)
        texts = {name: text_for(schema.field(name), value) for name, value in write.edits.items()}
        self._account.drafts.keep(Draft(ref, texts, write.base))
