"""What hangs on a record and came with it, in the service's order, each beneath what it hangs on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from crmtui.model import dates
from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Ref, is_empty
from crmtui.model.schema import DATES, Field, FieldType, Kind, Schema
from crmtui.model.text import clean
from crmtui.model.value import canonical, is_done
from crmtui.tui.format import EMPTY, cell, day, owner
from crmtui.tui.panes import Beginning
from crmtui.tui.widgets.columns import Column, Row
from crmtui.workspace import hanging
from crmtui.workspace.desk import Desk

_PARTS = " · "
_GUIDE = "│ "
"""Before what hangs on another entry, for each that is above it."""
_DONE, _OPEN = "✓ ", "○ "
_WORD = re.compile(r"[^\W\d_]")
_BARE = frozenset({FieldType.MONEY, FieldType.PERCENT})
"""Types whose figures say what they are."""


class Entry(NamedTuple):
    """One record, and how deep it hangs."""

    record: Record
    depth: int


class ActivitiesSource:
    """The entries of a timeline that is read with its record: of each a row, and one that tells of it."""

    title = "Timeline"
    columns: Sequence[Column] = (Column("when", "When", 10, 0), Column("what", "What", 16, 1))
    cost = 1
    exact = True
    with_record = True

    def __init__(self, desk: Desk, ref: Ref) -> None:
        self._desk = desk
        self._ref = ref
        self._entries: list[Entry] = []
        self._rows: list[tuple[Record | None, Row]] = []
        self._today = date.today()

    @property
    def known(self) -> bool:
        """See `PaneSource`."""
        return hanging.read_at(self._desk.account, self._ref) is not None

    async def ask(self) -> CrmError | None:
        """See `PaneSource`."""
        try:
            await self._desk.read(self._ref)
        except CrmError as error:
            return error
        return None

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`: nothing is fetched by scrolling here."""

    @property
    def hint(self) -> str:
        """See `PaneSource`."""
        return "enter opens · n new · F done"

    @property
    def count(self) -> str:
        """See `PaneSource`."""
        return f"{len(self._entries):,}" if self.known else ""

    def forget(self, record: Record | None, width: int) -> None:
        """See `PaneSource`."""
        self._today = date.today()
        account = self._desk.account
        waiting = self._desk.waiting()
        found = [waiting.over(each) for each in hanging.of(account, self._ref)]
        self._entries = list(_nested(found, {each.ref.id: hanging.above(account, each) for each in found}))
        self._rows = []
        for entry in self._entries:
            waits = bool(waiting.of(entry.record.ref))
            for row in self._lines(entry, waits=waits):
                self._rows.append((entry.record, row))

    def record(self, index: int) -> Record | None:
        """See `PaneSource`."""
        return self._rows[index][0] if 0 <= index < len(self._rows) else None

    def beginning(self, index: int) -> Beginning | None:
        """See `PaneSource`."""
        return next(iter(self.beginnings(index)), None)

    def beginnings(self, index: int) -> Sequence[Beginning]:
        """See `PaneSource`: what is made beneath the entry first, then whatever people make here."""
        account, here = self._desk.account, self.record(index)
        found = self._held(here) if here else []
        made = (each for each in account.adapter.kinds.values() if each.within and each.can.create)
        return [*found, *(Beginning(kind, self._place(kind), about=_cost(kind)) for kind in made)]

    def _held(self, above: Record) -> list[Beginning]:
        """What is made beneath an entry."""
        account = self._desk.account
        found = []
        for kind in map(account.kind, account.kind(above.ref.kind).holds):
            values = self._place(kind) | ({kind.timeline.above: above.ref.id} if kind.timeline else {})
            found.append(Beginning(kind, values, about=f"in {clean(above.title)}"))
        return found

    def take(self, record: Record) -> bool:
        """See `PaneSource`."""
        return hanging.read_with(self._desk.account, record) == self._ref

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self._rows)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        return self._rows[index][1] if 0 <= index < len(self._rows) else None

    def index_of(self, key: str) -> int | None:
        """See `RowSource`."""
        return next((at for at, (_, row) in enumerate(self._rows) if row.key == key), None)

    # -- rows

    def _place(self, kind: Kind) -> dict[str, str]:
        """What makes a new record of a kind hang here."""
        return dict(zip(kind.within, (self._ref.kind, self._ref.id), strict=True))

    def _lines(self, entry: Entry, *, waits: bool) -> Iterator[Row]:
        record = entry.record
        kind = self._desk.account.kind(record.ref.kind)
        schema = self._desk.schema(kind.name)
        said = self._desk.labels(schema).of(record)
        done = is_done(kind, schema, record.values)
        mark = "" if not kind.done else _DONE if done else _OPEN
        guide = _GUIDE * entry.depth
        word = kind.singular[:1].upper() + kind.singular[1:]
        at = schema.field(kind.timeline.at) if kind.timeline else None
        moment = str(canonical(at, record.values.get(at.name)) or "") if at else ""
        when = clean(day(moment[:10], self._today)) if dates.period(moment[:10]) else EMPTY
        what = f"{guide}{mark}{word}  {clean(record.title)}"
        yield Row(str(record.ref), (when, what), styles=("muted", "muted" if done else None), waits=waits)
        late, facts = self._facts(kind, schema, record, said, done=done)
        told = _PARTS.join([*facts, *filter(None, [_text(kind, schema, record)])])
        if told:
            indent = " " * len(mark)
            hue = "warning" if late else "muted"
            yield Row("", (clean(moment[11:16]), f"{guide}{indent}{told}"), styles=("dim", hue))

    def _facts(
        self, kind: Kind, schema: Schema, record: Record, said: Mapping[str, str], *, done: bool
    ) -> tuple[bool, list[str]]:
        """Whether it is overdue, and what is told of it: when it is due, how it stands, and who has it."""
        late, facts, who = False, [], ""
        names = [name for name in kind.columns if name not in kind.title]
        for field in (schema.field(name) for name in (*names, *_unforeseen(kind, schema, record))):
            value = canonical(field, record.values.get(field.name))
            if is_empty(value):
                continue
            text = cell(field, value, said.get(field.name), self._today)
            if field.type is FieldType.USER:
                who = text
                continue
            due = kind.done is not None and not done and not field.read_only and field.type in DATES
            past = due and str(value)[:10] < self._today.isoformat()
            late = late or past
            facts.append(f"overdue {text}" if past else _named(field, text))
        creator = schema.field("creatorid")
        who = who or clean(owner(said.get(creator.name) or ""))
        return late, [*facts, *filter(None, [who])]


def _nested(records: Sequence[Record], above: Mapping[str, str]) -> Iterator[Entry]:
    """Each record with its depth, what hangs on it after it; the order among neighbours stays."""
    under: dict[str, list[Record]] = {}
    for record in records:
        root = above[record.ref.id] if above[record.ref.id] in above else ""
        under.setdefault(root, []).append(record)
    seen: set[str] = set()
    # What hangs in a ring, on none of the others, comes last.
    for start in ("", *above):
        waiting = [Entry(record, 0) for record in reversed(under.get(start, ()))]
        while waiting:
            entry = waiting.pop()
            id_ = entry.record.ref.id
            if id_ not in seen:
                seen.add(id_)
                yield entry
                waiting += [Entry(each, entry.depth + 1) for each in reversed(under.get(id_, ()))]


def _unforeseen(kind: Kind, schema: Schema, record: Record) -> list[str]:
    """The fields of a record of a type that nobody knows."""
    if kind.can.edit:
        return []
    return [name for name in record.values if schema.field(name).type is FieldType.UNKNOWN]


def _named(field: Field, text: str) -> str:
    """A fact that says what it is: a date and a bare figure by their label."""
    figure = not _WORD.search(text) and field.type not in _BARE
    if field.type in DATES or figure or field.type is FieldType.UNKNOWN:
        return f"{clean(field.title).lower()} {text}"
    return text


def _text(kind: Kind, schema: Schema, record: Record) -> str:
    """The first line of a text that is not what the record is called by, else its second one."""
    for field in schema.fields:
        value = record.values.get(field.name)
        if field.type is FieldType.MULTILINE and isinstance(value, str) and value.strip():
            lines = [line for line in value.strip().splitlines() if line.strip()]
            lines = lines[1:] if field.name in kind.title else lines
            return clean(lines[0]) if lines else ""
    return ""


def _cost(kind: Kind) -> str:
    return "1 call and one per activity" if kind.is_order else "1 call"
