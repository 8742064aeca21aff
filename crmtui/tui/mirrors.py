"""What is done for the mirrors behind the screens: mended, synced, and told how far that is."""

import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from crmtui.model.errors import CrmError, QuotaSpent, RateLimited
from crmtui.tui.behind import behind
from crmtui.tui.format import ago, count
from crmtui.workspace.coverage import coverage
from crmtui.workspace.desk import Desk
from crmtui.workspace.progress import lasting
from crmtui.workspace.sync import Outcome, Progress, Sync

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui

_PAUSE = 0.5
"""Seconds between two words on how far a sync is: each costs bytes."""


class Told(NamedTuple):
    """What is said of a mirror: a heading and short lines; of a sync that runs how far it is, and where."""

    heading: str
    lines: tuple[str, ...]
    percent: int | None = None
    kind: str = ""


class Mirrors:
    """The syncs of a run, one for each account at a time."""

    def __init__(self, app: "CrmTui") -> None:
        self._app = app
        self._tended: set[str] = set()
        self._asked: set[str] = set()
        self._syncs: dict[str, Sync] = {}
        self._progress: dict[str, Progress] = {}
        self._ended: dict[str, Told] = {}
        self._shown_at = 0.0
        self._is_due = False

    # -- when an account is shown

    def tend(self, desk: Desk) -> None:
        """Looks, once, whether what is mirrored is sound, and says what is wrong with its place."""
        if desk.account.name not in self._tended:
            self._tended.add(desk.account.name)
            behind(self._app, self._tend(desk), f"tend {desk.account.name}")

    async def _tend(self, desk: Desk) -> None:
        for note in desk.account.notes:
            self._app.say(note, lasting=True)
        if said := await desk.account.mend_mirror():
            self._app.say(said, lasting=True)
            self._app.mirror_changed()

    def catch_up(self, desk: Desk) -> None:
        """Asks what is new of the kinds that were synced before, mostly one call each; no first sync."""
        if not self.is_running(desk) and desk.account.connection.mirror:
            self._start(
                desk, Sync(desk.account, report=partial(self._tell, desk), catches_up=True), asked=False
            )

    # -- when somebody wants it

    def is_running(self, desk: Desk) -> bool:
        """Whether an account is being synced by this program."""
        sync = self._syncs.get(desk.account.name)
        return sync is not None and sync.running

    def is_shown(self, desk: Desk) -> bool:
        """Whether somebody has asked for the sync that runs."""
        return desk.account.name in self._asked and self.is_running(desk)

    async def toggle(self, desk: Desk) -> None:
        """Syncs all kinds, or stops that."""
        sync, asked = self._syncs.get(desk.account.name), self.is_shown(desk)
        if sync is not None:
            await sync.stop()
        if asked:
            return
        sync = Sync(desk.account, report=partial(self._tell, desk), again="S")
        self._start(desk, sync, asked=True)

    def give_way(self) -> None:
        """A key was pressed: what it paints comes first."""
        for sync in self._syncs.values():
            sync.give_way()

    def why_not(self, desk: Desk) -> str | None:
        """Why an account cannot be synced."""
        if desk.account.connection.mirror:
            return None
        return f"{desk.account.name} keeps no mirror (mirror: false in the configuration)."

    async def close(self) -> None:
        """Ends all syncs; the next ones go on from there."""
        for sync in self._syncs.values():
            await sync.stop()

    def _start(self, desk: Desk, sync: Sync, *, asked: bool) -> None:
        self._syncs[desk.account.name] = sync
        (self._asked.add if asked else self._asked.discard)(desk.account.name)
        self._progress.pop(desk.account.name, None)
        behind(self._app, self._follow(desk, sync, asked=asked), f"sync {desk.account.name}")

    async def _follow(self, desk: Desk, sync: Sync, *, asked: bool) -> None:
        """From its begin to its end; what it came to is said."""
        name = desk.account.name
        sync.start()
        self._app.sync_told(desk)
        await sync.ended()
        if self._syncs.get(name) is not sync:
            return  # another one took its place
        if asked or sync.outcome.rows or sync.outcome.gone or sync.failure:
            self._ended[name] = _end(sync)
        self._progress.pop(name, None)
        if asked and sync.failure is not None:
            self._app.say(sync.failure.message, lasting=True)
        if sync.failure is None:
            self._app.status.online(desk)
        for note in sync.outcome.notes if asked else ():
            self._app.say(note, lasting=True)
        self._app.mirror_changed()
        self._app.sync_told(desk)

    # -- what is said

    def _tell(self, desk: Desk, progress: Progress) -> None:
        """A page came: said at once, unless something was said just now, or nobody has asked."""
        self._progress[desk.account.name] = progress
        if not self.is_shown(desk):
            return
        wait = self._shown_at + _PAUSE - time.monotonic()
        if wait <= 0:
            self._show(desk)
        elif not self._is_due:
            self._is_due = True
            self._app.set_timer(wait, partial(self._show, desk))

    def _show(self, desk: Desk) -> None:
        self._is_due = False
        self._shown_at = time.monotonic()
        if self.is_shown(desk):  # its end was told by itself, and after the app's no account is open
            self._app.sync_told(desk)

    def told(self, desk: Desk) -> Told:
        """The state of an account's mirror in a few short lines."""
        name = desk.account.name
        if self.is_shown(desk):
            progress = self._progress.get(name)
            return Told("Syncing", ("begins …", "", "S stops")) if progress is None else _under_way(progress)
        ended = self._ended.get(name)
        if not desk.account.connection.mirror:
            return Told("", ())
        if ended is not None and ended.heading != "Synced":
            return ended
        covered = coverage(desk.account)
        if covered.since is not None:
            came = ended.lines if ended else ()
            return Told("Synced", (ago(covered.since, time.time()), *came))
        cost = f"{covered.calls:,}{'+' if covered.unknown else ''} calls"
        if not covered.held:
            return Told("Not mirrored", ("S mirrors all:", cost))
        of = "so far" if covered.unknown else f"of {count(covered.total)}"
        return Told("Mirrored", (f"{count(covered.held)} {of}", "S mirrors all:", cost))


def _under_way(progress: Progress) -> Told:
    left = "" if not progress.seconds_left else f"{lasting(progress.seconds_left)} · "
    return Told(
        "Syncing",
        (
            f"{count(progress.rows)} of {count(progress.most_rows)}",
            f"{progress.calls}/{progress.most_calls} calls",
            f"{left}S stops",
        ),
        100 * progress.rows // max(1, progress.most_rows),
        progress.kind,
    )


def _end(sync: Sync) -> Told:
    """What a sync came to."""
    if sync.failure is not None:
        return Told("Sync paused", (_short(sync.failure), "S goes on"))
    if sync.stopped:
        return Told("Sync stopped", (_came(sync.outcome), "S goes on"))
    return Told("Synced", (_came(sync.outcome),))


def _came(outcome: Outcome) -> str:
    """What came of a sync, in two figures."""
    parts = [f"{outcome.rows:,} new"] if outcome.rows else []
    parts += [f"{outcome.gone:,} gone"] if outcome.gone else []
    return ", ".join(parts) or "nothing new"


def _short(error: CrmError) -> str:
    if isinstance(error, QuotaSpent):
        return "reserve reached"
    return "service is busy" if isinstance(error, RateLimited) else "no answer"
