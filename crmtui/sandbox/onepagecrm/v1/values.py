"""Single values in the forms of v1: dates, moments, flags and lists in a text."""

import re
from datetime import UTC, date, datetime

_NUMBER = re.compile(r"-?\d{1,14}(\.\d{1,9})?", re.ASCII)
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
PHONES = ("work", "mobile", "home", "direct", "fax", "other")
EMAILS = ("work", "home", "other")
URLS = ("website", "blog", "twitter", "linkedin", "facebook", "other")


def day_told(day: str | None) -> str | None:
    """A date `YYYY-MM-DD`, or the day of a moment, as `dd.mm.yyyy`."""
    if not day:
        return None
    year, month, number = day[:10].split("-")
    return f"{number}.{month}.{year}"


def day_given(text: str | None) -> str | None:
    """A date `dd.mm.yyyy` as `YYYY-MM-DD`; None for anything else."""
    found = _DATE.fullmatch(text or "")
    if not found:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return None


def moment_told(moment: str | None) -> int | None:
    """A moment of ISO 8601 as seconds since 1970."""
    return int(datetime.fromisoformat(moment).timestamp()) if moment else None


def raw_moment(moment: str) -> str:
    """A moment as the raw model of notes tells it: `2011-09-02T06:06:24+00:00`."""
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat(timespec="seconds")


def flag(text: str | None) -> bool:
    """A boolean of a request: only `1` and `true` are true."""
    return (text or "").lower() in ("1", "true")


def number(text: str | None) -> float | None:
    """An amount; None for what is none."""
    return float(text) if text and _NUMBER.fullmatch(text) else None


def pairs(text: str, types: tuple[str, ...]) -> list[dict[str, str]]:
    """`type|value,type|value` as rows of type and value; what is not of that form is passed over."""
    rows = []
    for each in text.split(","):
        kind, bar, value = (part.strip() for part in each.partition("|"))
        if bar and value and kind in types:
            rows.append({"type": kind, "value": value})
    return rows


def words(text: str) -> list[str]:
    """A list with commas; of those that differ in their case alone, the first."""
    found: dict[str, str] = {}
    for word in text.split(","):
        if word.strip():
            found.setdefault(word.strip().casefold(), word.strip())
    return list(found.values())
