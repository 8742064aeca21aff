"""What an answer of OnePageCRM v1.2 tells besides: counts of tags and statuses, sales, restrictions.

Source: the vendor's page "Response message format"; facts `onepagecrm.md`, section 3. An empty hash tells
nothing. The tags that the service gives by itself are no tags that contacts could be found by.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from crmtui.model.news import Count, News, Sales
from crmtui.model.value import number

_NO_STATUSES = frozenset({"all", "team"})
"""Entries of the counts by status that are no statuses."""


def news_in(said: Mapping[str, Any]) -> News:
    """The news in an envelope."""
    tags, sales = said.get("tags"), said.get("sales")
    statuses = [count for count in _counts(said.get("statuses")) or () if count.value not in _NO_STATUSES]
    return News(
        _counts(tags.get("custom")) if isinstance(tags, dict) else None,
        tuple(statuses) or None,
        _sales(sales) if isinstance(sales, dict) and sales else None,
        tuple(word for word in _parts(said.get("notifications")) if isinstance(word, str) and word),
    )


def _counts(node: Any) -> tuple[Count, ...] | None:
    """Names with their counts; None of what is no such list, or an empty hash."""
    if not isinstance(node, list | dict) or node == {}:
        return None
    rows = (row for row in _parts(node) if isinstance(row, dict))
    found = ((row.get("name"), _number(row.get("count"))) for row in rows)
    return tuple(Count(name, name, int(count or 0)) for name, count in found if isinstance(name, str))


def _sales(node: Mapping[str, Any]) -> Sales:
    target, won, pending = (_number(node.get(name)) for name in ("target", "won", "pending"))
    period = node.get("period")
    return Sales(target, won, pending, period if isinstance(period, str) else "")


def _parts(node: Any) -> list[Any]:
    if isinstance(node, dict) and len(node) == 1:  # XML that leaves out that it is a list
        [node] = node.values()
        return node if isinstance(node, list) else [node]
    return node if isinstance(node, list) else []


def _number(node: Any) -> int | Decimal | None:
    found = number(node.strip()) if isinstance(node, str) else node
    return found if isinstance(found, int | Decimal) and not isinstance(found, bool) else None
