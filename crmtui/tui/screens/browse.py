"""Browse: the kinds, the list of records, and a preview of the one under the cursor."""

import time
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from crmtui.model.bind import Where, bind
from crmtui.model.errors import CrmError
from crmtui.model.query import Order, Query
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Kind, Schema
from crmtui.model.where import WhereError, parse_bar
from crmtui.tui.format import ago, count, groups
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.sources import ListSource, NoRows, Rows, columns_of
from crmtui.tui.widgets.ask_line import AskLine
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.record_list import RecordList
from crmtui.tui.widgets.record_text import RecordText, details
from crmtui.tui.widgets.sidebar import Item, Sidebar
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.desk import Desk
from crmtui.workspace.lists import FoundHere, total_of

_PREVIEW_DELAY = 0.15
"""Seconds that the cursor must rest before the preview follows, so that a held key costs no bytes."""
_SEARCH_ROWS = 200


class BrowseScreen(CommandScreen[None]):
    """The records of one kind."""

    NAME = "Browse"
    IDS: ClassVar[Sequence[str]] = (
        "search", "filter", "order", "edit", "new", "refresh", "delete", "duplicate",
        "kind_next", "kind_previous", "copy", "drafts", "connections", "back", "quit",
    )  # fmt: skip

    def __init__(self, desk: Desk, kind: str) -> None:
        super().__init__()
        self.desk = desk
        self._kind: Kind = desk.account.kind(kind)
        self._filter = ""
        self._where: Where | None = None
        self._order: tuple[Order, ...] = tuple(Order.parse(text) for text in self._kind.order)
        self._source: ListSource | None = None
        self._wanted: tuple[int, int] | None = None
        self._error: CrmError | None = None
        self._asked = False
        self._preview_timer: Timer | None = None
        self._shown: Record | None = None

    # -- what is on the screen

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Horizontal(id="body"):
            with Panel(id="kinds"):
                yield Sidebar()
            with Container(id="work"):
                with Panel(id="main"):
                    yield Banner()
                    yield RecordList(NoRows(), id="list")
                    yield Static(id="empty")
                with Panel(id="preview"), VerticalScroll(id="preview-scroll", can_focus=True):
                    yield RecordText()
        yield KeyBar()

    def on_mount(self) -> None:
        """The mirror first, the network behind it."""
        self.query_one(KeyBar).commands = self.commands[: self.SHOWN]
        self.tui.watch_account(self.query_one(TitleBar), self.desk)
        self._show_kinds()
        self._show_list()
        self.query_one(RecordList).focus()
        self.call_after_refresh(self.do_refresh)

    def on_screen_resume(self) -> None:
        """What was done on another screen shows here."""
        if self._source is not None:
            self._redraw()
            self._show_preview()

    def _schema(self) -> Schema:
        return self.desk.schema(self._kind.name)

    def _show_kinds(self) -> None:
        sidebar = self.query_one(Sidebar)
        items = []
        for kind in self.desk.account.adapter.kinds.values():
            total = self.desk.account.known.fact(total_of(kind.name), int)
            items.append(Item(kind.name, kind.label, "" if total is None else count(total)))
        sidebar.items = tuple(items)
        sidebar.current = self._kind.name
        self.query_one("#kinds", Panel).entitle("Records")

    def _show_list(self, rows: Rows | None = None) -> ListSource:
        """Another list: its rows from the mirror, at once."""
        schema = self._schema()
        if rows is None:
            rows = self.desk.list(Query(self._kind.name, self._where, self._order), schema.by_name)
        source = ListSource(rows, self._kind, schema, self.desk.labels(schema), self._want)
        self._source = source
        records = self.query_one(RecordList)
        records.set_columns(columns_of(self._kind, schema, rows.query.order))
        records.set_source(source)
        self._error = None
        self.query_one(Banner).clear()
        self._entitle()
        self._show_preview()
        return source

    def _redraw(self) -> None:
        """The mirror changed: the same list with what is new in it."""
        if self._source is not None:
            self._source.forget()
            self.query_one(RecordList).reload()
            self._entitle()

    def _entitle(self) -> None:
        source = self._source
        if source is None:
            return
        total = source.total()
        title = f"{self._kind.label} · {self._filter}" if self._filter else self._kind.label
        panel = self.query_one("#main", Panel)
        panel.entitle(title, "" if total is None else f"{total:,}")
        age = ago(source.list.fetched_at, time.time())
        if self._error is not None and source.list.fetched_at:
            panel.tell(f"as of {age}", "$warning")
        elif not self._asked:
            panel.tell(f"{age} · asking …" if source.list.fetched_at else "loading …")
        else:
            panel.tell(age)
        empty = total == 0 and self._asked
        self.set_class(empty or (self._error is not None and not source.list.fetched_at), "-empty")
        if self._error is not None:
            self.query_one("#empty", Static).update(
                Content("Nothing of this list is here yet. r asks again.")
            )
        elif empty:
            self.query_one("#empty", Static).update(Content(self._why_empty()))

    def _why_empty(self) -> str:
        label = self._kind.label.lower()
        if self._filter:
            return f"No {label} with {self._filter}. f changes the filter, esc takes it away."
        return f"No {label} yet." + (" n makes one." if self._kind.can.create else "")

    # -- reading behind the screen

    def do_refresh(self) -> None:
        """Asks for the fields, the users and the beginning of the list."""
        self.run_worker(self._refresh(), group="refresh", exclusive=True, exit_on_error=False)

    async def _refresh(self) -> None:
        source = self._source
        if source is None:
            return
        known = self._schema()
        try:
            await self.desk.fields.schema(self._kind.name)
            await self.desk.fields.users()
            if self._schema() != known:
                source = self._show_list()
            await source.list.begin()
        except CrmError as error:
            if source is self._source:
                self._failed(error)
            return
        if source is self._source:
            self._asked = True
            self._error = None
            self.query_one(Banner).clear()
            self.tui.online(self.desk)
            self._show_kinds()
            self._redraw()
            self._show_preview()

    def _want(self, first: int, last: int) -> None:
        """Rows are on the screen that were never read."""
        self._wanted = (first, last)
        if self._asked and self._error is None:
            self.run_worker(self._fill(), group="fill", exclusive=True, exit_on_error=False)

    async def _fill(self) -> None:
        source = self._source
        while self._wanted is not None and source is self._source and source is not None:
            (first, last), self._wanted = self._wanted, None
            try:
                read = await source.list.fill(first, last)
            except CrmError as error:
                self._failed(error)
                return
            if read and source is self._source:
                self._redraw()

    def _failed(self, error: CrmError) -> None:
        self._error = error
        self._asked = True
        self.tui.offline(self.desk, error)
        self.query_one(Banner).say(f"{error.message} r asks again; what is here can be read and edited.")
        self._entitle()

    # -- the preview

    def on_record_list_moved(self, event: RecordList.Moved) -> None:
        """The preview follows when the cursor rests."""
        if self._preview_timer is not None:
            self._preview_timer.stop()
        self._preview_timer = self.set_timer(_PREVIEW_DELAY, self._show_preview)

    def on_resize(self) -> None:
        """The preview's width changed."""
        self._shown = None
        self.call_after_refresh(self._show_preview)

    def _show_preview(self) -> None:
        record = self.current
        if record is self._shown and record is not None:
            return
        self._shown = record
        panel, text = self.query_one("#preview", Panel), self.query_one(RecordText)
        if record is None:
            panel.entitle("Preview")
            panel.tell("")
            text.update(Content(""))
            return
        schema = self._schema()
        labels = self.desk.labels(schema).of(record)
        today = date.today()
        panel.entitle(record.title)
        panel.tell(f"read {ago(record.fetched_at, time.time())}")
        filled, empty = groups(record, schema, labels, today)
        width = max(20, panel.size.width - 2)
        text.update(details(filled, empty, width))
        self.query_one("#preview-scroll").scroll_home(animate=False)

    @property
    def current(self) -> Record | None:
        """The record under the cursor."""
        if self._source is None:
            return None
        return self._source.record(self.query_one(RecordList).cursor)

    # -- choosing, filtering, ordering

    def on_sidebar_chosen(self, event: Sidebar.Chosen) -> None:
        """Another kind, or into the list of this one."""
        if event.id != self._kind.name:
            self._kind = self.desk.account.kind(event.id)
            self._filter, self._where = "", None
            self._order = tuple(Order.parse(text) for text in self._kind.order)
            self.query_one(Sidebar).current = event.id
            self._asked = False
            self._show_list()
            self.do_refresh()
        if event.go:
            self.query_one(RecordList).focus()

    def do_kind_next(self) -> None:
        """The next kind."""
        self.query_one(Sidebar).step(1)

    def do_kind_previous(self) -> None:
        """The kind before."""
        self.query_one(Sidebar).step(-1)

    async def do_filter(self) -> None:
        """A line for a filter."""
        await self._ask("filter", "type=Customer value>1000 (name~acme or phone=)", self._filter)

    async def do_search(self) -> None:
        """A line for a name."""
        await self._ask("search", f"search {self._kind.label.lower()} by name", "")

    async def _ask(self, purpose: str, placeholder: str, value: str) -> None:
        await self.query(AskLine).remove()
        line = AskLine(placeholder, value)
        line.set_class(True, purpose)
        await self.query_one("#main").mount(line, before=0)

    def on_ask_line_typed(self, event: AskLine.Typed) -> None:
        """A search shows what the mirror has with each letter; it costs no call."""
        line = self.query_one(AskLine)
        if type(event) is AskLine.Typed and line.has_class("search") and event.text.strip():
            self._search(event.text, ask=False)

    async def on_ask_line_entered(self, event: AskLine.Entered) -> None:
        """A filter is asked of the service; a search goes on to the rows, and asks too."""
        line = self.query_one(AskLine)
        if line.has_class("search"):
            await line.remove()
            if event.text.strip():
                self._search(event.text, ask=True)
            else:
                self._apply("", None)
        else:
            try:
                where = self._bound(event.text)
            except WhereError as error:
                line.wrong(error.message, error.position)
                return
            await line.remove()
            self._apply(event.text.strip(), where)
        self.query_one(RecordList).focus()

    async def on_ask_line_left(self, event: AskLine.Left) -> None:
        """Escape: the list stays as it was, a search is taken back."""
        search = self.query_one(AskLine).has_class("search")
        await self.query(AskLine).remove()
        if search:
            self._show_list()
        self.query_one(RecordList).focus()

    def _bound(self, text: str) -> Where | None:
        schema = self._schema()
        if not text.strip():
            return None
        return bind(
            parse_bar(text),
            schema.by_name,
            today=date.today(),
            choices=lambda field: self.desk.fields.choices_now(self._kind.name, field),
        )

    def _search(self, text: str, *, ask: bool) -> None:
        quoted = text.strip().replace('"', '\\"')
        terms = " or ".join(f'{name}~"{quoted}"' for name in self._kind.title)
        words = f"({terms})" if len(self._kind.title) > 1 else terms
        where = self._bound(words)
        if ask:
            self._apply(words, where)
            return
        query = Query(self._kind.name, where, self._order)
        found = self.desk.account.mirror.like(self._kind.name, text.strip(), _SEARCH_ROWS)
        self._show_list(FoundHere(self.desk.account, query, [id_ for id_, _ in found]))

    def _apply(self, text: str, where: Where | None) -> None:
        self._filter, self._where = text, where
        self._asked = False
        self._show_list()
        self.do_refresh()

    def do_order(self) -> None:
        """By the column under the column cursor, else by the first; again to reverse, a third time the service's own."""
        records = self.query_one(RecordList)
        column = records.column or (records.columns[0] if records.columns else None)
        if column is None:
            return
        now = self._order[0] if self._order else None
        if now is None or now.field != column.name:
            self._order = (Order(column.name),)
        else:
            self._order = () if now.descending else (Order(column.name, descending=True),)
        self._apply(self._filter, self._where)

    # -- records

    def why_not(self, id_: str) -> str | None:
        """See `CommandScreen`."""
        needs_record = id_ in ("edit", "delete", "duplicate", "copy")
        if needs_record and self.current is None:
            return "There is no record under the cursor."
        return self.tui.why_no_write(self.desk, self._kind, id_)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Opens the record."""
        if event.key:
            self.tui.open_record(self.desk, self.desk.account.ref(self._kind.name, event.key), self)

    def beside(self, ref: Ref, step: int) -> Ref | None:
        """The record before or after another in this list, if it is mirrored; the cursor goes along."""
        source, records = self._source, self.query_one(RecordList)
        at = source.index_of(ref.id) if source else None
        if source is None or at is None or not 0 <= at + step < (source.total() or 0):
            return None
        record = source.record(at + step)
        if record is None:
            self._want(at + step, at + step)
            return None
        records.cursor = at + step
        return record.ref

    def do_edit(self) -> None:
        """The form of the record under the cursor."""
        if self.current is not None:
            self.tui.open_form(self.desk, self.current.ref)

    def do_new(self) -> None:
        """The form of a new record."""
        self.tui.open_form(self.desk, Ref(self.desk.account.name, self._kind.name))

    def do_duplicate(self) -> None:
        """The form of a new record, filled with this one's values."""
        if self.current is not None:
            self.tui.open_form(
                self.desk, Ref(self.desk.account.name, self._kind.name), values=self.current.values
            )

    def do_delete(self) -> None:
        """Asks, then deletes."""
        if self.current is not None:
            self.tui.delete_record(self.desk, self.current)

    def do_copy(self) -> None:
        """The record's name and id to the clipboard."""
        if self.current is not None:
            self.tui.copy_record(self.current)

    # -- elsewhere

    def do_drafts(self) -> None:
        """The newest draft, at its field."""
        self.tui.open_newest_draft(self.desk)

    def do_connections(self) -> None:
        """Another connection."""
        self.tui.show_connections()

    def do_back(self) -> None:
        """Takes an error away, else a filter, else goes back to the list."""
        if self.query_one(Banner).shown:
            self.query_one(Banner).clear()
        elif self._filter:
            self._apply("", None)
        else:
            self.query_one(RecordList).focus()

    def do_quit(self) -> None:
        """Leaves."""
        self.tui.exit(0)
