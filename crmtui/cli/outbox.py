"""`outbox` and `undo`: what waits and how it goes on, and taking back what was done."""

from collections.abc import Sequence
from contextlib import closing
from functools import partial

from crmtui.cli.changes import told
from crmtui.cli.entries import print_entries
from crmtui.cli.failure import say
from crmtui.cli.output import Format
from crmtui.cli.session import journal_of, named, opened, wait
from crmtui.config import Connection
from crmtui.model.errors import CrmError, UsageError
from crmtui.model.record import Record
from crmtui.model.write import State
from crmtui.store.writes import Entry, Writes
from crmtui.workspace.desk import Desk
from crmtui.workspace.looking import Looked, looked_at
from crmtui.workspace.several import each
from crmtui.workspace.undoing import Undoing


def print_waiting(name: str | None, format_: Format) -> int:
    """Prints what is not settled, the oldest first."""
    found = [entry for connection in named(name) for entry in _waiting(connection)]
    found.sort(key=lambda entry: entry.write.created)
    print_entries(found, format_)
    return 0


async def send(name: str | None, ids: Sequence[str]) -> int:
    """Settles and sends what waits; those that are named also where the service cannot tell of them."""
    code = 0
    for connection in named(name):
        waiting = _waiting(connection)
        if not waiting and not ids:
            continue
        async with opened(connection.name) as desk:
            entries = [entry for entry in waiting if not ids or entry.write.id in ids]
            looked = await looked_at(desk.account, desk.fields, desk.edits, entries)
            send_one = partial(_send, desk, looked, insist=bool(ids))
            codes = await each(desk.account, ids or [entry.write.id for entry in waiting], send_one)
            code = next((found for found in codes if isinstance(found, int) and found), code)
    return code


async def drop(name: str, ids: Sequence[str], *, yes: bool) -> int:
    """Gives up writes that wait."""
    if not yes:
        raise UsageError("Nothing was dropped: say --yes to give up these writes for good.")
    async with opened(name) as desk:
        for id_ in ids:
            entry = desk.outbox.drop(id_)
            say(f"{entry.write.ref}: {id_} is given up; crmtui log {name} --writes keeps it.")
    return 0


def print_undoable(name: str, format_: Format) -> int:
    """Prints what can be undone, the newest first."""
    [connection] = named(name)
    with closing(journal_of(connection)) as journal:
        print_entries(Writes(journal, name).undoable(), format_)
    return 0


async def undo(name: str, id_: str | None) -> int:
    """Takes back a write, the newest that is not yet undone if none is named."""
    async with opened(name) as desk:
        undoing = Undoing(desk)
        entry = undoing.find(id_)
        await desk.outbox.clear(entry.write.ref, wait)
        intent = undoing.intent(entry)
        if warning := undoing.warning(entry):
            say(f"{entry.write.ref}: {warning}")
        schema = desk.schema(intent.ref.kind)
        try:
            saved = await desk.outbox.save(intent, schema, patience=wait)
        except CrmError as error:
            raise told(error, schema) from None
        made = f" as {saved.record.ref}" if saved.record and saved.record.ref != entry.write.ref else ""
        say(f"{entry.write.ref}: {entry.write.op} {entry.write.id} is undone{made}.")
    return 0


async def _send(desk: Desk, looked: Looked, id_: str, *, insist: bool) -> int:
    """One write; the exit code of its error, which is said."""
    entry = desk.account.writes.get(id_)
    if entry is not None and entry.state not in (State.QUEUED, State.SENDING, State.UNKNOWN):
        say(f"{entry.write.ref}: {id_} is settled already.")
        return 0
    try:
        now = looked.get(entry.write.ref) if entry else None
        record = now if isinstance(now, Record) else None
        await desk.outbox.send(id_, record, insist=insist, patience=wait)
    except CrmError as error:
        error = told(error, desk.schema(entry.write.ref.kind)) if entry else error
        say(f"{entry.write.ref}: {error.message}" if entry else error.message)
        return error.exit_code
    if entry is not None:
        say(f"{entry.write.ref}: {id_} is done.")
    return 0


def _waiting(connection: Connection) -> list[Entry]:
    with closing(journal_of(connection)) as journal:
        return Writes(journal, connection.name).waiting()
