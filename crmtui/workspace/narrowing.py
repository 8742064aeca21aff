"""The few records that a service has no more, found by counting ranges of ids and not by a sweep."""

from collections.abc import Sequence
from functools import partial

from crmtui.model.bind import ID, Op, Test, Text
from crmtui.model.errors import Forbidden, Invalid
from crmtui.model.query import Page, Query
from crmtui.model.schema import Kind
from crmtui.store.mirror import Mirror
from crmtui.workspace.account import Account

_RANGE = ".."
_WORTH = 0.5
"""The part of a sweep's calls that it may take at most."""


class Narrowing:
    """One kind of which the mirror has `missing` records more than the service."""

    def __init__(self, account: Account, kind: Kind, missing: int) -> None:
        self.rows = 0
        """Rows read so far."""
        self.left = 0
        self.gone: list[str] = []
        """The ids of the records that were forgotten."""
        self.ended = False
        self._account = account
        self._kind = kind
        self._missing = missing
        self._size = account.adapter.page_size
        self._ranges: list[tuple[list[int], int]] = []
        """Ids of the mirror in their order, and how many of them the service has no more."""

    @property
    def found_all(self) -> bool:
        """Whether it found what is missing; else a sweep must."""
        return len(self.gone) == self._missing

    async def begin(self) -> bool:
        """Whether ids can be counted here, and for less than a sweep takes; makes no call."""
        if self._missing < 1 or _RANGE not in self._kind.can.filter:
            return False
        ids = await self._account.searcher.do(partial(Mirror.ids, kind=self._kind.name))
        if not all(id_.isdecimal() for id_ in ids):
            return False
        pages = len(ids) / self._size
        halvings = max(1, int(pages).bit_length())
        self._ranges = [(sorted(map(int, ids)), self._missing)]
        return self._missing * (halvings + 1) < pages * _WORTH

    async def go_on(self) -> None:
        """One call: counts half of a range, or reads one that is no larger than a page."""
        ids, missing = self._ranges.pop()
        try:
            if len(ids) <= self._size:
                await self._read(ids)
            else:
                half = len(ids) // 2
                gone = half - await self._count(ids[:half])
                parts = ((ids[:half], gone), (ids[half:], missing - gone))
                if any(not 0 <= count <= len(part) for part, count in parts):
                    # New ones, or a service that counts something else.
                    self._ranges.clear()
                else:
                    self._ranges += [(part, count) for part, count in parts if count]
        except (Invalid, Forbidden):
            self._ranges.clear()
        self.ended = not self._ranges

    async def _count(self, ids: Sequence[int]) -> int:
        """How many the service has of a range; -1 where it does not tell."""
        total = (await self._page(ids, 1)).total
        return -1 if total is None else total

    async def _read(self, ids: Sequence[int]) -> None:
        page = await self._page(ids, self._size)
        await self._account.keep(page.records)
        self.rows += len(page.records)
        there = {record.ref.id for record in page.records}
        if page.total is None or page.total != len(there):
            return
        gone = [str(id_) for id_ in ids if str(id_) not in there]
        self._account.mirror.remove_all(self._kind.name, gone)
        self.gone += gone

    async def _page(self, ids: Sequence[int], size: int) -> Page:
        where = Test(ID.name, Op.BETWEEN, (Text(str(ids[0])), Text(str(ids[-1]))))
        asked = self._account.adapter.list(Query(self._kind.name, where), {ID.name: ID}, size)
        if asked.rest is not None:
            raise Invalid("The service does not list by a range of ids.")
        page: Page = await self._account.send(asked.call)
        return page
