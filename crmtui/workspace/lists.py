"""A list of records in the service's order: as it was read last, and as it arrives."""

from collections.abc import AsyncIterator, Callable, Mapping

import msgspec

from crmtui.model.bind import ID
from crmtui.model.call import Call
from crmtui.model.errors import CrmError, NoRoute
from crmtui.model.match import matches, names_in
from crmtui.model.query import Asked, Page, Query
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field
from crmtui.store.mirror import Listing
from crmtui.workspace.account import NESTED, Account
from crmtui.workspace.closed import first_page
from crmtui.workspace.paging import second_page


def _as_read(record: Record) -> Record:
    return record


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
        labelled: Callable[[Record], Record] = _as_read,
    ) -> None:
        """`labelled`: see `read`."""
        self.query = query
        self._account = account
        self._fields = fields
        self._labelled = labelled
        self._size = account.adapter.page_size
        self._asked = account.adapter.list(query, fields, self._size)
        self._question = msgspec.json.encode((query.where, query.order)).decode()
        self._listing = account.mirror.listing(query.kind, self._question)
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
        return self._account.mirror.rows(self.query.kind, self._listing, first, count)

    def position(self, id_: str) -> int | None:
        """Where a record stands in the list."""
        return self._account.mirror.position(self._listing, id_) if self._listing else None

    def include(self, id_: str) -> None:
        """A record just made belongs here: first among the newest, else at the end, till it is read again."""
        listing, mirror = self._listing, self._account.mirror
        if listing is None or listing.total is None or self.position(id_) is not None:
            return
        if not (self.query.order and self.query.order[0].descending):
            mirror.place(listing, listing.total, [id_])
            mirror.resize(listing, listing.total + 1)
            self._listing = mirror.listing(self.query.kind, self._question)
            return
        known = mirror.listed(listing, 0, min(listing.total, self._size - 1))
        ids = [known_id for known_id in known if known_id is not None]
        if len(ids) == len(known):
            self._listing = mirror.begin_listing(
                self.query.kind, self._question, listing.total + 1, [id_, *ids]
            )

    async def begin(self) -> None:
        """Reads the beginning of the list, and begins it anew if that is not what it was."""
        page, asked = await _first(self._account, self.query.kind, self._asked)
        self._asked = _doubted(asked, self.query, page, self._fields, self._labelled)
        self._ids.clear()
        self._seen.clear()
        records = self._new(page)
        self._next = self._following(self._asked.call, page)
        if self._asked.rest is None:
            _note_total(self._account, self.query, page.total)
        total = page.total if self._asked.rest is None else len(records) if self._next is None else None
        ids = [record.ref.id for record in records]
        self._listing = self._account.mirror.begin_listing(self.query.kind, self._question, total, ids)

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
        known = self._account.mirror.listed(self._listing, first, last - first + 1)
        pages = sorted({(first + at) // self._size for at, id_ in enumerate(known) if id_ is None})
        for number in pages:
            await self._page(number)
        return bool(pages)

    async def _page(self, number: int) -> None:
        """Reads one numbered page."""
        if not self._account.pages_proven:
            await self._prove()
        page: Page = await self._account.send(self._account.adapter.page_at(self._asked.call, number))
        self._place(number * self._size, self._kept(page), page.total)

    async def _prove(self) -> None:
        """Finds out what pages are counted from, by rows that are shown as well."""
        if not self._seen:  # of what was read another day nothing can be concluded
            await self.begin()
        size = self._size * 3 // 4
        _, page = await second_page(self._account, self._asked.call, self._ids[0], size)
        self._place(size, self._kept(page), page.total)

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
        self._new(page)
        self._next = self._following(call, page)
        # Page 1 of pages that count from 0 comes last and belongs before the others.
        ids = [id_ for number in sorted(self._ids) for id_ in self._ids[number]]
        late = any(number > page.number for number in self._ids)
        self._place_ids(
            0 if late else have, ids if late else ids[have:], len(ids) if self._next is None else None
        )
        return True

    def _new(self, page: Page) -> list[Record]:
        """What passes of a page, without rows that moved here from a page that was read before."""
        new = [record for record in self._kept(page) if record.ref.id not in self._seen]
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

    def _kept(self, page: Page) -> list[Record]:
        """Mirrors a page; of a filter that is done here, returns what passes."""
        self._account.mirror.upsert(page.records)
        rest = self._asked.rest
        return [r for r in page.records if rest is None or matches(rest, self._labelled(r), self._fields)]

    def _place(self, position: int, records: list[Record], total: int | None) -> None:
        self._place_ids(position, [record.ref.id for record in records], total)

    def _place_ids(self, position: int, ids: list[str], total: int | None) -> None:
        if self._listing is None:
            return
        self._account.mirror.place(self._listing, position, ids)
        if total is not None and total != self._listing.total:
            self._account.mirror.resize(self._listing, total)
            self._listing = Listing(self._listing.number, total, self._listing.fetched_at)


class FoundHere:
    """Records of the mirror as a list: what a search finds without a call, and what there is offline."""

    sequential = False
    ended = True

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


class Found(msgspec.Struct):
    """What a list gave: the rows, the total where it is known, and whether there are more."""

    records: list[Record]
    total: int | None
    more: bool


async def read(
    account: Account,
    query: Query,
    fields: Mapping[str, Field],
    limit: int | None,
    labelled: Callable[[Record], Record] = _as_read,
) -> Found:
    """The first `limit` rows of a list, None for all of them, in the service's order.

    `labelled` gives a record the labels that the part of the filter which is done here looks at.
    """
    pages: dict[int, list[Record]] = {}
    count, total, more = 0, None, False
    async for page, kept, rest in _pages(account, query, fields, limit, labelled):
        pages[page.number] = kept
        count += len(kept)
        total = None if rest else page.total
        more = page.has_more
        if limit is not None and count >= limit:
            break
    else:
        more = False
    records = [record for number in sorted(pages) for record in pages[number]]
    if limit is not None and len(records) > limit:
        records, more = records[:limit], True
    return Found(records, total, more)


async def read_all(account: Account, query: Query, fields: Mapping[str, Field]) -> list[Record]:
    """Every row of a list."""
    return (await read(account, query, fields, None)).records


async def _pages(
    account: Account,
    query: Query,
    fields: Mapping[str, Field],
    limit: int | None,
    labelled: Callable[[Record], Record],
) -> AsyncIterator[tuple[Page, list[Record], bool]]:
    """The pages of a list one after the other, mirrored: each with its rows not seen before that pass."""
    adapter = account.adapter
    size = adapter.page_size
    asked = adapter.list(query, fields, size)
    shrunk = limit is not None and limit < size and asked.rest is None
    if limit is not None and shrunk:
        asked = adapter.list(query, fields, limit)
    base = adapter.pages_from
    seen: set[str] = set()
    call: Call | None = asked.call
    question = msgspec.json.encode((query.where, query.order)).decode()
    ids: dict[int, list[str]] = {}
    read_ahead: Page | None = None
    while call is not None:
        if read_ahead is not None:
            page, read_ahead = read_ahead, None
        elif call is asked.call:
            page, asked = await _first(account, query.kind, asked)
            call = asked.call
        else:
            page = await account.send(call)
        account.mirror.upsert(page.records)
        trusted, asked = asked, _doubted(asked, query, page, fields, labelled)
        if asked is not trusted and shrunk and page.number == 0:
            # The page was as small as the limit, and now many more rows may have to be looked at.
            asked = Asked(adapter.list(query, fields, size).call, query.where)
            call = asked.call
            continue
        if page.number == 0 and asked.rest is None:
            first = [record.ref.id for record in page.records]
            account.mirror.begin_listing(query.kind, question, page.total, first)
            _note_total(account, query, page.total)
        new = [record for record in page.records if record.ref.id not in seen]
        seen |= {record.ref.id for record in new}
        ids[page.number] = [record.ref.id for record in new]
        rest = asked.rest
        yield page, [r for r in new if rest is None or matches(rest, labelled(r), fields)], rest is not None
        if page.number == 0 and _must_prove(account, limit, page):
            call, page = await second_page(account, call, ids[0], _overlapping(limit, size))
            read_ahead = page
        else:
            call = adapter.next_page(call, page, len(seen))
    if adapter.pages_from != base:
        account.learn_pages(adapter.pages_from)
    if asked.rest is None:
        order = [id_ for number in sorted(ids) for id_ in ids[number]]
        listing = account.mirror.begin_listing(query.kind, question, len(order), order[:size])
        account.mirror.place(listing, size, order[size:])


def _must_prove(account: Account, limit: int | None, page: Page) -> bool:
    """Whether it must be found out what pages are counted from, before the second one is read.

    In a list that is read to its end the total tells it for nothing.
    """
    if account.pages_proven or not page.has_more or (limit is not None and len(page.records) >= limit):
        return False
    return page.total is None or (limit is not None and limit < page.total)


def _overlapping(limit: int | None, size: int) -> int:
    """The rows of a second page that overlaps the first, and reaches up to the limit if that can be."""
    return size - 1 if limit is None else min(size - 1, max(size // 2 + 1, -(-limit // 2)))


async def _first(account: Account, kind: str, asked: Asked) -> tuple[Page, Asked]:
    """The first page; where the service knows no such way by the other one, and that is kept."""
    try:
        page = await first_page(account, kind, asked.call)
    except NoRoute as unknown:
        asked = asked.instead or asked
        try:
            page = await first_page(account, kind, asked.call)
        except CrmError:
            raise unknown.cause from None
        if page.records:
            account.adapter.nested = False
            account.known.keep_fact(NESTED, False)
    return page, asked


def _doubted(
    asked: Asked,
    query: Query,
    page: Page,
    fields: Mapping[str, Field],
    labelled: Callable[[Record], Record],
) -> Asked:
    """The whole filter is done here once a page holds rows that do not pass: the service passed over it.

    Rows without a field that the filter looks at prove nothing, for a listing may leave it out.
    """
    where = query.where
    if where is None or asked.rest == where:
        return asked
    names = set(names_in(where)) - {ID.name}
    told = (labelled(record) for record in page.records if names <= record.values.keys())
    return asked if all(matches(where, record, fields) for record in told) else Asked(asked.call, where)


def _note_total(account: Account, query: Query, total: int | None) -> None:
    """Keeps how many records of a kind there are, which every unfiltered list tells."""
    if query.where is None and total is not None:
        account.known.keep_fact(total_of(query.kind), total)


def total_of(kind: str) -> str:
    """The name of the fact that says how many records of a kind there are."""
    return f"total of {kind}"
