"""The app: it opens accounts, moves between screens, and ends cleanly whatever happens."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App
from textual.command import Provider
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import Theme

from crmtui.config import Config
from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Ref
from crmtui.model.text import clean
from crmtui.paths import config_dir, data_dir
from crmtui.tui.desks import Desks
from crmtui.tui.documents import DocumentFlows
from crmtui.tui.ending import catch_signals, last_words
from crmtui.tui.flows import Flows
from crmtui.tui.key_way import KeyWay
from crmtui.tui.keymap import keymap
from crmtui.tui.mirrors import Mirrors
from crmtui.tui.outbox_flows import OutboxFlows
from crmtui.tui.status import Status
from crmtui.tui.term import AsciiFilter, SafeFilter, needs_ascii
from crmtui.tui.theme import DARK, load_theme, load_themes, variables
from crmtui.tui.thrifty import thrifty_driver
from crmtui.tui.tokens import Tokens
from crmtui.workspace import hanging
from crmtui.workspace.desk import Desk
from crmtui.workspace.opening import connection_of

if TYPE_CHECKING:
    from crmtui.tui.screens.base import CommandScreen
    from crmtui.tui.widgets.list_pane import ListPane

_TURN = 0.0001
"""Seconds after which a thread gives others their turn."""
DEMO = "demo"
"""The result of an app whose person asked for the demo."""


def _offers() -> type[Provider]:
    """What the palette offers; it is imported when somebody opens it."""
    from crmtui.tui.palette import Offers

    return Offers


class CrmTui(App[Any]):
    """Full screen: one account at a time, every screen on its desk."""

    TITLE = "crmtui"
    # Browse or Welcome is the first screen, and Textual loads no sheet of a first screen by itself.
    CSS_PATH = ["styles/app.tcss", "styles/browse.tcss", "styles/welcome.tcss"]
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS: ClassVar[set[Any]] = {_offers}
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
        self.config = config
        self.tokens = Tokens(self, tokens or {})
        self._target = target
        self._form = form
        self.status = Status()
        self.base = base
        self.desks = Desks(self, base)
        self._mouse = True
        self.keys = KeyWay(self)
        self.flows = Flows(self)
        self.writes = OutboxFlows(self)
        self.documents = DocumentFlows(self)
        self.mirrors = Mirrors(self)
        super().__init__()
        self.keymap = keymap(config.keys)
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

        desk = self.desks[self._target.connection] if self._target else self.desks.last()
        self.desks.remember(desk)
        return BrowseScreen(desk, self._first_kind(desk))

    def _first_kind(self, desk: Desk) -> str:
        """The kind whose list is shown first: of what was named, or of what that hangs on."""
        first = next(iter(desk.account.adapter.kinds))
        if self._target is None or not self._target.kind:
            return first
        kind = desk.account.kind(self._target.kind)
        if not self._target.id or (kind.can.listed and not kind.within):
            return kind.name
        known = desk.record(self._target)
        root = known and hanging.read_with(desk.account, known)
        return root.kind if root else first

    def on_mount(self) -> None:
        """Signals, warnings, and what the command line named."""
        catch_signals(self)
        for warning in self._theme_warnings:
            self.say(warning)
        if self._target is not None and self._target.id:
            desk = self.desks[self._target.connection]
            if self._form:
                self.flows.edit(desk, self._target)
            else:
                self.open_record(desk, self._target, None)
        elif self._target is None:
            # The first screen, which opens the account, comes after this.
            self.call_after_refresh(self.flows.tell_drafts)
        self.call_after_refresh(self.desks.send_waiting)

    # -- keys

    async def on_event(self, event: events.Event) -> None:
        """Keys go their way; see `KeyWay`."""
        if isinstance(event, events.Key):
            self.mirrors.give_way()
        sent = self.keys.sent(event)
        if sent is not None:
            await super().on_event(sent)

    async def release_keys(self) -> None:
        """What was typed while a screen opened goes to it, now that it is open."""
        for event in self.keys.released():
            await super().on_event(event)

    # -- between screens

    def open_record(self, desk: Desk, ref: Ref, among: "ListPane | None") -> None:
        """A record; `among` is the list that J and K move along."""
        from crmtui.tui.screens.record import RecordScreen

        self.push_screen(RecordScreen(desk, ref, among))

    async def show_record(self, desk: Desk, ref: Ref, among: "ListPane | None") -> None:
        """As `open_record`, until it can take keys."""
        from crmtui.tui.screens.record import RecordScreen

        await self.push_screen(RecordScreen(desk, ref, among))

    def mirror_changed(self) -> None:
        """The screen that is shown draws itself again from the mirror and the outbox."""
        resume = getattr(self.screen, "on_screen_resume", None)
        if resume is not None:
            resume()

    def sync_told(self, desk: Desk) -> None:
        """A sync began, came further, or ended."""
        self.status.synced(desk, self.mirrors.told(desk).percent)
        show = getattr(self.screen, "show_mirror", None)
        if show is not None:
            show()

    def written(self, record: Record) -> None:
        """A record was made or changed: what shows it draws it."""
        take = getattr(self.screen, "take", None)
        if take is None or not take(record):
            self.mirror_changed()

    def copy_record(self, record: Record) -> None:
        """The record's name to the clipboard of the terminal."""
        self.copy_to_clipboard(clean(record.title))
        self.say(f"Copied: {record.title}")

    def copy_report(self, desk: Desk) -> None:
        """What a vendor's support asks for, to the clipboard of the terminal."""
        self.copy_to_clipboard(desk.account.support_report)
        self.say("Copied: the report for the support, which holds no token.")

    def show_connections(self) -> None:
        """All connections, to choose one."""
        from crmtui.tui.screens.connections import ConnectionsScreen

        self.push_screen(ConnectionsScreen())

    def switch_account(self, name: str, kind: str | None = None) -> None:
        """Another connection's records."""
        from crmtui.tui.screens.browse import BrowseScreen

        try:
            desk = self.desks[name]
        except CrmError as error:
            self.say(error.message, error=True)
            return
        self.desks.remember(desk)
        while len(self.screen_stack) > 1:
            self.pop_screen()
        first = self.screen_stack[0]
        if not first._result_callbacks:
            # Textual gives its first screen no callback, and takes one away when it is switched.
            first._push_result_callback(first, None)
        self.switch_screen(BrowseScreen(desk, kind or next(iter(desk.account.adapter.kinds))))

    def show_outbox(self, desk: Desk) -> None:
        """What waits in an account, and what was done."""
        from crmtui.tui.screens.outbox import OutboxScreen

        self.push_screen(OutboxScreen(desk))

    def show_today(self, desk: Desk) -> None:
        """What is due in an account."""
        from crmtui.tui.screens.today import TodayScreen
        from crmtui.workspace.agenda import kinds_due

        if kinds_due(desk):
            self.push_screen(TodayScreen(desk))
        else:
            label = desk.account.adapter.label
            self.say(f"{label} has nothing here with a date to be done by, so that there is nothing to show.")

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

    async def on_unmount(self) -> None:
        """Closes the accounts."""
        await self.mirrors.close()
        await self.desks.close()

    def _fatal_error(self) -> None:
        """Textual would print every local variable, the token among them: a redacted log does instead."""
        from rich.text import Text

        error = sys.exc_info()[1] or self._exception or RuntimeError("no exception was kept")
        self._return_code, sentence = last_words(error)
        self._exit_renderables.append(Text(clean(sentence)))
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
    # What a thread does to a mirror must not hold up a frame for longer than this.
    sys.setswitchinterval(_TURN)
    app = CrmTui(config, target, form=form, base=base, tokens=tokens)
    result = app.run()
    if result == DEMO and demo is not None:
        return demo()
    return app.return_code or 0
