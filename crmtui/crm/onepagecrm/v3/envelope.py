"""What stands around the data of an answer: its own status, and the blocks that bring news of the account.

Source: facts `onepagecrm.md`, sections 3 and 6. The blocks stand at the top of an answer, in any order and
on any of them; one that is an empty object tells nothing.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from crmtui.crm.json_body import decode
from crmtui.crm.onepagecrm.v3.said import text_in
from crmtui.model.call import Answer
from crmtui.model.errors import BadAnswer


class Count(msgspec.Struct, frozen=True):
    """How many contacts have a tag, a status or a lead source: `mine`, and those of all users.

    `in_stream` are those of mine with an action to do.
    """

    id: str
    label: str
    mine: int
    total: int
    in_stream: int = 0


class Sales(msgspec.Struct, frozen=True):
    """The sales of the period, in the account's currency."""

    target: Decimal | int | None = None
    won: Decimal | int | None = None
    pending: Decimal | int | None = None
    period: str = ""


class News(msgspec.Struct, frozen=True):
    """What an answer tells besides what it was asked for; None where it does not tell of it.

    `contacts`: how many there are, by user; `stream`: how many of them have actions, by user. The user `""`
    stands for the whole account. `notifications` are the service's words for what is not allowed now.
    """

    tags: tuple[Count, ...] | None = None
    system_tags: tuple[Count, ...] | None = None
    statuses: tuple[Count, ...] | None = None
    lead_sources: tuple[Count, ...] | None = None
    contacts: Mapping[str, int] | None = None
    stream: Mapping[str, int] | None = None
    sales: Sales | None = None
    notifications: tuple[str, ...] | None = None


def news(answer: Answer) -> News:
    """The news that an answer brings; none where it cannot be read."""
    try:
        said = decode(answer.body)
    except BadAnswer:
        return News()
    return news_in(said) if isinstance(said, dict) else News()


def news_in(said: Mapping[str, Any]) -> News:
    """As `news`, of an answer that was read."""
    tags, statuses, sources, notes = (
        said.get(name) for name in ("tags", "statuses", "lead_sources", "notifications")
    )
    tags = tags if isinstance(tags, dict) else {}
    plain, system = tags.get("tags"), tags.get("system_tags")
    return News(
        tags=_counts(plain) if isinstance(plain, list) else None,
        system_tags=_counts(system) if isinstance(system, list) else None,
        statuses=_counts(unwrapped(statuses, "status")) if isinstance(statuses, list) else None,
        lead_sources=_counts(unwrapped(sources, "lead_source")) if isinstance(sources, list) else None,
        contacts=_by_user(said.get("contacts_count"), "total_count"),
        stream=_by_user(said.get("team_stream"), "counts"),
        sales=_sales(said.get("sales")),
        notifications=tuple(each for each in notes if isinstance(each, str))
        if isinstance(notes, list)
        else None,
    )


def unwrapped(rows: Any, name: str) -> list[Mapping[str, Any]]:
    """The objects of a list, each of which may stand in one of this name."""
    found = rows if isinstance(rows, list) else []
    held = (row[name] if isinstance(row, dict) and isinstance(row.get(name), dict) else row for row in found)
    return [row for row in held if isinstance(row, dict)]


def _counts(rows: Iterable[Any]) -> tuple[Count, ...]:
    return tuple(
        Count(
            text_in(row, "id") or text_in(row, "name"),
            text_in(row, "text") or text_in(row, "name"),
            _number(row.get("counts")),
            _number(row.get("total_count", row.get("counts"))),
            _number(row.get("action_stream_count")),
        )
        for row in rows
        if isinstance(row, dict)
    )


def _by_user(block: Any, member: str) -> Mapping[str, int] | None:
    """The counts of each user and, as that of no user, of all."""
    if not isinstance(block, dict) or not block:
        return None
    of_all = block.get("all")
    found = {"": _number(of_all.get(member) if isinstance(of_all, dict) else of_all)}
    for row in unwrapped(block.get("users"), "user"):
        found[text_in(row, "user_id")] = _number(row.get(member))
    return found


def _sales(block: Any) -> Sales | None:
    if not isinstance(block, dict) or not block:
        return None
    target, won, pending = (_amount(block.get(name)) for name in ("target", "won", "pending"))
    return Sales(target, won, pending, text_in(block, "period"))


def _amount(value: Any) -> int | Decimal | None:
    return value if isinstance(value, int | Decimal) else None


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
