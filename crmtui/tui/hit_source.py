"""Rows for what a search found: what each is called, of which kind it is, and why it was found."""

from collections.abc import Container, Sequence
from datetime import date

from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field
from crmtui.model.text import clean
from crmtui.model.value import canonical
from crmtui.tui.format import EMPTY, cell
from crmtui.tui.widgets.columns import Column, Row
from crmtui.workspace.desk import Desk
from crmtui.workspace.evidence import Wanted
from crmtui.workspace.hits import Hits
from crmtui.workspace.labels import Labels
from crmtui.workspace.waiting import Waiting

_CHUNK = 64


class KindWords:
    """What the records of each kind are described by; it is looked up once for all letters of a search."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._described: dict[str, tuple[Sequence[Field], Labels]] = {}
        self._titles: dict[tuple[str, str], str] = {}

    def label(self, kind: str, name: str) -> str:
        """The label of a field; the field of no name is the id."""
        if (kind, name) not in self._titles:
            title = self._desk.schema(kind).field(name).title if name else "Id"
            self._titles[kind, name] = clean(title)
        return self._titles[kind, name]

    def described(self, record: Record, today: date) -> str:
        """What the list of its kind shows of a record besides its name."""
        fields, labels = self._of(record.ref.kind)
        shown = (self._cell(field, record, labels, today) for field in fields)
        return " · ".join(text for text in shown if text != EMPTY)

    def _of(self, name: str) -> tuple[Sequence[Field], Labels]:
        if name not in self._described:
            kind, schema = self._desk.account.kind(name), self._desk.schema(name)
            by_name = schema.by_name
            fields = [by_name[each] for each in kind.columns if each in by_name and each not in kind.title]
            self._described[name] = fields, self._desk.labels(schema)
        return self._described[name]

    def _cell(self, field: Field, record: Record, labels: Labels, today: date) -> str:
        value = record.values.get(field.name)
        label = record.labels.get(field.name)
        if label is None and field.named:
            label = labels.text(field, canonical(field, value))
        return cell(field, value, label, today)


class HitSource:
    """The rows of a search; see `RowSource`."""

    def __init__(
        self,
        desk: Desk,
        words: KindWords,
        hits: Hits,
        *,
        everywhere: bool,
        marks: Container[Ref] = (),
    ) -> None:
        """`everywhere`: it is of all kinds, and a column tells which."""
        self.hits = hits
        self.everywhere = everywhere
        self._desk = desk
        self._marks = marks
        self._wanted = Wanted(hits.text)
        self._words = words
        self._chunks: dict[int, dict[int, Record]] = {}
        self._waiting: Waiting = desk.waiting()
        self._today = date.today()

    @property
    def columns(self) -> list[Column]:
        """Name and reason, and between them the kind where there are several."""
        kind = self._desk.account.kind(self.hits.kind)
        first = kind.title[0] if kind.title else ""
        name = "Name" if self.everywhere else self._words.label(kind.name, first)
        kinds = [Column("", "Kind", 11)] if self.everywhere else []
        return [Column(first, name, 18, 2), *kinds, Column("", "Found in", 20, 3)]

    def forget(self) -> None:
        """The mirror or the outbox changed: what is in memory is read again."""
        self.hits.sort_out()
        self._waiting = self._desk.waiting()
        self._chunks.clear()

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self.hits.refs)

    def record(self, index: int) -> Record | None:
        """The record at a position."""
        number = index // _CHUNK
        if number not in self._chunks:
            found = self.hits.rows(number * _CHUNK, _CHUNK)
            self._chunks[number] = {at: self._waiting.over(record) for at, record in found.items()}
        return self._chunks[number].get(index)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        record = self.record(index)
        if record is None:
            return None
        kind = record.ref.kind
        title = clean(record.title)
        hits = [(0, span.start, span.end) for span in set(self._wanted.spans(title).values())]
        why = self._wanted.why(record)
        label = self._words.label(kind, why.field) if why else ""
        reason = f"{label}: {why.text}" if why else self._words.described(record, self._today)
        at = 2 if self.everywhere else 1
        if why is not None:
            start = len(label) + 2
            hits.append((at, start + why.span.start, start + why.span.end))
        cells = (title, self._desk.account.kind(kind).singular, reason) if at == 2 else (title, reason)
        waits = bool(self._waiting.of(record.ref))
        styles = (None, *["muted"] * (at - 1), "dim" if why is None else None)
        marked = record.ref in self._marks
        return Row(str(record.ref), cells, marked, styles=styles, waits=waits, hits=tuple(hits))

    def index_of(self, key: str) -> int | None:
        """See `RowSource`."""
        return next((at for at, ref in enumerate(self.hits.refs) if str(ref) == key), None)

    def at(self, ref: Ref) -> int | None:
        """Where a record stands."""
        return self.hits.position(ref)

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`."""
