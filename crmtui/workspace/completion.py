"""What can stand at a place of the filter bar: fields, signs and values, and what each would replace."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

import msgspec

from crmtui.model import dates
from crmtui.model.bind import ID, field_of
from crmtui.model.place import Place, place_of
from crmtui.model.schema import DATES, NUMBERS, Choice, Field, FieldType, Schema
from crmtui.model.value import fold, number
from crmtui.model.where import LISTING, Sign
from crmtui.model.where_text import name_text, value_text

MOST = 50
"""Candidates at once."""


class Candidate(msgspec.Struct, frozen=True):
    """A text that can take the place of `span`, how a list shows it, and a word of explanation."""

    text: str
    span: tuple[int, int]
    label: str
    note: str = ""
    goes_on: bool = False
    """Whether it makes the text longer than anybody need want: another value, a range."""

    def taken(self, text: str) -> tuple[str, int]:
        """The text of the bar with this in it, and the place behind it."""
        start, end = self.span
        return text[:start] + self.text + text[end:], start + len(self.text)


class Completion(msgspec.Struct, frozen=True):
    """The candidates, what of them is typed, and the field whose value is being typed."""

    candidates: tuple[Candidate, ...] = ()
    typed: str = ""
    start: int = 0
    """Where the piece begins that is being typed."""
    field: Field | None = None
    begun: bool = True
    """Whether something is typed of it: a sign at least, or a letter."""


class Known(Protocol):
    """What is known of values without a call."""

    @property
    def today(self) -> date:
        """The day that `today` and `+2w` count from."""

    def choices(self, field: Field) -> Sequence[Choice]:
        """The values of a choice or the users."""

    def records(self, field: Field, typed: str) -> Sequence[tuple[Choice, bool]]:
        """Mirrored records that a reference can mean, and whether the title names one alone."""

    def values(self, field: Field, typed: str) -> Sequence[str]:
        """Texts that the field has in the mirror."""


_WORDS: Mapping[Sign, str] = {
    Sign.EQUAL: "is; is empty, if nothing follows",
    Sign.UNEQUAL: "is not",
    Sign.CONTAINS: "contains",
    Sign.BEGINS: "begins with",
    Sign.ENDS: "ends with",
    Sign.ABOVE: "above",
    Sign.AT_LEAST: "at least",
    Sign.BELOW: "below",
    Sign.AT_MOST: "at most",
}
_OF_NUMBERS = {Sign.EQUAL: "is; 1..5 is between"}
_OF_DATES = {
    Sign.EQUAL: "is; today..+2w is between",
    Sign.ABOVE: "after",
    Sign.AT_LEAST: "from that day on",
    Sign.BELOW: "before",
    Sign.AT_MOST: "until that day",
}
_RANKING = (Sign.EQUAL, Sign.ABOVE, Sign.AT_LEAST, Sign.BELOW, Sign.AT_MOST, Sign.UNEQUAL)
_NAMING = (Sign.EQUAL, Sign.UNEQUAL, Sign.CONTAINS, Sign.BEGINS, Sign.ENDS)
_PARTS = frozenset({Sign.CONTAINS, Sign.BEGINS, Sign.ENDS})
_DAYS = ("today", "-7d", "-1m", "-1y", "+2w", "+1m")


def complete(text: str, cursor: int, schema: Schema, known: Known, first: Sequence[str] = ()) -> Completion:
    """What can stand at the cursor; `first` are the fields that come before others."""
    place = place_of(text, cursor)
    if place is None:
        return Completion()
    if place.what == "field":
        found = [*_fields(place, schema, first), *_joints(place)]
        field = None
    else:
        field = field_of(schema.by_name, place.field)
        if field is None:
            return Completion(start=place.span[0])
        found = [*(_signs(place, field) if place.what == "sign" else _values(place, field, known))]
    kept = tuple(each for each in found if text[slice(*each.span)] != each.text)
    begun = place.what != "field" or bool(place.typed)
    field = field if place.what == "value" else None
    return Completion(kept[:MOST], place.typed, place.span[0], field, begun)


# -- fields


def _fields(place: Place, schema: Schema, first: Sequence[str]) -> Iterator[Candidate]:
    """The fields that a text can mean, and the signs behind one that is written out."""
    places = {name: index for index, name in enumerate(first)}
    fields = sorted(schema.fields, key=lambda field: places.get(field.name, len(places)))
    ranked: list[tuple[int, str, Field]] = []
    for name, field in (*((f.name, f) for f in fields), *_members(fields), (ID.name, ID)):
        rank = _rank(place.typed, name, field.title)
        if rank is not None:
            ranked.append((rank, name, field))
    written = None
    for _, name, field in sorted(ranked, key=lambda each: each[0]):
        if name == place.typed:
            written = field
        yield Candidate(name_text(name), place.span, name, "" if field.title == name else field.title)
    if written is not None and place.ends and not place.quoted:
        end = place.span[1]
        yield from _signs(Place("sign", (end, end), "", place.typed), written)


def _members(fields: Sequence[Field]) -> Iterator[tuple[str, Field]]:
    """The members of rows as `FIELD.MEMBER`."""
    for rows in fields:
        for member in rows.fields:
            yield f"{rows.name}.{member.name}", member


def _rank(typed: str, *texts: str) -> int | None:
    """How well what is typed fits one of several texts: its beginning, a word's, any part, its letters.

    Of texts that fit alike the first counts most.
    """
    wanted = fold(typed.strip())
    ranks = []
    for place, text in enumerate(map(fold, texts)):
        fits = (
            text.startswith(wanted),
            f" {wanted}" in text,
            wanted in text,
            len(wanted) > 1 and _strewn(wanted, text),
        )
        if any(fits):
            ranks.append(fits.index(True) * len(texts) + place)
    return min(ranks, default=None)


def _strewn(letters: str, text: str) -> bool:
    """Whether a text begins like the letters and has the others in their order."""
    rest = iter(text)
    return text[:1] == letters[:1] and all(letter in rest for letter in letters)


def _joints(place: Place) -> Iterator[Candidate]:
    """What stands between terms and round them."""
    if place.quoted:
        return
    end = place.span[1] if place.typed else place.span[0]
    span = (place.span[0], end)
    if place.ends and place.joins and place.open and not place.typed:
        yield Candidate(")", span, ")", "closes the bracket", goes_on=True)
    if not place.ends and place.typed:
        return
    for text, note, may in (
        ("or ", "what is before it, or what follows", place.joins),
        ("not(", "not what is in the brackets", True),
        ("(", "terms in brackets, with or between them", True),
    ):
        if may and text.startswith(place.typed):
            yield Candidate(text, span, text.strip(), note)


# -- signs


def _signs(place: Place, field: Field) -> Iterator[Candidate]:
    """The signs that make sense for a field."""
    ranking = field.type in NUMBERS | DATES
    words = {**_WORDS, **(_OF_DATES if field.type in DATES else _OF_NUMBERS if ranking else {})}
    few = 1 if field.filters else 2 if field.type is FieldType.BOOLEAN else len(_NAMING)
    signs = _RANKING if ranking else _NAMING[:few]
    for sign in signs:
        if sign.startswith(place.typed):
            yield Candidate(sign.value, place.span, sign.value, words[sign])


# -- values


def _values(place: Place, field: Field, known: Known) -> Iterator[Candidate]:
    """The values that a field can be compared with, and what can follow one."""
    sign = place.sign or Sign.EQUAL
    if not place.typed and not place.quoted and sign in (Sign.ABOVE, Sign.BELOW):
        longer = Sign(f"{sign}=")
        before = (place.span[0] - 1, place.span[0])
        yield from _signs(Place("sign", before, longer.value), field)
    found: list[Candidate] = []
    if not place.done:
        if not place.quoted:
            found += _words(place, field, known.today)
        texts = [*_texts(place, field, sign, known)]
        ranks = ((_rank(place.typed, each.label, each.text), each) for each in texts)
        ranked = [(rank, each) for rank, each in ranks if rank is not None]
        found += [each for _, each in sorted(ranked, key=lambda pair: pair[0])]
    yield from found
    whole = fold(place.typed)
    if place.done or (whole and not place.quoted and (not found or whole in {fold(c.text) for c in found})):
        yield from _further(place, field, sign, known.today)


def _further(place: Place, field: Field, sign: Sign, today: date) -> Iterator[Candidate]:
    """What can follow a value."""
    end = place.span[1]
    if not place.ends:
        return
    if sign in LISTING:
        if not place.quoted and ".." not in place.typed and _is_end(field, place.typed, today):
            yield Candidate("..", (end, end), "..", "to another: what lies between", goes_on=True)
        if field.type is not FieldType.BOOLEAN:
            yield Candidate("|", (end, end), "|", "or another value", goes_on=True)
    if place.open:
        yield Candidate(")", (end, end), ")", "closes the bracket", goes_on=True)


def _words(place: Place, field: Field, today: date) -> Iterator[Candidate]:
    """Yes and no, and days; of a range the end that is being typed."""
    start, end = place.span
    if field.type is FieldType.BOOLEAN:
        yield from (Candidate(w, place.span, w) for w in ("yes", "no") if w.startswith(fold(place.typed)))
    if field.type in DATES and place.sign not in _PARTS:
        low, dots, typed = place.typed.rpartition("..")
        if dots and place.sign in LISTING:
            start += len(low) + len(dots)
        else:
            low, typed = "", place.typed
        after = str(dates.relative(low, today) or low)
        for word in _DAYS:
            day = str(dates.relative(word, today))
            if word.startswith(fold(typed)) and day > after:
                yield Candidate(word, (start, end), word, day)


def _is_end(field: Field, text: str, today: date) -> bool:
    """Whether a range can begin with this."""
    if field.type in NUMBERS:
        return number(text) is not None
    if field.type not in DATES:
        return False
    return dates.relative(text, today) is not None or dates.iso(text) is not None


def _texts(place: Place, field: Field, sign: Sign, known: Known) -> Iterator[Candidate]:
    """The values that have a name: of choices, users, records, and what the mirror has."""
    plain = field.type in NUMBERS | DATES | {FieldType.BOOLEAN, FieldType.MULTILINE}
    if plain and not field.named:
        return
    span = place.span
    if field.type is FieldType.REFERENCE and field is not ID:
        for record, alone in known.records(field, place.typed):
            named = alone and not record.label.isdigit()
            text = record.label if named or sign not in LISTING else record.value
            yield Candidate(value_text(text), span, record.label, f"{field.refers_to} {record.value}")
        return
    choices = known.choices(field) if field.named else ()
    for choice in choices:
        label = choice.label or choice.value
        text = label if sign not in LISTING or _names(label, choice, choices) else choice.value
        yield Candidate(value_text(text), span, label, choice.value if choice.value != label else "")
    if not choices and not plain and field.type is not FieldType.USER and field is not ID:
        for text in known.values(field, place.typed):
            yield Candidate(value_text(text), span, text)


def _names(label: str, choice: Choice, choices: Sequence[Choice]) -> bool:
    """Whether a label means this choice and no other; one of digits alone would be taken for an id."""
    same = fold(label)
    others = (other for other in choices if other.value != choice.value)
    return not label.isdigit() and not any(same in (fold(other.value), fold(other.label)) for other in others)
