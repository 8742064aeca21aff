"""One list of records on the screen: its rows, its filter and order, and what it says of their age."""

import time
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from crmtui.model.bind import Where
from crmtui.model.errors import AuthFailed, CrmError, Forbidden, UsageError
from crmtui.model.query import Order, Query, turned
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Kind, Schema
from crmtui.tui.behind import behind
from crmtui.tui.hit_source import HitSource
from crmtui.tui.list_state import CLOSED, ListState
from crmtui.tui.marks import Marks
from crmtui.tui.sources import ListSource, NoRows, Rows, columns_of, ordered_by
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.record_list import RecordList
from crmtui.workspace.closed import why_closed
from crmtui.workspace.desk import Desk
from crmtui.workspace.lists import FoundHere
from crmtui.workspace.lists import RecordList as RecordRows
from crmtui.workspace.mirrored import here_soon
from crmtui.workspace.synced_list import SyncedList, is_synced

if TYPE_CHECKING:
    from crmtui.tui.searching import Searching
    from crmtui.tui.widgets.list_filter import ListFilter

_MINUTE = 60.0
MOST_MARKS = 1000
"""Rows that one key marks."""


class ListPane(Panel):
    """The rows of one question: the mirror's at once, the service's behind them."""

    DEFAULT_CSS = """
    ListPane RecordList { height: 1fr; }
    ListPane .empty { display: none; height: 1fr; padding: 1 2; color: $text-label; }
    ListPane.-empty .empty { display: block; }
    ListPane.-empty RecordList { display: none; }
    """

    class Redrawn(Message):
        """Other rows are shown, so another record may be under the cursor."""

    class Answered(Message):
        """The service answered."""

    class Failed(Message):
        """The service did not, or not well."""

        def __init__(self, error: CrmError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, desk: Desk, kind: Kind, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.desk = desk
        self.kind = kind
        self.filter = ""
        self.where: Where | None = None
        self._order: tuple[Order, ...] = ()
        self._source: ListSource | None = None
        self._wanted: tuple[int, int] | None = None
        self._error: CrmError | None = None
        self._asked = False
        self.marks = Marks()
        self.searching: Searching | None = None
        """The search whose hits stand over the rows."""
        self._before = ""

    def compose(self) -> ComposeResult:
        yield Banner()
        yield RecordList(NoRows())
        yield Static(classes="empty")

    def on_mount(self) -> None:
        """The mirror's rows, in the first frame; their age is told anew when it may have become untrue."""
        self.show_kind(self.kind)
        self.set_interval(_MINUTE, self._entitle)

    @property
    def rows(self) -> RecordList:
        """The list itself."""
        return self.query_one(RecordList)

    @property
    def current(self) -> Record | None:
        """The record under the cursor."""
        return self.shown.record(self.rows.cursor) if self.shown else None

    @property
    def shown(self) -> ListSource | HitSource | None:
        """What the rows come from: the list, or what was found."""
        found = self.searching.source if self.searching else None
        return found or self._source

    @property
    def schema(self) -> Schema:
        """The fields as far as they are known."""
        return self.desk.schema(self.kind.name)

    # -- what is shown

    def show_kind(self, kind: Kind) -> None:
        """Another kind, unfiltered, in its own order."""
        self.kind = kind
        self.marks.clear()
        self._order = tuple(Order.parse(text) for text in kind.order)
        self.apply("", None)

    def apply(self, text: str, where: Where | None) -> None:
        """Another filter, and no search any more."""
        self.searching = None
        self.filter, self.where = text, where
        self._asked = False
        self.show_rows()

    def order_by_cursor(self, *, further: bool = False) -> None:
        """By the column under the column cursor, else the first; again to reverse, then not by it.

        `further` keeps the other keys: a new one is the last. Raises what the adapter says of an order that
        the service does not have, and leaves the list as it is then.
        """
        column = self.rows.column or next(iter(self.rows.columns), None)
        if column is None:
            return
        order = turned(self._order, ordered_by(self.kind, column), further=further)
        self.desk.list(Query(self.kind.name, self.where, order), self.schema.by_name)
        self._order = order
        self.apply(self.filter, self.where)

    def redraw(self) -> None:
        """The mirror changed: the same list with what is new in it."""
        if self._source is not None and self.shown is not None:
            if self._is_synced_now(self._source.list):
                # The whole kind came meanwhile: what was a part of it gives way.
                self._before = self._before if self.searching else self.rows.key
                self.show_rows()
                self._go_back()
            self._source.forget()
            if self.searching is not None:
                self.searching.look_again()
            self.rows.reload()
            self._entitle()
            self.post_message(self.Redrawn())

    def _is_synced_now(self, rows: Rows) -> bool:
        known = isinstance(rows, SyncedList) or not isinstance(rows, RecordRows) or not self._asked
        return not known and self._error is None and is_synced(self.desk.account, rows.query)

    def beside(self, ref: Ref, step: int) -> Ref | None:
        """The record before or after another, if it is mirrored; the cursor goes along."""
        source = self.shown
        at = source.at(ref) if source else None
        if source is None or at is None:
            return None
        # A search may have found records of other kinds between those of this one.
        while 0 <= (at := at + step) < (source.total() or 0):
            record = source.record(at)
            if record is None:
                self._want(at, at)
                return None
            if record.ref.kind == ref.kind:
                self.rows.cursor = at
                return record.ref
        return None

    def show_rows(self, rows: Rows | None = None) -> ListSource:
        """These rows, else those of the filter and the order."""
        schema = self.schema
        rows = rows or self._rows()
        labels = self.desk.labels(schema)
        source = ListSource(rows, self.kind, schema, labels, self._want, self.desk.waiting, self.marks)
        self._source = source
        self._error = None
        self.query_one(Banner).clear()
        if self.searching is None or self.searching.source is None:
            self.show_source()
        return source

    def show_source(self) -> None:
        """Draws what is shown from its top: the list, or what a search found."""
        source = self.shown
        if isinstance(source, HitSource):
            self.rows.column_cursor = None
            self.rows.set_source(source, source.columns)
        elif source is not None:
            self.rows.set_source(source, columns_of(self.kind, self.schema, source.list.query.order))
        self._entitle()
        self.post_message(self.Redrawn())

    def _rows(self) -> RecordRows:
        """The list that is asked for, as it was read last."""
        query = Query(self.kind.name, self.where, self._order)
        return self.desk.list(query, self.schema.by_name)

    def _entitle(self) -> None:
        source = self._source
        if source is None:
            return
        if self.searching is not None:
            self._entitle_search(self.searching)
            return
        rows = source.list
        state = ListState(
            self.kind,
            self.filter,
            source.total(),
            rows.fetched_at,
            self._asked,
            self._error,
            found=isinstance(rows, FoundHere),
            synced=isinstance(rows, SyncedList),
            window=rows.window,
        )
        marked = f"{len(self.marks):,} marked · " if self.marks else ""
        self.entitle(state.title, f"{marked}{state.figure}")
        self.tell(*state.age(time.time()))
        self._explain(state.why_empty)

    def _entitle_search(self, searching: "Searching") -> None:
        self.entitle(searching.title, searching.figure)
        self.tell(*searching.age(time.time()))
        self._explain(searching.why_empty)

    def _explain(self, why: str) -> None:
        """The sentence in the place of rows."""
        self.set_class(bool(why), "-empty")
        if why:
            # It fills its place whatever it says: nothing has to be laid out anew.
            self.query_one(".empty", Static).update(Content(why), layout=False)

    # -- marks

    def on_record_list_mark_toggled(self, event: RecordList.MarkToggled) -> None:
        """The mark comes or goes."""
        event.stop()
        if (source := self.shown) and (record := source.record(event.index)):
            self.marks.toggle(record.ref)
            self.rows.refresh_rows(event.index, event.index)
            self._entitle()

    def mark_all(self) -> None:
        """Marks every row that was read, or none of them any more."""
        source = self.shown
        found = (source.record(at) for at in range(min(source.total() or 0, MOST_MARKS))) if source else ()
        self.marks.toggle_all(record.ref for record in found if record)
        self.rows.reload()
        self._entitle()

    def unmark(self) -> None:
        """Nothing is marked."""
        self.marks.clear()
        self.rows.reload()
        self._entitle()

    # -- reading behind the screen

    def refresh_rows(self, *, closed_too: bool = True) -> None:
        """Asks for the fields, the users and the beginning of the list.

        A kind that is known to be closed to the token is asked for only with `closed_too`.
        """
        reason = None if closed_too else why_closed(self.desk.account, self.kind.name)
        if reason is not None:
            self._failed(Forbidden(reason))
        else:
            behind(self, self._refresh(), "refresh")

    async def _refresh(self) -> None:
        source = self._source
        if source is None:
            return
        known = self.schema
        rows = self._rows() if isinstance(source.list, FoundHere) else source.list
        try:
            await self.desk.fields.schema(self.kind.name)
            await self.desk.fields.users()
            if self.schema != known and source is self._source and rows is source.list:
                rows = self._rows()
                source = self.show_rows(rows)
            await rows.begin()
            if rows.sequential and rows.total is None and not rows.rows(0, 1):
                await rows.fill(0, 0)
        except CrmError as error:
            if source is self._source:
                await self._fail(error)
            return
        if source is self._source:
            if rows is not source.list:
                self.show_rows(rows)
            self._asked = True
            self._error = None
            self.query_one(Banner).clear()
            self.redraw()
            self.post_message(self.Answered())

    async def _fail(self, error: CrmError) -> None:
        """Tells an error; a list that was never read shows what there is of it in the mirror."""
        source = self._source
        if source is not None and source.list.fetched_at is None and not isinstance(error, CLOSED):
            query = source.list.query
            try:
                found = await here_soon(self.desk, query, self.schema)
            except UsageError:  # the mirror does not know whom the account's own filters choose
                found = []
            if source is not self._source:
                return
            if found:
                ids, oldest = [one.id for one in found], min(one.fetched_at for one in found)
                self.show_rows(FoundHere(self.desk.account, query, ids, oldest))
        self._failed(error)

    def _want(self, first: int, last: int) -> None:
        """Rows are on the screen that were never read."""
        self._wanted = (first, last)
        if self._asked and self._error is None:
            behind(self, self._fill(), "fill")

    async def _fill(self) -> None:
        source = self._source
        while source is not None and source is self._source and self._wanted is not None:
            (first, last), self._wanted = self._wanted, None
            try:
                read = await source.list.fill(first, last)
            except CrmError as error:
                self._failed(error)
                return
            if read and source is self._source:
                self.redraw()

    def _failed(self, error: CrmError) -> None:
        self._error = error
        self._asked = True
        read = self._source is not None and self._source.list.fetched_at is not None
        if read or not isinstance(error, CLOSED):
            way_on = "T takes another token" if isinstance(error, AuthFailed) else "r asks again"
            self.query_one(Banner).say(f"{error.message} {way_on}; what is here can be read and edited.")
        self._entitle()
        self.post_message(self.Failed(error))

    # -- filter and search

    async def ask_filter(self) -> None:
        """A line for a filter."""
        await (await self._filter_line()).ask()

    async def filter_by(self, text: str) -> None:
        """The filter that a text means, as if it had been typed."""
        await (await self._filter_line()).ask_for(text)

    async def ask_search(self) -> None:
        """A line for a search."""
        await (await self._filter_line()).search()

    def begin_search(self, searching: "Searching") -> None:
        """What it finds stands over the rows; the list comes back to the record that it was on."""
        if self.searching is None:
            self._before = self.rows.key
        self.searching = searching
        self.show_source()

    def end_search(self) -> None:
        """The list again."""
        if self.searching is None:
            return
        self.searching = None
        self.show_source()
        self._go_back()

    def _go_back(self) -> None:
        """To the record that the list was on, where it has that."""
        at = self._source.index_of(self._before) if self._source and self._before else None
        if at is not None and self.shown is self._source:
            self.rows.cursor = at

    async def _filter_line(self) -> "ListFilter":
        # What nobody needs before the first frame is imported where it is first used.
        from crmtui.tui.widgets.list_filter import ListFilter

        for known in self.query(ListFilter):
            return known
        made = ListFilter(self)
        await self.mount(made, before=0)
        return made
