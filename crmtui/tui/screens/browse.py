"""Browse: the kinds, the list of records, and a preview of the one under the cursor."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.timer import Timer

from crmtui.model.errors import Forbidden, NotFound
from crmtui.model.record import Record
from crmtui.tui import documents
from crmtui.tui.kind_items import kind_items
from crmtui.tui.news_items import news_items
from crmtui.tui.screens.desk_screen import DeskScreen
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.list_pane import ListPane
from crmtui.tui.widgets.mirror_foot import MirrorFoot
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.preview import Preview
from crmtui.tui.widgets.record_list import RecordList
from crmtui.tui.widgets.sidebar import Item, Sidebar, is_filter
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.desk import Desk
from crmtui.workspace.pointing import holder_of

_PREVIEW_DELAY = 0.15
"""Seconds that the cursor must rest before the preview follows, so that a held key costs no bytes."""
_TYPING_DELAY = 0.4
"""The same while a search is typed: laying out a preview between two letters would make the second late."""
_MINUTE = 60.0
"""Seconds that words on the age of something stay true."""


class BrowseScreen(DeskScreen):
    """The records of one kind."""

    NAME = "Browse"
    IDS: ClassVar[Sequence[str]] = (
        "search", "filter", "order", "edit", "new", "refresh", "sync", "note", "tags", "delete", "undo",
        "edit_cell", "bulk", "mark_all", "duplicate", "download", "upload", "order_then", "kind_next",
        "kind_previous", "copy", "drafts", "today", "outbox", "hooks", "connections", "token", "report",
        "back", "quit",
    )  # fmt: skip

    def __init__(self, desk: Desk, kind: str) -> None:
        super().__init__(desk)
        self.pane = ListPane(desk, desk.account.kind(kind), id="main")
        self._preview_timer: Timer | None = None
        self._caught_up = False

    # -- what is on the screen

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Horizontal(id="body"):
            with Panel(id="kinds"):
                yield Sidebar()
                yield MirrorFoot()
            with Container(id="work"):
                yield self.pane
                yield Preview(self.desk, id="preview")
        yield KeyBar()

    def on_mount(self) -> None:
        """The mirror first, the network behind it."""
        self._show_keys()
        self.query_one("#kinds", Panel).entitle("Records")
        self.tui.status.show(self.query_one(TitleBar), self.desk)
        self._show_kinds()
        self.pane.rows.focus()
        self.call_after_refresh(self.pane.refresh_rows)
        self.call_after_refresh(self.tui.mirrors.tend, self.desk)
        self.set_interval(_MINUTE, self._tell_ages)

    def on_screen_resume(self) -> None:
        """What was done on another screen shows here."""
        self.tui.status.show(self.query_one(TitleBar), self.desk)
        self._show_kinds()
        self.pane.redraw()

    def on_resize(self) -> None:
        """The preview's width changed, and how much of the news there is room for."""
        self.call_after_refresh(self._show_kinds)
        self.call_after_refresh(self._show_preview)

    def _show_keys(self) -> None:
        self.query_one(KeyBar).commands = documents.foremost(self.commands, self.pane.kind)[: self.SHOWN]

    def _show_kinds(self) -> None:
        sidebar, items = self.query_one(Sidebar), kind_items(self.desk)
        if waiting := len(self.desk.waiting().entries):
            items.append(Item("", f"── Outbox {waiting} ──", command="outbox"))
        items += news_items(self.desk, sidebar.size.height - len(items))
        filtered = f"{self.pane.kind.name} {self.pane.filter}"
        sidebar.show(items, filtered if any(item.id == filtered for item in items) else self.pane.kind.name)
        self.query_one(MirrorFoot).told = self.tui.mirrors.told(self.desk)

    def show_mirror(self) -> None:
        """How far a sync is; the counts follow when it comes to another kind."""
        told, foot = self.tui.mirrors.told(self.desk), self.query_one(MirrorFoot)
        if told.kind != foot.told.kind:
            self._show_kinds()
        foot.told = told

    def show_news(self) -> None:
        """An answer told something of the account."""
        self._show_kinds()

    def _tell_ages(self) -> None:
        self._show_kinds()
        self._show_preview()

    def _show_preview(self) -> None:
        self.query_one(Preview).show(self.pane.current)

    def on_record_list_moved(self, event: RecordList.Moved) -> None:
        """The preview follows when the cursor rests."""
        self._preview_soon()

    def _preview_soon(self) -> None:
        if self._preview_timer is not None:
            self._preview_timer.stop()
        searching = self.pane.searching
        delay = _TYPING_DELAY if searching and searching.typing else _PREVIEW_DELAY
        self._preview_timer = self.set_timer(delay, self._show_preview)

    def on_list_pane_redrawn(self, event: ListPane.Redrawn) -> None:
        """Another record may be under the cursor; in a search it is after every letter."""
        if self.pane.searching:
            self._preview_soon()
        else:
            self._show_preview()

    def on_list_pane_answered(self, event: ListPane.Answered) -> None:
        """Counts may be new, and the line is well: what was synced before is asked for what is new."""
        self.tui.status.online(self.desk)
        self._show_kinds()
        if not self._caught_up:
            self._caught_up = True
            self.tui.mirrors.catch_up(self.desk)

    def on_list_pane_failed(self, event: ListPane.Failed) -> None:
        """The title line tells since when; a kind that is closed to the token says nothing of the line."""
        if isinstance(event.error, (Forbidden, NotFound)):
            self.tui.status.online(self.desk)
            self._show_kinds()
        else:
            self.tui.status.offline(self.desk, event.error)

    # -- choosing, filtering, ordering

    async def on_sidebar_chosen(self, event: Sidebar.Chosen) -> None:
        """Another kind, a filter of its list, or into the list of this one."""
        name, _, filter_ = event.id.partition(" ")
        sidebar = self.query_one(Sidebar)
        if name != self.pane.kind.name or (not filter_ and is_filter(sidebar.current)):
            sidebar.current = event.id
            self.pane.show_kind(self.desk.account.kind(name))
            self._show_keys()
            if not filter_:
                self.pane.refresh_rows(closed_too=False)
        if filter_:
            sidebar.current = event.id
            await self.pane.filter_by(filter_)
        elif event.go:
            self.pane.rows.focus()

    def do_kind_next(self) -> None:
        """The next kind."""
        self.query_one(Sidebar).step(1)

    def do_kind_previous(self) -> None:
        """The kind before."""
        self.query_one(Sidebar).step(-1)

    async def do_filter(self) -> None:
        """A line for a filter."""
        await self.pane.ask_filter()

    async def do_search(self) -> None:
        """A line for a search."""
        await self.pane.ask_search()

    def do_order(self) -> None:
        """Another order."""
        self.pane.order_by_cursor()
        self.pane.refresh_rows()

    def do_order_then(self) -> None:
        """A further key of the order."""
        self.pane.order_by_cursor(further=True)
        self.pane.refresh_rows()

    async def do_sync(self) -> None:
        """Mirrors all that the service has, or stops that."""
        await self.tui.mirrors.toggle(self.desk)

    def do_refresh(self) -> None:
        """Asks the service, and sends what waits for it."""
        self.desk.courier.hurry()
        self.pane.refresh_rows()

    # -- records

    @property
    def subject(self) -> Record | None:
        """See `DeskScreen`."""
        return self.pane.current

    def why_not(self, id_: str) -> str | None:
        """See `CommandScreen`."""
        needs = ("edit", "edit_cell", "note", "tags", "delete", "duplicate", "copy")
        if id_ in needs and self.subject is None:
            return "There is no record under the cursor."
        if id_ == "edit_cell" and self.pane.rows.column is None:
            return "No column is chosen: → and ← choose one."
        if self.pane.searching and id_ in ("order", "order_then"):
            return "What was found stands in the order of the search; esc goes back to the list."
        if id_ == "edit_cell" and self.pane.rows.column and not self.pane.rows.column.name:
            return "This column is of no single field: e edits the record."
        if id_ == "bulk":
            return self._why_no_bulk()
        if id_ == "sync":
            return self.tui.mirrors.why_not(self.desk)
        if id_ == "hooks" and self.desk.account.adapter.hooks is None:
            return f"{self.desk.account.adapter.label} has no webhooks."
        if id_ == "undo":
            return self.tui.writes.why_not(self.desk)
        if id_ in documents.IDS:
            return self.tui.documents.why_not(self.desk, id_, self.subject)
        kind = self.pane.kind
        if self.subject is not None and id_ != "new":
            kind = self.desk.account.kind(self.subject.ref.kind)
        return self.tui.flows.why_not(self.desk, kind, id_)

    def do_hooks(self) -> None:
        """The webhooks of the account."""
        from crmtui.tui.screens.hooks import HooksScreen

        self.tui.push_screen(HooksScreen(self.desk))

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Opens the record, or what it hangs on if the list has all that there is to see of it."""
        if event.key and (record := self.pane.current):
            held = holder_of(self.desk, record)
            self.tui.open_record(self.desk, held or record.ref, None if held else self.pane)

    def do_edit(self) -> None:
        """The form of the record under the cursor."""
        if record := self.subject:
            self.tui.flows.edit(self.desk, record.ref)

    def do_edit_cell(self) -> None:
        """The form at the field under the column cursor."""
        if (record := self.pane.current) and (column := self.pane.rows.column):
            self.tui.flows.edit(self.desk, record.ref, column.name)

    def do_new(self) -> None:
        """The form of a new record."""
        self.tui.flows.new(self.desk, self.pane.kind)

    def do_bulk(self) -> None:
        """One form for all that is marked."""
        self.tui.flows.edit_several(self.desk, list(self.pane.marks))

    def do_mark_all(self) -> None:
        """Marks all rows."""
        self.pane.mark_all()

    def _why_no_bulk(self) -> str | None:
        kinds = {ref.kind for ref in self.pane.marks}
        if not kinds:
            return "Nothing is marked: space marks the record under the cursor, * all that are here."
        if len(kinds) > 1:
            return "What is marked is of several kinds; one form can hold one kind only."
        return self.tui.flows.why_not(self.desk, self.desk.account.kind(kinds.pop()), "edit")

    # -- elsewhere

    def do_back(self) -> None:
        """Takes an error away, else a search, else a filter, else goes back to the list."""
        banner = self.pane.query_one(Banner)
        if banner.shown:
            banner.clear()
        elif self.pane.searching:
            self.pane.end_search()
        elif self.pane.filter:
            self.pane.apply("", None)
            self.pane.refresh_rows()
        elif self.pane.marks:
            self.pane.unmark()
        else:
            self.pane.rows.focus()
