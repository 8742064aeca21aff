"""Dates and date-times: typed, read and compared, always as text in ISO 8601."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

Moment: TypeAlias = "tuple[int, datetime | str]"
"""A stamp as what can be compared with another."""
_STAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[ Tt]([0-9]{2}:[0-9]{2})(?::([0-9]{2}(?:\.[0-9]{1,9})?))?"
    r" ?(?:([Zz])|([+-])([0-9]{2})(?::?([0-9]{2}))?)?)?"
)
_RELATIVE = re.compile(r"([+-][0-9]{1,6})([dwmy])")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST = 3
"""Letters of a weekday's name that are enough."""
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
_LAST = datetime.max.replace(tzinfo=UTC)
_FORMS = "write YYYY-MM-DD, today, fri, -7d or +2w"
_MOMENT_FORMS = "write YYYY-MM-DD or YYYY-MM-DD HH:MM, today, fri, -7d or +2w"


def relative(text: str, today: date) -> date | None:
    """The day meant by `today`, `-7d`, `+2w` (units d w m y), `fri`; None where the text is no such word.

    A weekday is the next one after today.
    """
    word = text.lower()
    if word == "today":
        return today
    if len(word) >= _SHORTEST and (named := [day for day in _WEEKDAYS if day.startswith(word)]):
        ahead = (_WEEKDAYS.index(named[0]) - today.weekday() - 1) % len(_WEEKDAYS) + 1
        return today + timedelta(days=ahead) if date.max - today >= timedelta(days=ahead) else None
    found = _RELATIVE.fullmatch(word)
    if not found:
        return None
    count, unit = int(found[1]), found[2]
    try:
        if unit in "dw":
            return today + timedelta(days=count * (7 if unit == "w" else 1))
        return _months_later(today, count * (12 if unit == "y" else 1))
    except (ValueError, OverflowError):  # before the year 1 or after 9999
        return None


def _months_later(day: date, months: int) -> date:
    """The same day some months later, or the last one of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (31, 30, 29, 28):
        with suppress(ValueError):
            return date(year, month + 1, min(day.day, last))
    raise ValueError(year)


def iso(text: str) -> str | None:
    """A date or date-time as ISO 8601 with `T`, with an offset only if it had one; None if it is neither."""
    found = _read(text)
    return found[0] if found else None


def _read(text: str) -> tuple[str, datetime] | None:
    """A date or date-time as ISO 8601 and as the moment it begins; None if no calendar or clock has it."""
    found = _STAMP.fullmatch(text)
    if not found:
        return None
    stamp, minute, second, utc, sign, hours, minutes = found.groups()
    if minute:
        stamp += f"T{minute}:{second or '00'}" + ("Z" if utc else "")
        if sign:
            stamp += f"{sign}{hours}:{minutes or '00'}"
    try:
        # The clock counts microseconds: of the nine digits that some services send it reads six.
        return stamp, datetime.fromisoformat(stamp)
    except ValueError:
        return None


def is_day(text: str) -> bool:
    """Whether an ISO text names a whole day and no moment in it."""
    return len(text) == len("YYYY-MM-DD")


def holds_time(text: str) -> bool:
    """Whether a text as a service sends it names a moment; a day's midnight may stand for the day."""
    # Asked of every value that is read: what is no date at all must cost next to nothing.
    if text[4:5] != "-" or text[13:14] != ":":
        return False
    stamp = iso(text)
    return stamp is not None and stamp[11:19] != "00:00:00"


def day_of(text: str) -> str | None:
    """The `YYYY-MM-DD` of a date or date-time as it is written; None if the text is neither."""
    stamp = iso(text)
    return stamp[:10] if stamp else None


def days_later(day: str, count: int = 1) -> str:
    """The `YYYY-MM-DD` some days after another: a filter past a whole day begins at the next one."""
    return (date.fromisoformat(day) + timedelta(days=count)).isoformat()


def period(text: str) -> tuple[datetime, datetime] | None:
    """From when, and until just before when, a date or date-time lasts; None if the text is neither.

    A text without an offset is taken as UTC, so that every two can be compared.
    """
    found = _read(text)
    if found is None:
        return None
    stamp, start = found
    try:
        start = start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)
    except OverflowError:  # the offset leads out of the calendar
        return None
    return start, _later(start, _DAY if is_day(stamp) else _INSTANT)


def _later(start: datetime, span: timedelta) -> datetime:
    """A moment some time later, or the last one there is."""
    return start + span if _LAST - start >= span else _LAST


def typed_day(text: str, today: date) -> str:
    """The date that a person typed, as `YYYY-MM-DD`; a `ValueError` says what to write instead."""
    word = text.strip()
    day = relative(word, today)
    stamp = day.isoformat() if day else iso(word)
    # A service that has one word for both prints a day as its first moment.
    stamp = stamp.removesuffix("T00:00:00") if stamp else None
    if stamp is None or not is_day(stamp):
        raise ValueError(f'is no date: "{text}"; {_FORMS}')
    return stamp


def typed_moment(text: str, today: date) -> str:
    """The date or date-time that a person typed, as ISO 8601; a `ValueError` says what to write instead."""
    word = text.strip()
    day = relative(word, today)
    stamp = day.isoformat() if day else iso(word)
    if stamp is None:
        raise ValueError(f'is no date or time: "{text}"; {_MOMENT_FORMS}')
    return stamp


@lru_cache(4096)
def moment_of(stamp: str | None) -> Moment:
    """A stamp as what can be compared: none is the oldest, then come those that are no dates."""
    if stamp is None:
        return 0, ""
    span = period(stamp)
    return (1, stamp) if span is None else (2, span[0])
