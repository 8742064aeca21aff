"""What an editor shows of a value, and what is meant by the text that comes back from it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from crmtui.model import dates
from crmtui.model.given import can_have
from crmtui.model.record import Value, is_empty
from crmtui.model.schema import DATES, NUMBERS, Field, FieldType, Schema
from crmtui.model.text import clean, clean_lines
from crmtui.model.value import canonical, text_of
from crmtui.workspace.named_rows import as_text, rows_in

_T = FieldType

_HINTS: Final[Mapping[FieldType, str]] = {
    _T.INTEGER: "a whole number",
    _T.DECIMAL: "a number",
    _T.MONEY: "an amount, such as 1200.50",
    _T.PERCENT: "a percentage, such as 25",
    _T.BOOLEAN: "space changes it, y yes, n no",
    _T.DATE: "YYYY-MM-DD, today, +2w",
    _T.DATETIME: "YYYY-MM-DD HH:MM, today, +2w",
    _T.CHOICE: "type to find, enter takes",
    _T.CHOICES: "type to find, enter takes, ; between several",
    _T.USER: "type a name, enter takes",
    _T.REFERENCE: "type a name or an id, enter takes",
    _T.MULTILINE: "enter begins a line, tab leaves",
    _T.ROWS: "type a name or an id, enter takes, (a note) behind it, ; between several",
}


def is_editable(field: Field, value: Value) -> bool:
    """Whether a line of text can stand for the value: rows and nested values are shown only."""
    plain = canonical(field, value)
    if field.naming is not None and not field.read_only:
        return is_empty(plain) or len(rows_in(plain)) == len(plain if isinstance(plain, list) else ())
    if field.read_only or field.type is _T.ROWS:
        return False
    if field.type is _T.CHOICES:
        return not isinstance(plain, dict) and not (
            isinstance(plain, list) and any(isinstance(part, dict | list) for part in plain)
        )
    return not isinstance(plain, dict | list)


def text_for(field: Field, value: Value) -> str:
    """The text that stands for a value in its editor; a picked one's is the value itself."""
    plain = canonical(field, value)
    text = as_text(field.naming, plain) if field.naming else text_of(plain)
    if field.picked:
        # A label stands in its editor; the text is the value.
        return text
    if field.type in DATES and isinstance(plain, str) and dates.iso(plain):
        return _moment(field, plain)
    return clean_lines(text) if field.type is _T.MULTILINE else clean(text)


def _moment(field: Field, stamp: str) -> str:
    """A date-time as people write it: seconds, and the midnight of a date, only where they say something."""
    day, _, time = stamp.partition("T")
    if not time or (field.type is _T.DATE and time == "00:00:00"):
        return day
    return f"{day} {time[:5] if time[5:] == ':00' else time}"


def meant(field: Field, base: Value, text: str) -> str:
    """The text to store: where cleaning changed what was read, the untouched parts stay as read."""
    true = canonical(field, base)
    shown = text_for(field, base)
    if not isinstance(true, str) or true == shown or field.type in DATES or field.picked:
        return text
    ahead = _common(shown, text)
    behind = min(_common(shown[::-1], text[::-1]), len(shown) - ahead, len(text) - ahead)
    lines = field.type is _T.MULTILINE
    first = _place(true, shown[:ahead], lines=lines)
    last = len(true) if not behind else _place(true, shown[: len(shown) - behind], lines=lines)
    return true[:first] + text[ahead : len(text) - behind] + true[max(first, last) :]


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _place(true: str, shown: str, *, lines: bool) -> int:
    """How much of the true text is shown as that beginning of the cleaned one."""
    show = clean_lines if lines else clean
    low, high = 0, len(true)
    while low < high:
        middle = (low + high) // 2
        if len(show(true[:middle])) < len(shown):
            low = middle + 1
        else:
            high = middle
    return low


def hint(field: Field) -> str:
    """One line on what a field takes, from its dictionary and its type."""
    parts = [
        "required" if field.required else "",
        f"at most {field.max_length:,} characters" if field.max_length is not None else "",
        _HINTS[_T.CHOICE] if field.named and field.type in NUMBERS else _HINTS.get(field.type, ""),
        "other words too" if field.open and field.type in (_T.CHOICE, _T.CHOICES) else "",
    ]
    return " · ".join(part for part in parts if part)


def preview(field: Field, text: str, today: date) -> str:
    """The day that a typed date means, in words; empty where it means none yet."""
    if field.type not in DATES or not text:
        return ""
    try:
        stamp = dates.typed_moment(text, today)
        day = date.fromisoformat(stamp[:10])
        return f"{day:%a} {day.day} {day:%b} {day.year}" + stamp[10:16].replace("T", " ")
    except ValueError:
        return ""


def not_read(schema: Schema, values: Mapping[str, Value]) -> list[tuple[str, str]]:
    """A line on the fields that could be edited, had they been read; none where all were."""
    titles = [
        field.title
        for field in schema.fields
        if not (field.listed or field.read_only or field.name in values) and can_have(schema, field, values)
    ]
    if not titles:
        return []
    more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
    return [("Not read yet", f"{titles[0]}{more}: r on the record reads them")]


def grouped(fields: Sequence[Field], known: Sequence[str]) -> list[tuple[Field, str]]:
    """The fields with their headings: known ones in their order, an address, what an account added."""
    places = {name: place for place, name in enumerate(known)}
    main: list[tuple[Field, str]] = []
    address: list[tuple[Field, str]] = []
    more: list[tuple[Field, str]] = []
    for field in sorted(fields, key=lambda field: places.get(field.name, len(places))):
        if field.name.lower().startswith("address"):
            address.append((field, "Address"))
        elif known and field.name not in places and not field.required:
            more.append((field, "More"))
        else:
            main.append((field, ""))
    return [*main, *address, *more]
