"""`tag`: tags added to a record and taken from it, by their names."""

from collections.abc import Sequence

import msgspec

from crmtui.cli.changes import send
from crmtui.cli.failure import say
from crmtui.cli.output import Format
from crmtui.cli.session import opened, record_of, wait
from crmtui.cli.sheet import Sheet
from crmtui.model.errors import UsageError
from crmtui.model.value import fold
from crmtui.model.write import Op
from crmtui.workspace import tags
from crmtui.workspace.rows import Unit
from crmtui.workspace.selection import Names

_HOW = "write crmtui tag CONN/KIND/ID +NAME -NAME"


class _Wanted(msgspec.Struct, frozen=True):
    """The names to add and to remove, each once."""

    add: Sequence[str]
    remove: Sequence[str]


async def tag(target: str, words: Sequence[str], format_: Format) -> int:
    """Adds and removes tags by one write of what differs from the record as it is, and prints it then."""
    ref, wanted = record_of(target), _wanted(words)
    async with opened(ref.connection) as desk:
        kind = desk.account.kind(ref.kind)
        tags.tags_field(desk, kind.name)
        desk.account.refuse_writes(kind, Op.EDIT)
        schema = await desk.fields.schema(kind.name)
        field = tags.tags_field(desk, kind.name)
        choices = await Names(desk, kind.name).choices(field, wanted.add) if wanted.add else ()
        added = [(name, tags.to_add(desk, kind.name, field, name, choices)) for name in wanted.add]
        await desk.outbox.clear(ref, wait)
        record = await desk.edits.read(ref, (field.name,))
        has = tags.named(desk, field, record, desk.fields.choices_now(kind.name, field))
        had = [tag.value for tag in has]
        removed = [(name, tags.to_remove(name, has)) for name in wanted.remove]
        change = tags.Change(
            tuple(value for _, value in added), tuple(value for _, value in removed if value is not None)
        )
        if both := set(change.added) & set(change.removed):
            raise UsageError(f"{', '.join(sorted(both))} is both added and removed.")
        for name in (name for name, value in added if value in had):
            say(f"{ref}: {name} is there already.")
        for name in (name for name, value in removed if value is None):
            say(f"{ref}: {name} is not there.")
        after = change.of(had)
        if after != had:
            intent = desk.edits.intent(
                Op.EDIT, ref, {field.name: after}, {field.name: record.values.get(field.name)}
            )
            record = (await send(desk, Unit("", intent, schema, record))).record or record
        Sheet(desk, kind, desk.fields.now(kind.name)).print_one(format_, record)
    return 0


def _wanted(words: Sequence[str]) -> _Wanted:
    signs: dict[str, list[str]] = {"+": [], "-": []}
    for word in words:
        sign, name = word[:1], word[1:].strip()
        if sign not in signs or not name:
            raise UsageError(f'"{word}" is neither +NAME nor -NAME: {_HOW}.')
        if fold(name) not in map(fold, signs[sign]):
            signs[sign].append(name)
    if not words:
        raise UsageError(f"No tag is named: {_HOW}.")
    if both := {*map(fold, signs["+"])} & {*map(fold, signs["-"])}:
        raise UsageError(f"{', '.join(sorted(both))} is both added and removed.")
    return _Wanted(signs["+"], signs["-"])
