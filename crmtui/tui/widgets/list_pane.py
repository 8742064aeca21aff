"""One list of records on the screen: its rows, its filter and order, and what it says of their age."""

import time
from contextlib import suppress

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from crmtui.model.bind import Where
from crmtui.model.errors import AuthFailed, CrmError, Forbidden, NotFound
from crmtui.model.query import Order, Query
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Field, Kind, Schema
from crmtui.model.where import WhereError
from crmtui.tui.behind import behind
from crmtui.tui.format import ago
from crmtui.tui.sources import ListSource, NoRows, Rows, columns_of
from crmtui.tui.widgets.ask_line import AskLine
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.record_list import RecordList
from crmtui.workspace.closed import why_closed
from crmtui.workspace.desk import Desk
from crmtui.workspace.filter_bar import FilterBar
from crmtui.workspace.lists import FoundHere
from crmtui.workspace.lists import RecordList as RecordRows
from crmtui.workspace.mirrored import here_soon

_MINUTE = 60.0
_CLOSED = (Forbidden, NotFound)
"""What a service answers of a kind that the plan leaves out."""
_FOUND = 200
"""Rows that a search in the mirror shows."""
_EXAMPLE = "type=Customer value>1000 (name~acme or phone=)"


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
        self._bar = FilterBar(desk, kind)
        self._where: Where | None = None
        self._order: tuple[Order, ...] = ()
        self._source: ListSource | None = None
        self._wanted: tuple[int, int] | None = None
        self._error: CrmError | None = None
        self._asked = False

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
        return self._source.record(self.rows.cursor) if self._source else None

    @property
    def schema(self) -> Schema:
        """The fields as far as they are known."""
        return self.desk.schema(self.kind.name)

    # -- what is shown

    def show_kind(self, kind: Kind) -> None:
        """Another kind, unfiltered, in its own order."""
        self.kind = kind
        self._bar = FilterBar(self.desk, kind)
        self._order = tuple(Order.parse(text) for text in kind.order)
        self.apply("", None)

    def apply(self, text: str, where: Where | None) -> None:
        """Another filter."""
        self.filter, self._where = text, where
        self._asked = False
        self._show()

    def order_by_cursor(self, *, further: bool = False) -> None:
        """By the column under the column cursor, else the first; again to reverse, then not by it.

        `further` keeps the other keys: a new one is the last.
        """
        column = self.rows.column or next(iter(self.rows.columns), None)
        if column is None:
            return
        now = next((key for key in self._order if key.field == column.name), None)
        if not further and self._order[:1] != (now,):
            now = None
        turned = () if now and now.descending else (Order(column.name, descending=now is not None),)
        if not further:
            self._order = turned
        elif now is None:
            self._order += turned
        else:
            at = self._order.index(now)
            self._order = (*self._order[:at], *turned, *self._order[at + 1 :])
        self.apply(self.filter, self._where)

    def redraw(self) -> None:
        """The mirror changed: the same list with what is new in it."""
        if self._source is not None:
            self._source.forget()
            self.rows.reload()
            self._entitle()
            self.post_message(self.Redrawn())

    def beside(self, ref: Ref, step: int) -> Ref | None:
        """The record before or after another, if it is mirrored; the cursor goes along."""
        source = self._source
        at = source.index_of(ref.id) if source else None
        if source is None or at is None or not 0 <= at + step < (source.total() or 0):
            return None
        record = source.record(at + step)
        if record is None:
            self._want(at + step, at + step)
            return None
        self.rows.cursor = at + step
        return record.ref

    def _show(self, rows: Rows | None = None) -> ListSource:
        schema = self.schema
        rows = rows or self._rows()
        source = ListSource(rows, self.kind, schema, self.desk.labels(schema), self._want)
        self._source = source
        self.rows.set_columns(columns_of(self.kind, schema, rows.query.order))
        self.rows.set_source(source)
        self._error = None
        self.query_one(Banner).clear()
        self._entitle()
        self.post_message(self.Redrawn())
        return source

    def _rows(self) -> RecordRows:
        """The list that is asked for, as it was read last."""
        query = Query(self.kind.name, self._where, self._order)
        return self.desk.list(query, self.schema.by_name)

    def _entitle(self) -> None:
        source = self._source
        if source is None:
            return
        total, read = source.total(), source.list.fetched_at
        self.entitle(
            f"{self.kind.label} · {self.filter}" if self.filter else self.kind.label,
            "" if total is None else f"{total:,}",
        )
        age = ago(read, time.time())
        if self._error is not None and read:
            here = "what is here, read " if isinstance(source.list, FoundHere) else "as of "
            self.tell(f"{here}{age}", "$warning")
        elif isinstance(self._error, _CLOSED):
            self.tell("switched off")
        elif not self._asked:
            self.tell(f"{age} · asking …" if read else "loading …")
        else:
            self.tell(age)
        nothing = self._error is not None and not read
        empty = total == 0 and self._asked
        self.set_class(nothing or empty, "-empty")
        if isinstance(self._error, _CLOSED):
            self._say_empty(f"{self.kind.label}: {self._error.message} r asks again.")
        elif nothing:
            self._say_empty("Nothing of this list is here yet. r asks again.")
        elif empty:
            self._say_empty(self._why_empty())

    def _say_empty(self, sentence: str) -> None:
        self.query_one(".empty", Static).update(Content(sentence))

    def _why_empty(self) -> str:
        label = self.kind.label.lower()
        if self.filter:
            return f"No {label} with {self.filter}. f changes the filter, esc takes it away."
        return f"No {label} yet." + (" n makes one." if self.kind.can.create else "")

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
                source = self._show(rows)
            await rows.begin()
            if rows.sequential and rows.total is None and not rows.rows(0, 1):
                await rows.fill(0, 0)
        except CrmError as error:
            if source is self._source:
                await self._fail(error)
            return
        if source is self._source:
            if rows is not source.list:
                self._show(rows)
            self._asked = True
            self._error = None
            self.query_one(Banner).clear()
            self.redraw()
            self.post_message(self.Answered())

    async def _fail(self, error: CrmError) -> None:
        """Tells an error; a list that was never read shows what there is of it in the mirror."""
        source = self._source
        if source is not None and source.list.fetched_at is None and not isinstance(error, _CLOSED):
            query = source.list.query
            found = await here_soon(self.desk, query, self.schema)
            if source is not self._source:
                return
            if found:
                ids, oldest = [one.id for one in found], min(one.fetched_at for one in found)
                self._show(FoundHere(self.desk.account, query, ids, oldest))
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
        if read or not isinstance(error, _CLOSED):
            way_on = "T takes another token" if isinstance(error, AuthFailed) else "r asks again"
            self.query_one(Banner).say(f"{error.message} {way_on}; what is here can be read and edited.")
        self._entitle()
        self.post_message(self.Failed(error))

    # -- filter and search

    async def ask_filter(self) -> None:
        """A line for a filter."""
        await self._ask("filter", _EXAMPLE, self.filter, self._bar)

    async def ask_search(self) -> None:
        """A line for a name."""
        await self._ask("search", f"search {self.kind.label.lower()} by name", "")

    async def _ask(self, purpose: str, placeholder: str, value: str, bar: FilterBar | None = None) -> None:
        await self.query(AskLine).remove()
        line = AskLine(placeholder, value, bar)
        line.add_class(purpose)
        await self.mount(line, before=0)
        line.take_keys()

    def on_ask_line_typed(self, event: AskLine.Typed) -> None:
        """A search shows what the mirror has with each letter; it costs no call."""
        line = self.query_one(AskLine)
        if type(event) is AskLine.Typed and line.has_class("search") and event.text.strip():
            query = Query(self.kind.name, None, self._order)
            found = self.desk.account.mirror.like(self.kind.name, event.text.strip(), _FOUND)
            self._show(FoundHere(self.desk.account, query, [id_ for id_, _ in found]))

    async def on_ask_line_entered(self, event: AskLine.Entered) -> None:
        """The service is asked, and the rows get the keys."""
        line = self.query_one(AskLine)
        text = event.text.strip()
        if text and line.has_class("search"):
            text = self._search_terms(text)
        try:
            where = await self._bar.where(text)
        except WhereError as error:
            line.wrong(error)
            return
        if text and line.has_class("filter"):
            self._bar.remember(text)
        await line.remove()
        self.apply(text, where)
        self.refresh_rows()
        self.rows.focus()
        for field in self._bar.named(text):
            self._learn(field)

    def on_ask_line_wanted(self, event: AskLine.Wanted) -> None:
        """A value of the field is being typed."""
        if self._bar.lacks(event.field):
            self._learn(event.field)

    def _learn(self, field: Field) -> None:
        behind(self, self._know(field), f"values of {field.name}")

    async def _know(self, field: Field) -> None:
        """Asks for a field's values, which may give the filter another meaning; without them it stands."""
        bar = self._bar
        with suppress(CrmError):
            await bar.learn(field)
        if bar is not self._bar:
            return
        for line in self.query(AskLine):
            line.learn()
        with suppress(WhereError):
            where = await bar.where(self.filter)
            if where != self._where:
                self.apply(self.filter, where)
                self.refresh_rows()

    async def on_ask_line_left(self, event: AskLine.Left) -> None:
        """Escape: the list is what it was before."""
        search = self.query_one(AskLine).has_class("search")
        await self.query(AskLine).remove()
        if search:
            self._show()
        self.rows.focus()

    def _search_terms(self, text: str) -> str:
        quoted = text.replace('"', '\\"')
        terms = " or ".join(f'{name}~"{quoted}"' for name in self.kind.title)
        return f"({terms})" if len(self.kind.title) > 1 else terms
