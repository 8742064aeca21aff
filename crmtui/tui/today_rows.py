"""The rows of the screen of today: what is due, under headings, with what it hangs on and whose it is."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from crmtui.model.record import Record, Ref
from crmtui.model.schema import FieldType, Kind
from crmtui.model.text import clean
from crmtui.tui.format import EMPTY, day, owner
from crmtui.tui.widgets.columns import Column, Row
from crmtui.workspace.agenda import OVERDUE, TODAY, Agenda, Duty
from crmtui.workspace.desk import Desk
from crmtui.workspace.labels import Labels

_COLUMNS = (
    Column("what", "What", 20, 4),
    Column("due", "Due", 12),
    Column("of", "Record", 14, 3),
    Column("kind", "", 11),
    Column("whose", "Who", 11, 1),
)


def columns_of(*, mine: bool) -> tuple[Column, ...]:
    """The columns; of what is mine nobody has to be told whose it is."""
    return _COLUMNS[:-1] if mine else _COLUMNS


class _Wording(NamedTuple):
    """How records of a kind are told of: the fields of what they hang on and whose they are."""

    labels: Labels
    of: str
    whose: str


class TodayRows:
    """Headings and duties; a row is worded when it is first painted."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lines: list[tuple[str, Duty | None]] = []
        self._rows: dict[int, Row] = {}
        self._wordings: dict[str, _Wording] = {}
        self._today = date.today()
        self.counts: Mapping[str, int] = {}
        self._beyond: Mapping[str, str] = {}

    def show(self, agenda: Agenda, *, mine: bool) -> None:
        """What an agenda has now."""
        groups = agenda.groups(mine=mine)
        self.counts = {name: len(duties) for name, duties in groups}
        self._today = agenda.today
        self._beyond = {name: agenda.beyond(name) for name in self.counts}
        self._lines = []
        for name, duties in groups:
            self._lines.append((name, None))
            self._lines += [(name, duty) for duty in duties]
        self._rows.clear()
        self._wordings.clear()

    def duty(self, index: int) -> Duty | None:
        """What a row is of; a heading is of nothing."""
        return self._lines[index][1] if 0 <= index < len(self._lines) else None

    def record(self, index: int) -> Record | None:
        """The record of a row."""
        duty = self.duty(index)
        return duty.record if duty else None

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self._lines)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        if not 0 <= index < len(self._lines):
            return None
        if index not in self._rows:
            name, duty = self._lines[index]
            self._rows[index] = self._heading(name) if duty is None else self._row(name, duty)
        return self._rows[index]

    def index_of(self, key: str) -> int | None:
        """See `RowSource`."""
        found = (at for at, (_, duty) in enumerate(self._lines) if duty and _key(duty.record.ref) == key)
        return next(found, None)

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`: nothing is fetched by scrolling here."""

    def _heading(self, name: str) -> Row:
        style = "error" if name == OVERDUE else "muted"
        words = f"{name} {self.counts[name]:,}{self._beyond.get(name, '')}"
        return Row("", (f"── {words} ──",), styles=(style,))

    def _row(self, group: str, duty: Duty) -> Row:
        record, wording = duty.record, self._wording(duty.kind)
        labels = wording.labels.of(record)
        who = labels.get(wording.whose, "")
        cells = (
            clean(duty.text or record.title),
            duty.at_once or _when(duty.at, group, self._today),
            clean(record.title if duty.text else labels.get(wording.of, "")) or EMPTY,
            duty.kind.singular,
            _who(who) or EMPTY,
        )
        hues = (None, "error" if group == OVERDUE else None, None, "muted", None)
        styles = tuple("dim" if text == EMPTY else hue for text, hue in zip(cells, hues, strict=True))
        return Row(_key(record.ref), cells, styles=styles)

    def _wording(self, kind: Kind) -> _Wording:
        if kind.name not in self._wordings:
            schema = self._desk.schema(kind.name)
            references = (field.name for field in schema.fields if field.type is FieldType.REFERENCE)
            of = kind.holder.field if kind.holder else next(references, "")
            whose = kind.deadline.whose if kind.deadline else kind.idle.whose if kind.idle else ""
            self._wordings[kind.name] = _Wording(self._desk.labels(schema), of, whose)
        return self._wordings[kind.name]


def _when(at: str, group: str, today: date) -> str:
    """A day or a moment, the shorter the nearer."""
    if not at:
        return EMPTY
    moment = datetime.fromisoformat(at)
    if group == TODAY:
        return f"{moment:%H:%M}" if len(at) > len("2004-02-12") else "today"
    if moment.date() <= today:
        return day(at, today)
    clock = f" {moment:%H:%M}" if len(at) > len("2004-02-12") else ""
    return f"{moment:%a} {moment.day}{clock}"


def _who(names: str) -> str:
    """One name, and how many more there are."""
    first, *more = names.split(";")
    return clean(owner(first)) + (f" +{len(more)}" if more else "")


def _key(ref: Ref) -> str:
    return f"{ref.kind}/{ref.id}"
