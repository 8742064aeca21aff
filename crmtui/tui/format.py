"""Values as people read them: short dates, aligned numbers, names; pure functions, no widget."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from crmtui.model.dates import holds_time
from crmtui.model.given import can_have
from crmtui.model.record import Record, Value, is_empty
from crmtui.model.schema import DATES, NUMBERS, Field, FieldType, Schema
from crmtui.model.text import clean, clean_lines
from crmtui.model.value import canonical, shown
from crmtui.workspace.embedded_rows import texts

EMPTY = "—"
_SYSTEM = ("createdby", "createddate", "modifiedby", "modifieddate")

_STAMPS = frozenset({FieldType.DATETIME, FieldType.URL})
"""Types of what a service notes by itself."""


class Line(NamedTuple):
    """One line of a record: a label and the value's text, which may have line breaks.

    `link`: it names another record.
    """

    name: str
    label: str
    text: str
    link: bool = False


class Group(NamedTuple):
    """Lines under a heading; the first group has none."""

    title: str
    lines: tuple[Line, ...]


def cell(field: Field, value: Value, label: str | None, today: date) -> str:
    """A value in a list: one harmless line, empty as `—`."""
    plain = canonical(field, value)
    if is_empty(plain):
        return EMPTY
    if label is not None:
        return clean(owner(label) if field.type is FieldType.USER else label)
    if field.type in DATES and isinstance(plain, str):
        # Some services send a day as its midnight.
        is_day = field.type is FieldType.DATE and not holds_time(plain)
        return clean(day(plain[: len("2004-02-12")] if is_day else plain, today))
    if field.type is FieldType.MONEY and isinstance(plain, int | Decimal):
        return money(plain)
    if field.type is FieldType.PERCENT and isinstance(plain, int | Decimal):
        return f"{plain}%"
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    return clean(shown(field, value))


def full(field: Field, value: Value, label: str | None, today: date) -> str:
    """A value on a record: as `cell`, but a note keeps its lines and a name is not shortened."""
    if label is not None:
        return clean(label)
    if field.embedded:
        return "\n".join(texts(field, value)) or EMPTY
    if field.type is FieldType.MULTILINE and isinstance(value, str):
        return clean_lines(value)
    return cell(field, value, None, today)


def money(amount: int | Decimal) -> str:
    """An amount with thousands parted and two decimals, more where it has more."""
    if isinstance(amount, Decimal):
        if not -40 < amount.adjusted() < 40:
            return str(amount)
        exponent = amount.as_tuple().exponent
        places = max(2, -exponent if isinstance(exponent, int) else 2)
        return f"{amount:,.{places}f}"
    return f"{amount:,}.00" if abs(amount) < 10**40 else str(amount)


def day(iso: str, today: date) -> str:
    """A date or date-time in its shortest clear form: `today 14:05`, `Mon`, `3 Mar`, `2024-03-01`."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    clock = f" {moment:%H:%M}" if len(iso) > 10 else ""
    days = (today - moment.date()).days
    if days == 0:
        return f"today{clock}"
    if days == 1:
        return f"yesterday{clock}"
    if 1 < days < 7:
        return f"{moment:%a}{clock}"
    if moment.year == today.year:
        return f"{moment.day} {moment:%b}"
    return f"{moment:%Y-%m-%d}"


def count(number: int) -> str:
    """A number of records in at most six cells: `1,204`, `100k`."""
    return f"{number:,}" if number < 100_000 else f"{number // 1000:,}k"


def owner(name: str) -> str:
    """A person's name with the first one shortened, `J. Smith`, where it is of two Latin words."""
    first, space, last = name.strip().partition(" ")
    if not space or " " in last or not first[:1].isalpha() or ord(first[0]) > 0x24F:
        return name
    return f"{first[0]}. {last}"


def ago(fetched_at: float | None, now: float) -> str:
    """The age of something read, in words that stay true for a minute."""
    if not fetched_at:
        return "never read"
    seconds = max(0.0, now - fetched_at)
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    moment, present = datetime.fromtimestamp(fetched_at), datetime.fromtimestamp(now)
    return day(moment.isoformat(timespec="minutes"), present.date())


class Rest(NamedTuple):
    """How many fields of a record are empty, and how many were not read yet."""

    empty: int
    unread: int

    @property
    def said(self) -> str:
        """In words; empty for none."""
        words = [f"{self.empty} empty field{'s' if self.empty > 1 else ''}"] if self.empty else []
        words += [f"{self.unread} not read yet: r on the record reads them"] if self.unread else []
        return f"… {', '.join(words)}" if words else ""


def groups(
    record: Record,
    schema: Schema,
    labels: Mapping[str, str],
    today: date,
    first: Sequence[str] = (),
    kept: Container[str] = (),
) -> tuple[list[Group], Rest]:
    """A record's filled fields in groups, those named first before the others, and what is not shown.

    `kept`: fields that are shown also where they are empty.
    """
    titles: dict[str, list[Line]] = {"": [], "Address": [], "Notes": [], "Record": []}
    empty = unread = 0
    for field in _ordered(record, schema, first):
        value = canonical(field, record.values.get(field.name))
        if is_empty(value) and field.name not in kept:
            if not field.filters and can_have(schema, field, record.values):
                read = field.listed or field.name in record.values
                empty, unread = empty + read, unread + (not read)
            continue
        text = full(field, record.values.get(field.name), labels.get(field.name), today)
        link = field.type is FieldType.REFERENCE and field.refers_to is not None
        titles[_group(field)].append(Line(field.name, clean(field.title), text, link))
    return [Group(title, tuple(lines)) for title, lines in titles.items() if lines], Rest(empty, unread)


def _ordered(record: Record, schema: Schema, first: Sequence[str]) -> Iterable[Field]:
    names = dict.fromkeys((*first, *(field.name for field in schema.fields), *record.values))
    fields = (schema.field(name) for name in names)
    # Rows that are records of their own stand beside the record.
    return (field for field in fields if field.type is not FieldType.ROWS or not field.refers_to)


def _group(field: Field) -> str:
    if field.name in _SYSTEM or (field.read_only and field.type in _STAMPS):
        return "Record"
    if field.name.startswith("address") and not field.embedded:
        return "Address"
    return "Notes" if field.type is FieldType.MULTILINE else ""


def is_right(field: Field) -> bool:
    """Whether a column of this field is aligned to the right."""
    return field.type in NUMBERS and not field.named
