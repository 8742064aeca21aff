"""`new`, `edit` and `delete`: writes that a command sends at once, or with `--dry-run` only shows."""

import asyncio
from collections.abc import Mapping, Sequence

from crmtui.cli.assignments import Assigned, assigned
from crmtui.cli.documents import file_of, planned, upload
from crmtui.cli.failure import say
from crmtui.cli.output import Format, write
from crmtui.cli.session import kind_of, opened, record_of, records_of, today, wait
from crmtui.cli.sheet import Sheet
from crmtui.model.call import Call, cost_of
from crmtui.model.errors import Conflict, CrmError, Invalid, UsageError
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Field, Schema
from crmtui.model.value import shown
from crmtui.model.write import Clash, Op
from crmtui.workspace.desk import Desk
from crmtui.workspace.documents import Documents
from crmtui.workspace.embedded_rows import told as rows_told
from crmtui.workspace.looking import Looked, Looking
from crmtui.workspace.notes import note_on
from crmtui.workspace.rows import Split, Unit
from crmtui.workspace.saved import Clashed, Saved
from crmtui.workspace.several import each


async def create(target: str, assignments: Sequence[str], format_: Format, *, dry_run: bool) -> int:
    """Creates one record and prints it as it came back."""
    ref = kind_of(target)
    async with opened(ref.connection) as desk:
        kind = desk.account.kind(ref.kind)
        desk.account.refuse_writes(kind, Op.CREATE)
        schema = await desk.fields.schema(kind.name)
        if file := file_of(kind, assignments):
            return await _upload(desk, schema, file, assignments, format_, dry_run=dry_run)
        given = await assigned(desk, schema, assignments, today())
        await _create(desk, schema, given, format_, dry_run=dry_run)
    return 0


async def note(target: str, text: str, format_: Format, *, dry_run: bool) -> int:
    """Adds a note to a record and prints the note as it came back."""
    ref = record_of(target)
    async with opened(ref.connection) as desk:
        desk.account.refuse_writes()
        note = note_on(desk.account, ref)
        desk.account.refuse_writes(note.kind, Op.CREATE)
        if not text.strip():
            raise Invalid("Nothing was sent: the note has no text.", {note.field: "is required"})
        given = Assigned({note.field: text, **note.values}, ())
        await _create(desk, desk.fields.now(note.kind.name), given, format_, dry_run=dry_run)
    return 0


async def _create(desk: Desk, schema: Schema, given: Assigned, format_: Format, *, dry_run: bool) -> None:
    """Creates a record with its rows, and prints it; or prints the requests that it takes."""
    ref = desk.account.ref(schema.kind, "")
    split = Split(desk, schema, given.edits, given.rows)
    split.check(Op.CREATE)
    calls = split.planned(Op.CREATE, ref)
    if dry_run:
        print_calls(desk, calls)
        if any(row.field.refers_to for row in given.rows):
            say("{id} stands for the id that the first answer gives.")
        return
    saved = await split.create(ref, lambda unit: send(desk, unit))
    if saved.record is not None:
        kind = desk.account.kind(schema.kind)
        Sheet(desk, kind, desk.fields.now(schema.kind)).print_one(format_, saved.record)


async def _upload(
    desk: Desk, schema: Schema, file: str, assignments: Sequence[str], format_: Format, *, dry_run: bool
) -> int:
    """Makes a document of a file, and prints it as it came back."""
    intent = await planned(desk, schema, file, assignments)
    if dry_run:
        print_calls(desk, Documents(desk).calls(intent))
        return 0
    saved = await upload(desk, intent)
    if saved.record is not None:
        _say_other(Unit("", intent, schema), saved)
        Sheet(desk, desk.account.kind(schema.kind), desk.fields.now(schema.kind)).print_one(
            format_, saved.record
        )
    return 0


async def edit(target: str, assignments: Sequence[str], format_: Format, *, dry_run: bool) -> int:
    """Changes fields of one record or of several, and prints what they are now."""
    refs = records_of(target)
    async with opened(refs[0].connection) as desk:
        kind = desk.account.kind(refs[0].kind)
        desk.account.refuse_writes(kind, Op.EDIT)
        schema = await desk.fields.schema(kind.name)
        given = await assigned(desk, schema, assignments, today())
        split = Split(desk, schema, given.edits, given.rows)
        split.check(Op.EDIT)
        # A kind that nobody may edit is refused before its record is read.
        desk.edits.calls(desk.edits.intent(Op.EDIT, refs[0], given.edits), None, schema)
        if dry_run:
            print_calls(desk, [call for ref in refs for call in _planned_edit(split, ref)])
            return 0
        known = {ref: desk.account.mirror.get(ref) for ref in refs}
        # Rows are looked at one by one, and what waits changes what an edit starts from.
        looked = await _looked(desk, schema, refs, given.edits) if not given.rows else {}

        async def change(ref: Ref) -> Saved:
            await desk.outbox.clear(ref, wait)
            now = looked.get(ref)
            if isinstance(now, CrmError):
                raise now
            return await split.edit(ref, lambda unit: send(desk, unit), now and known[ref], now)

        done: list[Record] = []
        code = 0
        for ref, saved in zip(refs, await each(desk.account, refs, change), strict=True):
            if isinstance(saved, CrmError):
                named = told(saved, schema)
                if len(refs) == 1:
                    raise named from None
                code = code or named.exit_code
                _say_of(ref, named)
                continue
            if not saved.sent:
                say(f"{ref}: nothing to change, nothing was sent.")
            done += [saved.record] if saved.record else []
        sheet = Sheet(desk, kind, desk.fields.now(kind.name))
        if len(refs) == 1:
            sheet.print_one(format_, done[0])
        else:
            sheet.print_many(format_, done)
    return code


async def _looked(desk: Desk, schema: Schema, refs: Sequence[Ref], edits: Mapping[str, Value]) -> Looked:
    """Several records as they are now; those for which something waits are looked at when that is settled."""
    waiting = {entry.write.ref for entry in desk.outbox.waiting()}
    asked = [ref for ref in refs if ref not in waiting]
    return await Looking(desk.account, desk.edits, schema, edits).look(asked)


async def delete(target: str, *, yes: bool, dry_run: bool) -> int:
    """Deletes one record or several; prints nothing."""
    refs = records_of(target)
    if not yes and not dry_run:
        raise UsageError(
            "Nothing was deleted: say --yes to delete for good, or --dry-run to see what would be sent."
        )
    async with opened(refs[0].connection) as desk:
        kind = desk.account.kind(refs[0].kind)
        desk.account.refuse_writes(kind, Op.DELETE)
        schema = desk.fields.now(kind.name)
        planned = [call for ref in refs for call in _planned_delete(desk, ref, schema)]
        if dry_run:
            print_calls(desk, planned)
            return 0

        async def remove(ref: Ref) -> None:
            await desk.outbox.clear(ref, wait)
            # The journal keeps what is deleted, so that it can be looked at and made again.
            before = desk.account.mirror.get(ref) or await desk.edits.read(ref, ())
            intent = desk.edits.intent(Op.DELETE, ref, {}, before.values)
            await send(desk, Unit("", intent, schema))

        code = 0
        for ref, error in zip(refs, await each(desk.account, refs, remove), strict=True):
            if error is not None:
                if len(refs) == 1:
                    raise error
                code = code or error.exit_code
                _say_of(ref, error)
    return code


async def send(desk: Desk, unit: Unit) -> Saved:
    """Saves a write; one that is interrupted is not left to be sent later by somebody else."""
    intent = unit.write
    try:
        saved = await desk.outbox.save(intent, unit.schema, unit.now, patience=wait)
    except asyncio.CancelledError:
        if unsure := desk.outbox.unsure(intent.id):
            say(f"{intent.ref}: {unsure}")
        raise
    _say_other(unit, saved)
    return saved


def _planned_edit(split: Split, ref: Ref) -> Sequence[Call]:
    """The requests of an edit as far as the mirrored copy tells what differs."""
    calls = split.planned(Op.EDIT, ref)
    if len(calls) == 1:
        say(f"{ref}: nothing to change, as far as the mirrored copy tells.")
    return calls


def _planned_delete(desk: Desk, ref: Ref, schema: Schema) -> Sequence[Call]:
    """The requests of a delete, and before it the read of a record that is not mirrored."""
    calls = desk.edits.calls(desk.edits.intent(Op.DELETE, ref, {}), None, schema)
    return calls if desk.account.mirror.get(ref) else (*desk.edits.look(ref, ()), *calls)


def print_calls(desk: Desk, calls: Sequence[Call]) -> None:
    """Prints requests as they would be sent, without the token, and what they cost."""
    for call in calls:
        lines = [f"{call.method} {desk.account.connection.url}{call.target}"]
        lines += [f"{name}: {value}" for name, value in call.headers]
        write("\n".join(lines) + "\n\n")
        if call.body_text:
            write(call.body_text + "\n\n")
    write(f"{cost_of(calls)}\n")


def _say_other(unit: Unit, saved: Saved) -> None:
    """Names the fields that came back other than they were sent."""
    prefix = f"{unit.name}." if unit.name else ""
    for name, value in saved.other.items():
        field, sent = unit.schema.field(name), unit.write.edits.get(name)
        say(f"{prefix}{name} was sent as {_quoted(field, sent)} and came back as {_quoted(field, value)}.")


def told(error: CrmError, schema: Schema) -> CrmError:
    """An error with what it must tell: of a conflict original, mine and theirs."""
    if not isinstance(error, Clashed):
        return error
    clashes = (
        f"{clash.field}: original {_side(schema, clash, clash.original)},"
        f" mine {_side(schema, clash, clash.mine)}, theirs {_side(schema, clash, clash.theirs)}."
        for clash in error.clashes
    )
    return Conflict(" ".join((error.message, *clashes, "The same command sent again overwrites theirs.")))


def _side(schema: Schema, clash: Clash, value: Value) -> str:
    """One side of a clash; of rows those that the sides do not have alike."""
    field = schema.field(clash.field)
    if not field.embedded:
        return _quoted(field, value)
    return f'"{rows_told(field, value, clash.original, clash.mine, clash.theirs)}"'


def _say_of(ref: Ref, error: CrmError) -> None:
    """An error by the record it is of, named once."""
    say(error.message if error.message.startswith(str(ref)) else f"{ref}: {error.message}")


def _quoted(field: Field, value: Value) -> str:
    return f'"{shown(field, value)}"'
