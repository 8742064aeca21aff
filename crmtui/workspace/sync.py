"""The mirror made equal to the service, kind by kind: what changed since the last time, newest first."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec

from crmtui.model.errors import ConfigError, CrmError, Forbidden, NotFound, Unavailable, UsageError
from crmtui.model.query import Query
from crmtui.model.record import Ref
from crmtui.model.schema import Kind
from crmtui.workspace.account import Account
from crmtui.workspace.changed import Changed, first_mark
from crmtui.workspace.closed import first_page
from crmtui.workspace.descent import Descent
from crmtui.workspace.due import Due, synced_at
from crmtui.workspace.narrowing import Narrowing
from crmtui.workspace.pace import Pace
from crmtui.workspace.sweep import Sweep

_LOOK = 0.2
"""Seconds between two looks at whether another sync has ended."""
_PATIENCE = 50.0
"""Seconds that another sync may write nothing before it is no longer waited for."""
_WAY, _LONGEST_WAY = 0.25, 2.0
"""Seconds after a key in which no page is asked for, and after which one is all the same."""
_PAGE_GAIN = 0.95
"""The part of a page that is new, because some overlap the one before."""


class Progress(msgspec.Struct, frozen=True):
    """How far a sync is: rows read of those that are to be read, calls made of `most_calls` at most."""

    kind: str
    rows: int
    most_rows: int
    calls: int
    most_calls: int
    seconds_left: float | None


class _Part(Protocol):
    """A reading of one kind, whichever way."""

    rows: int
    ended: bool

    @property
    def left(self) -> int:
        """The most rows that are still to be read."""


class Outcome(msgspec.Struct):
    """What a sync came to; `rows` are new or changed, `notes` are sentences for the person."""

    rows: int = 0
    gone: int = 0
    calls: int = 0
    notes: list[str] = []


class Sync:
    """A sync of some kinds of an account, or of all that can be had; one at a time for each account."""

    def __init__(
        self,
        account: Account,
        kinds: Sequence[str] = (),
        report: Callable[[Progress], None] = lambda progress: None,
        *,
        catches_up: bool = False,
        again: str = "the same command",
    ) -> None:
        """`kinds` that are named are synced whatever is known of them, and their failures are raised.

        `catches_up`: only kinds that were synced before, and not in the last minute. `again`: what begins
        the next sync, for sentences.
        """
        self.outcome = Outcome()
        self.failure: CrmError | None = None
        """Why a sync that was started ended early."""
        self.stopped = False
        """Whether it was stopped before its end."""
        self._account = account
        self._named = frozenset(kinds)
        self._kinds = [account.kind(name) for name in dict.fromkeys(kinds)] or list(
            account.adapter.kinds.values()
        )
        self._report = report
        self._again = again
        self._due = Due(account, self._named, catches_up=catches_up)
        self._pace = Pace(account)
        self._descents: dict[str, Descent] = {}
        self._sweeps: dict[str, Sweep] = {}
        self._changed: dict[str, Changed] = {}
        self._waiting: dict[str, int] = {}
        """For each kind that was not begun the rows that it is thought to have."""
        self._closed: set[str] = set()
        self._read = 0
        """Rows read so far, whether they tell something new or not."""
        self._way_until = 0.0
        self._began = 0.0
        self._task: asyncio.Task[None] | None = None

    # -- behind a screen

    def start(self) -> None:
        """Syncs in a task of its own; nothing is done where another process is at it."""
        self._task = asyncio.create_task(self._behind(), name="sync")

    @property
    def running(self) -> bool:
        """Whether a sync that was started goes on."""
        return self._task is not None and not self._task.done()

    async def stop(self) -> None:
        """Ends it at once; the next sync goes on from there."""
        if self._task is not None and not self._task.done():
            self.stopped = True
            self._task.cancel()
        await self.ended()

    async def ended(self) -> None:
        """Until a sync that was started has ended; `failure` tells how, and only a mistake is raised."""
        if self._task is not None:
            await asyncio.wait([self._task])
            if not self._task.cancelled() and (mistake := self._task.exception()):
                raise mistake

    async def _behind(self) -> None:
        try:
            await self.run(wait=False)
        except CrmError as error:
            self.failure = error

    # -- to the end

    async def run(self, *, wait: bool = True, on_wait: Callable[[], None] = lambda: None) -> Outcome:
        """Syncs; the error that ends it says how far it came. `wait`: for another process that is at it."""
        account = self._account
        if not account.connection.mirror:
            raise ConfigError(
                f"{account.name} keeps no mirror (mirror: false in the configuration): nothing can be synced."
            )
        for kind in self._kinds:
            if kind.name in self._named and not kind.can.listed:
                raise UsageError(
                    f"{account.name} lists {kind.name} only beneath a record; they cannot be synced."
                )
        if not account.sync_lock.take():
            if not wait:
                return self.outcome
            on_wait()
            await self._await_other()
        try:
            await account.index()
            self._began = time.monotonic()
            await self._all()
        except CrmError as error:
            self._tell_how_far(error)
            raise
        finally:
            account.sync_lock.leave()
            self.outcome.calls = self._pace.calls
        return self.outcome

    async def _await_other(self) -> None:
        """Until the other sync ends; one that stands still is given up on."""
        version, since = self._account.mirror.version, time.monotonic()
        while not self._account.sync_lock.take():
            await asyncio.sleep(_LOOK)
            if (now := self._account.mirror.version) != version:
                version, since = now, time.monotonic()
            elif time.monotonic() - since > _PATIENCE:
                raise Unavailable(
                    f"Another crmtui is syncing {self._account.name} and makes no way; end that one."
                )

    async def _all(self) -> None:
        due = [kind for kind in self._kinds if self._due.is_due(kind)]
        self._waiting = {kind.name: self._due.guess(kind) for kind in due}
        # The newest of every kind first; with it all totals are known, and what the rest will cost.
        for kind in due:
            await self._unless_closed(kind, self._way_of(kind))
        for kind in due:
            if kind.name not in self._closed:
                await self._unless_closed(kind, self._finish)

    def _way_of(self, kind: Kind) -> Callable[[Kind], Awaitable[object]]:
        """How the reading of a kind begins."""
        if kind.can.stamp and kind.can.order:
            return self._begin
        if kind.can.changes:
            unread = synced_at(self._account, kind.name) is None
            is_whole = unread or self._account.marks.of(kind.name).swept is not None
            return self._begin_whole if is_whole else self._begin_changed
        return self._begin_sweep if self._due.is_sweep_due(kind) else self._glance

    async def _unless_closed(self, kind: Kind, work: Callable[[Kind], Awaitable[object]]) -> None:
        """Syncs a kind; one that the service refuses is passed over, unless it was named."""
        try:
            await work(kind)
        except (Forbidden, NotFound) as error:
            if kind.name in self._named:
                raise
            self.outcome.notes.append(f"{kind.name} are passed over. {error.message}")
            self._closed.add(kind.name)

    async def _begin(self, kind: Kind) -> Descent:
        """Reads the newest rows of a kind."""
        descent = self._descents[kind.name] = Descent(self._account, kind)
        await self._step(kind, descent.begin)
        return descent

    async def _begin_sweep(self, kind: Kind) -> Sweep:
        """Reads the first rows of a kind that is to be read whole."""
        sweep = self._sweeps[kind.name] = Sweep(self._account, kind)
        await self._step(kind, sweep.go_on)
        return sweep

    async def _begin_whole(self, kind: Kind) -> None:
        """Reads the first rows of a kind of which from then on is told what changes."""
        first_mark(self._account, kind.name)
        await self._begin_sweep(kind)

    async def _begin_changed(self, kind: Kind) -> Changed:
        """Reads what changed in a kind."""
        changed = self._changed[kind.name] = Changed(self._account, kind)
        await self._step(kind, changed.go_on)
        return changed

    async def _glance(self, kind: Kind) -> None:
        """Reads the first page of a kind whose service does not tell what changed; a whole one is not due."""

        async def look() -> None:
            call = self._account.adapter.list(Query(kind.name), {}, self._account.adapter.page_size).call
            page = await first_page(self._account, kind.name, call)
            await self._account.keep(page.records)

        await self._step(kind, look)

    async def _finish(self, kind: Kind) -> None:
        """Reads the rest of a kind, and finds what is gone from it."""
        if kind.can.changes:
            await self._finish_changed(kind)
            return
        descent = self._descents.get(kind.name)
        confirmed = False
        while descent is not None:
            while not descent.ended:
                await self._step(kind, descent.go_on)
            if descent.cut:
                await self._sweep(kind)
                descent.close()
                self._due.note_synced(kind)
                return
            if not descent.ordered or descent.total is None:
                if descent.ordered and descent.whole:
                    self._due.note_swept(kind)
                break
            excess = self._account.mirror.count(kind.name) - descent.total
            missing = excess - self._account.marks.of(kind.name).excess
            if not missing or (confirmed and await self._narrow(kind, missing)):
                self._due.note_synced(kind)
                return
            if confirmed:
                break
            # What is written meanwhile looks like a difference too, but not twice.
            confirmed = True
            descent = await self._begin(kind)
        if confirmed or self._due.is_sweep_due(kind):
            await self._sweep(kind)
        self._due.note_synced(kind)

    async def _finish_changed(self, kind: Kind) -> None:
        if kind.name in self._sweeps:
            await self._sweep(kind)
        changed = self._changed.get(kind.name) or await self._begin_changed(kind)
        while not changed.ended:
            await self._step(kind, changed.go_on)
        self.outcome.gone += len(changed.gone)
        self._note_gone(kind, changed.gone)
        if not changed.tells_deleted and kind.name not in self._sweeps and self._due.is_sweep_due(kind):
            await self._sweep(kind)
        self._due.note_synced(kind)

    async def _narrow(self, kind: Kind, missing: int) -> bool:
        """Looks for what is missing where that takes few calls; whether all of it was found."""
        narrowing = Narrowing(self._account, kind, missing)
        if not await narrowing.begin():
            return False
        while not narrowing.ended:
            await self._step(kind, narrowing.go_on)
        self.outcome.gone += len(narrowing.gone)
        self._note_gone(kind, narrowing.gone)
        return narrowing.found_all

    async def _sweep(self, kind: Kind) -> None:
        sweep = self._sweeps.get(kind.name) or await self._begin_sweep(kind)
        while not sweep.ended:
            await self._step(kind, sweep.go_on)
        self._due.note_swept(kind)
        if sweep.untold:
            self.outcome.notes.append(
                f"{sweep.untold:,} of the {sweep.total:,} {kind.name} that the service counts were in none of"
                " its lists, and are missing here."
            )
        self.outcome.gone += len(sweep.gone)
        self._note_gone(kind, sweep.gone)

    def give_way(self) -> None:
        """Somebody is at the keys: the next page waits a moment, but none waits for long."""
        self._way_until = time.monotonic() + _WAY

    async def _step(self, kind: Kind, step: Callable[[], Awaitable[None]]) -> None:
        """One call, or the few that a page that moved takes."""
        longest = time.monotonic() + _LONGEST_WAY
        while (left := min(self._way_until, longest) - time.monotonic()) > 0:
            await asyncio.sleep(left)
        await self._pace.do(step)
        self._waiting.pop(kind.name, None)
        self._tell(kind)

    # -- what is said

    def _note_gone(self, kind: Kind, ids: Sequence[str]) -> None:
        """What a person wrote on records that are gone is theirs, and kept."""
        waiting = {entry.write.ref for entry in self._account.writes.waiting()}
        for id_ in ids:
            ref = Ref(self._account.name, kind.name, id_)
            kept = (
                "a draft"
                if self._account.drafts.get(ref)
                else "a change that waits"
                if ref in waiting
                else ""
            )
            if kept:
                self.outcome.notes.append(f"{ref} was deleted at the service; {kept} for it is kept.")

    def _tell(self, kind: Kind) -> None:
        """Reports how far it is; the calls to come are an upper bound, unless something was deleted."""
        parts: list[_Part] = [*self._descents.values(), *self._sweeps.values(), *self._changed.values()]
        news: list[Descent | Changed] = [*self._descents.values(), *self._changed.values()]
        self.outcome.rows = sum(part.rows for part in news) + sum(s.new for s in self._sweeps.values())
        self._read = sum(part.rows for part in parts)
        left = sum(part.left for part in parts if not part.ended) + sum(self._waiting.values())
        size = self._account.adapter.page_size * _PAGE_GAIN
        open_ = sum(1 for part in parts if not part.ended and part.left) + len(self._waiting)
        calls_left = int(left / size) + open_
        calls = self._pace.calls
        seconds = (time.monotonic() - self._began) / calls * calls_left if calls else None
        self._report(Progress(kind.name, self._read, self._read + left, calls, calls + calls_left, seconds))

    def _tell_how_far(self, error: CrmError) -> None:
        """An error that ends a sync says what it came to, and that it goes on from there."""
        parts: dict[str, _Part] = {**self._descents, **self._changed, **self._sweeps}
        open_ = [f"{name} {part.left:,} rows" for name, part in parts.items() if not part.ended and part.left]
        left = f"; still to be read: {', '.join(open_)}" if open_ else ""
        error.message += f" {self._read:,} rows were read{left}; {self._again} goes on from there."
