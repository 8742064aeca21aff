"""The app: it opens accounts, moves between screens, and ends cleanly whatever happens."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import Theme

from crmtui.config import Config
from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Kind
from crmtui.model.text import clean
from crmtui.paths import config_dir, data_dir
from crmtui.tui.term import AsciiFilter, SafeFilter, needs_ascii
from crmtui.tui.theme import DARK, load_theme, load_themes, variables
from crmtui.tui.thrifty import thrifty_driver
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.desk import Desk
from crmtui.workspace.opening import connection_of, open_account, redactor

if TYPE_CHECKING:
    from crmtui.tui.screens.base import CommandScreen
    from crmtui.tui.widgets.list_pane import ListPane

DEMO = "demo"
"""The result of an app whose person asked for the demo."""
_LAST = "last connection"


class CrmTui(App[Any]):
    """Full screen: one account at a time, every screen on its desk."""

    TITLE = "crmtui"
    # Browse is the first screen, and Textual loads no sheet of a first screen by itself.
    CSS_PATH = ["styles/app.tcss", "styles/browse.tcss"]
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[Any]] = []
    NOTIFICATION_TIMEOUT = 6
    HORIZONTAL_BREAKPOINTS = [
        (0, "-narrow"),
        (80, "-normal"),
        (120, "-wide"),
    ]

    def __init__(
        self,
        config: Config,
        target: Ref | None = None,
        *,
        form: bool = False,
        base: Path | None = None,
        tokens: Mapping[str, str] | None = None,
    ) -> None:
        """`form` opens the target in its form; `tokens` and `base` are the demo's own."""
        self.desks: dict[str, Desk] = {}
        self.config = config
        self.tokens = dict(tokens or {})
        self.base = base
        self._target = target
        self._form = form
        self._offline: dict[str, float] = {}
        self._bar: tuple[TitleBar, Desk] | None = None
        self._mouse = True
        super().__init__()
        self.keymap = dict(config.keys)
        self.set_keymap(self.keymap)
        self._use_theme(config.theme or DARK)

    # -- what the terminal gets

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver with a writer that spares an SSH line the repeated styles."""
        return thrifty_driver(super().get_driver_class())

    def get_line_filters(self) -> list[LineFilter]:
        """The net: no control sequence of a service's making passes, whichever widget shows it."""
        filters = [*super().get_line_filters(), SafeFilter()]
        return [*filters, AsciiFilter()] if needs_ascii() else filters

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The variables of our style sheets, for every theme."""
        return variables(self.current_theme)

    def _use_theme(self, name: str) -> None:
        theme, self._theme_warnings = load_theme(name, config_dir() / "themes", self._theme_cache)
        if theme is None:
            theme, _ = load_theme(DARK, None, self._theme_cache)
        if theme is not None:
            self.register_theme(theme)
            self.theme = theme.name

    @property
    def _theme_cache(self) -> Path:
        return data_dir() / "cache" / "themes.json"

    # -- beginning

    def get_default_screen(self) -> Screen[Any]:
        """The first screen, with yesterday's records in its first frame."""
        if not self.config.connections:
            from crmtui.tui.screens.welcome import WelcomeScreen

            return WelcomeScreen()
        from crmtui.tui.screens.browse import BrowseScreen

        desk = self.desk(self._target.connection if self._target else self._last_connection())
        return BrowseScreen(
            desk, (self._target and self._target.kind) or next(iter(desk.account.adapter.kinds))
        )

    def on_mount(self) -> None:
        """Signals, warnings, and what the command line named."""
        self._catch_signals()
        for warning in self._theme_warnings:
            self.say(warning)
        if self._target is not None and self._target.id:
            desk = self.desk(self._target.connection)
            if self._form:
                self.open_form(desk, self._target)
            else:
                self.open_record(desk, self._target, None)
        elif self._target is None:
            self._tell_drafts()

    def desk(self, name: str) -> Desk:
        """An account, opened once; its token is looked for at the first call."""
        if name not in self.desks:
            connection = connection_of(self.config, name)
            account = open_account(connection, tokens=self.tokens, base=self.base)
            self.desks[name] = desk = Desk(account)
            account.on_call = lambda: self._show_quota(desk)
        self._remember(name)
        return self.desks[name]

    def _last_connection(self) -> str:
        with contextlib.suppress(OSError):
            name = self._last_file.read_text("utf-8").strip()
            if name in self.config.connections:
                return name
        return next(iter(self.config.connections))

    @property
    def _last_file(self) -> Path:
        return (self.base or data_dir()) / "last_connection"

    def _remember(self, name: str) -> None:
        with contextlib.suppress(OSError):
            self._last_file.write_text(name, "utf-8")

    def _tell_drafts(self) -> None:
        drafts = [draft for desk in self.desks.values() for draft in desk.account.drafts.all()]
        if drafts:
            names = ", ".join(self._draft_name(draft.ref) for draft in drafts[:3])
            count = f"{len(drafts)} drafts wait" if len(drafts) > 1 else "A draft waits"
            self.say(f"{count}: {names}. d opens the newest where you left it.", lasting=True)

    def _draft_name(self, ref: Ref) -> str:
        record = self.desks[ref.connection].record(ref)
        return record.title if record else f"new {self.desks[ref.connection].account.kind(ref.kind).singular}"

    # -- the title line

    def watch_account(self, bar: TitleBar, desk: Desk) -> None:
        """This screen's title line shows that account from now on."""
        self._bar = (bar, desk)
        account = desk.account
        bar.place = (account.name, account.adapter.label)
        self._show_state(desk)
        self._show_quota(desk)

    def online(self, desk: Desk) -> None:
        """The service answered."""
        self._offline.pop(desk.account.name, None)
        self._show_state(desk)

    def offline(self, desk: Desk, error: CrmError) -> None:
        """The service did not answer, or not well."""
        self._offline.setdefault(desk.account.name, time.time())
        self._show_state(desk)

    def _show_state(self, desk: Desk) -> None:
        if self._bar is None or self._bar[1] is not desk:
            return
        bar, since = self._bar[0], self._offline.get(desk.account.name)
        read_only = "read-only · " if desk.account.connection.read_only else ""
        words = "live" if since is None else f"offline · from {time.strftime('%H:%M', time.localtime(since))}"
        waiting = len(desk.account.writes.waiting())
        bar.state = f"{read_only}{words}{f' · {waiting} waiting' if waiting else ''}"
        bar.trouble = since is not None or waiting > 0

    def _show_quota(self, desk: Desk) -> None:
        if self._bar is not None and self._bar[1] is desk:
            self._bar[0].quota = desk.account.quota()

    # -- between screens

    def open_record(self, desk: Desk, ref: Ref, among: "ListPane | None") -> None:
        """A record; `among` is the list that J and K move along."""
        from crmtui.tui.screens.record import RecordScreen

        self.push_screen(RecordScreen(desk, ref, among))

    def open_form(self, desk: Desk, ref: Ref, values: Mapping[str, Value] | None = None) -> None:
        """The form of a record, or of a new one; afterwards the record with its new values is shown."""
        kind = desk.account.kind(ref.kind)
        reason = self.why_no_write(desk, kind, "edit" if ref.id else "new")
        if reason is not None:
            self.say(reason)
            return
        self.run_worker(self._form_flow(desk, ref, values), group="form", exit_on_error=False)

    async def _form_flow(self, desk: Desk, ref: Ref, values: Mapping[str, Value] | None) -> None:
        from crmtui.tui.screens.form import FormScreen

        record = desk.record(ref) if ref.id else None
        try:
            if ref.id and record is None:
                record = await desk.edits.read(ref)
                await desk.fields.schema(ref.kind)
        except CrmError as error:
            self.say(error.message, error=True)
            return
        drafts = desk.account.drafts
        draft = drafts.get(ref if ref.id else Ref(ref.connection, ref.kind, f"+{ref.kind}"))
        saved = await self.push_screen_wait(
            FormScreen(desk, ref, desk.schema(ref.kind), record, draft, values)
        )
        self._show_state(desk)
        if saved is not None and saved.record is not None:
            self._after_save(desk, saved.record)

    def _after_save(self, desk: Desk, record: Record) -> None:
        from crmtui.tui.screens.record import RecordScreen

        if isinstance(self.screen, RecordScreen) and self.screen.ref == record.ref:
            self.screen.show_record()
        else:
            self.open_record(desk, record.ref, None)
        self.say(f"Saved: {record.title}.")

    def open_newest_draft(self, desk: Desk) -> None:
        """The draft that was typed in last, at its field."""
        drafts = desk.account.drafts.all()
        if not drafts:
            self.say("There is no draft: what you type in a form is kept until it is sent.")
            return
        ref = drafts[0].ref
        self.open_form(desk, Ref(ref.connection, ref.kind) if ref.id.startswith("+") else ref)

    def delete_record(self, desk: Desk, record: Record) -> None:
        """Asks, then deletes."""
        self.run_worker(self._delete_flow(desk, record), group="write", exit_on_error=False)

    async def _delete_flow(self, desk: Desk, record: Record) -> None:
        from crmtui.model.write import Op
        from crmtui.tui.screens.confirm import ConfirmScreen

        kind = desk.account.kind(record.ref.kind)
        question = (
            f"Delete the {kind.singular} {record.title} at {desk.account.adapter.label}? It costs 1 call."
        )
        if not await self.push_screen_wait(ConfirmScreen("Delete", question)):
            return
        write = desk.edits.intent(Op.DELETE, record.ref, {}, record.values)
        try:
            await desk.edits.save(write, desk.schema(record.ref.kind))
        except CrmError as error:
            self.say(error.message, error=True)
            return
        from crmtui.tui.screens.record import RecordScreen

        if isinstance(self.screen, RecordScreen) and self.screen.ref == record.ref:
            self.pop_screen()
        elif hasattr(self.screen, "on_screen_resume"):
            self.screen.on_screen_resume()
        self.say(f"Deleted: {record.title}.")

    def why_no_write(self, desk: Desk, kind: Kind, id_: str) -> str | None:
        """Why a record of this kind cannot be written, None if it can."""
        can = {
            "edit": kind.can.edit,
            "new": kind.can.create,
            "duplicate": kind.can.create,
            "delete": kind.can.delete,
        }
        if id_ not in can:
            return None
        if desk.account.connection.read_only:
            return f"{desk.account.name} is read-only (read_only: true in the configuration)."
        if not can[id_]:
            return f"{desk.account.adapter.label} lets nobody do that with {kind.label.lower()}."
        return None

    def copy_record(self, record: Record) -> None:
        """The record's name to the clipboard of the terminal."""
        self.copy_to_clipboard(clean(record.title))
        self.say(f"Copied: {record.title}")

    def show_connections(self) -> None:
        """All connections, to choose one."""
        from crmtui.tui.screens.connections import ConnectionsScreen

        self.push_screen(ConnectionsScreen())

    def switch_account(self, name: str, kind: str | None = None) -> None:
        """Another connection's records."""
        from crmtui.tui.screens.browse import BrowseScreen

        try:
            desk = self.desk(name)
        except CrmError as error:
            self.say(error.message, error=True)
            return
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.switch_screen(BrowseScreen(desk, kind or next(iter(desk.account.adapter.kinds))))

    def show_help(self, screen: "CommandScreen[Any]") -> None:
        """The keys of a screen."""
        from crmtui.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(screen.NAME, screen.commands))

    # -- saying things

    def say(self, message: str, *, error: bool = False, lasting: bool = False) -> None:
        """A notice at the bottom right."""
        self.notify(
            clean(message),
            severity="error" if error else "information",
            timeout=60 if error else 20 if lasting else self.NOTIFICATION_TIMEOUT,
            markup=False,
        )

    def toggle_mouse(self) -> None:
        """Releases the mouse so that the terminal can select text, or takes it again."""
        self._mouse = not self._mouse
        name = "_enable_mouse_support" if self._mouse else "_disable_mouse_support"
        switch = getattr(self._driver, name, None)
        if switch is None:
            self.say("This terminal's mouse is not ours to release.")
            return
        switch()
        self.say(
            "The mouse works here again."
            if self._mouse
            else "The mouse is the terminal's now; M takes it back."
        )

    def get_system_commands(self, screen: Screen[Any]) -> Any:
        """What the palette offers: this screen's commands, kinds, connections and themes."""
        from crmtui.tui.palette import offers

        yield from (SystemCommand(title, help_, run) for title, help_, run in offers(self, screen))

    def choose_theme(self, name: str) -> None:
        """Another theme, until the app ends; `theme:` in the configuration keeps it."""
        self.register_all_themes()
        self.theme = name

    def register_all_themes(self) -> list[Theme]:
        """Every theme there is; they are read only when somebody looks for one."""
        loaded = load_themes(config_dir() / "themes", self._theme_cache)
        for theme in loaded.themes:
            self.register_theme(theme)
        return loaded.themes

    # -- ending

    def _catch_signals(self) -> None:
        """A dropped line and a kill end the app like a quit, with the drafts on disk."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self._end_by, number)

    def _end_by(self, number: int) -> None:
        for screen in self.screen_stack:
            flush = getattr(screen, "flush", None)
            if flush is not None:
                flush()
        self.exit(return_code=128 + number)

    async def on_unmount(self) -> None:
        """Closes the accounts."""
        for desk in self.desks.values():
            await desk.account.close()

    def _fatal_error(self) -> None:
        """Textual would print every local variable, the token among them: a redacted log does instead."""
        from crmtui.tui.crash import report

        self._return_code = 70
        self._exit_renderables.append(report(sys.exc_info()[1] or self._exception, redactor.redact))
        self._close_messages_no_wait()


def run(
    config: Config,
    target: Ref | None = None,
    *,
    form: bool = False,
    base: Path | None = None,
    tokens: Mapping[str, str] | None = None,
    demo: Callable[[], int] | None = None,
) -> int:
    """Runs the app until it ends, and returns the exit code; `demo` starts the demo if that is asked for."""
    if os.environ.get("SSH_CONNECTION"):
        os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    if target is not None:
        connection_of(config, target.connection)
    app = CrmTui(config, target, form=form, base=base, tokens=tokens)
    result = app.run()
    if result == DEMO and demo is not None:
        return demo()
    return app.return_code or 0
