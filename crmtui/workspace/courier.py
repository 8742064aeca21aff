"""Sends what waits in the outbox, behind the app and owned by no screen."""

import asyncio
import contextlib
import math
import time
from collections.abc import Callable

from crmtui.model.errors import ConfigError, CrmError
from crmtui.model.record import Ref
from crmtui.model.write import Op, State
from crmtui.store.drafts import Draft
from crmtui.store.writes import Entry
from crmtui.workspace.account import Account
from crmtui.workspace.fields import Fields
from crmtui.workspace.form_texts import text_for
from crmtui.workspace.outbox import Outbox

_REST_SECONDS = 10.0
"""The least time between two tries of one write."""
_LEAST_SECONDS = 1.0
_LOOK_SECONDS = 60.0
"""How often it is looked for what other instances left behind."""


class Courier:
    """Tries each waiting write when its time has come, the oldest of a record first."""

    def __init__(self, account: Account, fields: Fields, outbox: Outbox) -> None:
        self._account = account
        self._fields = fields
        self._outbox = outbox
        self._awake = asyncio.Event()
        self._hurried = -math.inf
        self._tried: dict[str, float] = {}
        outbox.on_waiting = self._awake.set
        outbox.on_line = self.hurry
        self.tell: Callable[[Entry, CrmError | None], None] = lambda entry, error: None
        """Told of a write that was done, without an error, or refused, or that a person must decide on."""

    def hurry(self) -> None:
        """What waits for a time may go now: the line or the token may be there again."""
        self._hurried = time.monotonic()
        self._awake.set()

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        while True:
            self._awake.clear()
            pause = _LOOK_SECONDS
            # What another instance keeps busy, or a full disk does not take, is looked at again.
            with contextlib.suppress(ConfigError):
                for entry in self._first_of_each():
                    if self._seconds_left(entry) <= 0:
                        await self._try(entry)
                pause = min(map(self._seconds_left, self._first_of_each()), default=pause)
            # Not wait_for: that of Python 3.11 forgets a cancellation that comes with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(max(pause, _LEAST_SECONDS), _LOOK_SECONDS)):
                    await self._awake.wait()

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
        return [entry for entry in found.values() if not self._outbox.is_under_way(entry)]

    async def _try(self, entry: Entry) -> None:
        self._tried[entry.write.id] = time.monotonic()
        try:
            await self._outbox.send(entry.write.id)
        except CrmError as error:
            left = self._account.writes.get(entry.write.id)
            if left is not None and left.state is State.REFUSED:
                self._keep_draft(entry)
                self.tell(entry, error)
            elif left is not None and left.waits_for_person and not entry.waits_for_person:
                self.tell(entry, error)
        else:
            self.tell(entry, None)

    def _keep_draft(self, entry: Entry) -> None:
        """What was refused is typed text again, unless something newer is."""
        write = entry.write
        ref = write.ref if write.ref.id else Ref(write.ref.connection, write.ref.kind, f"+{write.id}")
        if write.op is Op.DELETE or self._account.drafts.get(ref):
            return
        schema = self._fields.now(write.ref.kind)
        texts = {name: text_for(schema.field(name), value) for name, value in write.edits.items()}
        self._account.drafts.keep(Draft(ref, texts, write.base))
