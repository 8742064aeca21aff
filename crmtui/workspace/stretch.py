"""A list read by position while it changes: each page proves that nothing slipped through before it."""

from collections.abc import Callable
from typing import TypeAlias

from crmtui.model.call import Call
from crmtui.model.query import Page
from crmtui.model.record import Record
from crmtui.workspace.account import Account

Known: TypeAlias = Callable[[Record], bool]
"""Whether a record was read already."""


class Stretch:
    """The pages of the list that a call begins."""

    def __init__(self, account: Account, first: Call, size: int) -> None:
        self._account = account
        self._first = first
        self._size = size

    async def at(self, place: int, known: Known, total: int | None) -> tuple[int, Page]:
        """(place of its first row, page) of one that leaves nothing out after the rows before `place`.

        It holds a known row. Or it only touches them, and the list has no fewer rows than `total`, as
        it had when `place` was counted, the newest standing first: then no row moved up out of sight.
        Where rows were taken from the list, it begins as many pages before as it must.
        """
        if total is not None and self._account.pages_proven:
            begins, page = await self._page(place)
            if any(map(known, page.records)) or (page.total is not None and page.total >= total):
                return begins, page
        while place > 0:
            begins, page = await self._page(place - 1)
            if any(map(known, page.records)):
                if not self._account.pages_proven and not all(map(known, page.records)):
                    self._account.learn_pages(self._account.adapter.pages_from)
                return begins, page
            if not self._account.pages_proven and (other := await self._from_0(place - 1, known)):
                return begins, other
            place = min(place - 1, begins)
        page = await self._account.send(self._first)
        return 0, page

    async def _from_0(self, place: int, known: Known) -> Page | None:
        """The page if pages count from 0, which one with rows on both sides of the place proves."""
        adapter = self._account.adapter
        begins, call = adapter.stretch(self._first, place, self._size)
        size = call.args["size"]
        page: Page = await self._account.send(adapter.resized(self._first, size, begins // size))
        seen = [known(record) for record in page.records]
        if not any(seen) or all(seen):
            return None
        self._account.learn_pages(0)
        return page

    async def _page(self, place: int) -> tuple[int, Page]:
        begins, call = self._account.adapter.stretch(self._first, place, self._size)
        page: Page = await self._account.send(call)
        return begins, page


def is_last(page: Page, place: int) -> bool:
    """Whether a page that begins at a place is the end of its list."""
    after = place + len(page.records)
    return not page.records or (after >= page.total if page.total is not None else not page.has_more)
