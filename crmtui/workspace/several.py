"""One thing done for each of several."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from crmtui.model.errors import CrmError
from crmtui.workspace.account import Account

T = TypeVar("T")
Item = TypeVar("Item")


async def each(
    account: Account, items: Sequence[Item], work: Callable[[Item], Awaitable[T]]
) -> list[T | CrmError]:
    """What it comes to for each item, or the error it met, in their order.

    All at once where the service takes calls together, for then they leave as one request; else one
    after the other.
    """

    async def one(item: Item) -> T | CrmError:
        try:
            return await work(item)
        except CrmError as error:
            return error

    if account.adapter.batch is None:
        return [await one(item) for item in items]
    return await asyncio.gather(*map(one, items))
