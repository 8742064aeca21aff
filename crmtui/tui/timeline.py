"""What happened with a record, newest first: activities, and what changed from one state to the next."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from rich.cells import cell_len

from crmtui.model import dates
from crmtui.model.record import Record, Ref, is_empty
from crmtui.model.schema import DATES, IDS, Field, FieldType, Schema, Timeline
from crmtui.model.text import clean
from crmtui.model.value import canonical, same
from crmtui.tui.around_source import AroundSource
from crmtui.tui.format import EMPTY, cell, day, owner
from crmtui.tui.panes import Beginning
from crmtui.tui.widgets.columns import Column, Row, layout
from crmtui.workspace.around import MOST, Group
from crmtui.workspace.desk import Desk

_PARTS = " · "
_FIRST = (FieldType.MONEY, FieldType.PERCENT, FieldType.DATE)
"""Of what changed, these stand before the others."""


class Entry(NamedTuple):
    """One thing that happened: when, and what in one line and some more."""

    record: Record
    moment: str
    what: str
    more: tuple[str, ...]


class TimelineSource(AroundSource):
    """The entries of a record's timeline, each in a row of its own and those that belong to it."""

    title = "Timeline"
    columns = (Column("when", "When", 10, 0), Column("what", "What", 16, 1))

    def __init__(self, desk: Desk, ref: Ref, kinds: Collection[str]) -> None:
        super().__init__(desk, ref, kinds)
        self._entries: list[Entry] = []
        self._rows: list[tuple[Entry | None, Row]] = []
        self._today = date.today()

    @property
    def hint(self) -> str:
        """See `PaneSource`."""
        return "enter opens · n new" if self.beginning(0) else "enter opens"

    def forget(self, record: Record | None, width: int) -> None:
        """See `PaneSource`."""
        self._today = date.today()
        entries = [entry for group in self._around.groups for entry in self._of(group)]
        entries.sort(key=lambda entry: (entry.moment, _number(entry.record.ref.id)), reverse=True)
        slots = layout(self.columns, width)
        room = slots[1].width if len(slots) > 1 else width
        self._rows = [(entry, row) for entry in entries for row in self._lines(entry, room)]
        self._rows += [(None, row) for group in self._around.groups for row in _left_out(group)]

    def record(self, index: int) -> Record | None:
        """See `PaneSource`."""
        entry = self._rows[index][0] if 0 <= index < len(self._rows) else None
        return entry.record if entry else None

    def beginning(self, index: int) -> Beginning | None:
        """See `PaneSource`: one that people make, for a trail is left by the service."""
        for group in self._around.groups:
            if group.kind.timeline and not group.kind.timeline.trail:
                return Beginning(group.kind, group.beginning())
        return None

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self._rows)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        return self._rows[index][1] if 0 <= index < len(self._rows) else None

    def index_of(self, key: str) -> int | None:
        """See `RowSource`."""
        return next((at for at, (_, row) in enumerate(self._rows) if row.key == key), None)

    # -- entries

    def _of(self, group: Group) -> Iterator[Entry]:
        timeline = group.kind.timeline
        if timeline is None:
            return
        schema = self._desk.schema(group.kind.name)
        labels = self._desk.labels(schema)
        records = sorted(group.records(), key=lambda each: _order(each, timeline))
        before: Record | None = None
        # Of more than are shown, the oldest has a state before it that was not read.
        cut_off = (group.list.total or 0) > len(records)
        for record in records:
            said = labels.of(record)
            if timeline.trail:
                parts = self._changes(schema, before, record, labels.of(before) if before else {}, said)
                what, *more = parts or ["unchanged"]
                if before is None and not cut_off:
                    what, more = f"begun as {what}", more
            else:
                what, more = self._told(schema, record, said, group.kind.columns)
            who = _who(schema, record, said)
            moment = str(canonical(schema.field(timeline.at), record.values.get(timeline.at)) or "")
            yield Entry(record, moment, _PARTS.join(filter(None, (what, who))), tuple(more))
            before = record

    def _changes(
        self,
        schema: Schema,
        before: Record | None,
        now: Record,
        was: Mapping[str, str],
        said: Mapping[str, str],
    ) -> list[str]:
        """What is other than it was, a clause for each field; of a first state what it is."""
        clauses: list[str] = []
        title = self._desk.account.kind(schema.kind).title
        for field in _told_of(schema, title):
            value = now.values.get(field.name)
            new = cell(field, value, said.get(field.name), self._today)
            if before is None:
                if (field.name in title or field.type in _FIRST) and new != EMPTY:
                    clauses.append(f"{_name(field)} {new}" if field.type in DATES else new)
                continue
            old_value = before.values.get(field.name)
            if not same(field, old_value, value):
                old = cell(field, old_value, was.get(field.name), self._today)
                clauses.append(f"{_name(field)} {old} → {new}")
        return clauses

    def _told(
        self, schema: Schema, record: Record, said: Mapping[str, str], columns: Sequence[str]
    ) -> tuple[str, list[str]]:
        """A record in a line, and the first line of its text."""
        kind = self._desk.account.kind(schema.kind)
        # How urgent it is says nothing of what it is.
        urgency = kind.deadline.sort if kind.deadline else ""
        chosen = (schema.field(name) for name in columns if name != urgency)
        picked = [field for field in chosen if field.type is FieldType.CHOICE]
        cells = (cell(f, record.values.get(f.name), said.get(f.name), self._today) for f in picked)
        what = _PARTS.join(text for text in cells if text != EMPTY)
        texts = (record.values.get(f.name) for f in schema.fields if f.type is FieldType.MULTILINE)
        text = next((text for text in texts if isinstance(text, str) and text.strip()), "")
        first = clean(text.strip().split("\n")[0])
        # What is called by its own text would say it twice.
        by_text = all(schema.field(name).type is FieldType.MULTILINE for name in kind.title)
        called = kind.singular.capitalize() if by_text else record.title
        return what or called, [first] if first else []

    # -- rows

    def _lines(self, entry: Entry, room: int) -> Iterator[Row]:
        plain = entry.moment[:10]
        when = clean(day(plain, self._today)) if dates.period(plain) else EMPTY
        yield Row(str(entry.record.ref), (when, clean(entry.what)), styles=("muted", None))
        clock = clean(entry.moment[11:16])
        for at, line in enumerate(_filled(entry.more, room)):
            yield Row("", (clock if at == 0 else "", line), styles=("dim", "muted"))


def _told_of(schema: Schema, title: Sequence[str]) -> list[Field]:
    """The fields by which a state is told: what names it first, then money, percent and dates."""
    fields = [
        field
        for field in schema.fields
        if field.type not in IDS and field.type is not FieldType.UNKNOWN and not _is_stamp(field)
    ]
    ranks = {type_: rank for rank, type_ in enumerate(_FIRST)}
    return sorted(fields, key=lambda field: (field.name not in title, ranks.get(field.type, len(_FIRST))))


def _is_stamp(field: Field) -> bool:
    return field.read_only and field.type in DATES


def _name(field: Field) -> str:
    return clean(field.title).lower()


def _who(schema: Schema, record: Record, said: Mapping[str, str]) -> str:
    """Who did it: the owner, else who wrote it."""
    for field in schema.fields:
        if field.type is FieldType.USER and not is_empty(canonical(field, record.values.get(field.name))):
            return clean(owner(said.get(field.name) or str(record.values[field.name])))
    return ""


def _order(record: Record, timeline: Timeline) -> tuple[str, int]:
    return str(record.values.get(timeline.at) or ""), _number(record.ref.id)


def _number(id_: str) -> int:
    return int(id_) if id_.isdigit() and len(id_) < 20 else 0


def _filled(parts: Sequence[str], room: int) -> list[str]:
    """Clauses joined to lines that are no wider than the room."""
    lines: list[str] = []
    for part in map(clean, parts):
        if lines and cell_len(lines[-1]) + cell_len(part) + len(_PARTS) <= room:
            lines[-1] += _PARTS + part
        else:
            lines.append(part)
    return lines


def _left_out(group: Group) -> Iterator[Row]:
    """A row for what is not here and why."""
    label, total = group.kind.label, group.list.total
    words = ""
    if group.closed or group.failure is not None:
        words = f"{label}: {group.state}"
    elif total and total > MOST:
        words = f"… {total - MOST:,} more in the list of {label.lower()}"
    if words:
        yield Row("", ("", words), styles=(None, "dim"))
