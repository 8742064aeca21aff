"""What a list is asked for in words: terms and orders bound to fields."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from crmtui.model.bind import ID, Where, bind, field_of
from crmtui.model.errors import UsageError
from crmtui.model.query import Order
from crmtui.model.schema import IDS, NUMBERS, Choice, Field, FieldType, Kind, Schema
from crmtui.model.value import is_named, resolve
from crmtui.model.where import (
    LISTING,
    And,
    Compare,
    Not,
    Operand,
    Or,
    Term,
    WhereError,
    parse_argument,
    parse_bar,
)
from crmtui.workspace.desk import Desk

_AN_ID = re.compile(r"[0-9]+|[0-9a-f]{24}")
_RANGE = re.compile(r"[0-9]*\s*\.\.\s*[0-9]*")


class Names:
    """Which values are meant by texts that may be labels: of choices, users and mirrored records."""

    def __init__(self, desk: Desk, kind: str, *, offline: bool = False) -> None:
        """`offline` makes no call at all."""
        self._desk = desk
        self._kind = kind
        self._offline = offline

    async def choices(self, field: Field, texts: Sequence[str]) -> Sequence[Choice]:
        """The choices among which the texts are looked for; asked for only where none known is meant."""
        fields = self._desk.fields
        if field.choices is not None:
            return field.choices
        if field.type is FieldType.REFERENCE:
            named = [text for text in texts if not _AN_ID.fullmatch(text)]
            mirror = self._desk.account.mirror
            found = (row for text in named for row in mirror.titled(field.refers_to or "", text))
            return [Choice(id_, title) for id_, title in dict(found).items()]
        if field.type is FieldType.USER:
            needed = not all(map(_AN_ID.fullmatch, texts))
            return (
                await fields.users()
                if needed and not self._offline
                else fields.choices_now(self._kind, field)
            )
        known = fields.choices_now(self._kind, field)
        if self._offline or (known and all(any(is_named(c, text) for c in known) for text in texts)):
            return known
        return await fields.choices(self._kind, field)

    def meant(self, field: Field, text: str, choices: Sequence[Choice]) -> str:
        """The value that a text means; a `ValueError` names candidates."""
        if field.type not in IDS or _AN_ID.fullmatch(text):
            return resolve(field, text, choices)
        if not choices:
            of = field.refers_to or "a kind that is not known"
            known = "a user" if field.type is FieldType.USER else f"a mirrored record of {of}"
            raise ValueError(f'is neither an id nor the name of {known}: "{text}"; write the id')
        return resolve(msgspec.structs.replace(field, open=False), text, choices)


async def where_of(
    desk: Desk, schema: Schema, arguments: Sequence[str], today: date, *, offline: bool = False
) -> Where | None:
    """The arguments, all of which must hold, bound to the fields of a kind."""
    return await _bound(desk, schema, [parse_argument(text) for text in arguments], today, offline=offline)


async def where_in_bar(desk: Desk, schema: Schema, text: str, today: date) -> Where | None:
    """The text of a filter bar, bound to the fields of a kind by what is known without a call."""
    return await _bound(desk, schema, parse_bar(text), today, offline=True)


async def _bound(
    desk: Desk, schema: Schema, terms: Sequence[Term], today: date, *, offline: bool
) -> Where | None:
    """The terms, all of which must hold, with the values that their labels mean."""
    names = Names(desk, schema.kind, offline=offline)
    fields = schema.by_name
    known: dict[str, Sequence[Choice]] = {}
    for compare in compares(terms):
        field = field_of(fields, compare.field)
        if field is None or field is ID or not field.named:
            continue
        operands = [each for each in compare.operands if each.text and not _is_range(field, each)]
        texts = [operand.text for operand in operands]
        if compare.sign not in LISTING:
            # What is printed of a user is the name, so that ^= $= and ~ look at it.
            found = await names.choices(field, texts if field.type is FieldType.USER else ())
            known[field.name] = (*known.get(field.name, ()), *found)
            continue
        found = await names.choices(field, texts)
        values = [_meant(names, compare, field, operand, found) for operand in operands]
        literal = [Choice(value, value) for value in values if field.type in IDS and _AN_ID.fullmatch(value)]
        known[field.name] = (*known.get(field.name, ()), *found, *literal)
    if not terms:
        return None
    return bind(
        terms, fields, today=today, choices=lambda field: known.get(field.name) or field.choices or ()
    )


def _meant(names: Names, compare: Compare, field: Field, operand: Operand, found: Sequence[Choice]) -> str:
    """The value that one operand means."""
    try:
        return names.meant(field, operand.text, found)
    except ValueError as reason:
        raise WhereError(f"{compare.field} {reason}.", operand.span[0]) from None


def orders_of(
    kind: Kind, schema: Schema, texts: Sequence[str], *, offline: bool = False
) -> tuple[Order, ...]:
    """The orders, each of a field that there is and, unless `offline`, that the service can order by."""
    orders = tuple(map(Order.parse, texts))
    for order in orders:
        if order.field != ID.name and order.field not in schema.by_name:
            raise UsageError(f'There is no field "{order.field}" in {kind.name} to order by.')
    if offline:
        return orders
    if orders and not kind.can.order:
        raise UsageError(
            f"The service cannot order {kind.name}; leave --order out, or use it with --offline."
        )
    if refused := next((order.field for order in orders if not kind.can.orders_by(order.field)), None):
        raise UsageError(
            f"The service cannot order {kind.name} by {refused}, only by {', '.join(kind.can.orders)};"
            " leave --order out, or use it with --offline."
        )
    return orders


def compares(terms: Sequence[Term]) -> Iterator[Compare]:
    """Every comparison, in whatever brackets it stands."""
    for term in terms:
        match term:
            case Compare():
                yield term
            case Not(inner):
                yield from compares((inner,))
            case And(inner) | Or(inner):
                yield from compares(inner)


def _is_range(field: Field, operand: Operand) -> bool:
    if operand.quoted or ".." not in operand.text:
        return False
    return field.type in NUMBERS or bool(_RANGE.fullmatch(operand.text))
