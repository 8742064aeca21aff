"""The kinds of an account as lines of the sidebar, with how many records are known of each."""

from crmtui.model.schema import Kind
from crmtui.tui.format import count
from crmtui.tui.widgets.sidebar import Item
from crmtui.workspace.account import Account
from crmtui.workspace.asking import total_of
from crmtui.workspace.closed import why_closed
from crmtui.workspace.desk import Desk
from crmtui.workspace.due import synced_at


def kind_items(desk: Desk) -> list[Item]:
    """The kinds that have lists of their own; what hangs on a record is told of by that."""
    account = desk.account
    items: list[Item] = []
    for kind in account.adapter.kinds.values():
        if kind.within or not kind.can.listed:
            continue
        closed = why_closed(account, kind.name) is not None
        items.append(Item(kind.name, kind.label, "off" if closed else _figure(account, kind), closed))
    return items


def _figure(account: Account, kind: Kind) -> str:
    """How many records of a kind there are, as far as is known without a call."""
    held, total = account.mirror.count(kind.name), account.known.fact(total_of(kind.name), int)
    if synced_at(account, kind.name) is not None:
        return count(held)
    if total is not None:
        return count(total)
    return f"{count(held)}+" if held else ""
