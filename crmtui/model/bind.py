"""What a filter means: its terms bound to the fields of a kind, for the services and the local matcher."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, TypeAlias

import msgspec

from crmtui.model import dates
from crmtui.model.schema import DATES, IDS, NUMBERS, Choice, Field, FieldType
from crmtui.model.value import fold, number, resolve, typed_number, typed_truth
from crmtui.model.where import And, Compare, Not, Operand, Or, Sign, Term, WhereError


class Op(StrEnum):
    """What a test asks of a field."""

    EQ = "eq"
    NE = "ne"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    BETWEEN = "between"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    CONTAINS = "contains"
    IN = "in"
    NOT_IN = "notin"
    EMPTY = "empty"
    NOT_EMPTY = "notempty"


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A text, an id or the value of a choice."""

    value: str


class Number(msgspec.Struct, frozen=True, tag="number"):
    """A number with all its digits."""

    value: int | Decimal


class Truth(msgspec.Struct, frozen=True, tag="truth"):
    """Yes or no."""

    value: bool


class Day(msgspec.Struct, frozen=True, tag="day"):
    """A whole day, `YYYY-MM-DD`: compared with a date-time it lasts until midnight."""

    value: str


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    """A date-time, ISO 8601."""

    value: str


Bound: TypeAlias = Text | Number | Truth | Day | Moment


class Test(msgspec.Struct, frozen=True, tag="test"):
    """A question to one field, `FIELD.MEMBER` in rows.

    `values` are none for `empty` and `notempty`, two for `between`, some for `in` and `notin`,
    else one. `ne` and `notin` hold for an empty field, as `empty` does, and all others do not.
    """

    __test__: ClassVar[bool] = False  # pytest takes classes of this name for its own

    field: str
    op: Op
    values: tuple[Bound, ...] = ()

    @property
    def plain(self) -> tuple[str | int | Decimal | bool, ...]:
        """The values as Python's own."""
        return tuple(bound.value for bound in self.values)


class All(msgspec.Struct, frozen=True, tag="all"):
    """Holds where every one of its terms does; without terms, everywhere."""

    terms: tuple["Where", ...]


class Any_(msgspec.Struct, frozen=True, tag="any"):
    """Holds where one of its terms does."""

    terms: tuple["Where", ...]


class Negate(msgspec.Struct, frozen=True, tag="not"):
    """Holds where its term does not."""

    term: "Where"


Where: TypeAlias = All | Any_ | Negate | Test

ID = Field("id", type=FieldType.REFERENCE, read_only=True)
"""The id of a record, which is a field in every kind."""

Choices: TypeAlias = Callable[[Field], Sequence[Choice]]

_ORDERED: Mapping[Sign, Op] = {
    Sign.ABOVE: Op.GT,
    Sign.AT_LEAST: Op.GE,
    Sign.BELOW: Op.LT,
    Sign.AT_MOST: Op.LE,
}
_PARTIAL: Mapping[Sign, Op] = {
    Sign.BEGINS: Op.PREFIX,
    Sign.ENDS: Op.SUFFIX,
    Sign.CONTAINS: Op.CONTAINS,
}
_PARTS: Mapping[Op, Callable[[str, str], bool]] = {
    Op.PREFIX: str.startswith,
    Op.SUFFIX: str.endswith,
    Op.CONTAINS: str.__contains__,
}
_OPPOSITES: Mapping[Op, Op] = {
    Op.EQ: Op.NE,
    Op.NE: Op.EQ,
    Op.IN: Op.NOT_IN,
    Op.NOT_IN: Op.IN,
    Op.EMPTY: Op.NOT_EMPTY,
    Op.NOT_EMPTY: Op.EMPTY,
}
_RANKED = NUMBERS | DATES | IDS


def bind(
    terms: Sequence[Term], fields: Mapping[str, Field], *, today: date, choices: Choices | None = None
) -> Where:
    """The terms, all of which must hold, bound to the fields; `choices` tells what a field can be."""
    binder = _Binder(fields, today, choices or (lambda field: field.choices or ()))
    return _joined(All, [binder.term(term) for term in terms])


def field_of(fields: Mapping[str, Field], name: str) -> Field | None:
    """The field of that name, or the member of a row's field, `FIELD.MEMBER`."""
    if name == ID.name:
        return ID
    if name in fields:
        return fields[name]
    for at in (at for at, char in enumerate(name) if char == "."):
        rows = fields.get(name[:at])
        if rows is None or rows.type is not FieldType.ROWS or at + 1 == len(name):
            continue
        if not rows.fields:
            return Field(name[at + 1 :], type=FieldType.UNKNOWN)
        member = field_of({field.name: field for field in rows.fields}, name[at + 1 :])
        if member:
            return member
    return None


def _joined(node: type[All] | type[Any_], terms: Sequence[Where]) -> Where:
    """One node for several terms, in which nodes of its own sort are dissolved."""
    parts: list[Where] = []
    for term in terms:
        parts.extend(term.terms if isinstance(term, node) else (term,))
    return parts[0] if len(parts) == 1 else node(tuple(parts))


def _negated(term: Where) -> Where:
    """The opposite of a term: where there is an operator for it, without a node of its own."""
    if isinstance(term, Negate):
        return term.term
    if isinstance(term, Test) and term.op in _OPPOSITES:
        return Test(term.field, _OPPOSITES[term.op], term.values)
    return Negate(term)


def _ranked(field: Field) -> Field:
    """The field as it is put in order: by the numbers that ids are, and that stand behind labels."""
    return Field(field.name, type=FieldType.INTEGER if field.type in IDS else field.type)


def _stored(field: Field, value: str) -> Text | Number:
    """The value of a choice as it is compared: a number in a field of numbers."""
    found = number(value) if field.type in NUMBERS else None
    return Text(value) if found is None else Number(found)


class _Binder:
    """The fields, the day and the choices that terms are bound to."""

    def __init__(self, fields: Mapping[str, Field], today: date, choices: Choices) -> None:
        self._fields = fields
        self._today = today
        self._choices = choices

    def term(self, term: Term) -> Where:
        """A term of any sort, bound."""
        if isinstance(term, And):
            return _joined(All, [self.term(part) for part in term.terms])
        if isinstance(term, Or):
            return _joined(Any_, [self.term(part) for part in term.terms])
        if isinstance(term, Not):
            return _negated(self.term(term.term))
        return self._compare(term)

    def _compare(self, term: Compare) -> Where:
        field = field_of(self._fields, term.field)
        if field is None:
            raise WhereError(self._no_field(term.field), term.span[0])
        if term.sign in (Sign.EQUAL, Sign.UNEQUAL):
            equal = self._one_of(term, field)
            return equal if term.sign is Sign.EQUAL else _negated(equal)
        [operand] = term.operands
        if not operand.text:
            raise WhereError(f'A value is missing after "{term.field}{term.sign}".', operand.span[0])
        if term.sign in _PARTIAL:
            return self._partly(Test(term.field, _PARTIAL[term.sign], (Text(operand.text),)), field)
        if field.type not in _RANKED:
            raise WhereError(
                f"{term.field} is neither number nor date: < <= > >= and .. are for those, use = ^= $= or ~.",
                term.span[0],
            )
        return Test(term.field, _ORDERED[term.sign], (self._value(term.field, _ranked(field), operand),))

    def _partly(self, test: Test, field: Field) -> Where:
        """A test of a part of a text; the text of a choice is its label, which may mean another value."""
        if not field.named or field.type in IDS:
            return test
        holds, part = _PARTS[test.op], fold(str(test.values[0].value))
        others = [c for c in self._choices(field) if c.label != c.value and holds(fold(c.label), part)]
        values = dict.fromkeys(choice.value for choice in others)
        meant = tuple(_stored(field, value) for value in values)
        if not meant:
            return test
        return Any_((test, Test(test.field, Op.EQ if len(meant) == 1 else Op.IN, meant)))

    def _no_field(self, name: str) -> str:
        import difflib  # only a mistake needs it

        members = [
            f"{field.name}.{member.name}" for field in self._fields.values() for member in field.fields
        ]
        close = difflib.get_close_matches(name, [*self._fields, *members], 1)
        return f'There is no field "{name}"' + (f': did you mean "{close[0]}"?' if close else ".")

    def _one_of(self, term: Compare, field: Field) -> Where:
        """The test that a field is one of the alternatives, some of which may be ranges."""
        tests: list[Where] = []
        values: dict[Bound, None] = {}
        for operand in term.operands:
            ends = self._ends(field, operand)
            if ends:
                low, high = (self._value(term.field, _ranked(field), end) for end in ends)
                tests.append(Test(term.field, Op.BETWEEN, (low, high)))
            elif operand.text:
                values[self._value(term.field, field, operand)] = None
        if values:
            tests.insert(0, Test(term.field, Op.EQ if len(values) == 1 else Op.IN, tuple(values)))
        if not all(operand.text for operand in term.operands) or not term.operands:
            tests.append(Test(term.field, Op.EMPTY))
        return _joined(Any_, tests)

    def _ends(self, field: Field, operand: Operand) -> tuple[Operand, Operand] | None:
        """The ends of a range; None where the operand is none, as in every text."""
        if operand.quoted or ".." not in operand.text or field.type not in _RANKED:
            return None
        low, _, high = operand.text.partition("..")
        ends = [end.strip() for end in (low, high)]
        if field.type in IDS and not all(number(end) is not None for end in ends if end):
            return None  # ids that are no numbers, and labels, are texts
        start, stop = operand.span
        if not all(ends):
            raise WhereError(f'A range has two ends, as in 1..5: "{operand.text}" lacks one.', start)
        return Operand(low, span=(start, start + len(low))), Operand(high, span=(stop - len(high), stop))

    def _value(self, name: str, field: Field, operand: Operand) -> Bound:
        """An operand as the field's type of value."""
        try:
            if field.type in NUMBERS:
                text = self._labelled(field, operand.text)
                return Number(typed_number(text, percent=field.type is FieldType.PERCENT))
            if field.type is FieldType.BOOLEAN:
                return Truth(typed_truth(operand.text))
            if field.type in DATES:
                return self._date(operand)
            return Text(self._labelled(field, operand.text))
        except ValueError as reason:
            raise WhereError(f"{name} {reason}.", operand.span[0]) from None

    def _date(self, operand: Operand) -> Day | Moment:
        if operand.quoted and dates.iso(operand.text) is None:
            raise ValueError(f'is no date: "{operand.text}"; words like today stand without quotes')
        stamp = dates.typed_moment(operand.text, self._today)
        return Day(stamp) if dates.is_day(stamp) else Moment(stamp)

    def _labelled(self, field: Field, text: str) -> str:
        """The value that a text means, by itself or by its label; case counts in neither."""
        if field is ID or not field.named:
            return text
        known = self._choices(field)
        alike = [choice.value for choice in known if fold(choice.value) == fold(text)]
        return alike[0] if alike and text not in alike else resolve(field, text, known)
