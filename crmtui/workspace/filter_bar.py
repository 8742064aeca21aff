"""The filter bar of one kind: what can stand in it, what it means, and what stood in it before."""

from collections.abc import Sequence
from datetime import date

from crmtui.model.bind import Where, field_of
from crmtui.model.place import place_of
from crmtui.model.schema import Choice, Field, FieldType, Kind
from crmtui.model.where import WhereError, parse_bar
from crmtui.workspace.completion import Completion, complete
from crmtui.workspace.desk import Desk
from crmtui.workspace.selection import compares, where_in_bar

RECENT = 20
"""Filters of a kind that are remembered."""
_RECORDS = 20
_ASKED = frozenset({FieldType.CHOICE, FieldType.CHOICES, FieldType.USER})


class FilterBar:
    """Everything here is from what is known; only `learn` makes a call."""

    def __init__(self, desk: Desk, kind: Kind) -> None:
        self._desk = desk
        self._kind = kind
        self._values: dict[str, list[str]] = {}
        self._learnt: set[str] = set()

    # -- what can stand in it

    def complete(self, text: str, cursor: int) -> Completion:
        """What can stand at the cursor."""
        return complete(text, cursor, self._desk.schema(self._kind.name), self, self._kind.columns)

    @property
    def today(self) -> date:
        """The day that `today` and `+2w` count from."""
        return date.today()

    def choices(self, field: Field) -> Sequence[Choice]:
        """The values of a choice or the users, as far as they are known."""
        return self._desk.fields.choices_now(self._kind.name, field)

    def records(self, field: Field, typed: str) -> Sequence[tuple[Choice, bool]]:
        """Mirrored records by the beginning of their titles, and whether a title names one alone."""
        samples, kind = self._desk.account.samples, field.refers_to or ""
        found = samples.titles(kind, typed, _RECORDS)
        return [(Choice(id_, title), samples.is_only(kind, title)) for id_, title in found]

    def values(self, field: Field, typed: str) -> Sequence[str]:
        """Texts that the field has in the mirror; of a field that names the records, titles."""
        samples, kind = self._desk.account.samples, self._kind
        if field.name not in self._values:
            self._values[field.name] = samples.values(kind.name, field)
        titles: list[str] = []
        if kind.title == (field.name,) and typed:
            titles = [title for _, title in samples.titles(kind.name, typed, _RECORDS)]
        return list(dict.fromkeys([*titles, *self._values[field.name]]))

    # -- what it means

    async def where(self, text: str) -> Where | None:
        """What the text means; a `WhereError` tells where it means nothing."""
        return await where_in_bar(self._desk, self._desk.schema(self._kind.name), text, self.today)

    async def check(self, text: str) -> WhereError | None:
        """What is wrong with a text that is being typed, unless more of it would put that right."""
        place = place_of(text, len(text))
        closing = ")" * (place.open if place else 0)
        found: list[WhereError] = []
        for end in dict.fromkeys(("", closing, f'"{closing}')):
            try:
                await self.where(text + end)
            except WhereError as mistake:
                found.append(mistake)
            else:
                return None
        # What is left open is blamed first, and may be the least of it.
        return max(found, key=lambda mistake: mistake.position)

    def named(self, text: str) -> list[Field]:
        """The fields whose values were named in a text and are not known, each once."""
        schema = self._desk.schema(self._kind.name)
        try:
            found = [field_of(schema.by_name, each.field) for each in compares(parse_bar(text))]
        except WhereError:
            return []
        return list({field.name: field for field in found if field and self.lacks(field)}.values())

    def lacks(self, field: Field) -> bool:
        """Whether the values of a field can be asked for, and were not yet."""
        return field.type in _ASKED and field.name not in self._learnt and not self.choices(field)

    async def learn(self, field: Field) -> None:
        """Asks for a field's values where they are not known; a call a day at most."""
        self._learnt.add(field.name)
        await self._desk.fields.choices(self._kind.name, field)

    # -- what stood in it

    @property
    def recent(self) -> list[str]:
        """The last filters, the newest first."""
        return self._desk.account.known.fact(self._fact, list[str]) or []

    def remember(self, text: str) -> None:
        """Keeps a filter that was used."""
        texts = [text, *(each for each in self.recent if each != text)]
        self._desk.account.known.keep_fact(self._fact, texts[:RECENT])

    @property
    def _fact(self) -> str:
        return f"filters of {self._kind.name}"
