"""Arguments of reports as SQL over the activities' JSON values: people, periods and due dates."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from .message import Problem

Arguments = Mapping[str, str]


def of_person(name: str, wanted: str | None) -> tuple[str, list[object]]:
    """The activities of a user, of nobody (0), or of anyone."""
    column = f"json_extract(data, '$.{name}')"
    match wanted:
        case None | "":
            return "1", []
        case "0":
            return f"{column} IS NULL", []
        case _:
            return f"{column} = ?", [wanted]


def due_within(name: str, when: str) -> tuple[str, list[object]]:
    """`now` is what is due today or was before; from and to may be left out of `from,to`."""
    column = f"json_extract(data, '$.{name}')"
    today = datetime.now(UTC).date()
    match when:
        case "":
            return "1", []
        case "nodate":
            return f"{column} IS NULL", []
        case "now":
            return f"{column} <= ?", [today.isoformat()]
        case "next7" | "next30":
            until = today + timedelta(days=int(when[4:]))
            return f"{column} BETWEEN ? AND ?", [today.isoformat(), until.isoformat()]
    start, comma, end = when.partition(",")
    if not comma:
        raise incorrect("due")
    return f"{column} BETWEEN ? AND ?", [_day(start, "due") or "0000", _day(end, "due") or "9999"]


def period(given: Arguments) -> tuple[str, str]:
    """From the first moment of the start to after the last of the end; their first ten signs are days."""
    start, end = _day(given.get("start", ""), "start"), _day(given.get("end", ""), "end")
    return f"{start or '0000-00-00'}T00:00:00+00:00", f"{end or '9999-12-31'}T99"


def _day(text: str, name: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat() if text.strip() else ""
    except ValueError as error:
        raise incorrect(name) from error


def ids(given: Arguments, name: str) -> list[int]:
    """The ids of an argument, separated by commas."""
    words = [word.strip() for word in given.get(name, "").split(",") if word.strip()]
    if not all(word.isascii() and word.isdigit() and len(word) < 16 for word in words):
        raise incorrect(name)
    return [int(word) for word in words]


def among(column: str, numbers: list[int]) -> tuple[str, list[object]]:
    """The rows whose column is one of the numbers."""
    return f"{column} IN ({', '.join('?' * len(numbers))})", [*numbers]


def incorrect(name: str) -> Problem:
    """The refusal of an argument."""
    return Problem(400, incorrectparameter=f"Incorrect parameter specified: {name}")
