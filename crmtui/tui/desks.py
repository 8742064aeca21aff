"""The accounts of a run: each is opened once, when something of it is first shown."""

import asyncio
import contextlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crmtui.model.errors import CrmError
from crmtui.paths import data_dir
from crmtui.workspace.alerts import Alert
from crmtui.workspace.desk import Desk
from crmtui.workspace.opening import connection_of, has_journal, open_account
from crmtui.workspace.reports import keep

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui


_GRACE = 1.5
"""Seconds for a write on its way when the app ends; after two a hang-up ends the process."""


class Desks:
    """The opened accounts by the names of their connections."""

    def __init__(self, app: "CrmTui", base: Path | None) -> None:
        """`base`: the folder of the data, None for the person's own."""
        self._app = app
        self._base = base
        self._open: dict[str, Desk] = {}
        self._sends = False

    def __iter__(self) -> Iterator[Desk]:
        return iter(self._open.values())

    def __getitem__(self, name: str) -> Desk:
        """An account, opened once; its token is looked for at the first call."""
        if name not in self._open:
            self._open[name] = self._opened(name)
        return self._open[name]

    def _opened(self, name: str) -> Desk:
        app = self._app
        account = open_account(
            connection_of(app.config, name),
            ask=partial(app.tokens.find, name),
            tokens=app.tokens.known,
            base=self._base,
            alert_command=app.config.alert_command,
        )
        desk = Desk(account)
        account.on_call = partial(app.status.spent, desk)
        account.on_alert = partial(self._tell_alert, name)
        account.on_news = partial(self._tell_news, desk, set(account.restrictions.told))
        account.alerts.tells_end = True
        desk.outbox.say = app.say
        desk.courier.tell = partial(app.writes.told, desk)
        desk.courier.changed = partial(self._tell_waiting, desk)
        if self._sends:
            self._start(desk)
        return desk

    # -- what waits

    def send_waiting(self) -> None:
        """What waits in any account is sent from now on, whichever of them is shown."""
        self._sends = True
        for desk in self:
            self._start(desk)
        self.with_journal()

    def _start(self, desk: Desk) -> None:
        if not desk.account.connection.read_only:
            desk.courier.start().add_done_callback(self._tell_end)

    def _tell_waiting(self, desk: Desk) -> None:
        if desk.outbox.has_no_line:
            self._app.status.offline(desk)
        self._app.mirror_changed()

    def _tell_end(self, courier: asyncio.Task[None]) -> None:
        if not courier.cancelled() and (error := courier.exception()):
            self._app.say(
                f"What waits is not sent any more, by a mistake of the program; {keep(error)}", error=True
            )

    def _tell_alert(self, name: str, alert: Alert) -> None:
        # Why a call failed is said by the screen that made it.
        words = f"A call to {name} failed (crmtui log {name})."
        self._app.say(words if alert.failure else alert.sentence, lasting=not alert.failure)

    def _tell_news(self, desk: Desk, known: set[str]) -> None:
        """A restriction is said when it begins; what is shown of the account is drawn anew."""
        told = desk.account.restrictions.told
        for sentence in told:
            if sentence not in known:
                self._app.say(f"{desk.account.name}: {sentence}", lasting=True)
        known.clear()
        known |= set(told)
        show = getattr(self._app.screen, "show_news", None)
        if show is not None:
            show()

    def with_journal(self) -> list[Desk]:
        """The accounts in which something may wait: those that were ever opened here."""
        for name in self._app.config.connections:
            if has_journal(name, self._base):
                # One account that cannot be opened must not hide what waits in the others.
                with contextlib.suppress(CrmError):
                    self[name]
        return list(self)

    # -- the one that was shown last

    def last(self) -> Desk:
        """The account that was shown last, else the first of the configuration."""
        names = self._app.config.connections
        with contextlib.suppress(OSError):
            name = self._last_file.read_text("utf-8").strip()
            if name in names:
                return self[name]
        return self[next(iter(names))]

    def remember(self, desk: Desk) -> None:
        """This account is shown: the next start begins with it."""
        with contextlib.suppress(OSError):
            self._last_file.touch(0o600)
            self._last_file.write_text(desk.account.name, "utf-8")

    @property
    def _last_file(self) -> Path:
        return (self._base or data_dir()) / "last_connection"

    async def close(self) -> None:
        """Closes them all; what is on its way has a moment."""
        await asyncio.gather(*(desk.courier.close(_GRACE) for desk in self))
        for desk in self:
            await desk.account.close()
