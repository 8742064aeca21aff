"""A filter and an order as the `q` and `order` parameters.

Source: the vendor's page "CRM API Version 4.0", sections "Filtering results" and "Ordering".
What the service cannot do, or not just as we mean it, is left over for the matcher here.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from crmtui.model.bind import ID, All, Any_, Bound, Day, Moment, Number, Op, Test, Text, Truth, Where
from crmtui.model.query import Order
from crmtui.model.schema import DATES, IDS, NUMBERS, Field, FieldType
from crmtui.model.value import number

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"
Condition: TypeAlias = dict[str, Json]

_COMPARISONS = {Op.GT: "$gt", Op.GE: "$gte", Op.LT: "$lt", Op.LE: "$lte"}
_TEXTS = {Op.PREFIX: "$sw", Op.SUFFIX: "$ew", Op.CONTAINS: "$con"}
_PRINTED_AS_STORED = frozenset(
    {
        FieldType.TEXT,
        FieldType.MULTILINE,
        FieldType.EMAIL,
        FieldType.PHONE,
        FieldType.URL,
        FieldType.CHOICE,
    }
)
"""Types whose printed text is what the service stores, so that it can look inside."""
_WITHOUT_ZONE = re.compile(r"[0-9-]{10}T[0-9:.]+")


def q_of(where: Where | None, fields: Mapping[str, Field]) -> tuple[Condition, Where | None]:
    """The service's part of a filter, and what is left to be done here."""
    if where is None:
        return {}, None
    asked: Condition = {}
    left: list[Where] = []
    for term in where.terms if isinstance(where, All) else (where,):
        condition, exact = _condition(term, fields)
        if condition is None or not _add(asked, condition) or not exact:
            left.append(term)
    return asked, All(tuple(left)) if left else None


def order_of(order: Sequence[Order]) -> dict[str, str]:
    """The order parameter: the first key counts most."""
    return {key.field: "desc" if key.descending else "asc" for key in order}


def where_beneath(where: Where, field: str) -> tuple[str | None, Where | None]:
    """The one record that a filter wants its rows to hang under, and the rest of the filter."""
    terms = where.terms if isinstance(where, All) else (where,)
    for at, term in enumerate(terms):
        if isinstance(term, Test) and (term.field, term.op) == (field, Op.EQ) and _is_id(term.values[0]):
            others = (*terms[:at], *terms[at + 1 :])
            return str(term.values[0].value), All(others) if others else None
    return None, where


def _is_id(bound: Bound) -> bool:
    return isinstance(bound, Text | Number) and str(bound.value).isdigit()


def _add(asked: Condition, condition: Condition) -> bool:
    """Adds a condition by another key; a second one on a field only where both make a range."""
    for key, value in condition.items():
        if key not in asked:
            continue
        known = asked[key]
        if not (isinstance(known, dict) and isinstance(value, dict)):
            return False
        ends = known | value
        if len(condition) > 1 or len(known) + len(value) != 2 or set(ends) != {"$gte", "$lte"}:
            return False
        asked[key] = {"$bt": [ends["$gte"], ends["$lte"]]}
        return True
    asked |= condition
    return True


def _condition(term: Where, fields: Mapping[str, Field]) -> tuple[Condition | None, bool]:
    """A term as a condition, None where there is none; and whether it means just the same."""
    if isinstance(term, Test):
        field = ID if term.field == ID.name else fields.get(term.field)
        return _test(term, field) if field is not None else (None, False)
    if isinstance(term, Any_):
        alternatives = [_condition(part, fields) for part in term.terms]
        found = [condition for condition, exact in alternatives if condition is not None and exact]
        return ({"$or": list(found)}, True) if len(found) == len(alternatives) else (None, False)
    if isinstance(term, All):
        both: Condition = {}
        for part in term.terms:
            condition, exact = _condition(part, fields)
            if condition is None or not exact or not _add(both, condition):
                return None, False
        return both, True
    return None, False


def _test(test: Test, field: Field) -> tuple[Condition | None, bool]:
    name = test.field
    if not _can_be_asked(test, field):
        return None, False
    if field.type is FieldType.CHOICES and test.op not in (Op.EMPTY, Op.NOT_EMPTY):
        # The values stand in one text, joined by semicolons: what contains one may be what has it.
        if test.op in (Op.EQ, *_TEXTS):
            return {name: {"$con": _wire(field, test.values[0])}}, False
        return None, False
    values = [_wire(field, value) for value in test.values]
    # The 0 of a reference is a number to the service, and none to us.
    never_0 = field is ID or field.type not in IDS
    match test.op:
        case Op.EQ if isinstance(test.values[0], Day):
            return {name: {"$bt": [_first(field, test.values[0]), _last(test.values[0])]}}, True
        case Op.IN if any(isinstance(value, Day) for value in test.values):
            days: list[Json] = [{name: {"$bt": [_first(field, day), _last(day)]}} for day in test.values]
            return {"$or": days}, True
        case Op.EQ:
            return {name: values[0]}, True
        case Op.IN:
            return {name: {"$in": values}}, True
        # Whether $not and $nin find empty fields is not documented, so both are asked for.
        case Op.NE if not isinstance(test.values[0], Day):
            return {"$or": [{name: {"$not": values[0]}}, {name: None}]}, True
        case Op.NOT_IN if not any(isinstance(value, Day) for value in test.values):
            return {"$or": [{name: {"$nin": values}}, {name: None}]}, True
        case Op.EMPTY:
            return {"$or": [{name: None}, *({name: form} for form in _nothings(field))]}, True
        case Op.NOT_EMPTY if field.type not in NUMBERS | DATES | {FieldType.BOOLEAN}:
            # May find null too, according to what $not means by it; the matcher drops that.
            return {name: {"$not": _nothings(field)[0]}}, False
        case Op.BETWEEN:
            return {name: {"$bt": [_first(field, test.values[0]), _last(test.values[1])]}}, never_0
        case Op.GT | Op.GE | Op.LT | Op.LE:
            return {name: {_COMPARISONS[test.op]: _end(field, test.op, test.values[0])}}, never_0
        # A choice is printed by its label: where that is another text, a test of values stands beside.
        case Op.PREFIX | Op.SUFFIX | Op.CONTAINS if field.type in _PRINTED_AS_STORED:
            return {name: {_TEXTS[test.op]: values[0]}}, True
        case _:
            return None, False


def _can_be_asked(test: Test, field: Field) -> bool:
    """Whether the service knows the field and can make sense of the values."""
    # Known from answers alone, and not from the dictionary.
    if field.type in (FieldType.UNKNOWN, FieldType.ROWS):
        return False
    for bound in test.values:
        # The service's times have no zone, and a mere date is no moment.
        if isinstance(bound, Moment) and (
            field.type is FieldType.DATE or not _WITHOUT_ZONE.fullmatch(bound.value)
        ):
            return False
        # A reference is a number, and its 0 means none.
        if isinstance(bound, Text) and field.type in IDS and _wire(field, bound) in (0, bound.value):
            return False
    return True


def _nothings(field: Field) -> list[Json]:
    """The forms of "none" besides null that the service has for a field."""
    if field.type in IDS:
        return [0]
    return [] if field.type in NUMBERS | DATES | {FieldType.BOOLEAN} else [""]


def _wire(field: Field, bound: Bound) -> Json:
    """A value as the service stores it: yes/no by 1 and 0, ids that are numbers as numbers."""
    match bound:
        case Truth(value):
            return 1 if value else 0
        case Number(value):
            return value
        case Day(value) | Moment(value):
            return value.replace("T", " ")
        case Text(value):
            if field.type in IDS:
                found = number(value)
                return found if isinstance(found, int) else value
            return value


def _first(field: Field, bound: Bound) -> Json:
    """Where a value begins: a day at midnight, in a field that holds times."""
    if isinstance(bound, Day) and field.type is FieldType.DATETIME:
        return f"{bound.value} 00:00:00"
    return _wire(field, bound)


def _last(bound: Bound) -> Json:
    """Where a value ends: a day with its last second, which a mere date does not reach."""
    if isinstance(bound, Day):
        return f"{bound.value} 23:59:59"
    return _wire(ID, bound)


def _end(field: Field, op: Op, bound: Bound) -> Json:
    """The end that a comparison is with; after a day means from the next one on."""
    if not isinstance(bound, Day):
        return _wire(field, bound)
    if field.type is FieldType.DATE:
        return bound.value if op in (Op.GE, Op.LT) else _last(bound)
    return _first(field, bound) if op in (Op.GE, Op.LT) else _last(bound)
