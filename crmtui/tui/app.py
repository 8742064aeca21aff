"""The app: it opens accounts, moves between screens, and ends cleanly whatever happens."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from functools import partial
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
from crmtui.tui.documents import DocumentFlows
from crmtui.tui.flows import Flows
from crmtui.tui.hangup import watch
from crmtui.tui.held_keys import AimedKey, HeldKeys
from crmtui.tui.keymap import keymap
from crmtui.tui.status import Status
from crmtui.tui.term import AsciiFilter, SafeFilter, needs_ascii
from crmtui.tui.theme import DARK, load_theme, load_themes, variables
from crmtui.tui.thrifty import thrifty_driver
from crmtui.tui.tokens import Tokens
from crmtui.workspace.alerts import Alert
from crmtui.workspace.desk import Desk
from crmtui.workspace.opening import connection_of, has_journal, open_account

if TYPE_CHECKING:
    from crmtui.tui.screens.base import CommandScreen
    from crmtui.tui.widgets.list_pane import ListPane

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
        self.desks: dict[str, Desk] = {}
        self.config = config
        self.tokens = Tokens(self, tokens or {})
        self.base = base
        self._target = target
        self._form = form
        self.status = Status()
        self._mouse = True
        self._held = HeldKeys()
        self.flows = Flows(self)
        self.documents = DocumentFlows(self)
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

        desk = self.desk(self._target.connection if self._target else self._last_connection())
        self._remember(desk.account.name)
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
                self.flows.edit(desk, self._target)
            else:
                self.open_record(desk, self._target, None)
        elif self._target is None:
            # The first screen, which opens the account, comes after this.
            self.call_after_refresh(self.flows.tell_drafts)

    def desk(self, name: str) -> Desk:
        """An account, opened once; its token is looked for at the first call."""
        if name not in self.desks:
            connection = connection_of(self.config, name)
            account = open_account(
                connection,
                ask=partial(self.tokens.find, name),
                tokens=self.tokens.known,
                base=self.base,
                alert_command=self.config.alert_command,
            )
            self.desks[name] = desk = Desk(account)
            account.on_call = partial(self.status.spent, desk)
            account.on_alert = partial(self._tell_alert, name)
            account.alerts.tells_end = True
        return self.desks[name]

    def _tell_alert(self, name: str, alert: Alert) -> None:
        # Why a call failed is said by the screen that made it.
        words = f"A call to {name} failed (crmtui log {name})."
        self.say(words if alert.failure else alert.sentence, lasting=not alert.failure)

    def desks_with_journal(self) -> list[Desk]:
        """The accounts in which something may wait: those that were ever opened here."""
        for name in self.config.connections:
            if has_journal(name, self.base):
                # One account that cannot be opened must not hide what waits in the others.
                with contextlib.suppress(CrmError):
                    self.desk(name)
        return list(self.desks.values())

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
            self._last_file.touch(0o600)
            self._last_file.write_text(name, "utf-8")

    # -- keys that wait

    async def on_event(self, event: events.Event) -> None:
        """Keys pressed while a form is opening wait for it; escape gives the opening up."""
        if self._held.holding and isinstance(event, events.Key) and event.key == "escape":
            self._held.drop()
            self.workers.cancel_group(self, "form")
        elif not self._held.take(event) and not self._stepped(event):
            await super().on_event(self._aimed(event))

    def _stepped(self, event: events.Event) -> bool:
        """Whether a key has led to another field, at once and before the keys behind it."""
        if not isinstance(event, events.Key) or event.is_forwarded or not self._screen_stack:
            return False
        step = getattr(self.screen, "step", None)
        return step is not None and bool(step(event.key))

    def _aimed(self, event: events.Event) -> events.Event:
        """A key with its target; one that comes back from a widget that lost the focus sets out again."""
        if not isinstance(event, events.Key) or (event.is_forwarded and not isinstance(event, AimedKey)):
            return event
        target = self.focused or self.screen
        if isinstance(event, AimedKey) and event.target is target:
            return event
        return AimedKey(event.key, event.character, target)

    def hold_keys(self) -> None:
        """A screen is opening: what is typed from now on is meant for it."""
        self._held.hold()

    def drop_keys(self) -> None:
        """It does not open after all."""
        self._held.drop()

    async def release_keys(self) -> None:
        """It is open: it gets what was typed meanwhile, and then what is typed next."""
        while (event := self._held.next()) is not None:
            if not self._stepped(event):
                await super().on_event(self._aimed(event))

    # -- between screens

    def open_record(self, desk: Desk, ref: Ref, among: "ListPane | None") -> None:
        """A record; `among` is the list that J and K move along."""
        from crmtui.tui.screens.record import RecordScreen

        self.push_screen(RecordScreen(desk, ref, among))

    def mirror_changed(self) -> None:
        """The screen that is shown draws itself again from the mirror."""
        resume = getattr(self.screen, "on_screen_resume", None)
        if resume is not None:
            resume()

    def written(self, record: Record) -> None:
        """A record was made or changed: what shows it draws it."""
        take = getattr(self.screen, "take", None)
        if take is None or not take(record):
            self.mirror_changed()

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
        self._remember(name)
        while len(self.screen_stack) > 1:
            self.pop_screen()
        first = self.screen_stack[0]
        if not first._result_callbacks:
            # Textual gives its first screen no callback, and takes one away when it is switched.
            first._push_result_callback(first, None)
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
        if not self.is_headless:
            watch(partial(loop.call_soon_threadsafe, self._end_by, signal.SIGHUP))

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
        from rich.text import Text

        from crmtui.workspace.reports import keep

        error = sys.exc_info()[1] or self._exception or RuntimeError("no exception was kept")
        if isinstance(error, CrmError):
            self._return_code = error.exit_code
            sentence = f"crmtui: {error.message}"
        else:
            self._return_code = 70
            sentence = (
                f"crmtui: a mistake of the program ended it ({type(error).__name__}); {keep(error)}"
                " What you typed is kept."
            )
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
    app = CrmTui(config, target, form=form, base=base, tokens=tokens)
    result = app.run()
    if result == DEMO and demo is not None:
        return demo()
    return app.return_code or 0
