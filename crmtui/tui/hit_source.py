"""Rows for what a search found: what each is called, of which kind it is, and why it was found."""

from collections.abc import Mapping
from datetime import date

from crmtui.model.record import Record, Ref
from crmtui.model.schema import Schema
from crmtui.model.text import clean
from crmtui.tui.format import EMPTY, cell
from crmtui.tui.widgets.columns import Column, Row
from crmtui.workspace.desk import Desk
from crmtui.workspace.evidence import Wanted
from crmtui.workspace.hits import Hits
from crmtui.workspace.labels import Labels
from crmtui.workspace.waiting import Waiting

_CHUNK = 64


class HitSource:
    """The rows of a search; see `RowSource`."""

    def __init__(self, desk: Desk, hits: Hits, *, everywhere: bool) -> None:
        """`everywhere`: it is of all kinds, and a column tells which."""
        self.hits = hits
        self.everywhere = everywhere
        self._desk = desk
        self._wanted = Wanted(hits.text)
        self._schemas: dict[str, Schema] = {}
        self._labels: dict[str, Labels] = {}
        self._chunks: dict[int, dict[int, Record]] = {}
        self._waiting: Waiting = desk.waiting()
        self._today = date.today()

    @property
    def columns(self) -> list[Column]:
        """Name and reason, and between them the kind where there are several."""
        kind = self._desk.account.kind(self.hits.kind)
        first = kind.title[0] if kind.title else ""
        name = "Name" if self.everywhere else clean(self._schema(kind.name).field(first).title)
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
        why = self._wanted.why(record, self._schema(kind), record.labels)
        reason = self._described(record) if why is None else f"{why.label}: {why.text}"
        at = 2 if self.everywhere else 1
        if why is not None:
            start = len(why.label) + 2
            hits.append((at, start + why.span.start, start + why.span.end))
        cells = (title, self._desk.account.kind(kind).singular, reason) if at == 2 else (title, reason)
        waits = bool(self._waiting.of(record.ref))
        styles = (None, *["muted"] * (at - 1), "dim" if why is None else None)
        return Row(str(record.ref), cells, styles=styles, waits=waits, hits=tuple(hits))

    def index_of(self, key: str) -> int | None:
        """See `RowSource`."""
        return next((at for at, ref in enumerate(self.hits.refs) if str(ref) == key), None)

    def at(self, ref: Ref) -> int | None:
        """Where a record stands."""
        return self.hits.position(ref)

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`."""

    def _described(self, record: Record) -> str:
        """Of a record that is found by its name what its list would show besides."""
        kind = self._desk.account.kind(record.ref.kind)
        schema = self._schema(kind.name)
        labels = self._labels_of(kind.name, record)
        names = [name for name in kind.columns if name not in kind.title and name in schema.by_name]
        shown = (
            cell(schema.field(name), record.values.get(name), labels.get(name), self._today) for name in names
        )
        return " · ".join(text for text in shown if text != EMPTY)

    def _labels_of(self, kind: str, record: Record) -> Mapping[str, str]:
        if kind not in self._labels:
            self._labels[kind] = self._desk.labels(self._schema(kind))
        return self._labels[kind].of(record)

    def _schema(self, kind: str) -> Schema:
        if kind not in self._schemas:
            self._schemas[kind] = self._desk.schema(kind)
        return self._schemas[kind]
