"""Whether a record fulfils a filter: what the services cannot filter is done here, and so is the mirror."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from crmtui.model import dates
from crmtui.model.bind import ID, All, Any_, Bound, Negate, Number, Op, Test, Text, Truth, Where, field_of
from crmtui.model.record import Record, Value, is_empty
from crmtui.model.schema import IDS, Field, FieldType
from crmtui.model.value import canonical, fold, text_of

_OPPOSITES: Mapping[Op, Op] = {Op.NE: Op.EQ, Op.NOT_IN: Op.IN, Op.EMPTY: Op.NOT_EMPTY}
_ORDERS: Mapping[Op, frozenset[int]] = {
    Op.GT: frozenset({1}),
    Op.GE: frozenset({0, 1}),
    Op.LT: frozenset({-1}),
    Op.LE: frozenset({-1, 0}),
}
# An id like 12e4 is text and no number, so only digits count.
_NUMBERED = re.compile(r"-?[0-9]{1,100}")
_period = lru_cache(256)(dates.period)


def matches(where: Where, record: Record, fields: Mapping[str, Field]) -> bool:
    """Whether the record fulfils the filter, which was bound to these fields.

    What only the service knows, a filter that the account keeps, counts as fulfilled.
    """
    match where:
        case Test():
            return _holds(where, record, fields)
        case Negate(term):
            return not matches(term, record, fields)
        case All(terms):
            return all(matches(term, record, fields) for term in terms)
        case Any_(terms):
            return any(matches(term, record, fields) for term in terms)


def names_in(where: Where) -> Iterator[str]:
    """The fields that a filter looks at."""
    match where:
        case Test():
            yield where.field
        case Negate(term):
            yield from names_in(term)
        case All(terms) | Any_(terms):
            for term in terms:
                yield from names_in(term)


def _holds(test: Test, record: Record, fields: Mapping[str, Field]) -> bool:
    """Whether a test holds for one of the values that the record has in the field."""
    if test.op in _OPPOSITES:
        return not _holds(Test(test.field, _OPPOSITES[test.op], test.values), record, fields)
    field = field_of(fields, test.field) or Field(test.field, type=FieldType.UNKNOWN)
    if field.filters:
        return True
    found = _values(record, test.field, field)
    if test.op is Op.NOT_EMPTY:
        return any(True for _ in found)
    label = record.labels.get(test.field)
    return any(_fulfils(test, field, value, label) for value in found)


def _values(record: Record, name: str, field: Field) -> Iterator[Value]:
    """The single values of a field, those that are empty left out."""
    for raw in (record.ref.id,) if field is ID else _read(record.values, name):
        plain = canonical(field, raw)
        for part in _parts(plain):
            # Numbers, dates and the like take their plain form one by one when they come as a list.
            value = part if part is plain or field.type is FieldType.CHOICES else canonical(field, part)
            if not is_empty(value):
                yield value


def _read(values: Mapping[str, Value], name: str) -> Iterator[Value]:
    """What stands under a name, or in each row under `FIELD.MEMBER`."""
    if name in values:
        yield values[name]
        return
    for at in (at for at, char in enumerate(name) if char == "."):
        rows = values.get(name[:at])
        for row in rows if isinstance(rows, list) else (rows,):
            if isinstance(row, dict):
                yield from _read(row, name[at + 1 :])


def _parts(value: Value) -> Iterator[Value]:
    """The single values in a value, whatever lists and rows it is made of."""
    if isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _parts(part)
    else:
        yield value


def _fulfils(test: Test, field: Field, value: Value, label: str | None) -> bool:
    """Whether one value, or its label, is what a test asks for."""
    if test.op in (Op.EQ, Op.IN):
        return any(_equals(value, bound, field, label) for bound in test.values)
    if test.op is Op.BETWEEN:
        low, high = (_order(value, bound) for bound in test.values)
        return low in _ORDERS[Op.GE] and high in _ORDERS[Op.LE]
    if test.op in _ORDERS:
        return _order(value, test.values[0]) in _ORDERS[test.op]
    wanted = fold(str(test.values[0].value))
    texts = [fold(text) for text in (text_of(value), label) if text]
    if test.op is Op.PREFIX:
        return any(text.startswith(wanted) for text in texts)
    if test.op is Op.SUFFIX:
        return any(text.endswith(wanted) for text in texts)
    return any(wanted in text for text in texts)


def _equals(value: Value, bound: Bound, field: Field, label: str | None) -> bool:
    if not isinstance(bound, Text):
        return _order(value, bound) == 0
    text, wanted = fold(text_of(value)), fold(bound.value)
    if text == wanted or (label is not None and fold(label) == wanted):
        return True
    return field.type in IDS and _numbered(text) is not None and _numbered(text) == _numbered(wanted)


def _order(value: Value, bound: Bound) -> int | None:
    """-1, 0 or 1 as the value lies below, at or above the bound; None where they have no order."""
    if isinstance(bound, Truth):
        return 0 if value is bound.value else None
    if isinstance(bound, Number):
        amount = _numbered(value) if isinstance(value, str) else value
        if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
            return None
        return (amount > bound.value) - (amount < bound.value)
    span, other = dates.period(value) if isinstance(value, str) else None, _period(bound.value)
    if span is None or other is None:
        return None
    return (span[0] >= other[1]) - (span[1] <= other[0])


def _numbered(text: str) -> int | None:
    """The number that an id is, if it is one."""
    return int(text) if _NUMBERED.fullmatch(text) else None
