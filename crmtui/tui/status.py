"""The state of the accounts as the title line tells it: which one, since when offline, what it may spend."""

import time

from textual.timer import Timer

from crmtui.model.errors import AuthFailed, CrmError
from crmtui.tui.widgets.title_bar import TitleBar, Turns
from crmtui.workspace.desk import Desk


class Status:
    """Knows which title line is on the screen, and tells it what changes."""

    def __init__(self) -> None:
        self._troubles: dict[str, tuple[str, float]] = {}
        self._syncing: dict[str, int] = {}
        """Percents of the syncs under way."""
        self._bar: tuple[TitleBar, Desk] | None = None
        self._filled: Timer | None = None

    def show(self, bar: TitleBar, desk: Desk) -> None:
        """This title line shows that account from now on."""
        if bar.screen is not bar.app.screen:  # a screen can begin after another has come over it
            return
        self._bar = (bar, desk)
        account = desk.account
        bar.place = (account.name, account.adapter.label)
        self._tell(desk)
        self.spent(desk)

    def online(self, desk: Desk) -> None:
        """The service answered."""
        self._troubles.pop(desk.account.name, None)
        self._tell(desk)

    def offline(self, desk: Desk, error: CrmError | None = None) -> None:
        """The service did not answer, or not well; without an error there is no line."""
        word = "no access" if isinstance(error, AuthFailed) else "offline"
        _, since = self._troubles.get(desk.account.name, ("", time.time()))
        self._troubles[desk.account.name] = word, since
        self._tell(desk)

    def spent(self, desk: Desk) -> None:
        """A call left; those of a sync are told with how far it is."""
        if self._bar is not None and self._bar[1] is desk and desk.account.name not in self._syncing:
            self._bar[0].quota = desk.account.quota()
            self._show_turns(desk)

    def _show_turns(self, desk: Desk) -> None:
        """How many calls could leave now; once more when all of them can again, and not before."""
        bucket, pace = desk.account.bucket, desk.account.adapter.pace
        if self._filled is not None:
            self._filled.stop()
            self._filled = None
        if self._bar is None or self._bar[1] is not desk:
            return
        bar = self._bar[0]
        bar.turns = None
        if bucket is not None and pace is not None:
            left = bucket.left
            bar.turns = Turns(left, pace.burst, pace.per_second)
            if left < pace.burst and bar.is_attached:
                self._filled = bar.set_timer(
                    (pace.burst - left + 1) / pace.per_second, lambda: self._show_turns(desk)
                )

    def synced(self, desk: Desk, percent: int | None) -> None:
        """How far a sync is; None where there is none."""
        self._syncing.pop(desk.account.name, None)
        self.spent(desk)
        if percent is not None:
            self._syncing[desk.account.name] = percent
        self._tell(desk)

    def _tell(self, desk: Desk) -> None:
        if self._bar is None or self._bar[1] is not desk:
            return
        bar, trouble = self._bar[0], self._troubles.get(desk.account.name)
        read_only = "read-only · " if desk.account.connection.read_only else ""
        words = "live"
        if trouble is not None:
            words = f"{trouble[0]} · from {time.strftime('%H:%M', time.localtime(trouble[1]))}"
        if (percent := self._syncing.get(desk.account.name)) is not None:
            words += f" · syncing {percent} %"
        waiting = len(desk.account.writes.waiting())
        bar.state = f"{read_only}{words}{f' · {waiting} waiting' if waiting else ''}"
        bar.trouble = trouble is not None or waiting > 0
