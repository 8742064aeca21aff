"""A filter and an order as parameters of a list.

Source: the vendor's page "API Reference" (section "Working with records") and public client code: a list is
narrowed by one category, one e-mail address or one phone number; all else is left over for the matcher here.
"""

from collections.abc import Sequence
from typing import TypeAlias, TypeGuard

from crmtui.crm.solve360.kinds import CATEGORIES, RELATED
from crmtui.model.bind import All, Number, Op, Test, Text, Where
from crmtui.model.errors import UsageError
from crmtui.model.match import names_in
from crmtui.model.query import Order
from crmtui.model.value import text_of

Parameters: TypeAlias = tuple[tuple[str, str], ...]

_EMAILS = frozenset({"businessemail", "personalemail", "otheremail"})
_PHONES = frozenset({"businessphonedirect", "businessphonemain", "cellularphone", "homephone", "phone"})
_MODES = {
    **dict.fromkeys(_EMAILS, "byemail"),
    **dict.fromkeys(_PHONES, "byphone"),
    CATEGORIES: "category",
}
"""The filter mode that each field can be asked by; all but a category find what other fields hold too."""
_LEFT_OUT = frozenset({CATEGORIES, RELATED, "ownership"})
"""What lists leave out of their rows, so that no matcher here can look at it."""


def filter_of(where: Where | None) -> tuple[Parameters, Where | None]:
    """The service's part of a filter, and what is left to be done here."""
    if where is None:
        return (), None
    terms = where.terms if isinstance(where, All) else (where,)
    # A category can be asked for by the service alone.
    asked = sorted(filter(_can_be_asked, terms), key=lambda term: term.field != CATEGORIES)
    first = asked[0] if asked else None
    left = tuple(term for term in terms if term is not first or first.field != CATEGORIES)
    for term in left:
        _refuse_unlisted(term)
    rest = None if not left else left[0] if len(left) == 1 else All(left)
    if first is None:
        return (), rest
    value = text_of(first.values[0].value)
    return (("filtermode", _MODES[first.field]), ("filtervalue", value)), rest


def order_of(order: Sequence[Order]) -> Parameters:
    """The order parameters, of one field."""
    if not order:
        return ()
    if len(order) > 1:
        raise UsageError("Solve360 orders a list by one field; name one only.")
    way = "DESC" if order[0].descending else "ASC"
    return (("sortfield", order[0].field), ("sortdir", way))


def _can_be_asked(term: Where) -> TypeGuard[Test]:
    return (
        isinstance(term, Test)
        and term.op is Op.EQ
        and term.field in _MODES
        and isinstance(term.values[0], Text | Number)
    )


def _refuse_unlisted(term: Where) -> None:
    names = sorted(set(names_in(term)) & _LEFT_OUT)
    if names:
        raise UsageError(
            f"Solve360's lists leave {names[0]} out, so that they can be filtered by one"
            f" category only: {CATEGORIES}=NAME. Leave the rest out, or use --offline."
        )
