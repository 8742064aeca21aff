"""How much of the service the mirror holds, how old that is, and what the rest would cost."""

from collections.abc import Sequence

import msgspec

from crmtui.model.schema import Kind
from crmtui.workspace.account import Account
from crmtui.workspace.asking import total_of
from crmtui.workspace.closed import why_closed
from crmtui.workspace.due import synced_at


class Coverage(msgspec.Struct, frozen=True):
    """Of some kinds: records mirrored, and those the service told of.

    `since`: when the kind that was synced longest ago was, UTC seconds; None where one never was.
    `unknown`: kinds of which nobody knows how many records there are. `calls`: what a sync costs at
    least, beside those.
    """

    held: int
    total: int
    since: float | None
    unknown: int
    calls: int


def coverage(account: Account, kind: str | None = None) -> Coverage:
    """Of one kind, or of all that can be synced. No call is made."""
    kinds = _kinds(account, kind)
    held = total = unknown = calls = 0
    times = []
    for each in kinds:
        here, there = account.mirror.count(each.name), account.known.fact(total_of(each.name), int)
        synced = synced_at(account, each.name)
        held += here
        calls += 1
        if synced is not None:
            times.append(synced)
            total += here
        elif there is None:
            unknown += 1
            total += here
        else:
            total += max(here, there)
            calls += there // account.adapter.page_size
    since = min(times) if times and len(times) == len(kinds) else None
    return Coverage(held, total, since, unknown, calls)


def _kinds(account: Account, kind: str | None) -> Sequence[Kind]:
    return [
        each
        for each in account.adapter.kinds.values()
        if each.can.listed and (each.name == kind if kind else not why_closed(account, each.name))
    ]
