"""`sync`, `search` and `forget`: the mirror filled, looked into and wiped."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from crmtui.cli.failure import say
from crmtui.cli.output import Format, Grid, print_said
from crmtui.cli.session import opened
from crmtui.cli.sheet import Sheet
from crmtui.cli.terminal import is_terminal
from crmtui.config import load
from crmtui.model.errors import UsageError
from crmtui.model.record import Record
from crmtui.workspace.desk import Desk
from crmtui.workspace.forgetting import forget, would_be_lost
from crmtui.workspace.opening import connection_of
from crmtui.workspace.progress import Steps, lasting
from crmtui.workspace.searching import search
from crmtui.workspace.sync import Progress, Sync


async def sync(connection: str, kinds: Sequence[str]) -> int:
    """Makes the mirror equal to the service."""
    async with opened(connection) as desk:
        with _shown() as show:
            work = Sync(desk.account, kinds, show)
            outcome = await work.run(
                on_wait=lambda: say(
                    f"Another crmtui is syncing {connection}; this one waits until it has ended."
                )
            )
        for note in outcome.notes:
            say(note)
        if is_terminal(sys.stderr):
            gone = f", {outcome.gone:,} are gone" if outcome.gone else ""
            told = f"{outcome.rows:,} records were new or changed{gone}; {outcome.calls} calls."
            say(f"{connection} is synced: {told}")
    return 0


async def print_found(connection: str, text: str, limit: int | None, format_: Format) -> int:
    """Prints the mirrored records that have all the words of a text."""
    async with opened(connection) as desk:
        found = await search(desk.account, text, limit=limit)
        if not desk.account.connection.mirror:
            say(f"{connection} keeps no mirror (mirror: false in the configuration): nothing can be found.")
        elif found.is_empty:
            say(f"Nothing of {connection} is mirrored yet: crmtui sync {connection} reads it.")
        elif found.unsynced:
            kinds = ", ".join(found.unsynced)
            say(f"Perhaps not all is mirrored of {kinds}; crmtui sync {connection} reads the rest.")
        sheets = _Sheets(desk)
        said = [sheets.of(record).said(record) for record in found.records]
        print_said(format_, said, lambda: sheets.grid(found.records))
        if len(found.records) < found.total:
            say(f"{len(found.records)} of {found.total} records; --all gives all of them.")
    return 0


def forget_connection(name: str, *, yes: bool) -> int:
    """Wipes what is kept of a connection on this machine."""
    connection_of(load(), name)
    lost = would_be_lost(name)
    if lost and not yes:
        raise UsageError(
            f"{name} has {lost}, which would be lost; --yes forgets them too. Nothing was forgotten."
        )
    forget(name)
    with_them = f", with {lost}" if lost else ""
    say(f"The copy and the journal of {name} are wiped{with_them}; it is still connected.")
    return 0


class _Sheets:
    """The sheets of the kinds that a search found."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sheets: dict[str, Sheet] = {}

    def of(self, record: Record) -> Sheet:
        """The sheet that a record is printed by."""
        kind = record.ref.kind
        if kind not in self._sheets:
            self._sheets[kind] = Sheet(self._desk, self._desk.account.kind(kind), self._desk.fields.now(kind))
        return self._sheets[kind]

    def grid(self, records: Sequence[Record]) -> Grid:
        """Records of several kinds have in common what they are, what they are called, and their time."""
        rows = [
            [record.ref.id, record.ref.kind, record.title, self.of(record).said(record)["modified"]]
            for record in records
        ]
        return Grid(("id", "kind", "title", "modified"), rows)


@contextmanager
def _shown() -> Iterator["_Line"]:
    """Tells on one line of stderr how far a sync is, if that is a terminal."""
    line = _Line(is_terminal(sys.stderr))
    try:
        yield line
    finally:
        line.clear()


class _Line:
    def __init__(self, shown: bool) -> None:
        self._is_shown = shown
        self._steps = Steps()

    def __call__(self, progress: Progress) -> None:
        """Shows how far it is, when a second or a tenth went by."""
        if not self._is_shown or not self._steps.due(progress.calls, progress.most_calls):
            return
        left = "" if not progress.seconds_left else f", {lasting(progress.seconds_left)} left"
        text = (
            f"crmtui: {progress.kind}: {progress.rows:,} of {progress.most_rows:,} rows,"
            f" {progress.calls} of up to {progress.most_calls} calls{left}"
        )
        print(f"\r\x1b[K{text} ", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Takes the line away."""
        if self._is_shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
