"""A kind whose service lists what changed since a moment, and what was deleted, but orders nothing."""

import time
from datetime import UTC, datetime, timedelta

import msgspec

from crmtui.model.call import Call
from crmtui.model.dates import moment_of
from crmtui.model.errors import NotFound
from crmtui.model.query import Page
from crmtui.model.record import Record
from crmtui.model.schema import Kind
from crmtui.store.marks import Mark, Point
from crmtui.workspace import hanging
from crmtui.workspace.account import Account

_BEFORE = timedelta(days=2)
"""How long before the first sync, by our clock, changes are asked for: clocks and zones differ."""
_SECOND = timedelta(seconds=1)
"""Stamps are told to the second, and one may not be over when it is read."""


class Changed:
    """What changed since the last completed sync. It can be left at any call, and is begun anew then.

    Nothing that changes while it is read is missed: the next one begins at the newest stamp of the first
    page, which was read before anything else.
    """

    left = 0

    def __init__(self, account: Account, kind: Kind) -> None:
        self.rows = 0
        """Rows read so far that are not as the last completed sync knew them."""
        self.ended = False
        self.gone: list[str] = []
        """The ids of the records that were forgotten."""
        self.tells_deleted = False
        """Whether the service told what was deleted."""
        self._account = account
        self._kind = kind.name
        self._mark = account.marks.of(kind.name)
        self._since = _earlier(self._mark.done.stamp if self._mark.done else None)
        self._next: Call | None = account.adapter.changed(kind.name, self._since)
        self._newest: str | None = None
        self._seen: set[str] = set()

    async def go_on(self) -> None:
        """Reads one page more of what changed, or after the last what was deleted; the end is `ended`."""
        if self._next is None:
            await self._deleted()
            self._end()
            return
        call = self._next
        page: Page = await self._account.send(call)
        await self._take(page)
        self._next = self._account.adapter.next_page(call, page, len(self._seen))

    async def _take(self, page: Page) -> None:
        if not self._seen:
            stamps = [record.stamp for record in page.records if record.stamp]
            self._newest = max(stamps, key=moment_of, default=None)
        self.rows += sum(1 for record in page.records if not self._is_known(record))
        self._seen |= {record.ref.id for record in page.records}
        await self._account.keep(page.records)

    def _is_known(self, record: Record) -> bool:
        known = self._account.mirror.get(record.ref)
        return known is not None and known.stamp == record.stamp

    async def _deleted(self) -> None:
        """Forgets what was deleted, where the service tells; a path that is only guessed may not be there."""
        call = self._account.adapter.deleted(self._kind, self._since)
        if call is None:
            return
        try:
            ids: tuple[str, ...] = await self._account.send(call)
        except NotFound:
            return
        self.tells_deleted = True
        mirror, here = self._account.mirror, [self._account.ref(self._kind, id_) for id_ in ids]
        former = [record for ref in here if (record := mirror.get(ref))]
        for record in former:
            hanging.forget(self._account, record)
        self.gone = [record.ref.id for record in former]
        mirror.remove_all(self._kind, self.gone)

    def _end(self) -> None:
        self.ended = True
        before = self._mark.done
        newest = max(self._newest, before.stamp if before else None, key=moment_of)
        done = Point(newest, ()) if newest else before
        self._account.marks.keep(self._kind, msgspec.structs.replace(self._mark, done=done))


def first_mark(account: Account, kind: str) -> None:
    """A kind is about to be read whole for the first time: what changes from now on is asked for later."""
    mark = account.marks.of(kind)
    if mark.done is None:
        stamp = (datetime.fromtimestamp(time.time(), UTC) - _BEFORE).strftime("%Y-%m-%dT%H:%M:%SZ")
        account.marks.keep(kind, Mark(Point(stamp, ()), swept=mark.swept))


def _earlier(stamp: str | None) -> str:
    """A second before a stamp, in UTC; long ago for none."""
    moment = datetime.fromisoformat(stamp) if stamp else datetime(1970, 1, 2, tzinfo=UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment.astimezone(UTC) - _SECOND).strftime("%Y-%m-%dT%H:%M:%SZ")
