"""What of a filter OnePageCRM v1.2 can do: the path of a list, and its parameters.

Source: facts `onepagecrm.md`, section 4: `system_tag` makes the service pass over `tag`, and `filter_id`
over both.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from crmtui.crm.onepagecrm.filters import FILTER, kept_filter
from crmtui.crm.onepagecrm.v1 import kinds
from crmtui.model.bind import ID, All, Op, Test, Where
from crmtui.model.errors import UsageError
from crmtui.model.match import names_in
from crmtui.model.schema import Field
from crmtui.model.value import text_of

_SEARCHED = ("lastname", "firstname", "company")
_FLAGS: Mapping[str, tuple[str, str]] = {
    "vip": ("tag", "VIP"),
    "pendingdeal": ("system_tag", "pending_deals"),
}
"""Marks that the service lists by, and how."""


class Route(NamedTuple):
    """How a list is had: its parameters, what is left to be done here, the id of the one record wanted."""

    query: tuple[tuple[str, str], ...] = ()
    rest: Where | None = None
    id: str = ""


def route_of(kind: str, where: Where | None, fields: Mapping[str, Field]) -> Route:
    """The way to ask for a list of records that fulfil a filter."""
    terms = where.terms if isinstance(where, All) else () if where is None else (where,)
    kept, others = kept_filter(terms)
    if kept:
        _refuse_unlisted(others, fields)
        return Route(((FILTER, kept),), _all(others))
    if id_ := _equal(terms, ID.name):
        left = [term for term in terms if _equal_to(term, ID.name) != id_]
        return Route((), _all(left), id_)
    if kind != kinds.CONTACTS:
        contact = _equal(terms, kinds.CONTACT)
        if not contact:
            raise UsageError(
                f"OnePageCRM v1.2 lists the {kind} of one contact only: crmtui list CONN/{kind}"
                f" {kinds.CONTACT}=ID prints them, and the app shows them on the contact."
            )
        left = [term for term in terms if _equal_to(term, kinds.CONTACT) != contact]
        return Route(((kinds.CONTACT, contact),), _all(left))
    _refuse_unlisted(terms, fields)
    for term in terms:
        if asked := _asked(term):
            # Where it is all there is, the service's own answer is the list.
            return Route((asked,), where if len(terms) > 1 else None)
    words = (word for name in _SEARCHED if (word := _equal(terms, name)))
    word = next(words, None)
    return Route((("search", word),) if word else (), where)


def _asked(term: Where) -> tuple[str, str] | None:
    """The parameter that says just what a term says."""
    if not isinstance(term, Test) or term.op is not Op.EQ:
        return None
    if term.field == kinds.TAGS:
        return ("tag", text_of(term.values[0].value))
    return _FLAGS.get(term.field) if term.values[0].value is True else None


def _refuse_unlisted(terms: Sequence[Where], fields: Mapping[str, Field]) -> None:
    for name in sorted({name for term in terms for name in names_in(term)}):
        field = fields.get(name) or fields.get(name.partition(".")[0])
        if field is not None and not field.listed:
            raise UsageError(
                f"OnePageCRM v1.2's lists leave {field.title} out, so that they cannot be filtered by it."
                " Leave it out, or use --offline."
            )


def _all(terms: Sequence[Where]) -> Where | None:
    return None if not terms else terms[0] if len(terms) == 1 else All(tuple(terms))


def _equal(terms: Sequence[Where], name: str) -> str | None:
    return next((text for term in terms if (text := _equal_to(term, name)) is not None), None)


def _equal_to(term: Where, name: str) -> str | None:
    """The text that a field is to be equal to; None where a term does not say so."""
    if isinstance(term, Test) and term.field == name and term.op is Op.EQ:
        return text_of(term.values[0].value)
    return None
