"""A connection opened for one command, and closed whatever happens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path

from crmtui.cli.failure import say
from crmtui.cli.terminal import asker
from crmtui.config import Connection, load
from crmtui.model.errors import CrmError, UsageError
from crmtui.model.record import Ref
from crmtui.store.database import Database, open_journal
from crmtui.store.writes import Entry
from crmtui.workspace.alerts import Alert
from crmtui.workspace.desk import Desk
from crmtui.workspace.opening import connection_of, open_account, parse_target


def run(work: Callable[[], Awaitable[int]]) -> int:
    """Runs a command's work to its exit code."""

    async def main() -> int:
        return await work()

    return asyncio.run(main())


@asynccontextmanager
async def opened(name: str) -> AsyncIterator[Desk]:
    """The desk of a connection of the configuration."""
    config = load()
    account = open_account(connection_of(config, name), ask=asker(name), alert_command=config.alert_command)
    alerts: list[Alert] = []
    account.on_alert = alerts.append
    for note in account.notes:
        say(note)
    try:
        if said := await account.mend_mirror():
            say(said)
        desk = Desk(account)
        desk.outbox.say = say
        yield desk
    except CrmError:
        # What failed ends the command and is said by that, once.
        alerts[:] = [alert for alert in alerts if not alert.failure]
        raise
    finally:
        await account.close()
        for alert in alerts:
            say(alert.sentence)


def kind_of(text: str) -> Ref:
    """`CONN/KIND` as a ref without an id."""
    ref = parse_target(text)
    if not ref.kind or ref.id:
        raise UsageError(f"{text!r} is not CONN/KIND.")
    return ref


def record_of(text: str) -> Ref:
    """`CONN/KIND/ID` as a ref."""
    ref = parse_target(text)
    if not ref.id:
        raise UsageError(f"{text!r} is not CONN/KIND/ID.")
    return ref


def records_of(text: str) -> list[Ref]:
    """`CONN/KIND/ID[,ID...]` as refs, each once."""
    ref = record_of(text)
    ids = list(dict.fromkeys(part.strip() for part in ref.id.split(",")))
    if not all(ids):
        raise UsageError(f"{text!r} is not CONN/KIND/ID[,ID...]: an id is empty.")
    return [Ref(ref.connection, ref.kind, id_) for id_ in ids]


def today() -> date:
    """The day on the person's own calendar."""
    return datetime.now().astimezone().date()


def named(name: str | None) -> Sequence[Connection]:
    """The connection of that name, or all of them."""
    config = load()
    return list(config.connections.values()) if name is None else [connection_of(config, name)]


async def wait(entry: Entry, seconds: float) -> None:
    """Waits until an unanswered try cannot come in late any more, and says so."""
    say(
        f"{entry.write.ref}: {entry.write.id} was not done so far; waiting {seconds:.0f} s until its"
        " unanswered try cannot come in late."
    )
    await asyncio.sleep(seconds)


def journal_of(connection: Connection) -> Database:
    """A connection's journal; one that was never used is not made for looking into it."""
    path = _journal(connection)
    return open_journal(path if path.exists() else None)


def _journal(connection: Connection) -> Path:
    from crmtui.paths import connection_dir

    return connection_dir(connection.name) / "journal.db"
