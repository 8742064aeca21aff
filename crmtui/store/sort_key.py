"""What a record is ordered by in the list that a kind begins with, as values that SQLite compares."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import TypeAlias

from crmtui.model.query import Order
from crmtui.model.record import Value, is_empty
from crmtui.model.value import fold, number, text_of

Key: TypeAlias = "float | str | bytes | None"
_LAST = b""
"""Bytes stand after numbers and texts, null before them."""
_LONGEST = 100


def keys_of(order: Sequence[Order], title: str, values: Mapping[str, Value]) -> tuple[Key, Key]:
    """The first two keys; records without a value come last either way. Without an order it is the title."""
    if not order:
        return fold(title)[:_LONGEST], None
    keys = [_key(values.get(part.field), descending=part.descending) for part in order[:2]]
    return keys[0], keys[1] if len(keys) > 1 else None


def _key(value: Value, *, descending: bool) -> Key:
    if is_empty(value):
        return None if descending else _LAST
    if isinstance(value, str):
        found = number(value) if value[0] in "+-.0123456789" else None
        if found is None:
            return fold(value)[:_LONGEST]
        value = found
    if isinstance(value, int | Decimal):
        with suppress(OverflowError):
            return float(value)
    return fold(text_of(value))[:_LONGEST]
