"""A list read at once, as far as it is wanted, page after page."""

from collections.abc import AsyncIterator, Callable, Mapping

import msgspec

from crmtui.model.call import Call
from crmtui.model.match import matches
from crmtui.model.query import Asked, Page, Query, Window
from crmtui.model.record import Record
from crmtui.model.schema import Field
from crmtui.workspace.account import Account
from crmtui.workspace.asking import as_read, doubted, first_of, note_total
from crmtui.workspace.known_choices import with_choices
from crmtui.workspace.paging import second_page


class Found(msgspec.Struct):
    """What a list gave: the rows, the total where it is known, and whether there are more.

    `window`: the period that was listed because the filter names none.
    """

    records: list[Record]
    total: int | None
    more: bool
    window: Window | None = None


async def read(
    account: Account,
    query: Query,
    fields: Mapping[str, Field],
    limit: int | None,
    labelled: Callable[[Record], Record] = as_read,
) -> Found:
    """The first `limit` rows of a list, None for all of them, in the service's order.

    `labelled` gives a record the labels that the part of the filter which is done here looks at.
    """
    told = with_choices(account, query.kind, fields)
    asked = account.adapter.list(query, told, account.adapter.page_size)
    pages: dict[int, list[Record]] = {}
    count, total, more = 0, None, False
    async for page, kept, rest in _pages(account, query, fields, limit, labelled):
        pages[page.number] = kept
        count += len(kept)
        total = page.total if not rest else count if asked.whole else None
        more = page.has_more
        if limit is not None and count >= limit:
            break
    else:
        more = False
    records = [record for number in sorted(pages) for record in pages[number]]
    if limit is not None and len(records) > limit:
        records, more = records[:limit], True
    return Found(records, total, more, asked.window)


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
    told = with_choices(account, query.kind, fields)
    asked = adapter.list(query, told, size)
    shrunk = limit is not None and limit < size and asked.rest is None
    if limit is not None and shrunk:
        asked = adapter.list(query, told, limit)
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
            page, asked = await first_of(account, query.kind, asked)
            call = asked.call
        else:
            page = await account.send(call)
        account.mirror.upsert(page.records)
        trusted, asked = asked, doubted(asked, query, page, fields, labelled)
        if asked is not trusted and shrunk and page.number == 0:
            # The page was as small as the limit, and now many more rows may have to be looked at.
            asked = Asked(adapter.list(query, told, size).call, query.where)
            call = asked.call
            continue
        if page.number == 0 and asked.rest is None:
            first = [record.ref.id for record in page.records]
            account.mirror.lists.begin(query.kind, question, page.total, first)
            note_total(account, query, page.total)
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
        listing = account.mirror.lists.begin(query.kind, question, len(order), order[:size])
        account.mirror.lists.place(listing, size, order[size:])


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
