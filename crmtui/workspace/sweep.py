"""A kind read from end to end, to learn which of its mirrored records the service has no more."""

import asyncio
import contextlib
from collections.abc import Sequence

import msgspec

from crmtui.model.bind import ID, Op, Test, Text
from crmtui.model.call import Call
from crmtui.model.errors import Forbidden, Invalid, NotFound
from crmtui.model.query import Order, Page, Query
from crmtui.model.record import Record
from crmtui.model.schema import Kind
from crmtui.model.value import text_of
from crmtui.workspace import hanging
from crmtui.workspace.account import Account
from crmtui.workspace.asking import note_total
from crmtui.workspace.closed import first_page
from crmtui.workspace.stretch import Stretch, is_last

_FEW = 20
"""Records that were missed which are asked for one by one."""


class Sweep:
    """One kind. It can be left at any call, and the next sweep goes on there."""

    def __init__(self, account: Account, kind: Kind) -> None:
        self.total: int | None = None
        """The rows of the list, as the newest page says."""
        self.rows = 0
        """Rows read so far."""
        self.new = 0
        """Those of them that are not as they were mirrored."""
        self.gone: list[str] = []
        """The ids of the records that were forgotten."""
        self.untold = 0
        """Rows that the service counts and did not give; then nothing is concluded from what was missed."""
        self.ended = False
        self._account = account
        self._kind = kind.name
        self._reach = kind.can.reach
        stamp = kind.can.stamp if kind.can.order else None
        self._is_newest_first = stamp is not None
        order = (Order(stamp, descending=True),) if stamp else ()
        self._query = Query(kind.name, None, order)
        self._size = account.adapter.page_size
        asked = account.adapter.list(self._query, {}, self._size)
        self._call = asked.call
        self._window = asked.window
        self._list = Stretch(account, self._call, self._size)
        self._mark = account.marks.of(kind.name)
        self._missed: Sequence[str] | None = None
        self._onward: Call | None = None
        """The next page where no position reaches the end: the plain list, from its beginning."""
        self._met: set[str] = set()
        """The ids on such pages."""

    @property
    def left(self) -> int:
        """The most rows that are still to be read; 0 where nobody knows."""
        return (
            0
            if self.total is None or self._missed is not None
            else max(0, self.total - (len(self._met) or self._mark.swept or 0))
        )

    async def go_on(self) -> None:
        """Reads one page more, or asks for a page of what was missed; the end is `ended`."""
        if self._missed is not None:
            await self._judge(self._missed)
            return
        if self._onward is not None:
            await self._go_onward(self._onward)
            return
        place = self._mark.swept
        if place is None:
            await self._clear()  # of one whose mark was lost
            place, page = 0, await first_page(self._account, self._kind, self._call)
            note_total(self._account, self._query, page.total)
        else:
            place, page = await self._list.at(
                place, self._is_swept, self.total if self._is_newest_first else None
            )
        await self._take(page, place)

    async def _take(self, page: Page, place: int) -> None:
        account, kind = self._account, self._kind
        new = await self._mirror(page)
        after = place + len(page.records)
        if self._reach is not None and self.total is not None and self.total > self._reach:
            self._keep(after)
            self._onward = account.adapter.list(Query(kind), {}, self._size).call
        elif is_last(page, place) or (not new and after == self._mark.swept):
            self._missed = await self._misses()
            if not self._missed:
                await self._end()
        else:
            self._keep(after)

    async def _mirror(self, page: Page) -> Sequence[str]:
        """Keeps the rows of a page; the ids of those that are met for the first time."""
        unswept = [record for record in page.records if not self._is_swept(record)]
        self.new += sum(1 for record in unswept if not self._is_known(record))
        await self._account.keep(page.records)
        ids = [record.ref.id for record in unswept]
        self._account.marks.sweep(self._kind, ids)
        self.total = page.total if page.total is not None else self.total
        self.rows += len(ids)
        return ids

    async def _go_onward(self, call: Call) -> None:
        """One page of the plain list."""
        page: Page = await self._account.send(call)
        await self._mirror(page)
        met = {record.ref.id for record in page.records} - self._met
        self._met |= met
        self._onward = self._account.adapter.next_page(call, page, len(self._met)) if met else None
        if self._onward is None:
            self.untold = max(0, (self.total or 0) - len(self._met))
            self._missed = () if self.untold else await self._misses()
            if not self._missed:
                await self._end()

    async def _judge(self, missed: Sequence[str]) -> None:
        """What was missed may have moved while the sweep went past it: it is asked for again, by its id."""
        ids, self._missed = missed[: self._size], missed[self._size :]
        gone = set(ids) - {record.ref.id for record in await self._ask(ids)}
        refs = (self._account.ref(self._kind, id_) for id_ in gone)
        for former in filter(None, map(self._account.mirror.get, refs)):
            hanging.forget(self._account, former)
        self._account.mirror.remove_all(self._kind, sorted(gone))
        self.gone += sorted(gone)
        if not self._missed:
            await self._end()

    async def _misses(self) -> list[str]:
        """The mirrored records that were not among the rows; what lies outside the list's window is none."""
        found: list[str] = []
        after: int | None = 0 if self._window is None or self._window.has else None
        while after is not None:
            some, after = self._account.marks.missed(self._kind, after)
            found += [id_ for id_ in some if self._is_within(id_)]
            await asyncio.sleep(0)
        return found

    def _is_within(self, id_: str) -> bool:
        """Whether a mirrored record would be in the list, as far as the mirror knows."""
        if self._window is None:
            return True
        record = self._account.mirror.get(self._account.ref(self._kind, id_))
        return record is not None and text_of(record.values.get(self._window.field)) == self._window.has

    async def _clear(self) -> None:
        while self._account.marks.end_sweep(self._kind):
            await asyncio.sleep(0)

    async def _ask(self, ids: Sequence[str]) -> Sequence[Record]:
        """Those that are there; of very many that can only be asked for one by one none is asked for."""
        can = self._account.kind(self._kind).can
        if "|" not in can.filter:
            return await self._ask_each(ids) if can.stamp and can.single and len(ids) <= _FEW else ()
        where = Test(ID.name, Op.IN, tuple(Text(id_) for id_ in ids))
        asked = self._account.adapter.list(Query(self._kind, where), {ID.name: ID}, self._size)
        try:
            page: Page = await self._account.send(asked.call)
        except (Invalid, Forbidden):
            return ()  # a service that cannot be asked so: the sweep has seen the whole list
        await self._account.keep(page.records)
        return page.records

    async def _ask_each(self, ids: Sequence[str]) -> Sequence[Record]:
        found: list[Record] = []
        for id_ in ids:
            with contextlib.suppress(NotFound):
                call = self._account.adapter.show(self._account.ref(self._kind, id_))
                found.append(await self._account.send(call))
        await self._account.keep(found)
        return found

    async def _end(self) -> None:
        count = self._account.mirror.count(self._kind)
        excess = 0 if self.total is None else count - self.total
        # Some services tell how long a list is with its last page only.
        note_total(self._account, self._query, self.total)
        self._mark = msgspec.structs.replace(self._account.marks.of(self._kind), swept=None, excess=excess)
        self._account.marks.keep(self._kind, self._mark)
        await self._clear()
        self.ended = True

    def _keep(self, place: int) -> None:
        self._mark = msgspec.structs.replace(self._mark, swept=place)
        self._account.marks.keep(self._kind, self._mark)

    def _is_known(self, record: Record) -> bool:
        known = self._account.mirror.get(record.ref)
        return known is not None and known.values.items() >= record.values.items()

    def _is_swept(self, record: Record) -> bool:
        return self._account.marks.has_swept(self._kind, record.ref.id)
