"""Webhooks: which there are, and making and deleting them."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crmtui.model.errors import CrmError
from crmtui.model.hook import Hook
from crmtui.model.text import clean
from crmtui.tui.behind import behind
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.columns import Column, Row
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.record_list import RecordList
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.desk import Desk
from crmtui.workspace.hooks import Hooks, Listed, Shown

_COLUMNS = (
    Column("event", "Event", 18, 2),
    Column("url", "Address", 24, 4),
    Column("title", "Title", 8, 2),
    Column("state", "State", 10, 0),
    Column("id", "Id", 10, 0),
)
_EMPTY = "There are no webhooks. n makes one: the service then posts to an address of yours at every change."


class _Rows:
    """Webhooks as rows."""

    def __init__(self, shown: Sequence[Shown]) -> None:
        self._shown = shown

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self._shown)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        shown = self._shown[index]
        hook = shown.hook
        state = ("on" if hook.active else "off") if hook.id else "unanswered"
        cells = (hook.event, hook.url, hook.title or "—", state, hook.id or "—")
        mark = "warning" if not hook.id else None if hook.active else "dim"
        return Row(shown.name, tuple(map(clean, cells)), styles=(None, None, "muted", mark, "dim"))

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`."""


class HooksScreen(CommandScreen[None]):
    """They are asked for when it opens: no copy of them is kept but of those made from here."""

    NAME = "Webhooks"
    IDS: ClassVar[Sequence[str]] = ("new_hook", "delete_hook", "refresh", "back", "quit")
    CSS_PATH = "../styles/hooks.tcss"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._hooks = Hooks(desk.account)
        self._listed = Listed(())

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield Banner()
        with Panel(id="hooks"):
            yield RecordList(_Rows(()), _COLUMNS)
            yield Static(Content(_EMPTY), classes="empty")
            yield Static(id="note")
        yield KeyBar()

    def on_mount(self) -> None:
        """Asks."""
        self.query_one(KeyBar).commands = self.commands[: self.SHOWN]
        self.query_one(RecordList).focus()
        self.do_refresh()

    def on_screen_resume(self) -> None:
        """The title line is this screen's again."""
        self.tui.status.show(self.query_one(TitleBar), self.desk)

    # -- reading

    def do_refresh(self) -> None:
        """Asks for them again."""
        self._panel.entitle(f"Webhooks · {self.desk.account.name}")
        self._panel.tell("asking …")
        behind(self, self._refresh(), "hooks")

    async def _refresh(self) -> None:
        try:
            self._listed = await self._hooks.list()
        except CrmError as error:
            self._panel.tell("not asked" if not self._listed.shown else "as of before", "$warning")
            self.query_one(Banner).say(f"{error.message} r asks again, esc goes back.")
            self.tui.status.offline(self.desk, error)
            return
        self.query_one(Banner).clear()
        self.tui.status.online(self.desk)
        self._show()

    def _show(self) -> None:
        shown = self._listed.shown
        self.query_one(RecordList).set_source(_Rows(shown))
        self.query_one("#note", Static).update(Content(clean(" ".join(self._listed.notes))))
        self.set_class(bool(self._listed.notes), "-noted")
        self.set_class(not shown, "-empty")
        self._panel.entitle(f"Webhooks · {self.desk.account.name}", str(len(shown)))
        self._panel.tell("made from here" if self._listed.notes else "just now")

    @property
    def _panel(self) -> Panel:
        return self.query_one("#hooks", Panel)

    @property
    def current(self) -> Shown | None:
        """What the cursor is on."""
        shown, at = self._listed.shown, self.query_one(RecordList).cursor
        return shown[at] if at < len(shown) else None

    # -- making and deleting

    def why_not(self, id_: str) -> str | None:
        """See `CommandScreen`."""
        if id_ in ("new_hook", "delete_hook") and self.desk.account.connection.read_only:
            return f"{self.desk.account.name} is read-only (read_only: true in the configuration)."
        if id_ == "delete_hook" and self.current is None:
            return "There is no webhook under the cursor."
        return None

    def do_new_hook(self) -> None:
        """A form for another."""
        from crmtui.tui.screens.hook_form import HookFormScreen

        self.tui.push_screen(HookFormScreen(self.desk, self._hooks), self._made)

    def _made(self, hook: Hook | None) -> None:
        if hook is not None:
            self.tui.say(f"The webhook {hook.id} was made.")
        self.do_refresh()

    def do_delete_hook(self) -> None:
        """Asks, then deletes the one under the cursor."""
        if shown := self.current:
            # The write belongs to no screen: it ends when the app does.
            behind(self.app, self._delete(shown), "write", exclusive=False)

    async def _delete(self, shown: Shown) -> None:
        label = self.desk.account.adapter.label
        question = f"Delete the webhook for {shown.hook.event} to {shown.hook.url} at {label}? 1 call."
        if not shown.hook.id:
            question = f"Forget the webhook for {shown.hook.event} that was not answered? No call."
        if not await self.tui.push_screen_wait(ConfirmScreen("Delete", question)):
            return
        try:
            await self._hooks.delete(shown.name)
        finally:
            if self.is_attached:
                self.do_refresh()
        self.tui.say("The webhook is deleted." if shown.hook.id else "It is forgotten.")

    def do_back(self) -> None:
        """Back to the records."""
        self.dismiss()

    def do_quit(self) -> None:
        """Leaves."""
        self.tui.exit(0)
