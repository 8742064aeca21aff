"""A list read by position while it changes: each page proves that nothing slipped through before it."""

from collections.abc import Callable
from typing import TypeAlias

from crmtui.model.call import Call
from crmtui.model.query import Page
from crmtui.model.record import Record
from crmtui.workspace.account import Account

Known: TypeAlias = Callable[[Record], bool]
"""Whether a record was read already."""


def window(place: int, most: int) -> tuple[int, int]:
    """(size, number from 0) of the page that begins at `place` or before, and reaches as far as can be."""
    sizes = range(most, max(most // 2, 1) - 1, -1)
    size = max(sizes, key=lambda size: place // size * size + size)
    return size, place // size


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
            size, number = window(place, self._size)
            page = await self._page(size, number)
            if any(map(known, page.records)) or (page.total is not None and page.total >= total):
                return number * size, page
        while place > 0:
            size, number = window(place - 1, self._size)
            page = await self._page(size, number)
            if any(map(known, page.records)):
                if not self._account.pages_proven and not all(map(known, page.records)):
                    self._account.learn_pages(self._account.adapter.pages_from)
                return number * size, page
            if not self._account.pages_proven and (other := await self._from_0(size, number, known)):
                return number * size, other
            place = min(place - 1, number * size)
        page = await self._account.send(self._first)
        return 0, page

    async def _from_0(self, size: int, number: int, known: Known) -> Page | None:
        """The page if pages count from 0, which one with rows on both sides of the place proves."""
        page: Page = await self._account.send(self._account.adapter.resized(self._first, size, number))
        seen = [known(record) for record in page.records]
        if not any(seen) or all(seen):
            return None
        self._account.learn_pages(0)
        return page

    async def _page(self, size: int, number: int) -> Page:
        adapter = self._account.adapter
        page: Page = await self._account.send(adapter.resized(self._first, size, number + adapter.pages_from))
        return page


def is_last(page: Page, place: int) -> bool:
    """Whether a page that begins at a place is the end of its list."""
    after = place + len(page.records)
    return not page.records or (after >= page.total if page.total is not None else not page.has_more)
