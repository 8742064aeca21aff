"""What of a filter Capsule v1 can do: the path of a list, and its parameters.

Which parameters may stand together is not said: the one that leaves out most is sent, and all but a tag
is looked at here once more. Source: facts `capsule.md`, sections 1.1 and 1.2.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from typing import NamedTuple

from crmtui.crm.capsule import kinds
from crmtui.crm.capsule.v1.names import API, LISTS, OWNERS, SEGMENTS
from crmtui.model import dates
from crmtui.model.bind import ID, All, Op, Test, Where
from crmtui.model.errors import UsageError
from crmtui.model.match import names_in
from crmtui.model.query import Window
from crmtui.model.schema import Field
from crmtui.model.value import text_of

FILTERS: Mapping[str, tuple[str, ...]] = {
    kinds.PARTIES: ("=", ">="),
    kinds.OPPORTUNITIES: ("=", ">="),
    kinds.KASES: ("=", ">="),
    kinds.TASKS: ("=",),
    kinds.ENTRIES: ("=",),
}
"""The operators that the service itself knows, of some fields."""
OPEN_ONLY = Window("status OPEN", "status", kinds.COMPLETED, "one", has=kinds.OPEN)
_STATES = (kinds.OPEN, kinds.COMPLETED)
_STAMPED = (kinds.PARTIES, kinds.OPPORTUNITIES, kinds.KASES)
_SINCE = (Op.GE, Op.GT, Op.BETWEEN, Op.EQ)
_BY_NAME = ("firstName", "lastName")
_TASKS = {"owner": "user", "category": "category"}


class Route(NamedTuple):
    """Where a list is had: its path, its parameters, what is left to be done here, and what it is less than.

    `is_one`: the path is that of a single record.
    """

    path: str
    query: tuple[tuple[str, str], ...] = ()
    rest: Where | None = None
    window: Window | None = None
    is_one: bool = False


def route_of(kind: str, where: Where | None, fields: Mapping[str, Field]) -> Route:
    """The way to ask for a list of records that fulfil a filter."""
    terms = where.terms if isinstance(where, All) else () if where is None else (where,)
    if (id_ := _number(terms, ID.name)) is not None:
        left = [term for term in terms if _equal_to(term, ID.name) != id_]
        return Route(f"{API}/{SEGMENTS[kind]}/{id_}", (), _left(left, fields), is_one=True)
    if kind == kinds.TASKS:
        return _tasks(terms, fields)
    if kind == kinds.ENTRIES:
        return _entries(terms, fields)
    if (tag := _equal(terms, kinds.TAGS)) is not None:
        # Lists leave tags out: this term cannot be looked at again.
        left = [term for term in terms if _equal_to(term, kinds.TAGS) != tag]
        return Route(f"{API}/{LISTS[kind]}", (("tag", tag),), _left(left, fields))
    above = "organisation" if kind == kinds.PARTIES else "party"
    if (id_ := _number(terms, above)) is not None:
        beneath = "people" if kind == kinds.PARTIES else LISTS[kind]
        left = [term for term in terms if _equal_to(term, above) != id_]
        return Route(f"{API}/party/{id_}/{beneath}", (), _left(left, fields))
    return Route(f"{API}/{LISTS[kind]}", _narrowed(kind, terms, fields), _left(terms, fields))


def since_of(moment: str) -> str:
    """The moment before which nothing is asked for, in the service's form; a second earlier than it is.

    Whether the service means "since" or "after" is not said.
    """
    period = dates.period(moment)
    if period is None:
        raise UsageError(f"{moment} is no date or time.")
    return (period[0].astimezone(UTC) - timedelta(seconds=1)).strftime("%Y%m%dT%H%M%S")


def _tasks(terms: Sequence[Where], fields: Mapping[str, Field]) -> Route:
    """Tasks of everything, or beneath a record. They are had by one status: open unless told otherwise."""
    status = _status(terms)
    query = [("status", status)] if status else []
    left = [term for term in terms if not (isinstance(term, Test) and term.field == "status")]
    path = f"{API}/tasks"
    found = _owner(terms)
    if found:
        owner, id_ = found
        path = f"{API}/{OWNERS[owner]}/{id_}/tasks"
        left = [term for term in left if _equal_to(term, owner) != id_]
    else:
        values = {parameter: _equal(terms, name) for name, parameter in _TASKS.items()}
        query += [(parameter, value) for parameter, value in values.items() if value is not None]
    return Route(path, tuple(query), _left(left, fields), None if status else OPEN_ONLY)


def _entries(terms: Sequence[Where], fields: Mapping[str, Field]) -> Route:
    found = _owner(terms)
    if found is None:
        raise UsageError(
            "Capsule v1 lists the history of one record only: say party=ID, opportunity=ID or kase=ID."
        )
    owner, id_ = found
    left = [term for term in terms if _equal_to(term, owner) != id_]
    return Route(f"{API}/{OWNERS[owner]}/{id_}/history", (), _left(left, fields))


def _status(terms: Sequence[Where]) -> str | None:
    """The one status that tasks are asked for; None where no term tells of it."""
    asked = [term for term in terms if "status" in names_in(term)]
    if not asked:
        return None
    wanted = {state for state in _STATES if all(_has_status(term, state) for term in asked)}
    if len(wanted) != 1:
        raise UsageError("Capsule v1 lists tasks by one status: status=OPEN or status=COMPLETED.")
    return wanted.pop()


def _has_status(term: Where, state: str) -> bool:
    """Whether a term, which is of the status alone, lets tasks of a status pass."""
    if not isinstance(term, Test) or term.op not in (Op.EQ, Op.IN, Op.NE, Op.NOT_IN):
        raise UsageError("Capsule v1 lists tasks by one status: status=OPEN or status=COMPLETED.")
    named = state in [text_of(value).upper() for value in term.plain]
    return named is (term.op in (Op.EQ, Op.IN))


def _narrowed(kind: str, terms: Sequence[Where], fields: Mapping[str, Field]) -> tuple[tuple[str, str], ...]:
    """The one parameter that leaves out most and nothing that is wanted."""
    if kind == kinds.PARTIES:
        if (address := _equal(terms, "emailAddresses.address")) is not None:
            return (("email", address),)
        names = [name for part in _BY_NAME if (name := _equal(terms, part)) is not None]
        if len(names) == len(_BY_NAME):
            return (("q", " ".join(names)),)
        if (name := _equal(terms, "name")) is not None:
            return (("q", name),)
    if kind == kinds.OPPORTUNITIES and (label := _milestone(terms, fields)):
        return (("milestone", label),)
    for term in terms if kind in _STAMPED else ():
        if isinstance(term, Test) and term.field == kinds.STAMP and term.op in _SINCE:
            return (("lastmodified", since_of(text_of(term.values[0].value))),)
    return ()


def _milestone(terms: Sequence[Where], fields: Mapping[str, Field]) -> str:
    """The name of the milestone that is asked for; empty where that is not known."""
    id_, field = _equal(terms, "milestone"), fields.get("milestone")
    labels = (choice.label for choice in (field and field.choices) or () if choice.value == id_)
    return next(labels, "")


def _left(terms: Sequence[Where], fields: Mapping[str, Field]) -> Where | None:
    """What is left to be looked at here, of which lists must tell."""
    for name in sorted({name for term in terms for name in names_in(term)}):
        field = fields.get(name) or fields.get(name.partition(".")[0])
        if field is not None and field.part:
            raise UsageError(
                f"Capsule v1's lists leave {field.title} out, so that they can be filtered by one tag only:"
                " tags=NAME. Leave the rest out, or use --offline."
            )
    return None if not terms else terms[0] if len(terms) == 1 else All(tuple(terms))


def _owner(terms: Sequence[Where]) -> tuple[str, str] | None:
    """What tasks or entries hang on: the field that names it, and its id."""
    found = ((owner, _number(terms, owner)) for owner in OWNERS)
    return next(((owner, id_) for owner, id_ in found if id_ is not None), None)


def _number(terms: Sequence[Where], name: str) -> str | None:
    """The id that a field is to be equal to."""
    id_ = _equal(terms, name)
    return id_ if id_ and id_.isascii() and id_.isdigit() else None


def _equal(terms: Sequence[Where], name: str) -> str | None:
    """The text that a field is to be equal to; None where no term says so."""
    return next((text for term in terms if (text := _equal_to(term, name)) is not None), None)


def _equal_to(term: Where, name: str) -> str | None:
    if isinstance(term, Test) and term.field == name and term.op is Op.EQ:
        return text_of(term.values[0].value)
    return None
