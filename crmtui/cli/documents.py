"""Files of documents on the command line: `show … --save PATH` and `new … file=@PATH`."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from crmtui.cli.assignments import assigned
from crmtui.cli.failure import say
from crmtui.cli.session import opened, record_of, today
from crmtui.cli.terminal import is_terminal, transfer
from crmtui.model.attachment import FILE, Sink
from crmtui.model.errors import Invalid, OutcomeUnknown, UsageError
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Kind, Schema
from crmtui.model.value import text_of
from crmtui.model.write import Write
from crmtui.workspace.desk import Desk
from crmtui.workspace.documents import Documents
from crmtui.workspace.progress import size
from crmtui.workspace.saved import Saved

STDOUT = "-"
_TAKEN = ("description", "name")
"""What an upload takes besides the file and where it hangs."""


async def save(target: str, place: str) -> int:
    """Saves a document's file, and says on stderr where; `-` writes its bytes to stdout."""
    ref = record_of(target)
    if place == STDOUT and is_terminal(sys.stdout):
        raise UsageError("The file would be printed on the terminal: name a folder or a file instead of -.")
    async with opened(ref.connection) as desk:
        documents = Documents(desk)
        desk.account.kind(ref.kind)
        with transfer("saved") as progress:
            if place != STDOUT:
                path = await documents.download(ref, place, progress)
            else:
                try:
                    await documents.pour(ref, "", lambda about: _Stdout(), progress)
                except _Closed as closed:
                    raise BrokenPipeError from closed
        if place != STDOUT:
            say(f"Saved {path} ({size(path.stat().st_size)}).")
    return 0


def file_of(kind: Kind, assignments: Sequence[str]) -> str:
    """The path in `file=@PATH` of a new document; empty for any other record."""
    if not kind.can.content:
        return ""
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if name == FILE and equals:
            if not text.startswith("@") or text.startswith("@@") or text == "@":
                raise UsageError(f"{assignment}: write {FILE}=@PATH, the file to upload.")
            return text[1:]
    return ""


async def planned(desk: Desk, schema: Schema, file: str, assignments: Sequence[str]) -> Write:
    """The intent to upload a file to the record that the assignments name."""
    rest = [each for each in assignments if each.partition("=")[0] != FILE]
    if len(assignments) - len(rest) > 1:
        raise UsageError(f"{FILE} is given twice.")
    documents = Documents(desk)
    edits = (await assigned(desk, schema, rest, today())).edits
    ways = [way for _, way in documents.ways(schema.kind)]
    naming = list(dict.fromkeys(name for way in ways for name in (*dict(way.given), way.field)))
    if missing := [name for name in naming if not edits.get(name)]:
        named = " and ".join(naming)
        raise Invalid(
            f"Nothing was sent: {named} must name the record that the file is uploaded to.",
            dict.fromkeys(missing, "is required"),
        )
    if others := [name for name in edits if name not in (*naming, *_TAKEN)]:
        raise UsageError(f"An upload takes no {', '.join(others)}.")
    parent = documents.parent(Record(Ref(desk.account.name, schema.kind), "", edits, {}, None, 0.0))
    if parent is None:
        words = ", ".join(word for way in ways for _, word in way.given)
        raise Invalid(f"Nothing was sent: {schema.kind} hang on one of these: {words}.")
    description, name = (text_of(edits.get(each)) for each in _TAKEN)
    return documents.plan(parent, Path(file), description, name)


async def upload(desk: Desk, intent: Write) -> Saved:
    """Sends an upload, its progress on stderr."""
    with transfer("sent") as progress:
        try:
            return await Documents(desk).upload(intent, progress)
        except OutcomeUnknown as error:
            error.message += " Look at the record's documents before you upload it again."
            raise
        except asyncio.CancelledError:
            if unsure := desk.outbox.unsure(intent.id):
                say(f"{intent.ref}: {unsure}")
            raise


class _Closed(Exception):
    """Nobody reads stdout any more; no fault of the line, as which it would pass."""


class _Stdout(Sink):
    """The bytes as they come."""

    def write(self, piece: bytes, /) -> None:
        try:
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        except BrokenPipeError as error:
            raise _Closed from error
        except OSError as error:
            raise UsageError(f"The output could not be written: {error.strerror}.") from error
