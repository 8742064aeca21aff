"""What a service tells of an account beside its records, as lines of the sidebar: as many as fit."""

import re
from collections.abc import Sequence
from decimal import Decimal

from crmtui.model.news import Count, Sales
from crmtui.model.schema import Kind
from crmtui.model.text import clean
from crmtui.tui.widgets.sidebar import Item
from crmtui.workspace.account import Account
from crmtui.workspace.desk import Desk

_MOST_STATUSES = 6
_CELLS = 6
_SHORT: tuple[tuple[float, float, str], ...] = ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
_PLAIN = re.compile(r"[\w-]+")


def news_items(desk: Desk, room: int) -> list[Item]:
    """The lines that fit into `room`: restrictions and statuses before all, then sales and tags."""
    account = desk.account
    notices = [Item("", f"! {clean(label)}", tone="$warning") for label in account.restrictions.labels]
    kind = _counted(account)
    news = account.news
    sales = _sales(news.sales)
    statuses: list[Item] = []
    tags: list[Item] = []
    room -= len(notices)
    if kind is not None and room > 1:
        most = min(room - 1, _MOST_STATUSES)
        statuses = _headed("Statuses", _counts(desk, kind, kind.counted_by, news.statuses, most))
        room -= len(statuses)
    if len(sales) > room - (2 if news.tags else 0):
        sales = []
    room -= len(sales)
    if kind is not None and kind.can.tags and room > 1:
        tags = _headed("Tags", _counts(desk, kind, kind.can.tags, news.tags, room - 1))
    return [*statuses, *tags, *sales, *notices]


def _counted(account: Account) -> Kind | None:
    return next((kind for kind in account.adapter.kinds.values() if kind.counted_by), None)


def _headed(title: str, items: Sequence[Item]) -> list[Item]:
    return [Item("", f"── {title} ──"), *items] if items else []


def _counts(desk: Desk, kind: Kind, field: str, counts: tuple[Count, ...] | None, most: int) -> list[Item]:
    """The values that most records have; each is a filter of the kind's list."""
    known = {
        choice.label for choice in desk.fields.choices_now(kind.name, desk.schema(kind.name).field(field))
    }
    used = sorted((one for one in counts or () if one.count), key=lambda one: -one.count)[:most]
    items = []
    for one in used:
        text = one.label if one.label in known else one.value
        value = text if _PLAIN.fullmatch(text) else '"{}"'.format(text.replace('"', '\\"'))
        items.append(Item(f"{kind.name} {field}={value}", clean(one.label), f"{one.count:,}"))
    return items


def _sales(sales: Sales | None) -> list[Item]:
    """Won of the target as a bar and in figures, and what may still be won."""
    if sales is None:
        return []
    lines = []
    if sales.target and sales.won is not None:
        share = float(sales.won / sales.target)
        full = min(_CELLS, max(0, round(share * _CELLS)))
        lines.append(f"{'▰' * full}{'▱' * (_CELLS - full)} {share:.0%}")
    if sales.won is not None:
        lines.append(f"won {_figure(sales.won)}" + (f"/{_figure(sales.target)}" if sales.target else ""))
    if sales.pending is not None:
        lines.append(f"pending {_figure(sales.pending)}")
    period = f" {clean(sales.period)}" if sales.period else ""
    return [Item("", f"── Sales{period}"), *(Item("", f" {line}", tone="$text-label") for line in lines)]


def _figure(amount: int | Decimal) -> str:
    """An amount in as few cells as tell it: 4,400, 12.5k, 2.7M."""
    for least, size, mark in _SHORT:
        if abs(float(amount)) >= least:
            return f"{float(amount) / size:,.1f}".removesuffix(".0") + mark
    return f"{amount:,.0f}"
