"""Checks of what a client sends: each takes a value and gives what is kept, or says what is wrong."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from .refusal import Fault, Refused

Json = dict[str, Any]
Check = Callable[[Any], Any]
LONGEST = 100_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?", re.ASCII)


class Wrong(Exception):
    """A value that is not of its type; its text is the message."""


def taken(body: Json, checks: Mapping[str, Check], told: Iterable[str], resource: str) -> Json:
    """The members of a body as they are kept; those that are only told are passed over."""
    found: Json = {}
    faults: list[Fault] = []
    for name, value in body.items():
        if name in checks:
            try:
                found[name] = checks[name](value)
            except Wrong as wrong:
                faults.append(Fault(str(wrong), resource, name))
        elif name not in told:
            faults.append(Fault(f"unknown property {name}", resource, name))
    if faults:
        raise Refused(faults)
    return found


def required(doc: Json, names: Iterable[str], resource: str) -> None:
    """Refuse a record in which one of these has no value."""
    faults = [Fault(f"{name} is required", resource, name) for name in names if doc[name] in (None, "")]
    if faults:
        raise Refused(faults)


def text(value: Any) -> str | None:
    """Text; empty text is none."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise Wrong("must be a string")
    if len(value) > LONGEST:
        raise Wrong("is too long")
    return value if value.strip() else None


def whole(value: Any) -> int | None:
    """A whole number."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise Wrong("must be an integer")
    return None if value is None else int(value)


def percent(value: Any) -> int | None:
    """A whole number from 0 to 100."""
    number = whole(value)
    if number is not None and not 0 <= number <= 100:
        raise Wrong("must be between 0 and 100")
    return number


def day(value: Any) -> str | None:
    """A day as YYYY-MM-DD."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise Wrong("invalid date")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise Wrong("invalid date") from error


def clock(value: Any) -> str | None:
    """A time of day as HH:MM."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise Wrong("invalid time")
    return value[:5]


def moment(value: Any) -> str | None:
    """A moment with its zone, kept in UTC to the second."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and "T" in value:
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is not None and found.tzinfo is not None:
            return f"{found.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    raise Wrong("invalid date time")


def one_of(*words: str) -> Check:
    """One of some words, in whatever case, or nothing."""
    known = {word.casefold(): word for word in words}

    def check(value: Any) -> str | None:
        if value is None or value == "":
            return None
        found = known.get(value.casefold()) if isinstance(value, str) else None
        if found is None:
            raise Wrong(f"options are: {', '.join(words)}")
        return found

    return check


def record(value: Any) -> int | None:
    """The id of another record, from `{"id": 1}` or the number by itself."""
    number = value.get("id") if isinstance(value, dict) else value
    if value is not None and (isinstance(number, bool) or not isinstance(number, int)):
        raise Wrong("id is required")
    return number


def choice(rows: Iterable[Json], what: str, by: str = "name") -> Check:
    """The id of a row of a fixed table, from its id or, where none is given, from its name."""
    ids = {row["id"] for row in rows}
    names = {str(row[by]).casefold(): row["id"] for row in reversed(list(rows))}

    def check(value: Any) -> int | None:
        if value is None:
            return None
        number = value.get("id") if isinstance(value, dict) else value
        if number is None and isinstance(value, dict) and isinstance(value.get(by), str):
            number = names.get(value[by].casefold())
        if isinstance(number, bool) or not isinstance(number, int) or number not in ids:
            raise Wrong(f"{what} not found")
        return number

    return check


def amount(value: Any) -> float | int | None:
    """An amount of money that is not negative."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("must be a number")
    if value != value or abs(value) > 1e15 or value < 0:
        raise Wrong("must be a number")
    return float(round(Decimal(str(value)), 2)) if isinstance(value, float) else value


def objects(value: Any) -> list[Json]:
    """An array of objects."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Wrong("must be an array of objects")
    return value
