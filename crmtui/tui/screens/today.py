"""Today: what is overdue, due today, in the next days, and without a day, of all kinds with deadlines."""

import time
from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from crmtui.model.errors import CrmError
from crmtui.model.record import Record
from crmtui.tui.behind import behind
from crmtui.tui.format import ago
from crmtui.tui.panes import EntryList
from crmtui.tui.screens.desk_screen import DeskScreen
from crmtui.tui.today_rows import TodayRows, columns_of
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.preview import Preview
from crmtui.tui.widgets.record_list import RecordList
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.agenda import AHEAD, OVERDUE, SOON, TODAY, Agenda
from crmtui.workspace.desk import Desk
from crmtui.workspace.pointing import holder_of
from crmtui.workspace.unplanned import planned

_PREVIEW_DELAY = 0.15
_MINUTE = 60.0


class TodayScreen(DeskScreen):
    """The mirror first; the service is asked once a day, and by `r`."""

    NAME = "Today"
    CSS_PATH = "../styles/today.tcss"
    IDS: ClassVar[Sequence[str]] = (
        "back", "complete", "new", "whose", "refresh", "edit", "undo", "copy", "drafts", "outbox",
        "connections", "token", "quit",
    )  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._agenda = Agenda(desk, date.today())
        self._rows = TodayRows(desk)
        self._everyone = False
        self._asking = False
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield Banner()
        with Container(id="work"):
            with Panel(id="today"):
                yield EntryList(self._rows, columns_of(mine=False))
                yield Static(classes="empty")
            yield Preview(self.desk, id="preview")
        yield KeyBar()

    def on_mount(self) -> None:
        """What is here, then what the service has, if it was not asked today."""
        self.query_one(KeyBar).commands = self.commands[: self.SHOWN]
        self.tui.status.show(self.query_one(TitleBar), self.desk)
        self._list.focus()
        self._show()
        behind(self, self._begin(), "agenda")
        self.set_interval(_MINUTE, self._tick)

    def on_screen_resume(self) -> None:
        """What was done on another screen shows here."""
        self.tui.status.show(self.query_one(TitleBar), self.desk)
        if self._list.is_mounted:
            behind(self, self._look(), "look")

    def on_resize(self) -> None:
        """The preview's width changed."""
        self.call_after_refresh(self._show_preview)

    @property
    def _list(self) -> RecordList:
        return self.query_one(RecordList)

    @property
    def subject(self) -> Record | None:
        """See `DeskScreen`."""
        return self._rows.record(self._list.cursor)

    # -- reading

    async def _begin(self) -> None:
        await self._look()
        if not self._agenda.is_asked:
            await self._ask()

    async def _look(self) -> None:
        await self._agenda.look()
        self._show()

    async def _ask(self) -> None:
        self._asking = True
        self._show()
        try:
            await self._agenda.ask()
        finally:
            self._asking = False
        await self._look()
        failure = self._agenda.failure
        if failure is None:
            self.query_one(Banner).clear()
            self.tui.status.online(self.desk)
        else:
            self._failed(failure)

    def _failed(self, error: CrmError) -> None:
        self.query_one(Banner).say(f"{error.message} r asks again; what is here can be looked at.")
        self.tui.status.offline(self.desk, error)

    def _tick(self) -> None:
        """Ages, and after midnight another day."""
        if date.today() != self._agenda.today and not self._asking:
            self._agenda = Agenda(self.desk, date.today())
            behind(self, self._begin(), "agenda")
        else:
            self._entitle()

    # -- what is shown

    @property
    def _mine(self) -> bool:
        return not self._everyone and self._agenda.me is not None

    def _show(self) -> None:
        self._rows.show(self._agenda, mine=self._mine)
        if self._list.columns != (columns := columns_of(mine=self._mine)):
            self._list.set_columns(columns)
        self._list.reload()
        self._entitle()
        self._show_preview()

    def _entitle(self) -> None:
        counts, panel, today = self._rows.counts, self.query_one("#today", Panel), self._agenda.today
        words = ((OVERDUE, "overdue"), (TODAY, "today"), (SOON, f"in {AHEAD} days"))
        figures = " · ".join(f"{counts[name]:,} {word}" for name, word in words if name in counts)
        whose = "" if self._agenda.me is None else " · mine" if self._mine else " · everyone's"
        panel.entitle(f"Today · {today:%a} {today.day} {today:%b}{whose}", figures)
        panel.tell(*self._age())
        empty = not self._rows.total()
        self.set_class(empty, "-empty")
        if empty:
            self.query_one(".empty", Static).update(Content(self._why_empty()))

    def _age(self) -> tuple[str, str]:
        """How old it is or what is awaited, and what asking costs."""
        cost, read = self._agenda.cost, self._agenda.read_at
        calls = f"{cost} call{'' if cost == 1 else 's'}"
        age = f"read {ago(read, time.time())}" if read else "never read"
        if self._asking:
            return f"{age} · asking … {calls}" if read else f"asking … {calls}", "$text-dim"
        failed = self._agenda.failure is not None
        left_out = f"only {' and '.join(self._agenda.left_out)} · " if self._agenda.left_out else ""
        return f"{left_out}{age} · r asks · {calls}", "$warning" if failed or left_out else "$text-dim"

    def _why_empty(self) -> str:
        label = self.desk.account.adapter.label
        if self._asking:
            return f"{label} is being asked for what is due."
        if self._agenda.is_closed:
            return f"{label} shows this token nothing that has a date to be done by."
        if self._agenda.failure is not None:
            return "What is due could not be read, and none of it is here. r asks again."
        if not self._agenda.is_asked:
            return "Nothing of it is here yet. r asks."
        others = " m shows what others have to do." if self._mine else ""
        return f"Nothing is due: nothing is late, and nothing comes in the next {AHEAD} days.{others}"

    def _show_preview(self) -> None:
        self.query_one(Preview).show(self.subject)

    def on_record_list_moved(self, event: RecordList.Moved) -> None:
        """The preview follows when the cursor rests; the heading above the first row is seen with it."""
        if self._list.cursor == 1:
            self._list.scroll_to(y=0, animate=False)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_PREVIEW_DELAY, self._show_preview)

    # -- what is done

    def why_not(self, id_: str) -> str | None:
        """See `CommandScreen`."""
        if id_ in ("edit", "copy", "complete", "new") and self.subject is None:
            return "There is nothing under the cursor."
        if id_ == "undo":
            return self.tui.writes.why_not(self.desk)
        if id_ == "whose" and self._agenda.me is None:
            return "Which of the users you are is not known, so that everyone's is shown."
        if id_ == "refresh" and self._asking:
            return "The service is being asked already."
        if self.subject is not None:
            kind = self.desk.account.kind(self.subject.ref.kind)
            if id_ == "new":
                if (found := planned(self.desk, self.subject)) is None:
                    return f"Nothing is planned for {kind.label.lower()} here."
                kind = found.kind
            return self.tui.flows.why_not(self.desk, kind, id_)
        return None

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """The record that it hangs on, else its own."""
        if record := self._rows.record(event.index):
            self.tui.open_record(self.desk, holder_of(self.desk, record) or record.ref, None)

    def do_whose(self) -> None:
        """Mine, or everyone's."""
        self._everyone = not self._everyone
        self._show()

    def do_refresh(self) -> None:
        """Asks the service."""
        self.desk.courier.hurry()
        behind(self, self._ask(), "agenda")

    def do_edit(self) -> None:
        """The form of the record under the cursor."""
        if record := self.subject:
            self.tui.flows.edit(self.desk, record.ref)

    def do_complete(self) -> None:
        """Completes what is under the cursor, then asks what is next."""
        if record := self.subject:
            self.tui.flows.complete(self.desk, record)

    def do_new(self) -> None:
        """The form of what is planned next for the record under the cursor, or for what it hangs on."""
        if (record := self.subject) and (found := planned(self.desk, record)):
            self.tui.flows.new(self.desk, found.kind, found.values)

    def do_back(self) -> None:
        """Takes an error away, else goes back to where it was opened."""
        banner = self.query_one(Banner)
        if banner.shown:
            banner.clear()
        else:
            self.dismiss()
