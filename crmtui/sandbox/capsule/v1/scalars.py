"""Scalars of the v1 API as v2 writes them, and back: numbers, days, moments (API document and recordings)."""

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from .element import Element
from .message import Problem


def midnight(day: str | None) -> str | None:
    """A day as v1 shows it: its midnight in UTC."""
    return f"{day}T00:00:00Z" if day else None


def day(element: Element) -> str | None:
    """The day that a request means by `2013-01-01` or by a moment of it; None where it is empty."""
    text = element.value
    if text is None:
        return None
    return text if len(text) == 10 and _is_day(text) else _moment(element.name, text).date().isoformat()


def moment(element: Element) -> str | None:
    """The moment that a request means, in UTC to the second; None where it is empty."""
    text = element.value
    return None if text is None else _moment(element.name, text).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(element: Element, zone: tzinfo) -> tuple[str, str] | None:
    """The day and the time HH:MM that a moment has in a time zone; None where it is empty."""
    if element.value is None:
        return None
    there = _moment(element.name, element.value).astimezone(zone)
    return there.date().isoformat(), there.strftime("%H:%M")


def from_local(day: str, time: str, zone: tzinfo) -> str:
    """The moment in UTC of a day and a time HH:MM in a time zone."""
    there = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=zone)
    return there.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def whole(element: Element) -> int | None:
    """The whole number of an element; None where it is empty."""
    text = element.value
    if text is None:
        return None
    if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 19):
        raise mismatch(element.name, text)
    return int(text)


def amount(element: Element) -> Decimal | None:
    """The decimal number of an element; None where it is empty."""
    if element.value is None:
        return None
    try:
        found = Decimal(element.value)
    except InvalidOperation:
        raise mismatch(element.name, element.value) from None
    if not found.is_finite() or abs(found.adjusted()) > 30:
        raise mismatch(element.name, element.value)
    return found


def truth(element: Element) -> bool | None:
    """The yes or no of an element; None where it is empty."""
    if element.value not in (None, "true", "false"):
        raise mismatch(element.name, element.value)
    return None if element.value is None else element.value == "true"


def since(text: str) -> str:
    """The moment of a `lastmodified=20090911T160749`, in UTC as v2 writes it; 400 if it is none."""
    for form in ("%Y%m%dT%H%M%S", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        except ValueError:
            continue
    raise Problem(400, f"{text} is no date: YYYYMMDDTHHMMSS is expected")


def mismatch(name: str, text: str) -> Problem:
    """The refusal of a value that its type does not have."""
    return Problem(500, f"{text} is no valid value of {name}")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _moment(name: str, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise mismatch(name, text) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
