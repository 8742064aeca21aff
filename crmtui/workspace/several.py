"""Several at once: the ref that names several records, and one thing done for each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from crmtui.model.errors import CrmError
from crmtui.model.record import Ref
from crmtui.workspace.account import Account

_COMMA = ","
"""Between the ids of a ref that names several records, as commands have it."""
T = TypeVar("T")
Item = TypeVar("Item")


def several(refs: Sequence[Ref]) -> Ref:
    """One ref for records of one kind."""
    return Ref(refs[0].connection, refs[0].kind, _COMMA.join(ref.id for ref in refs))


def each_of(ref: Ref) -> list[Ref]:
    """The records that a ref names."""
    return [Ref(ref.connection, ref.kind, id_) for id_ in ref.id.split(_COMMA)]


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
