"""What stands beside a record: a list in a frame, asked of the service only when somebody goes there."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from textual.app import ComposeResult

from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Kind
from crmtui.tui.sources import NoRows
from crmtui.tui.widgets.columns import Column
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.record_list import RecordList
from crmtui.tui.widgets.row_view import RowSource


class Beginning(NamedTuple):
    """What a new record of a pane begins with, the field that is typed in first, and a word on it."""

    kind: Kind
    values: Mapping[str, Value]
    field: str | None = None
    about: str = ""


class PaneSource(RowSource, Protocol):
    """The rows of a pane, with what its frame says."""

    title: str
    with_record: bool
    """Whether it is read as its record is, so that after that there is nothing to ask for."""

    @property
    def hint(self) -> str:
        """The keys that matter there."""

    @property
    def columns(self) -> Sequence[Column]:
        """Its columns."""

    @property
    def count(self) -> str:
        """What stands at the right of the title."""

    @property
    def cost(self) -> int:
        """The calls that asking takes."""

    @property
    def exact(self) -> bool:
        """Whether it takes just as many calls, and not up to so many."""

    @property
    def known(self) -> bool:
        """Whether all of it was ever asked for."""

    async def ask(self) -> CrmError | None:
        """Asks the service; the failure to tell of, if any."""

    def forget(self, record: Record | None, width: int) -> None:
        """Reads the mirror again, for rows of so many cells."""

    def record(self, index: int) -> Record | None:
        """The record of a row; a heading has none."""

    def beginning(self, index: int) -> Beginning | None:
        """What a new record begins with that is made at a row; None where nobody makes any."""

    def beginnings(self, index: int) -> Sequence[Beginning]:
        """As `beginning`, where there is a choice."""

    def take(self, record: Record) -> bool:
        """A record was written: whether it is shown here."""


class EntryList(RecordList):
    """A list whose rows without a key belong to the one before: the cursor passes over them."""

    def action_move(self, rows: int) -> None:
        """Move the cursor by so many entries."""
        index = self.cursor + rows
        while 0 <= index < self.count and not self._is_entry(index):
            index += 1 if rows > 0 else -1
        if 0 <= index < self.count:
            self.cursor = index

    def validate_cursor(self, index: int) -> int:
        """The cursor stays on the entries there are."""
        index = super().validate_cursor(index)
        before = next((at for at in range(index, -1, -1) if self._is_entry(at)), None)
        return (
            index if before is None and index + 1 >= self.count else index + 1 if before is None else before
        )

    def _is_entry(self, index: int) -> bool:
        row = self._source.row(index)
        return row is None or bool(row.key)


class Pane(Panel):
    """A list beside a record."""

    def __init__(self, source: PaneSource, *, id: str, entries: bool = False) -> None:  # noqa: A002
        """`entries`: see `EntryList`."""
        super().__init__(id=id)
        self.source = source
        self.asking = False
        self._list = EntryList if entries else RecordList
        self._shown: PaneSource | None = None

    def compose(self) -> ComposeResult:
        yield self._list(NoRows())

    @property
    def rows(self) -> RecordList:
        """The list itself."""
        return self.query_one(RecordList)

    @property
    def current(self) -> Record | None:
        """The record under the cursor."""
        return self.source.record(self.rows.cursor)

    def show(self, record: Record | None) -> None:
        """Draws what the mirror has; the cursor stays where it is."""
        self.source.forget(record, self.content_size.width or self.size.width)
        if self._shown is self.source:
            self.rows.reload()
        else:
            self._shown = self.source
            self.rows.set_columns(self.source.columns)
            self.rows.set_source(self.source)
        self.entitle(self.source.title, self.source.count)
        self._tell()

    def reveal(self, ref: Ref) -> None:
        """The cursor goes to a record that is shown here."""
        find = getattr(self.source, "index_of", None)
        index = find(str(ref)) if find else None
        if index is not None:
            self.rows.cursor = index

    async def ask(self, record: Record | None) -> CrmError | None:
        """Asks the service for what is in it; the failure to tell of, if any."""
        self.asking = True
        self.show(record)
        try:
            return await self.source.ask()
        finally:
            self.asking = False

    def fold(self, folded: bool) -> None:
        """See `Panel`: keys that work only inside are told only there."""
        super().fold(folded)
        self._tell()

    def _tell(self) -> None:
        if self.asking:
            self.tell("asking …")
        elif self.source.known:
            self.tell("" if self.has_class("-folded") else self.source.hint)
        else:
            cost = self.source.cost
            key = "r" if self.rows.has_focus else "tab"
            most = "" if self.source.exact else "up to "
            self.tell(f"{key} asks for them · {most}{cost} call{'' if cost == 1 else 's'}")
