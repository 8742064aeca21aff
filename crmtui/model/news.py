"""What a service tells of an account besides what it was asked for."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from crmtui.model.write import Op


class Count(msgspec.Struct, frozen=True):
    """How many records have a tag or a status: by the value that a filter looks for, and its text."""

    value: str
    label: str
    count: int


class Sales(msgspec.Struct, frozen=True):
    """The sales of a period, a word of the service, in the account's currency; None is not known."""

    target: Decimal | int | None = None
    won: Decimal | int | None = None
    pending: Decimal | int | None = None
    period: str = ""


class News(msgspec.Struct, frozen=True):
    """The blocks of one answer; None where it tells nothing of that.

    `notices`: the service's words for what is not allowed at present, `()` where it allows everything. A
    refusal can tell some, but by telling none it allows nothing.
    """

    tags: tuple[Count, ...] | None = None
    statuses: tuple[Count, ...] | None = None
    sales: Sales | None = None
    notices: tuple[str, ...] | None = ()


def of_refusal(news: News) -> News | None:
    """What a refusal tells of the news that stand in it; None where there are none."""
    told = msgspec.structs.replace(news, notices=news.notices or None)
    return None if told == News(notices=None) else told


class Bar(msgspec.Struct, frozen=True):
    """What a notice stands for: a label of few cells, a sentence, and the writes refused, by kind."""

    label: str
    why: str
    refused: Mapping[str, frozenset[Op]]
