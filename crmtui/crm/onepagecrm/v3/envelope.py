"""What stands around the data of an answer: the blocks that bring news of the account.

Source: facts `onepagecrm.md`, sections 3 and 6. The blocks stand at the top of an answer, in any order and
on any of them; one that is an empty object tells nothing.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from crmtui.crm.json_body import decode
from crmtui.crm.onepagecrm.v3.said import text_in
from crmtui.model.call import Answer
from crmtui.model.errors import BadAnswer
from crmtui.model.news import Count, News, Sales, of_refusal


def news(answer: Answer) -> News | None:
    """The news that an answer brings; None where it cannot be read, or tells nothing."""
    try:
        said = decode(answer.body)
    except BadAnswer:
        return None
    if not isinstance(said, dict):
        return None
    status = said.get("status")
    # Some accounts are answered by 200 whatever happened.
    refused = not answer.ok or (isinstance(status, int) and status >= 400)
    return of_refusal(_news_in(said)) if refused else _news_in(said)


def _news_in(said: Mapping[str, Any]) -> News:
    """As `news`, of an answer that was read; contacts are counted for all users, as they are listed."""
    tags, statuses, notes = (said.get(name) for name in ("tags", "statuses", "notifications"))
    plain = tags.get("tags") if isinstance(tags, dict) else None
    return News(
        tags=_counts(plain) if isinstance(plain, list) else None,
        statuses=_counts(unwrapped(statuses, "status")) or None,
        sales=_sales(said.get("sales")),
        notices=tuple(word for word in notes if isinstance(word, str) and word)
        if isinstance(notes, list)
        else (),
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
            _number(row.get("total_count", row.get("counts"))),
        )
        for row in rows
        if isinstance(row, dict)
    )


def _sales(block: Any) -> Sales | None:
    if not isinstance(block, dict) or not block:
        return None
    target, won, pending = (_amount(block.get(name)) for name in ("target", "won", "pending"))
    return Sales(target, won, pending, text_in(block, "period"))


def _amount(value: Any) -> int | Decimal | None:
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
