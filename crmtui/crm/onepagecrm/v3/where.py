"""What of a filter and an order API v3 can do, as parameters of a list.

Source: the OpenAPI description, "components/parameters". A parameter that means just what we mean takes its
term out of the filter; one that may find more leaves it to be done here too.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, TypeGuard

from crmtui.crm.onepagecrm.filters import FILTER, kept_filter
from crmtui.crm.onepagecrm.v3 import kinds
from crmtui.model.bind import All, Op, Test, Truth, Where
from crmtui.model.errors import UsageError
from crmtui.model.query import Order
from crmtui.model.schema import Field, FieldType

_IDS: Mapping[str, frozenset[str]] = {
    kinds.CONTACTS: frozenset({"owner_id", "status_id", "lead_source_id", "company_id"}),
    kinds.DEALS: frozenset({"owner_id", "pipeline_id", "sales_pipeline_id", "status", "contact_id"}),
    kinds.ACTIONS: frozenset({"assignee_id", "contact_id", "status"}),
    **dict.fromkeys((kinds.NOTES, kinds.CALLS, kinds.MEETINGS), frozenset({"contact_id"})),
}
"""The parameters that are called like a field, and want one value of it."""
_WIDER: Final = {(kinds.DEALS, "contact_id")}
"""Those that find more: a deal may be linked to other contacts than its own."""
_TRUE: Mapping[str, frozenset[str]] = {
    kinds.CONTACTS: frozenset({"starred", "pending_deal"}),
    kinds.ACTIONS: frozenset({"done"}),
}
"""The parameters that find what is so; what no means to them is not told."""
_TIMES: Mapping[str, Mapping[str, str]] = {
    kind: {
        kinds.CREATED: kinds.CREATED,
        kinds.STAMP: kinds.STAMP,
        **{field: "date" for field in ("date",) if kind in (kinds.DEALS, kinds.ACTIONS, kinds.NOTES)},
        **{field: field for field in ("close_date", "expected_close_date") if kind == kinds.DEALS},
    }
    for kind in _IDS
}
"""The `date_filter` by the field that it looks at."""
_MARGIN = timedelta(days=2)
"""Wider than any zone, and either meaning of "since"."""
_VALUE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ONE_OF = ("company_id", "tag", FILTER)
"""Parameters of which only one is taken at a time."""


def parameters_of(
    kind: str, where: Where | None, fields: Mapping[str, Field]
) -> tuple[dict[str, str], Where | None]:
    """The parameters that narrow a list to what a filter means, and what of it is left to be done here."""
    left: list[Where] = []
    kept, terms = kept_filter(terms_of(where))
    asked = {FILTER: kept} if kept else {}
    if kind == kinds.CONTACTS and {term.field for term in terms if _is_unplanned(term)} == set(kinds.NEXT):
        asked["has_actions"] = "false"
        terms = tuple(term for term in terms if not _is_unplanned(term))
    for term in terms:
        found, exact = _parameters(kind, term, fields) if isinstance(term, Test) else ({}, False)
        if found and not _is_taken(found, asked):
            asked |= found
        else:
            exact = False
        if not exact:
            left.append(term)
    return asked, all_of(tuple(left))


def order_of(kind: str, order: Sequence[Order]) -> dict[str, str]:
    """The order parameters, of one field."""
    if not order:
        return {}
    known = kinds.ORDERS[kind]
    if len(order) > 1 or order[0].field not in known:
        raise UsageError(f"OnePageCRM orders {kind} by one field; name one of {', '.join(known)}.")
    return {"sort_by": order[0].field, "order": "desc" if order[0].descending else "asc"}


def id_of(where: Where | None) -> tuple[str, Where | None]:
    """The one record that a filter names by its id, and the rest of it.

    Whether it is one of a filter that the account keeps only the list of that tells.
    """
    terms = terms_of(where)
    if kept_filter(terms)[0]:
        return "", where
    for at, term in enumerate(terms):
        if (
            isinstance(term, Test)
            and term.field == "id"
            and len(term.plain) == 1
            and term.op in (Op.EQ, Op.IN)
        ):
            id_ = str(term.plain[0])
            if _VALUE.fullmatch(id_):
                return id_, all_of((*terms[:at], *terms[at + 1 :]))
    return "", where


def terms_of(where: Where | None) -> tuple[Where, ...]:
    """The terms that must all hold."""
    if where is None:
        return ()
    return where.terms if isinstance(where, All) else (where,)


def all_of(terms: tuple[Where, ...]) -> Where | None:
    """One filter of terms, None of none."""
    if len(terms) == 1:
        return terms[0]
    return All(terms) if terms else None


def is_of_stream(kind: str, where: Where | None) -> bool:
    """Whether contacts are asked for that have a next action, and nothing else is asked of them."""
    return (
        kind == kinds.CONTACTS
        and isinstance(where, Test)
        and (where.field, where.op) == (kinds.NEXT[0], Op.NOT_EMPTY)
    )


def _is_unplanned(term: Where) -> TypeGuard[Test]:
    """Whether a term means that a contact has none of what can be planned for it."""
    return isinstance(term, Test) and term.field in kinds.NEXT and term.op is Op.EMPTY


def _is_taken(found: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """Whether a parameter was given already, or one that goes without it."""
    return not asked.keys().isdisjoint(found) or (
        any(name in found for name in _ONE_OF) and any(name in asked for name in _ONE_OF)
    )


def _parameters(kind: str, test: Test, fields: Mapping[str, Field]) -> tuple[dict[str, str], bool]:
    """What narrows to a test, and whether it means just the same."""
    field = fields.get(test.field) or Field(test.field)
    if test.field in _TIMES.get(kind, {}) and field.type in (FieldType.DATE, FieldType.DATETIME):
        return _days(_TIMES[kind][test.field], test), False
    if test.field in _TRUE.get(kind, ()):
        return _truth(test)
    if test.op is not Op.EQ or len(test.plain) != 1:
        return {}, False
    value = str(test.plain[0])
    known = {choice.value for choice in field.choices or ()}
    if test.field == kinds.TAGS and kind == kinds.CONTACTS and value in known:
        return {"tag": value}, True
    if test.field not in _IDS.get(kind, ()) or not _VALUE.fullmatch(value):
        return {}, False
    return {test.field: value}, (kind, test.field) not in _WIDER


def _truth(test: Test) -> tuple[dict[str, str], bool]:
    """What is so just as we mean it; what is not so at most, for `false` may mean all."""
    if len(test.values) != 1 or not isinstance(truth := test.values[0], Truth):
        return {}, False
    if test.op not in (Op.EQ, Op.NE):
        return {}, False
    wanted = truth.value is (test.op is Op.EQ)
    if wanted:
        return {test.field: "true"}, test.op is Op.EQ
    return ({"done": "false"}, False) if test.field == "done" else ({}, False)


def _days(name: str, test: Test) -> dict[str, str]:
    """The days from a few before to a few after what is meant."""
    found: dict[str, str] = {}
    try:
        ends = [date.fromisoformat(str(value)[:10]) for value in test.plain]
        if test.op in (Op.GT, Op.GE, Op.EQ, Op.BETWEEN):
            found["since"] = (ends[0] - _MARGIN).isoformat()
        if test.op in (Op.LT, Op.LE, Op.EQ, Op.BETWEEN):
            found["until"] = (ends[-1] + _MARGIN).isoformat()
    except (ValueError, OverflowError, IndexError):
        return {}
    return {"date_filter": name, **found} if found else {}
