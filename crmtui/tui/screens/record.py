"""Record: one record whole, and the records that point at it."""

import time
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from crmtui.model.errors import CrmError, NotFound
from crmtui.model.record import Record, Ref, is_empty
from crmtui.model.schema import FieldType
from crmtui.tui import documents
from crmtui.tui.behind import behind
from crmtui.tui.format import ago, groups
from crmtui.tui.related import COLUMNS, RelatedSource
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.sources import NoRows
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.list_pane import ListPane
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.record_list import RecordList
from crmtui.tui.widgets.record_text import RecordText, band, details
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.desk import Desk

_PILLS = ("status", "type")


class RecordScreen(CommandScreen[None]):
    """Details at once from the mirror; the service is asked where it has none, or by `r`."""

    NAME = "Record"
    CSS_PATH = "../styles/record.tcss"
    IDS: ClassVar[Sequence[str]] = (
        "back", "edit", "pane", "next", "previous", "refresh", "delete", "duplicate", "new",
        "download", "upload", "copy", "drafts", "connections", "token", "quit",
    )  # fmt: skip

    def __init__(self, desk: Desk, ref: Ref, among: ListPane | None) -> None:
        super().__init__()
        self.desk = desk
        self.ref = ref
        self._kind = desk.account.kind(ref.kind)
        self._among = among
        self._record: Record | None = None
        self._related = RelatedSource(desk, ref)

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield Banner()
        yield Static(id="band")
        with Container(id="body"):
            with Panel(id="details"), VerticalScroll(can_focus=True):
                yield RecordText()
            if self._related:
                with Panel(id="related"):
                    yield RecordList(NoRows(), id="rows")
        yield KeyBar()

    def on_mount(self) -> None:
        """What the mirror has; a record that was never read is asked for."""
        self.query_one(KeyBar).commands = documents.foremost(self.commands, self._kind)[: self.SHOWN]
        self.tui.status.show(self.query_one(TitleBar), self.desk)
        self.query_one("#details VerticalScroll").focus()
        self.show_record()
        if self._record is None:
            self.do_refresh()

    def on_screen_resume(self) -> None:
        """What was done on another screen shows here."""
        self.tui.status.show(self.query_one(TitleBar), self.desk)
        self.show_record()

    def on_resize(self) -> None:
        """The widths changed."""
        self.call_after_refresh(self.show_record)

    def show_record(self) -> None:
        """Draws the record as the mirror has it."""
        record = self._record = self.desk.record(self.ref)
        panel = self.query_one("#details", Panel)
        panel.entitle(f"{self._kind.singular.capitalize()} · Details")
        if record is None:
            panel.tell("asking …")
            return
        schema = self.desk.schema(self.ref.kind)
        labels = self.desk.labels(schema).of(record)
        today = date.today()
        pills = [
            str(record.values[name]) for name in _PILLS if not is_empty(record.values.get(name))
            and schema.field(name).type in (FieldType.CHOICE, FieldType.TEXT)
        ]  # fmt: skip
        width = self.size.width - 4
        self.query_one("#band", Static).update(
            band(record.title, self._kind.singular, self.ref.id, pills, width)
        )
        filled, empty = groups(record, schema, labels, today, self._kind.columns)
        self.query_one(RecordText).update(details(filled, empty, max(20, panel.size.width - 2)))
        draft = self.desk.account.drafts.get(self.ref)
        age = f"read {ago(record.fetched_at, time.time())}"
        panel.tell(
            f"a draft waits: e opens it · {age}" if draft else age, "$warning" if draft else "$text-dim"
        )
        self._show_related()

    def _show_related(self) -> None:
        if not self._related:
            return
        panel, rows = self.query_one("#related", Panel), self.query_one("#rows", RecordList)
        self._related.forget()
        rows.set_columns(COLUMNS)
        rows.set_source(self._related)
        panel.entitle("Related")
        cost = self._related.cost
        calls = "1 call" if cost == 1 else f"{cost} calls"
        panel.tell("" if self._related.known else f"tab asks for them · {calls}")

    # -- reading

    def do_refresh(self) -> None:
        """Reads the record again, and what points at it if that was read before."""
        behind(self, self._refresh(), "record")

    async def _refresh(self) -> None:
        try:
            await self.desk.fields.schema(self.ref.kind)
            await self.desk.read(self.ref)
            if self._related and self._related.known:
                await self._related.ask()
        except CrmError as error:
            self._failed(error)
            return
        self._succeeded()

    async def _ask_related(self) -> None:
        try:
            await self._related.ask()
        except CrmError as error:
            self._failed(error)
            return
        self._succeeded()

    def _succeeded(self) -> None:
        self.query_one(Banner).clear()
        self.tui.status.online(self.desk)
        self.show_record()

    def _failed(self, error: CrmError) -> None:
        self.query_one(Banner).say(f"{error.message} r asks again, esc goes back.")
        if isinstance(error, NotFound):
            self.query_one("#details", Panel).tell("gone", "$warning")
        else:
            self.tui.status.offline(self.desk, error)

    # -- commands

    def why_not(self, id_: str) -> str | None:
        """See `CommandScreen`."""
        if id_ in ("delete", "duplicate", "copy") and self._record is None:
            return "The record is not here yet."
        if id_ in ("next", "previous") and self._among is None:
            return "The record was not opened from a list."
        if id_ == "pane" and not self._kind.related:
            return f"No other records point at {self._kind.label.lower()}."
        if id_ in documents.IDS:
            return self.tui.documents.why_not(self.desk, id_, self._file(id_))
        return self.tui.flows.why_not(self.desk, self._kind, id_)

    def _file(self, id_: str) -> Record | None:
        """What a command of files is about: the related record under the cursor, else this one."""
        rows = self.query_one("#rows", RecordList) if self._related else None
        if id_ == "download" and rows is not None and rows.has_focus:
            return self._related.record(rows.cursor)
        return self._record

    def do_download(self) -> None:
        """Saves the file of this document, or of the related one under the cursor."""
        if record := self._file("download"):
            self.tui.documents.download(self.desk, record)

    def do_upload(self) -> None:
        """Uploads a file to this record."""
        if self._record is not None:
            self.tui.documents.upload(self.desk, self._record)

    def do_pane(self) -> None:
        """To the related records and back; the first time asks for them."""
        rows = self.query_one("#rows", RecordList)
        if rows.has_focus:
            self.query_one("#details VerticalScroll").focus()
            return
        rows.focus()
        if not self._related.known:
            self.query_one("#related", Panel).tell("asking …")
            behind(self, self._ask_related(), "related")

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """A related record opens on top of this one."""
        record = self._related.record(event.index)
        if record is not None:
            self.tui.open_record(self.desk, record.ref, None)

    def do_next(self) -> None:
        """The next record of the list."""
        self._go(1)

    def do_previous(self) -> None:
        """The record before in the list."""
        self._go(-1)

    def _go(self, step: int) -> None:
        ref = self._among.beside(self.ref, step) if self._among else None
        if ref is None:
            self.tui.say("That is the end of the list." if step > 0 else "That is the beginning of the list.")
            return
        self.ref = ref
        self._related = RelatedSource(self.desk, ref)
        self.query_one(Banner).clear()
        self.show_record()

    def do_edit(self) -> None:
        """The form."""
        self.tui.flows.edit(self.desk, self.ref)

    def do_new(self) -> None:
        """The form of a new record of this kind."""
        self.tui.flows.new(self.desk, self._kind)

    def do_duplicate(self) -> None:
        """The form of a new record with this one's values."""
        if self._record is not None:
            self.tui.flows.new(self.desk, self._kind, self._record.values)

    def do_delete(self) -> None:
        """Asks, then deletes."""
        if self._record is not None:
            self.tui.flows.delete(self.desk, self._record)

    def do_copy(self) -> None:
        """The record's name to the clipboard."""
        if self._record is not None:
            self.tui.copy_record(self._record)

    def do_drafts(self) -> None:
        """The newest draft, at its field."""
        self.tui.flows.newest_draft()

    def do_connections(self) -> None:
        """Another connection."""
        self.tui.show_connections()

    def do_back(self) -> None:
        """Back along the way that led here."""
        self.dismiss()

    def do_token(self) -> None:
        """Another token."""
        self.tui.tokens.replace(self.desk)

    def do_quit(self) -> None:
        """Leaves."""
        self.tui.exit(0)
