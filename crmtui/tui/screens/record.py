"""Record: one record whole, and beside it its lines, its timeline and the records that point at it."""

import time
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.events import DescendantFocus
from textual.widgets import Static

from crmtui.model.errors import CrmError, NotFound
from crmtui.model.record import Record, Ref, is_empty
from crmtui.model.schema import FieldType
from crmtui.tui import documents
from crmtui.tui.ages import age_of
from crmtui.tui.behind import behind
from crmtui.tui.beside import Beside
from crmtui.tui.commands import COMMANDS
from crmtui.tui.format import groups
from crmtui.tui.lines import TOTAL
from crmtui.tui.outbox_words import of_record
from crmtui.tui.panes import Beginning, Pane
from crmtui.tui.record_panes import LINES, references_of
from crmtui.tui.screens.desk_screen import DeskScreen
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.list_pane import ListPane
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.record_list import RecordList
from crmtui.tui.widgets.record_text import RecordText, band, details
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.desk import Desk
from crmtui.workspace.edits import only_listed

WIDE = 120
"""Columns from which on the panes stand beside the details."""
_MINUTE = 60.0
_PILLS = ("status", "type")
_ON_ONE = ("edit", "edit_cell", "tags", "complete", "delete", "duplicate", "copy")
"""Commands for one record: the one under the cursor of the pane with the focus, else the screen's own."""
_LINE_KEYS = ("back", "edit", "new", "delete", "pane", "edit_cell", "refresh")


class RecordScreen(DeskScreen):
    """Everything at once from the mirror; the service is asked where it has none, or by `r`."""

    NAME = "Record"
    CSS_PATH = "../styles/record.tcss"
    IDS: ClassVar[Sequence[str]] = (
        "back", "edit", "pane", "go", "next", "previous", "refresh", "new", "note", "complete", "tags",
        "delete", "undo", "edit_cell", "duplicate", "download", "upload", "copy", "drafts", "today", "outbox",
        "connections",
        "token", "report", "quit",
    )  # fmt: skip

    def __init__(self, desk: Desk, ref: Ref, among: ListPane | None) -> None:
        super().__init__(desk)
        self.ref = ref
        self._kind = desk.account.kind(ref.kind)
        self._among = among
        self._record: Record | None = None
        self._failure: CrmError | None = None
        self._beside = Beside(desk, ref)

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield Banner()
        yield Static(id="band")
        with Container(id="body"):
            with Panel(id="details"), VerticalScroll(can_focus=True):
                yield RecordText()
            if self._beside.panes:
                yield self._beside
        yield KeyBar()

    def on_mount(self) -> None:
        """What the mirror has; a record that was never read is asked for."""
        self.tui.status.show(self.query_one(TitleBar), self.desk)
        self.query_one("#details VerticalScroll").focus()
        self.show_record()
        if self._record is None:
            self.do_refresh()
        self.set_interval(_MINUTE, self._tell_age)

    def on_screen_resume(self) -> None:
        """What was done on another screen shows here."""
        self.tui.status.show(self.query_one(TitleBar), self.desk)
        self.show_record()

    def on_resize(self) -> None:
        """The widths changed."""
        self.call_after_refresh(self.show_record)

    # -- what is shown

    def _fold(self) -> None:
        """Where there is little room, the pane with the focus has it."""
        narrow = self.size.width < WIDE
        self.query_one("#details", Panel).fold(narrow and self._beside.here is not None)
        if self._beside.panes:
            self._beside.fold(narrow)

    def show_record(self) -> None:
        """Draws the record as the mirror has it, with what waits for it laid over."""
        self._fold()
        waiting, record = self.desk.waiting(), self.desk.record(self.ref)
        record = self._record = record and waiting.over(record)
        panel = self.query_one("#details", Panel)
        panel.entitle(f"{self._kind.singular.capitalize()} · Details")
        if record is None:
            self._tell_why_empty(panel)
            return
        schema = self.desk.schema(self.ref.kind)
        labels = self.desk.labels(schema).of(record)
        pills = [
            str(record.values[name]) for name in _PILLS if not is_empty(record.values.get(name))
            and schema.field(name).type in (FieldType.CHOICE, FieldType.TEXT)
        ]  # fmt: skip
        width = self.size.width - 4
        self.query_one("#band", Static).update(
            band(record.title, self._kind.singular, self.ref.id, pills, width)
        )
        edits = waiting.edits(self.ref)
        filled, empty = groups(record, schema, labels, date.today(), self._kind.columns, edits)
        # Folded, the panel has no sides, and is wider than it will be.
        room = panel.size.width - 2 if self.has_class("-wide") else self.size.width - 4
        self.query_one(RecordText).update(details(filled, empty, max(20, room), edits))
        self._tell_age()
        self._beside.show(record)

    def _tell_why_empty(self, panel: Panel) -> None:
        if self._failure is None:
            panel.tell("asking …")
        else:
            panel.tell("gone" if isinstance(self._failure, NotFound) else "not read", "$warning")

    def _tell_age(self) -> None:
        """How old the record is, what waits for it, and whether a draft does."""
        record, waiting = self._record, self.desk.waiting()
        panel = self.query_one("#details", Panel)
        if record is None:
            return
        draft = self.desk.account.drafts.get(self.ref)
        age = age_of(self.desk, record, time.time())
        if draft:
            age = f"a draft waits: e opens it · {age}"
        if entries := waiting.of(self.ref):
            age = of_record(entries, len(waiting.edits(self.ref)), time.time(), panel.outer_size.width - 6)
        panel.tell(age, "$warning" if draft or entries else "$text-dim")

    def take(self, record: Record) -> bool:
        """A record was written: whether this screen shows it, which then draws it."""
        taken = record.ref == self.ref or self._beside.take(record)
        if taken:
            self.show_record()
            for pane in self._beside.panes:
                pane.reveal(record.ref)
        if taken and self.desk.account.kind(record.ref.kind).is_order:
            # What it made of others is not known yet.
            behind(self, self._refresh(to_top=True), "record")
        return taken

    @property
    def subject(self) -> Record | None:
        """See `DeskScreen`: the record under the cursor of the pane with the focus, else this one."""
        pane = self._beside.here
        return pane.current if pane else self._record

    # -- reading

    def do_refresh(self) -> None:
        """Reads the record again, and what stands beside it if that was read before; what waits is sent."""
        self.desk.courier.hurry()
        behind(self, self._refresh(), "record")

    async def _refresh(self, *, to_top: bool = False) -> None:
        """`to_top`: what is new beside it is to be seen."""
        try:
            schema = await self.desk.fields.schema(self.ref.kind)
            await self.desk.read(self.ref)
            if any(field.type is FieldType.USER for field in schema.fields):
                await self.desk.fields.users()
        except CrmError as error:
            self._failed(error)
            return
        self._asked(await self._beside.ask())
        if to_top and (pane := self._beside.here):
            pane.rows.cursor = 0

    async def _ask(self, pane: Pane) -> None:
        self._asked(await pane.ask(self._record))

    def _asked(self, failure: CrmError | None) -> None:
        if failure is not None:
            self._failed(failure)
            return
        self._failure = None
        self.show_record()
        self.query_one(Banner).clear()
        self.tui.status.online(self.desk)

    def _failed(self, error: CrmError) -> None:
        self._failure = error
        self.show_record()
        self.query_one(Banner).say(f"{error.message} r asks again, esc goes back.")
        if isinstance(error, NotFound):
            if self._record is not None:
                self.query_one("#details", Panel).tell("gone", "$warning")
        else:
            self.tui.status.offline(self.desk, error)

    # -- panes

    def do_pane(self) -> None:
        """To the next pane; the first time asks for what is in it."""
        stops = [self.query_one("#details VerticalScroll"), *(pane.rows for pane in self._beside.panes)]
        at = next((index for index, stop in enumerate(stops) if stop.has_focus), -1)
        stops[(at + 1) % len(stops)].focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """What was never read is asked for when somebody goes there; the keys are those that matter there."""
        self._fold()
        pane = self._beside.here
        in_lines = pane is not None and pane.id == LINES
        commands = [COMMANDS[id_] for id_ in (_LINE_KEYS if in_lines else self.IDS)]
        self.query_one(KeyBar).commands = documents.foremost(commands, self._kind)[: self.SHOWN]
        if pane is not None and not pane.source.known and not pane.asking:
            behind(self, self._ask(pane), f"pane {pane.id}")

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """A line's form; any other record opens on top of this one."""
        pane = self._beside.here
        record = pane.source.record(event.index) if pane else None
        if pane is None or record is None:
            return
        if pane.id == LINES:
            self.tui.flows.edit(self.desk, record.ref)
        else:
            self.tui.open_record(self.desk, record.ref, None)

    def do_go(self) -> None:
        """A record that this one refers to; a choice where there are several."""
        found = references_of(self.desk, self._record) if self._record else []
        if len(found) == 1:
            self.tui.open_record(self.desk, found[0].ref, None)
            return
        from crmtui.tui.screens.choose import ChooseScreen

        def go(index: int | None) -> None:
            if index is not None:
                self.tui.open_record(self.desk, found[index].ref, None)

        things = [(each.what, each.which) for each in found]
        self.tui.push_screen(ChooseScreen("Go to", things), go)

    # -- commands

    def why_not(self, id_: str) -> str | None:
        """See `CommandScreen`."""
        pane, subject = self._beside.here, self.subject
        if id_ == "refresh" and (why := only_listed(self.desk.account, self._kind)):
            return why
        if id_ in _ON_ONE and pane is not None and subject is None:
            return "There is no record under the cursor."
        if id_ in ("tags", "complete", "delete", "duplicate", "copy") and subject is None:
            return "The record is not here yet."
        if id_ in ("next", "previous") and self._among is None:
            return "The record was not opened from a list."
        if id_ == "pane" and not self._beside.panes:
            return f"No other records point at {self._kind.label.lower()}."
        if id_ == "undo":
            return self.tui.writes.why_not(self.desk)
        if id_ in documents.IDS:
            return self.tui.documents.why_not(self.desk, id_, self.of_file(id_))
        if id_ == "go" and not (self._record and references_of(self.desk, self._record)):
            return "The record refers to no other."
        if id_ == "edit_cell" and (reason := self._no_cell(pane)):
            return reason
        beginning = pane.source.beginning(pane.rows.cursor) if pane and id_ == "new" else None
        if pane is not None and id_ == "new" and beginning is None:
            return "The service writes these itself, as the record changes."
        kind = beginning.kind if beginning else self._kind
        if subject is not None and id_ not in ("new", "note"):
            kind = self.desk.account.kind(subject.ref.kind)
        return self.tui.flows.why_not(self.desk, kind, id_)

    def of_file(self, id_: str) -> Record | None:
        """See `DeskScreen`: what is saved is the related document under the cursor, what is added to this."""
        pane = self._beside.here
        return pane.source.record(pane.rows.cursor) if pane and id_ == "download" else self._record

    def _no_cell(self, pane: Pane | None) -> str | None:
        if pane is None or pane.id != LINES:
            return "There are no cells here: e edits the record."
        if pane.rows.column is None:
            return "No column is chosen: → and ← choose one."
        if pane.rows.column.name == TOTAL:
            return "The total is quantity times price: edit one of those."
        return None

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
        self._failure = None
        self._beside.turn(ref)
        self.query_one(Banner).clear()
        self.show_record()

    def do_edit(self) -> None:
        """The form."""
        subject = self.subject
        self.tui.flows.edit(self.desk, subject.ref if subject else self.ref)

    def do_edit_cell(self) -> None:
        """The form of the line, at the field under the column cursor."""
        if (pane := self._beside.here) and (record := pane.current) and (column := pane.rows.column):
            self.tui.flows.edit(self.desk, record.ref, column.name)

    @property
    def noted(self) -> Record | None:
        """See `DeskScreen`: the one that is open."""
        return self._record

    def do_complete(self) -> None:
        """Completes the record, or the one under the cursor of the pane with the focus."""
        if subject := self.subject:
            self.tui.flows.complete(self.desk, subject)

    def do_new(self) -> None:
        """The form of a new record of this kind, or in a pane of one that points at this record."""
        pane = self._beside.here
        found = pane.source.beginnings(pane.rows.cursor) if pane else ()
        if len(found) > 1:
            self._choose_new(found)
        else:
            self._begin(found[0] if found else Beginning(self._kind, {}))

    def _choose_new(self, found: Sequence[Beginning]) -> None:
        from crmtui.tui.screens.choose import ChooseScreen

        def begin(index: int | None) -> None:
            if index is not None:
                self._begin(found[index])

        things = [(each.kind.singular.capitalize(), each.about) for each in found]
        self.tui.push_screen(ChooseScreen("New", things), begin)

    def _begin(self, beginning: Beginning) -> None:
        self.tui.flows.new(self.desk, beginning.kind, beginning.values, beginning.field)

    def do_back(self) -> None:
        """Back along the way that led here."""
        self.dismiss()
