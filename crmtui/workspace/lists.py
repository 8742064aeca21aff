"""A list of records in the service's order: as it was read last, and as it arrives."""

from collections.abc import Callable, Mapping

import msgspec

from crmtui.model.call import Call
from crmtui.model.match import matches
from crmtui.model.query import Page, Query
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field
from crmtui.store.listings import Listing
from crmtui.workspace.account import Account
from crmtui.workspace.asking import as_read, doubted, first_of, note_total
from crmtui.workspace.known_choices import with_choices
from crmtui.workspace.paging import second_page

_BARREN = 20
"""Pages without a row that passes after which reading on waits for the person: each is a call."""


class RecordList:
    """One question to the service and the rows that answer it, kept in the mirror.

    Where a part of the filter is done here, rows are read one page after the other and `total` is
    None until the end; else every page can be read at once, in any order.
    """

    def __init__(
        self,
        account: Account,
        query: Query,
        fields: Mapping[str, Field],
        labelled: Callable[[Record], Record] = as_read,
    ) -> None:
        """`labelled`: see `read`."""
        self.query = query
        self._account = account
        self._fields = fields
        self._labelled = labelled
        self._size = account.adapter.page_size
        self._asked = account.adapter.list(query, with_choices(account, query.kind, fields), self._size)
        self._question = msgspec.json.encode((query.where, query.order)).decode()
        self._listing = account.mirror.lists.known(query.kind, self._question)
        self._next: Call | None = self._asked.call
        self._ids: dict[int, list[str]] = {}
        self._seen: set[str] = set()

    @property
    def total(self) -> int | None:
        """Rows in the whole list, None where nobody knows yet."""
        return self._listing.total if self._listing else None

    @property
    def fetched_at(self) -> float | None:
        """When the beginning of the list was last read, UTC seconds; None if never."""
        return self._listing.fetched_at if self._listing else None

    @property
    def window(self) -> str:
        """What part of a kind is listed for want of a period in the filter; empty where that is all."""
        return self._asked.window.words if self._asked.window else ""

    @property
    def sequential(self) -> bool:
        """Whether a row can be read only after all the rows before it."""
        return self._asked.rest is not None or not self._account.kind(self.query.kind).can.numbered_pages

    @property
    def ended(self) -> bool:
        """Whether a sequential list was read to its end."""
        return self._next is None

    def rows(self, first: int, count: int) -> dict[int, Record]:
        """The records at these positions, those never read left out."""
        if self._listing is None:
            return {}
        return self._account.mirror.lists.rows(self.query.kind, self._listing, first, count)

    def position(self, id_: str) -> int | None:
        """Where a record stands in the list."""
        return self._account.mirror.lists.position(self._listing, id_) if self._listing else None

    def include(self, id_: str) -> None:
        """A record just made belongs here: first among the newest, else at the end, till it is read again."""
        listing, mirror = self._listing, self._account.mirror
        if listing is None or listing.total is None or self.position(id_) is not None:
            return
        if not (self.query.order and self.query.order[0].descending):
            mirror.lists.place(listing, listing.total, [id_])
            mirror.lists.resize(listing, listing.total + 1)
            self._listing = mirror.lists.known(self.query.kind, self._question)
            return
        known = mirror.lists.listed(listing, 0, min(listing.total, self._size - 1))
        ids = [known_id for known_id in known if known_id is not None]
        if len(ids) == len(known):
            self._listing = mirror.lists.begin(
                self.query.kind, self._question, listing.total + 1, [id_, *ids]
            )

    async def begin(self) -> None:
        """Reads the beginning of the list, and begins it anew if that is not what it was."""
        page, asked = await first_of(self._account, self.query.kind, self._asked)
        self._asked = doubted(asked, self.query, page, self._fields, self._labelled)
        self._ids.clear()
        self._seen.clear()
        records = await self._new(page)
        self._next = self._following(self._asked.call, page)
        if self._asked.rest is None:
            note_total(self._account, self.query, page.total)
        total = page.total if self._asked.rest is None else len(records) if self._next is None else None
        ids = [record.ref.id for record in records]
        self._listing = self._account.mirror.lists.begin(self.query.kind, self._question, total, ids)

    async def fill(self, first: int, last: int) -> bool:
        """Reads the pages that hold these positions and are missing; whether anything was read."""
        if self._listing is None:
            await self.begin()
            return True
        if self.sequential:
            had = self._known
            read = await self._on(last)
            # A page of which nothing passes changes no screen, and nobody would ask for the next one.
            for _ in range(_BARREN):
                if self._known != had or not await self._on(last):
                    break
            return read
        known = self._account.mirror.lists.listed(self._listing, first, last - first + 1)
        pages = sorted({(first + at) // self._size for at, id_ in enumerate(known) if id_ is None})
        for number in pages:
            await self._page(number)
        return bool(pages)

    async def _page(self, number: int) -> None:
        """Reads one numbered page."""
        if not self._account.pages_proven:
            await self._prove()
        page: Page = await self._account.send(self._account.adapter.page_at(self._asked.call, number))
        self._place(number * self._size, await self._kept(page), page.total)

    async def _prove(self) -> None:
        """Finds out what pages are counted from, by rows that are shown as well."""
        if not self._seen:  # of what was read another day nothing can be concluded
            await self.begin()
        size = self._size * 3 // 4
        _, page = await second_page(self._account, self._asked.call, self._ids[0], size)
        self._place(size, await self._kept(page), page.total)

    @property
    def _known(self) -> int:
        """Rows of a sequential list that were read so far."""
        return sum(map(len, self._ids.values()))

    async def _on(self, last: int) -> bool:
        """Reads on in a sequential list unless a position is known, or the end."""
        have = self._known
        if self._listing is None or self._next is None or have > last:
            return False
        call = self._next
        page: Page = await self._account.send(call)
        await self._new(page)
        self._next = self._following(call, page)
        # Page 1 of pages that count from 0 comes last and belongs before the others.
        ids = [id_ for number in sorted(self._ids) for id_ in self._ids[number]]
        late = any(number > page.number for number in self._ids)
        self._place_ids(
            0 if late else have, ids if late else ids[have:], len(ids) if self._next is None else None
        )
        return True

    async def _new(self, page: Page) -> list[Record]:
        """What passes of a page, without rows that moved here from a page that was read before."""
        new = [record for record in await self._kept(page) if record.ref.id not in self._seen]
        self._seen.update(record.ref.id for record in page.records)
        self._ids[page.number] = [record.ref.id for record in new]
        return new

    def _following(self, call: Call, page: Page) -> Call | None:
        """The call after a page; where that page proved what pages count from, it is kept."""
        adapter = self._account.adapter
        base = adapter.pages_from
        following = adapter.next_page(call, page, len(self._seen))
        if adapter.pages_from != base:
            self._account.learn_pages(adapter.pages_from)
        return following

    async def _kept(self, page: Page) -> list[Record]:
        """Mirrors a page; of a filter that is done here, returns what passes."""
        await self._account.keep(page.records)
        rest = self._asked.rest
        return [r for r in page.records if rest is None or matches(rest, self._labelled(r), self._fields)]

    def _place(self, position: int, records: list[Record], total: int | None) -> None:
        self._place_ids(position, [record.ref.id for record in records], total)

    def _place_ids(self, position: int, ids: list[str], total: int | None) -> None:
        if self._listing is None:
            return
        self._account.mirror.lists.place(self._listing, position, ids)
        if total is not None and total != self._listing.total:
            self._account.mirror.lists.resize(self._listing, total)
            self._listing = Listing(self._listing.number, total, self._listing.fetched_at)


class FoundHere:
    """Records of the mirror as a list: what a search finds without a call, and what there is offline."""

    sequential = False
    ended = True
    window = ""

    def __init__(
        self, account: Account, query: Query, ids: list[str], fetched_at: float | None = None
    ) -> None:
        """`fetched_at`: when the oldest of them was read, UTC seconds."""
        self.query = query
        self.fetched_at = fetched_at
        self.total: int | None = len(ids)
        self._account = account
        self._ids = ids

    def rows(self, first: int, count: int) -> dict[int, Record]:
        """The records at these positions."""
        found = {}
        for at, id_ in enumerate(self._ids[first : first + count], first):
            record = self._account.mirror.get(Ref(self._account.name, self.query.kind, id_))
            if record is not None:
                found[at] = record
        return found

    def position(self, id_: str) -> int | None:
        """Where a record stands among them."""
        return self._ids.index(id_) if id_ in self._ids else None

    async def begin(self) -> None:
        """There is nothing to ask: all of it is here."""

    async def fill(self, first: int, last: int) -> bool:
        """There is nothing to read on."""
        return False
