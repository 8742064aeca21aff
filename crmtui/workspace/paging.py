"""What a service's pages are counted from: proven once a connection, by a page that overlaps the first."""

from collections.abc import Sequence

from crmtui.model.call import Call
from crmtui.model.query import Page
from crmtui.workspace.account import Account


async def second_page(account: Account, first: Call, known: Sequence[str], size: int) -> tuple[Call, Page]:
    """The second page of `size` rows, fewer than those of the first page, whose ids are known; and its Call.

    Counted from 1 it holds rows of the first page. Counted from 0 it does not, and page 1 begins with
    the row that stands at `size`. A list that changes meanwhile proves nothing false.
    """
    call = account.adapter.resized(first, size, 2)
    page: Page = await account.send(call)
    if page.records and not any(record.ref.id in known for record in page.records):
        other = account.adapter.resized(first, size, 1)
        found: Page = await account.send(other)
        if found.records and [found.records[0].ref.id] == [*known[size : size + 1]]:
            account.learn_pages(0)
            return other, found
    account.learn_pages(1)
    return call, page
