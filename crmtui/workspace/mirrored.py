"""A question answered from the mirror: what was read before, filtered and ordered here."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import msgspec

from crmtui.model import dates
from crmtui.model.bind import ID
from crmtui.model.errors import UsageError
from crmtui.model.match import matches, names_in
from crmtui.model.query import Query
from crmtui.model.record import Record, is_empty
from crmtui.model.schema import DATES, IDS, Field, Schema
from crmtui.model.value import canonical, fold, text_of
from crmtui.workspace.desk import Desk

_Key: TypeAlias = "tuple[int, Decimal | int | datetime | str] | None"
_BREATH = 200
"""Records after which others get their turn: a few milliseconds."""


class Here(NamedTuple):
    """A mirrored record that answers; `keys` are what it is ordered by, None where it has no value."""

    id: str
    fetched_at: float
    keys: Sequence[_Key]


def here(desk: Desk, query: Query, schema: Schema) -> list[Here]:
    """All that answers, by title unless the question names an order; those without a value last.

    Raises `UsageError` for a filter that only the service knows.
    """
    return _arranged([found for found in _scan(desk, query, schema) if found], query)


async def here_soon(desk: Desk, query: Query, schema: Schema) -> list[Here]:
    """As `here`, for a screen that must not stand still meanwhile."""
    answer = []
    for number, found in enumerate(_scan(desk, query, schema)):
        if found:
            answer.append(found)
        if number % _BREATH == 0:
            await asyncio.sleep(0)
    return _arranged(answer, query)


async def all_soon(desk: Desk, kind: str) -> AsyncIterator[Record]:
    """Every mirrored record of a kind by title, for a screen that must not stand still meanwhile."""
    for number, record in enumerate(desk.account.mirror.all(kind)):
        yield record
        if number % _BREATH == 0:
            await asyncio.sleep(0)


def _scan(desk: Desk, query: Query, schema: Schema) -> Iterator[Here | None]:
    """Each record of the kind by title: what is wanted of it, or None where it does not pass."""
    labels, by_name = desk.labels(schema), schema.by_name
    fields = [ID if order.field == ID.name else schema.field(order.field) for order in query.order]
    where = query.where
    for name in names_in(where) if where else ():
        if schema.field(name).filters:
            raise UsageError(
                f"{schema.field(name).title}: the account's own filters are known to the service only."
                " Leave the filter out, or ask the service."
            )
    for record in desk.account.mirror.all(query.kind):
        if where is None or matches(
            where, msgspec.structs.replace(record, labels=labels.of(record)), by_name
        ):
            yield Here(record.ref.id, record.fetched_at, [_key(field, record) for field in fields])
        else:
            yield None


def _arranged(found: list[Here], query: Query) -> list[Here]:
    for place, order in reversed(list(enumerate(query.order))):
        valued = [one for one in found if one.keys[place] is not None]
        valued.sort(key=lambda one: one.keys[place] or (), reverse=order.descending)
        found = [*valued, *(one for one in found if one.keys[place] is None)]
    return found


def _key(field: Field, record: Record) -> _Key:
    """What a record is ordered by: numbers and times among themselves, then texts without case."""
    value = canonical(field, record.ref.id if field is ID else record.values.get(field.name))
    if is_empty(value):
        return None
    if isinstance(value, int | Decimal):
        return 0, value
    text = text_of(value) if isinstance(value, dict | list) else value or ""
    if field.type in IDS and text.isascii() and text.isdigit():
        return 0, int(text)
    if field.type in DATES and (span := dates.period(text)):
        return 0, span[0]
    return 1, fold(text)
