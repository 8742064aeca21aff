"""The record under the cursor, as much of it as fits."""

import time
from collections.abc import Mapping
from datetime import date

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from crmtui.model.record import Record, Value
from crmtui.tui.ages import age_of
from crmtui.tui.format import groups
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.record_text import RecordText, details
from crmtui.workspace.desk import Desk


class Preview(Panel):
    """Shows one record; drawing the same one again costs nothing."""

    DEFAULT_CSS = """
    Preview VerticalScroll { height: 1fr; scrollbar-size: 0 0; }
    """

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._desk = desk
        self._drawn: tuple[Record, int, Mapping[str, Value]] | None = None
        self._height = 0

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=True):
            yield RecordText()

    def show(self, record: Record | None) -> None:
        """Draws a record, or that there is none."""
        width = max(20, self.size.width - 2)
        if record is None:
            self._drawn = None
            self.entitle("Preview")
            self.tell("")
            self._write(Content(""))
            return
        edits = self._desk.waiting().edits(record.ref)
        self.tell(age_of(self._desk, record, time.time()))
        if self._drawn == (record, width, edits):
            return
        self._drawn = (record, width, edits)
        kind = self._desk.account.kind(record.ref.kind)
        schema = self._desk.schema(kind.name)
        labels = self._desk.labels(schema).of(record)
        filled, rest = groups(record, schema, labels, date.today(), kind.columns, edits)
        self.entitle(record.title)
        self._write(details(filled, rest, width, edits))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _write(self, text: Content) -> None:
        """Another text, which is wrapped already: the screen is laid out anew only for another height."""
        before, self._height = self._height, text.plain.count("\n")
        self.query_one(RecordText).update(text, layout=self._height != before)
