"""A field's value: typed by a person, read from a service, compared, checked and printed."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from crmtui.model import dates
from crmtui.model.pattern import fits
from crmtui.model.record import Value, is_empty
from crmtui.model.schema import DATES, IDS, NUMBERS, Choice, Field, FieldType, Kind, Naming, Schema

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_WIRE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[,' _\u00a0\u202f][0-9]{3})+(?:\.[0-9]+)?")
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_MOST_DIGITS = 4300
_WRITTEN_OUT = 40
_NAMED = 5
_JSON = msgspec.json.Encoder(decimal_format="number", enc_hook=str)


def fold(text: str) -> str:
    """The form in which two texts that differ in case or in composition of accents are equal."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def number(text: str) -> int | Decimal | None:
    """The number that a text from a service is, with all its digits; None if it is none."""
    if len(text) > _MOST_DIGITS or not _WIRE.fullmatch(text):
        return None
    unsigned = text.lstrip("+-")
    return int(text) if unsigned.isdigit() else Decimal(text)


def typed_number(text: str, *, percent: bool = False) -> int | Decimal:
    """The number that a person typed; a `ValueError` says what is wrong with it."""
    word = text.strip()
    if percent:
        word = word.removesuffix("%").rstrip()
    if len(word) > _MOST_DIGITS:
        raise ValueError(f"has more than {_MOST_DIGITS:,} digits")
    if _PLAIN.fullmatch(word):
        return Decimal(word) if "." in word else int(word)
    if _GROUPED.fullmatch(word):
        plain = re.sub(r"[^0-9.+-]", "", word)
        raise ValueError(f'has thousands separators: "{text}"; write {plain}')
    raise ValueError(f'is no number: "{text}"')


def _is_number(field: Field, text: str) -> bool:
    try:
        typed_number(text, percent=field.type is FieldType.PERCENT)
    except ValueError:
        return False
    return True


def typed_truth(text: str) -> bool:
    """The yes or no that a person typed; a `ValueError` says what to write."""
    try:
        return _WORDS[text.strip().lower()]
    except KeyError:
        raise ValueError(f'is neither yes nor no: "{text}"; write true or false') from None


def parse(field: Field, text: str, today: date) -> Value:
    """What a person typed as the field's value, None for nothing; a `ValueError` is one clause why not."""
    if not text:
        return None
    kind = field.type
    if kind in NUMBERS:
        typed = typed_number(text, percent=kind is FieldType.PERCENT)
        if kind is FieldType.INTEGER and not isinstance(typed, int):
            raise ValueError(f'is no whole number: "{text}"')
        return typed
    if kind is FieldType.BOOLEAN:
        return typed_truth(text)
    if kind is FieldType.DATE:
        return dates.typed_day(text, today)
    if kind is FieldType.DATETIME:
        return dates.typed_moment(text, today)
    if kind is FieldType.CHOICES:
        return [part for part in (part.strip() for part in text.split(";")) if part]
    if kind is FieldType.ROWS:
        raise ValueError(f"holds rows; write {field.name}.+.MEMBER=VALUE for a new one")
    return text


def resolve(field: Field, text: str, choices: Sequence[Choice]) -> str:
    """The value meant by a text that is a value or, failing that, a label; a `ValueError` names candidates.

    Where no choices are known, or the field takes others, a text that is neither stands as it is; among
    numbers only one that is a number does.
    """
    if any(choice.value == text for choice in choices):
        return text
    wanted = fold(text)
    found = [choice for choice in choices if fold(choice.label) == wanted]
    if len({choice.value for choice in found}) > 1:
        raise ValueError(f'fits several: "{text}" is the label of {_listed(found)}; write the value')
    if found:
        return found[0].value
    if not choices or (field.open and (field.type not in NUMBERS or _is_number(field, text))):
        return text
    raise ValueError(f'does not take "{text}"; it takes {_listed(_nearest(wanted, choices))}')


def is_named(choice: Choice, text: str) -> bool:
    """Whether a text is a value or its label, whatever their case."""
    return fold(text) in (fold(choice.value), fold(choice.label))


def check(field: Field, value: Value) -> str | None:
    """Why a value cannot be written, as one clause; None if nothing speaks against it."""
    if isinstance(value, str) and field.max_length is not None and len(value) > field.max_length:
        return f"is {len(value)} characters long; {field.max_length} are allowed"
    if field.pattern and isinstance(value, str) and value and not fits(field.pattern, value):
        return f"does not fit the pattern that the service has for it: {field.pattern}"
    if field.open or not field.choices or field.type not in (FieldType.CHOICE, FieldType.CHOICES):
        return None
    known = {choice.value for choice in field.choices}
    plain = canonical(field, value)
    for part in plain if isinstance(plain, list) else [plain]:
        if not is_empty(part) and not (isinstance(part, str) and part in known):
            text = shown(field, part)
            return f'does not take "{text}"; it takes {_listed(_nearest(fold(text), field.choices))}'
    return None


def _nearest(wanted: str, choices: Sequence[Choice]) -> list[Choice]:
    """The choices, those first that have something of what was wanted."""
    return sorted(choices, key=lambda choice: wanted not in fold(choice.label))


def _listed(choices: Sequence[Choice]) -> str:
    """The first few choices by name, and how many more there are."""
    names = [c.value if c.label in ("", c.value) else f"{c.value} ({c.label})" for c in choices[:_NAMED]]
    more = len(choices) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def canonical(field: Field, value: Value) -> Value:
    """A value as it was read, in the plain form of its type; one of another shape stays what it is."""
    if value is None:
        return None
    reader = _READERS.get(field.type)
    return reader(value) if reader else value


def _as_number(value: Value) -> Value:
    if isinstance(value, Decimal):
        return value if value.is_finite() else str(value)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    found = number(value)
    return value if found is None else found


def _as_truth(value: Value) -> Value:
    if isinstance(value, bool) or value == "":
        return value if isinstance(value, bool) else None
    if isinstance(value, int | Decimal):
        return bool(value) if value in (0, 1) else value
    return _WORDS.get(value.lower(), value) if isinstance(value, str) else value


def _as_date(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    return (dates.iso(value) or value) if value else None


def _as_text(value: Value) -> Value:
    return text_of(value) if isinstance(value, bool | int | Decimal) else value


def _as_id(value: Value) -> Value:
    if value == "":
        return None
    return [_as_id(part) for part in value] if isinstance(value, list) else _as_text(value)


def _as_list(value: Value) -> Value:
    if isinstance(value, str):
        return [*filter(None, value.split(";"))]
    return [_as_text(part) for part in (value if isinstance(value, list) else [value])]


def _as_rows(value: Value) -> Value:
    return [_with_text_id(row) for row in value] if isinstance(value, list) else value


def _with_text_id(row: Value) -> Value:
    if isinstance(row, dict) and "id" in row:
        return {**row, "id": _as_id(row["id"])}
    return row


_READERS: Mapping[FieldType, Callable[[Value], Value]] = {
    **dict.fromkeys(NUMBERS, _as_number),
    **dict.fromkeys(DATES, _as_date),
    **dict.fromkeys(IDS, _as_id),
    **dict.fromkeys(
        (
            FieldType.TEXT,
            FieldType.MULTILINE,
            FieldType.EMAIL,
            FieldType.PHONE,
            FieldType.URL,
            FieldType.CHOICE,
        ),
        _as_text,
    ),
    FieldType.BOOLEAN: _as_truth,
    FieldType.CHOICES: _as_list,
    FieldType.ROWS: _as_rows,
}


def same(field: Field, a: Value, b: Value) -> bool:
    """Whether two values mean the same: null, empty and missing do, and so do 1000 and 1000.0."""
    one, other = canonical(field, a), canonical(field, b)
    if field.type in DATES and isinstance(one, str) and isinstance(other, str):
        span = dates.period(one)
        return one == other or (span is not None and span == dates.period(other))
    if field.naming is not None and isinstance(one, list) and isinstance(other, list):
        return _notes(field.naming, one) == _notes(field.naming, other)
    if field.embedded and isinstance(one, list) and isinstance(other, list):
        return _same_rows(field, one, other)
    if field.type is FieldType.CHOICES and isinstance(one, list) and isinstance(other, list):
        # A service gives back several choices in an order of its own.
        one, other = sorted(one, key=text_of), sorted(other, key=text_of)
    return _alike(one, other)


def is_done(kind: Kind, schema: Schema, values: Mapping[str, Value]) -> bool:
    """Whether a record of these values is completed."""
    if (done := kind.done) is None:
        return False
    field = schema.field(done.field)
    return canonical(field, values.get(done.field)) == canonical(field, done.yes)


def _notes(naming: Naming, rows: list[Value]) -> dict[str, str]:
    """What a person decides on in rows that name records: which, and the note of each."""
    held = [row for row in rows if isinstance(row, dict)]
    return {text_of(row.get("id")): text_of(row.get(naming.note)) for row in held}


def _same_rows(field: Field, some: list[Value], others: list[Value], *, named: bool = False) -> bool:
    """Whether rows are the same in any order; `named`: some without an id may have one by now."""
    rest = list(others)
    for row in sorted(some, key=lambda row: id_of(row) is None):
        at = next((at for at, other in enumerate(rest) if _is_row(field, row, other, named=named)), None)
        if at is None:
            return False
        rest.pop(at)
    return not rest


def _is_row(field: Field, row: Value, other: Value, *, named: bool) -> bool:
    id_ = id_of(row)
    return (id_ == id_of(other) or (named and id_ is None)) and same_row(field, row, other)


def same_row(field: Field, row: Value, other: Value) -> bool:
    """Whether two rows are alike in all that can be written in them."""
    if not isinstance(row, dict) or not isinstance(other, dict):
        return _alike(row, other)
    return all(same(member, row.get(member.name), other.get(member.name)) for member in field.members)


def id_of(row: Value) -> str | None:
    """The id of a row; None of one that has none."""
    id_ = row.get("id") if isinstance(row, dict) else None
    return None if is_empty(id_) else text_of(id_)


def came_back(field: Field, sent: Value, answer: Value) -> bool:
    """Whether an answer is what was sent: a mere day as its first moment, a new row with an id too."""
    if same(field, answer, sent):
        return True
    if field.embedded and isinstance(sent, list) and isinstance(answer, list):
        return _same_rows(field, sent, answer, named=True)
    if field.type is FieldType.BOOLEAN and is_empty(sent):
        return canonical(field, answer) is False  # a box that nobody ticks is not ticked
    is_a_day = field.type in DATES and isinstance(sent, str) and len(sent) == len("2018-09-17")
    return is_a_day and same(field, answer, f"{sent}T00:00:00")


def _alike(a: Value, b: Value) -> bool:
    """Equality in which every form of nothing, and every form of a line's end, is one."""
    if is_empty(a) or is_empty(b):
        return is_empty(a) and is_empty(b)
    if isinstance(a, str) and isinstance(b, str):
        return a == b or a.replace("\r\n", "\n") == b.replace("\r\n", "\n")
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_alike, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return all(_alike(a.get(name), b.get(name)) for name in a.keys() | b.keys())
    return type(a) is type(b) and a == b if isinstance(a, bool) or isinstance(b, bool) else a == b


def shown(field: Field, value: Value, label: str | None = None) -> str:
    """A value as plain text for a cell: its label where it has one, neither cleaned nor localised."""
    if label is not None:
        return label
    if field.embedded and isinstance(value, list):
        return ";".join(filter(None, (main_text(field, row) for row in value)))
    return text_of(canonical(field, value))


def main_text(field: Field, row: Value) -> str:
    """What a row is there for, on one line: a number, an address."""
    if not isinstance(row, dict):
        return text_of(row)
    texts = (text_of(row.get(member.name)) for member in field.mains)
    return ", ".join(line.strip() for text in texts for line in text.splitlines() if line.strip())


def text_of(value: Value) -> str:
    """Any value as text: numbers written out, lists joined by `;`, a row as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f") if _is_short(value) else str(value)
    if isinstance(value, list):
        return ";".join(text_of(part) for part in value)
    try:
        return _JSON.encode(value).decode() if isinstance(value, dict) else str(value)
    except (ValueError, OverflowError):  # a number of more digits than Python writes
        return str(Decimal(value)) if isinstance(value, int) else repr(value)


def _is_short(value: Decimal) -> bool:
    """Whether a number, written without an exponent, has few enough digits to be read."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return False
    return max(len(digits), len(digits) + exponent, 1 - exponent) < _WRITTEN_OUT
