"""The values of members: what bodies may give, and what is kept of it."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

from .refusal import Invalid

Json = dict[str, Any]
Check = Callable[[Any], Any]
"""Gives what is kept of a value, or raises `Wrong`."""
_TRUE, _FALSE = (True, 1, "1", "true"), (False, 0, "0", "false", "", None)
_LARGEST = 10**15


class Wrong(ValueError):
    """A value that is not taken; its text says why."""


def taken(body: Json, checks: Mapping[str, Check]) -> Json:
    """The members of a body that checks know, each as it is kept; the others are passed over."""
    found: Json = {}
    errors: dict[str, str] = {}
    for name, check in checks.items():
        if name not in body:
            continue
        try:
            found[name] = check(body[name])
        except Wrong as wrong:
            errors[name] = str(wrong)
    if errors:
        raise Invalid("A validation error has occurred", errors)
    return found


def text(most: int, *, cut: bool = False) -> Check:
    """Takes text without the blanks around it; what is too long is refused, or cut."""

    def check(value: Any) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Wrong("must be a string")
        found = value.strip()
        if len(found) > most and not cut:
            raise Wrong(f"is too long (maximum is {most} characters)")
        return found[:most]

    return check


def boolean(value: Any) -> bool:
    """Takes what means yes or no."""
    for meant, words in ((True, _TRUE), (False, _FALSE)):
        if any(value is word or (value == word and type(value) is type(word)) for word in words):
            return meant
    raise Wrong("must be a boolean")


def day(value: Any) -> str | None:
    """Takes a day, `YYYY-MM-DD`."""
    if value in (None, ""):
        return None
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError(value)
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise Wrong("is not a valid date") from error


def seconds(value: Any) -> int | None:
    """Takes a moment, in seconds of the epoch or as ISO 8601 has it."""
    if value in (None, ""):
        return None
    try:
        if isinstance(value, str) and not value.isdigit():
            moment = datetime.fromisoformat(value)
            return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
        found = whole(value)
        if found is not None:
            datetime.fromtimestamp(found, UTC)
        return found
    except (ValueError, OverflowError, OSError) as error:
        raise Wrong("is not a valid time") from error


def number(value: Any) -> int | float | None:
    """Takes a number, which may be written as text."""
    if value in (None, ""):
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError(value)
        found = float(value)
    except (ValueError, OverflowError) as error:
        raise Wrong("is not a number") from error
    if not abs(found) < _LARGEST:
        raise Wrong("is not a number")
    return int(found) if found == int(found) else found


def whole(value: Any) -> int | None:
    """Takes a whole number."""
    found = number(value)
    if found is not None and not isinstance(found, int):
        raise Wrong("must be an integer")
    return found


def choice(allowed: Collection[str], empty: str | None = None) -> Check:
    """Takes one of some words; nothing stands for `empty`, where there is one."""

    def check(value: Any) -> Any:
        if value in (None, "") and empty is not None:
            return empty
        if not isinstance(value, str) or value not in allowed:
            raise Wrong("is not included in the list")
        return value

    return check


def texts(value: Any) -> list[str]:
    """Takes a list of texts."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Wrong("must be a list of strings")
    return list(dict.fromkeys(each.strip() for each in value if each.strip()))


def typed(types: Collection[str]) -> Check:
    """Takes rows of type and value, such as telephone numbers; those without a value are passed over."""

    def check(value: Any) -> list[Json]:
        rows = objects(value)
        found = []
        for row in rows:
            if row.get("type") not in types:
                raise Wrong("type is not included in the list")
            told = text(1024)(row.get("value"))
            if told:
                found.append({"type": row["type"], "value": told})
        return found

    return check


def objects(value: Any) -> list[Json]:
    """Takes a list of objects."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Wrong("must be a list of objects")
    return value
