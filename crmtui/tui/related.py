"""The records that point at one, as rows under headings: the mirror's at once, the service's when asked."""

from datetime import date
from typing import NamedTuple

from crmtui.model.query import Order, Query
from crmtui.model.record import Record, Ref
from crmtui.model.schema import DATES, IDS, Kind
from crmtui.model.text import clean
from crmtui.tui.format import cell, day
from crmtui.tui.widgets.columns import Column, Row
from crmtui.workspace.desk import Desk
from crmtui.workspace.lists import RecordList
from crmtui.workspace.pointing import pointing, where_to

MOST = 100
"""Rows of a kind that are shown; the heading tells how many there are."""
COLUMNS = (Column("name", "Name", 16, 3), Column("about", "", 10, 2), Column("when", "", 10, 0))


class Line(NamedTuple):
    """A heading (`record` None) or a record."""

    text: str
    record: Record | None = None
    about: str = ""


class RelatedSource:
    """The rows of every kind that refers to a record."""

    def __init__(self, desk: Desk, ref: Ref) -> None:
        self._desk = desk
        self._lists: list[tuple[Kind, RecordList]] = []
        kind = desk.account.kind(ref.kind)
        for name, ways in pointing(desk, kind).items():
            other = desk.account.kind(name)
            order = tuple(Order.parse(text) for text in other.order)
            query = Query(name, where_to(ways, ref), order)
            self._lists.append((other, desk.list(query, desk.schema(name).by_name)))
        self._lines: list[Line] = []
        self.forget()

    def __bool__(self) -> bool:
        """Whether any kind refers to it at all."""
        return bool(self._lists)

    @property
    def cost(self) -> int:
        """The calls that asking for all of them takes."""
        return len(self._lists)

    @property
    def known(self) -> bool:
        """Whether all of them were ever asked for."""
        return all(rows.fetched_at is not None for _, rows in self._lists)

    async def ask(self) -> None:
        """Asks the service for every kind."""
        for _, rows in self._lists:
            await rows.begin()

    def forget(self) -> None:
        """Reads the mirror again."""
        self._lines = []
        for kind, rows in self._lists:
            label = kind.label
            rows.look_again()
            if rows.fetched_at is None:
                self._lines.append(Line(label, about="not read"))
                continue
            total = rows.total
            self._lines.append(Line(label, about="" if total is None else f"{total:,}"))
            self._lines += [Line(r.title, r) for _, r in sorted(rows.rows(0, MOST).items())]
            if total and total > MOST:
                self._lines.append(Line(f"… {total - MOST:,} more", about=f"in the list of {label.lower()}"))

    def record(self, index: int) -> Record | None:
        """The record of a row; a heading has none."""
        return self._lines[index].record if 0 <= index < len(self._lines) else None

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self._lines)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        line = self._lines[index]
        if line.record is None:
            return Row("", (line.text, line.about, ""), styles=("accent", "muted", None))
        record = line.record
        return Row(
            str(record.ref),
            (f"  {line.text}", self._about(record), self._when(record)),
            styles=(None, "muted", "dim"),
        )

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`: nothing is fetched by scrolling here."""

    def _about(self, record: Record) -> str:
        kind = self._desk.account.kind(record.ref.kind)
        schema = self._desk.schema(kind.name)
        for name in kind.columns:
            field = schema.field(name)
            value = record.values.get(name)
            if name in kind.title or field.type in DATES | IDS or not value:
                continue
            return cell(field, value, None, date.today())
        return ""

    def _when(self, record: Record) -> str:
        kind = self._desk.account.kind(record.ref.kind)
        schema = self._desk.schema(kind.name)
        for name in (*kind.columns, kind.can.stamp or ""):
            field = schema.field(name)
            if field.type in DATES and isinstance(value := record.values.get(name), str) and value:
                return clean(day(value[:10], date.today()))
        return ""
