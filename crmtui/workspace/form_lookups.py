"""Values that are looked up: what a typed text could mean, what it does mean, how a value is called."""

from collections.abc import Sequence
from datetime import date

import msgspec

from crmtui.model.record import Record, Value
from crmtui.model.schema import Choice, Field, FieldType, Naming, Schema
from crmtui.model.value import fold, is_named, parse, resolve
from crmtui.workspace.appending import append, cost
from crmtui.workspace.desk import Desk
from crmtui.workspace.named_rows import Rows

MOST = 8
"""Records that are offered at once."""


class FormLookups:
    """The choices, users and mirrored records that the fields of one form can name."""

    def __init__(self, desk: Desk, schema: Schema, record: Record | None = None) -> None:
        """`record`: the one that is edited, whose rows tell names."""
        self._desk = desk
        self._kind = schema.kind
        self._record = record
        self._mirror = desk.account.mirror
        self._labels = desk.labels(schema)
        self._choices: dict[str, Sequence[Choice]] = {}
        self._used: dict[str, Sequence[Choice]] = {}

    def choices(self, field: Field) -> Sequence[Choice]:
        """The values that a field can take, as far as they are known."""
        if field.name not in self._choices:
            self._choices[field.name] = self._desk.fields.choices_now(self._kind, field)
        return self._choices[field.name]

    async def load(self, field: Field) -> None:
        """Asks for a field's values where they are not known; a call a day at most."""
        if field.type is not FieldType.REFERENCE:
            self._choices[field.name] = await self._desk.fields.choices(self._kind, field)

    def candidates(self, field: Field, typed: str) -> list[Choice]:
        """What a typed text could mean, those that begin with it first; all for none typed."""
        if field.naming is not None:
            return [Choice(id_, title) for id_, title in self._rows(field, field.naming).like(typed, MOST)]
        if field.type is not FieldType.REFERENCE:
            return _matching(self.choices(field) or self._in_use(field), typed)
        kind = field.refers_to or ""
        found = [Choice(id_, title or id_) for id_, title in self._mirror.like(kind, typed, MOST)]
        if typed and all(choice.value != typed for choice in found):
            found[:0] = [Choice(id_, title) for id_, title in self._mirror.titles(kind, {typed}).items()]
        return found[:MOST]

    def _in_use(self, field: Field) -> Sequence[Choice]:
        """What mirrored records have in a field whose list cannot be had; anything else is taken too."""
        if field.type is FieldType.USER:
            return ()
        if field.name not in self._used:
            texts = self._desk.account.samples.values(self._kind, field)
            self._used[field.name] = [Choice(text, text) for text in texts]
        return self._used[field.name]

    def cost_to_add(self, field: Field, text: str) -> int | None:
        """What adding a text to the list costs, in calls; None where it is there or cannot be added."""
        choices = self.choices(field)
        if not text or not choices or any(is_named(choice, text) for choice in choices):
            return None
        return cost(self._desk.account, self._kind, field)

    async def add(self, field: Field, text: str) -> Choice:
        """Makes a text a value of the field's list, and gives the value."""
        added = await append(self._desk.account, self._kind, field, [text])
        self._choices[field.name] = added.choices
        return added.choice(text) or Choice(text, text)

    def label(self, field: Field, text: str) -> str:
        """How a value is called; itself where it has no other name here."""
        if field.naming is not None:
            return self._rows(field, field.naming).told(text)
        if field.type is FieldType.REFERENCE:
            return self._labels.text(field, text) or self._above(field, text) or text
        known = {choice.value: choice.label for choice in self.choices(field)}
        if field.type is FieldType.CHOICES:
            return "; ".join(known.get(part) or part for part in parts(text))
        return known.get(text) or text

    def _above(self, field: Field, id_: str) -> str:
        """The name of what a record hangs on, of whichever kind: where such are, no two have the same id."""
        account = self._desk.account
        if field.refers_to or not account.kind(self._kind).within:
            return ""
        found = (self._mirror.titles(kind, {id_}).get(id_) for kind in account.adapter.kinds)
        return next(filter(None, found), "")

    def value(self, field: Field, text: str, today: date) -> Value:
        """The value meant by a value or a label; a `ValueError` is one clause why there is none."""
        text = text.strip()
        if field.naming is not None:
            return self._rows(field, field.naming).meant(text)
        if field.type is FieldType.REFERENCE:
            return self._id(field.refers_to or "", text)
        choices = self.choices(field)
        if field.type is FieldType.CHOICES:
            return [resolve(field, part, choices) for part in parts(text)]
        # A user is one of the users, whatever else a field of this service takes.
        closed = field.type is FieldType.USER and bool(choices)
        field = msgspec.structs.replace(field, open=False) if closed else field
        return parse(field, resolve(field, text, choices), today)

    def _rows(self, field: Field, naming: Naming) -> Rows:
        return Rows(self._desk.account, naming, self._record.values.get(field.name) if self._record else None)

    def _id(self, kind: str, text: str) -> str:
        """The id meant by an id, or by the title of exactly one mirrored record."""
        if self._mirror.titles(kind, {text}):
            return text
        found = sorted(id_ for id_, _ in self._mirror.titled(kind, text))
        if len(found) > 1:
            raise ValueError(
                f'fits several: "{text}" is the name of {", ".join(found)}; choose from the list'
            )
        if found:
            return found[0]
        if any(c.isdigit() for c in text) and not any(c.isspace() for c in text):
            return text
        raise ValueError(f'names no record known here: "{text}"; choose from the list, or type its id')


def parts(text: str) -> list[str]:
    """The several values in one text."""
    return [part for part in (part.strip() for part in text.split(";")) if part]


def _matching(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """The choices that hold a text: at their beginning first, then at a word's, then elsewhere."""
    wanted = fold(typed.strip())
    if not wanted:
        return list(choices)
    ranked: list[tuple[int, Choice]] = []
    for choice in choices:
        label = fold(choice.label or choice.value)
        if choice.value == typed or label.startswith(wanted):
            ranked.append((0, choice))
        elif wanted in label:
            ranked.append((1 if f" {wanted}" in label else 2, choice))
    return [choice for _, choice in sorted(ranked, key=lambda pair: pair[0])]
