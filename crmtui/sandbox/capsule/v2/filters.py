"""Filters: conditions that are all to hold (page "Filters" of the documents)."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crmtui.sandbox.capsule.office import Office

from .filter_fields import Field, Fields
from .message import Problem, invalid

Json = dict[str, Any]
_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "is": ("string", "number", "date", "boolean", "named"),
    "is not": ("string", "number", "date", "boolean", "named"),
    "starts with": ("string",),
    "ends with": ("string",),
    "contains": ("string",),
    "is greater than": ("number",),
    "is less than": ("number",),
    "is after": ("date",),
    "is before": ("date",),
    "is older than": ("date",),
    "is within last": ("date",),
    "is within next": ("date",),
}
_DAYS = ("is older than", "is within last", "is within next")


def conditions(body: Json, entity: str, office: Office) -> Callable[[Json], bool]:
    """Whether a record, as it is kept, meets the filter of a body."""
    given = body.get("filter")
    if not isinstance(given, dict) or not isinstance(given.get("conditions"), list):
        raise invalid("conditions is required", "filter", "conditions")
    if given.keys() - {"conditions"}:
        raise invalid(f"unknown property {min(given.keys() - {'conditions'})}", "filter", None)
    fields = Fields(entity, office)
    checks = [_condition(each, fields) for each in given["conditions"]]
    return lambda doc: all(check(doc) for check in checks)


def _condition(given: Any, fields: Fields) -> Callable[[Json], bool]:
    if not isinstance(given, dict) or not isinstance(given.get("field"), str):
        raise invalid("field is required", "condition", "field")
    name, operator, value = given["field"], given.get("operator"), given.get("value")
    field = fields.get(name)
    if field is None:
        raise invalid("invalid field name", "condition", name)
    if not isinstance(operator, str) or field.type not in _OPERATORS.get(operator, ()):
        raise invalid("invalid operator for field", "condition", name)
    wanted = _wanted(field, operator, value, name)
    compare = _COMPARE[operator]
    if operator in ("is", "is not"):
        return lambda doc: compare([_folded(each) for each in field.values(doc)], wanted)
    return lambda doc: any(compare(_folded(each), wanted) for each in field.values(doc))


def _wanted(field: Field, operator: str, value: Any, name: str) -> Any:
    """The value as it is compared with, or a refusal of one of another type."""
    wrong = invalid("invalid value for field", "condition", name)
    if value is None and operator in ("is", "is not"):
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if operator in _DAYS:
        return _days_away(operator, value, wrong)
    allowed = {
        "string": isinstance(value, str),
        "number": number,
        "boolean": isinstance(value, bool),
        "named": number or isinstance(value, str),
        "date": isinstance(value, str),
    }
    if not allowed[field.type]:
        raise wrong
    if field.type != "date":
        return _folded(value)
    try:
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError as error:
        raise wrong from error


def _days_away(operator: str, value: Any, wrong: Problem) -> tuple[str, str]:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 36_500:
        raise wrong
    today = datetime.now(UTC).date()
    if operator == "is within next":
        return today.isoformat(), (today + timedelta(value)).isoformat()
    edge = (today - timedelta(value)).isoformat()
    return ("", edge) if operator == "is older than" else (edge, today.isoformat())


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda found, wanted: wanted in found if wanted is not None else not found,
    "is not": lambda found, wanted: wanted not in found if wanted is not None else bool(found),
    "starts with": lambda found, wanted: found.startswith(wanted),
    "ends with": lambda found, wanted: found.endswith(wanted),
    "contains": lambda found, wanted: wanted in found,
    "is greater than": lambda found, wanted: found > wanted,
    "is less than": lambda found, wanted: found < wanted,
    "is after": lambda found, wanted: found > wanted,
    "is before": lambda found, wanted: found < wanted,
    "is older than": lambda found, wanted: found < wanted[1],
    "is within last": lambda found, wanted: wanted[0] <= found <= wanted[1],
    "is within next": lambda found, wanted: wanted[0] <= found <= wanted[1],
}


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
