"""The records that point at one, as rows under headings of their kinds."""

import re
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from crmtui.model.record import Record, Ref
from crmtui.model.schema import DATES, IDS, FieldType
from crmtui.model.text import clean
from crmtui.tui.around_source import AroundSource
from crmtui.tui.format import cell, day
from crmtui.tui.panes import Beginning
from crmtui.tui.widgets.columns import Column, Row
from crmtui.workspace.around import MOST, Group
from crmtui.workspace.desk import Desk

_FIGURES = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
_UNIT = re.compile(r"\b(bytes|[KMG]B)\)?$")
"""The unit of a size, as titles end with it: `Size in KB`, `Size (KB)`."""


class Line(NamedTuple):
    """A heading (`record` None) or a record."""

    text: str
    group: Group
    record: Record | None = None
    about: str = ""


class RelatedSource(AroundSource):
    """The rows of the kinds that refer to a record."""

    title = "Related"
    hint = "enter opens · n new"
    columns = (Column("name", "Name", 16, 4), Column("about", "", 19, 1), Column("when", "", 10, 0))

    def __init__(self, desk: Desk, ref: Ref, kinds: Collection[str]) -> None:
        super().__init__(desk, ref, kinds, learns=True)
        self._lines: list[Line] = []

    def forget(self, record: Record | None, width: int) -> None:
        """See `PaneSource`."""
        self._lines = []
        for group in self._around.groups:
            label, total = group.kind.label, group.list.total
            self._lines.append(Line(label, group, about=group.state))
            self._lines += [Line(each.title, group, each) for each in group.records()]
            if total and total > MOST:
                words = f"in the list of {label.lower()}"
                self._lines.append(Line(f"… {total - MOST:,} more", group, about=words))

    def record(self, index: int) -> Record | None:
        """See `PaneSource`."""
        return self._lines[index].record if 0 <= index < len(self._lines) else None

    def beginning(self, index: int) -> Beginning | None:
        """See `PaneSource`: a record of the kind whose heading is above."""
        if not 0 <= index < len(self._lines):
            return None
        group = self._lines[index].group
        return Beginning(group.kind, group.beginning())

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
            (f"  {line.text}", self._about(line, record), self._when(record)),
            styles=(None, "muted", "dim"),
        )

    def _about(self, line: Line, record: Record) -> str:
        """The first column that tells these records apart; a bare figure with what it counts."""
        kind, same = line.group.kind, line.group.beginning()
        schema = self._desk.schema(kind.name)
        for name in kind.columns:
            field = schema.field(name)
            value = record.values.get(name)
            if name in kind.title or name in same or field.type in DATES | IDS or not value:
                continue
            told = cell(field, value, record.labels.get(name), date.today())
            return _counted(clean(field.title), told) if field.type in _FIGURES else told
        return ""

    def _when(self, record: Record) -> str:
        kind = self._desk.account.kind(record.ref.kind)
        schema = self._desk.schema(kind.name)
        for name in (*kind.columns, kind.can.stamp or ""):
            field = schema.field(name)
            if field.type in DATES and isinstance(value := record.values.get(name), str) and value:
                return clean(day(value[:10], date.today()))
        return ""


def _counted(title: str, figure: str) -> str:
    """A figure with its unit where the title ends with one, else with the title."""
    unit = _UNIT.search(title)
    return f"{figure} {unit[1]}" if unit else f"{title} {figure}"
