"""What an answer of OnePageCRM v1.2 tells besides: counts of tags and statuses, sales, restrictions.

Source: the vendor's page "Response message format"; facts `onepagecrm.md`, section 3.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from crmtui.model.value import number


class Count(msgspec.Struct, frozen=True):
    """How many contacts have a tag or a status."""

    name: str
    count: int


class Sales(msgspec.Struct, frozen=True):
    """A sales summary: the target, won and pending amounts of a period, `month` or `quarter`.

    `expires` is unix seconds. None is not told.
    """

    target: int | Decimal | None
    won: int | Decimal | None
    pending: int | Decimal | None
    period: str = ""
    expires: int | None = None


class News(msgspec.Struct, frozen=True):
    """What there is news of; None where an answer says nothing of it, or an empty hash.

    `notifications` are the account's restrictions by the service's own names.
    """

    system_tags: tuple[Count, ...] | None = None
    tags: tuple[Count, ...] | None = None
    statuses: tuple[Count, ...] | None = None
    sales: Sales | None = None
    notifications: tuple[str, ...] | None = None

    def after(self, former: "News") -> "News":
        """All that is known once this is told after former news.

        An answer without notifications lifts those that were in force.
        """
        known = {
            name: value if value is not None else getattr(former, name)
            for name, value in msgspec.structs.asdict(self).items()
        }
        return News(**{**known, "notifications": self.notifications or ()})


def news_in(said: Mapping[str, Any]) -> News:
    """The news in an envelope."""
    tags, sales = said.get("tags"), said.get("sales")
    return News(
        _counts(tags.get("system")) if isinstance(tags, dict) else None,
        _counts(tags.get("custom")) if isinstance(tags, dict) else None,
        _counts(said.get("statuses")) or None,
        _sales(sales) if isinstance(sales, dict) and sales else None,
        tuple(word for word in _parts(said.get("notifications")) if isinstance(word, str) and word) or None,
    )


def _counts(node: Any) -> tuple[Count, ...] | None:
    """Names with their counts; None of what is no such list."""
    if not isinstance(node, list | dict):
        return None
    rows = (row for row in _parts(node) if isinstance(row, dict))
    found = ((row.get("name"), _number(row.get("count"))) for row in rows)
    return tuple(Count(name, int(count or 0)) for name, count in found if isinstance(name, str))


def _sales(node: Mapping[str, Any]) -> Sales:
    period, expires = node.get("period"), _number(node.get("expires"))
    return Sales(
        _number(node.get("target")),
        _number(node.get("won")),
        _number(node.get("pending")),
        period if isinstance(period, str) else "",
        None if expires is None else int(expires),
    )


def _parts(node: Any) -> list[Any]:
    if isinstance(node, dict) and len(node) == 1:  # XML that leaves out that it is a list
        [node] = node.values()
        return node if isinstance(node, list) else [node]
    return node if isinstance(node, list) else []


def _number(node: Any) -> int | Decimal | None:
    found = number(node.strip()) if isinstance(node, str) else node
    return found if isinstance(found, int | Decimal) and not isinstance(found, bool) else None
