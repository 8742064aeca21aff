"""A filter as the arguments of a report: as much of it as a report can do, and never less than is wanted.

Source: the vendor's page "Activity reports". Whether its periods have their ends in them and in whose
zone its days begin is not said: a day more is asked for at either end. What comes is looked at here again.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from crmtui.crm.solve360.reports import ACTIVITY_TYPES, CATEGORIES_ARGUMENT, ITEM_TYPES, REPORTS, Report
from crmtui.model.bind import All, Any_, Day, Moment, Negate, Op, Test, Text, Truth, Where
from crmtui.model.dates import days_later
from crmtui.model.errors import UsageError
from crmtui.model.match import names_in
from crmtui.model.query import Window

Arguments: TypeAlias = dict[str, str]
Span: TypeAlias = tuple[str | None, str | None]
"""The first and the last day of a period, None where it is open."""

_FIRST, _LAST = "1970-01-01", "2099-12-31"
"""For a period that is open at an end: whether a report takes one is not said."""
_LAST_WORDS = {"updated": "updated", "created": "created", "completedon": "completed"}
_FROM, _UNTIL = frozenset({Op.GT, Op.GE}), frozenset({Op.LT, Op.LE})


def arguments_of(kind: str, where: Where | None) -> tuple[Arguments, Where | None, Window | None]:
    """The arguments of a report, what is left to be done here, and what it has for want of a period."""
    report = REPORTS[kind]
    terms = _terms(where)
    given, seen = _unseen(kind, report, terms)
    window = _period(report, where, given)
    if report.due:
        _due(report.due, where, terms, given)
    _person(report, where, terms, given)
    for field, name in report.sets.items():
        ids = sorted(filter(str.isdecimal, _values(where, field) or ()), key=int)
        if ids:
            given[name] = ",".join(ids)
    if "typeid" in report.sets:
        # Without types the report has nothing at all.
        given.setdefault("types", ",".join(ACTIVITY_TYPES))
    if CATEGORIES_ARGUMENT in given:
        given.setdefault("itemtypes", ",".join(ITEM_TYPES))
    states = _values(where, "status") if report.states else None
    if states and len(states) == 1:
        given["status"] = min(states).lower()
    if report.bills:
        _billing(terms, given)
    return given, None if not seen else seen[0] if len(seen) == 1 else All(tuple(seen)), window


def _terms(where: Where | None) -> tuple[Where, ...]:
    """What must all hold."""
    return () if where is None else where.terms if isinstance(where, All) else (where,)


def _unseen(kind: str, report: Report, terms: Iterable[Where]) -> tuple[Arguments, list[Where]]:
    """The arguments that the service alone can look at, and the other terms."""
    given: Arguments = {}
    seen: list[Where] = []
    for term in terms:
        name = next((name for name in names_in(term) if name in report.unseen), None)
        if name is None:
            seen.append(term)
        elif isinstance(term, Test) and term.op in (Op.EQ, Op.IN) and name not in given:
            given[name] = ",".join(str(bound.value) for bound in term.values)
        else:
            raise UsageError(
                f"The rows of {kind} do not tell their {name}, so that only the service can look at it:"
                f" write {name}=VALUE once, beside the other terms."
            )
    return given, seen


def _period(report: Report, where: Where | None, given: Arguments) -> Window | None:
    """The days that a report must lie in; where a filter says nothing of them, the usual ones."""
    if not report.times:
        return None
    spans = {field: _span(where, field) for field in report.times}
    field = next((field for field, span in spans.items() if span), None)
    named = set(names_in(where)) if where is not None else set()
    about = field or next((field for field in report.times if field in named), report.times[0])
    if report.tells:
        given["last"] = _LAST_WORDS[about]
    if field is not None:
        given["start"], given["end"] = _widened(spans[field] or (None, None))
    elif about in named:
        given["start"], given["end"] = _FIRST, _LAST
    else:
        today = datetime.now(UTC).date().isoformat()
        given["start"], given["end"] = (days_later(today, days) for days in report.days)
        return Window(f"{report.window}" + (f" by {about}" if report.tells else ""), about)
    return None


def _due(field: str, where: Where | None, terms: Iterable[Where], given: Arguments) -> None:
    """By when it is due. The words `now` and `next7` leave open what they have of what is late already."""
    if Test(field, Op.EMPTY) in terms:
        given["due"] = "nodate"
    elif span := _span(where, field):
        given["due"] = ",".join(_widened(span))


def _person(report: Report, where: Where | None, terms: Iterable[Where], given: Arguments) -> None:
    """Who is in charge: a user or a group, several where that can be asked, or nobody."""
    for field in report.people:
        if Test(field, Op.EMPTY) in terms:
            given[report.person] = "0"
            return
        ids = _values(where, field)
        if ids and all(map(str.isdecimal, ids)) and (len(ids) == 1 or report.crowd):
            given[report.person] = ",".join(sorted(ids, key=int))
            return


def _billing(terms: Iterable[Where], given: Arguments) -> None:
    """One of what is invoiced, billable, or not billable."""
    for term in terms:
        if term == Test("invoiced", Op.NOT_EMPTY):
            given["filter"] = "invoiced"
            return
    for billable in (True, False):
        if Test("billable", Op.EQ, (Truth(billable),)) in terms:
            given["filter"] = "billable" if billable else "non-billable"


def _values(where: Where | None, field: str) -> frozenset[str] | None:
    """The texts one of which a field must have, None where it may have any."""
    match where:
        case Test(field=name, op=Op.EQ | Op.IN, values=values) if name == field:
            return frozenset(bound.value for bound in values if isinstance(bound, Text))
        case All(terms):
            found = [ids for term in terms if (ids := _values(term, field)) is not None]
            return frozenset.intersection(*found) if found else None
        case Any_(terms):
            sets = [_values(term, field) for term in terms]
            known = [ids for ids in sets if ids is not None]
            return frozenset.union(*known) if len(known) == len(sets) else None
    return None


def _span(where: Where | None, field: str) -> Span | None:
    """The days that a field must lie in, None where it may lie in any or have none."""
    match where:
        case Test(field=name) if name == field:
            return _span_of(where)
        case All(terms):
            return _within(filter(None, (_span(term, field) for term in terms)))
        case Any_(terms):
            spans = [_span(term, field) for term in terms]
            known = [span for span in spans if span]
            return _around(known) if len(known) == len(spans) else None
        case Negate(_):
            return None
    return None


def _span_of(test: Test) -> Span | None:
    days = [bound.value[:10] for bound in test.values if isinstance(bound, Day | Moment)]
    if not days:
        return None
    if test.op in _FROM:
        return days[0], None
    if test.op in _UNTIL:
        return None, days[0]
    return (min(days), max(days)) if test.op in (Op.EQ, Op.IN, Op.BETWEEN) else None


def _within(spans: Iterator[Span]) -> Span | None:
    """What lies in all of them."""
    known = list(spans)
    starts, ends = ([span[at] for span in known if span[at]] for at in (0, 1))
    return (max(filter(None, starts), default=None), min(filter(None, ends), default=None)) if known else None


def _around(spans: list[Span]) -> Span | None:
    """What has all of them in it; None where that is everything."""
    starts, ends = ([span[at] or "" for span in spans] for at in (0, 1))
    found = min(starts) or None, max(ends) if all(ends) else None
    return found if any(found) else None


def _widened(span: Span) -> tuple[str, str]:
    """A day more at either end; days that the calendar has no neighbours for stay."""
    start, end = span
    return _later(start, -1) if start else _FIRST, _later(end, 1) if end else _LAST


def _later(day: str, count: int) -> str:
    try:
        return days_later(day, count)
    except OverflowError:
        return day


def asked_of(given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The arguments in an order of their own, so that the same question is the same request."""
    return tuple(sorted(given.items()))
