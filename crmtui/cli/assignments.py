"""`FIELD=VALUE` as a person writes it, turned into the edits of a write."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from crmtui.model.errors import Invalid, UsageError
from crmtui.model.record import Value
from crmtui.model.schema import IDS, Field, FieldType, Schema
from crmtui.model.value import parse
from crmtui.workspace.desk import Desk
from crmtui.workspace.selection import Names

_LABELLED = IDS | {FieldType.CHOICE, FieldType.CHOICES}


async def edits_of(desk: Desk, schema: Schema, arguments: Sequence[str], today: date) -> dict[str, Value]:
    """The value that each assignment means; `Invalid` names every field whose text means none."""
    names = Names(desk, schema.kind, asks=True)
    edits: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for name, text in _pairs(arguments, schema):
        field = schema.field(name)
        if name == "id" or field.read_only:
            wrong[name] = "is read-only"
            continue
        try:
            edits[name] = await _value(names, field, _content(field, text), today)
        except ValueError as reason:
            wrong[name] = str(reason)
    if wrong:
        named = "; ".join(f"{name} {reason}" for name, reason in wrong.items())
        raise Invalid(f"Nothing was sent: {named}.", wrong)
    return edits


def _pairs(arguments: Sequence[str], schema: Schema) -> list[tuple[str, str]]:
    """Names and texts: after the first `=` everything is the value."""
    known = schema.by_name
    pairs: dict[str, str] = {}
    for argument in arguments:
        name, equals, text = argument.partition("=")
        if not equals or not name:
            raise UsageError(f'"{argument}" is no assignment: write FIELD=VALUE, and FIELD= for nothing.')
        if name not in known and name != "id":
            raise UsageError(f'There is no field "{name}"{_nearest(name, schema)}')
        if name in pairs:
            raise UsageError(f"{name} is given twice.")
        pairs[name] = text
    return list(pairs.items())


def _nearest(name: str, schema: Schema) -> str:
    import difflib

    close = difflib.get_close_matches(name, list(schema.by_name), 1)
    return f': did you mean "{close[0]}"?' if close else f" in {schema.kind}."


def _content(field: Field, text: str) -> str:
    """The text itself, or what the file that it names holds."""
    if text.startswith("@@"):
        return text[1:]
    if not text.startswith("@"):
        return text
    path = Path(text[1:]).expanduser()
    try:
        held = path.read_bytes().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(
            f'{field.name}: the file "{path}" cannot be read: {said}.'
            " A text that begins with @ is written @@."
        ) from error
    if field.type is FieldType.MULTILINE:
        return held
    # An editor ends the last line as well, and a field of one line holds no such end.
    return held.removesuffix("\n").removesuffix("\r")


async def _value(names: Names, field: Field, text: str, today: date) -> Value:
    """What a text means in a field; a `ValueError` is one clause why it means nothing."""
    value = parse(field, text, today)
    if field.type not in _LABELLED or value is None:
        return value
    texts = [str(part) for part in (value if isinstance(value, list) else [value])]
    choices = await names.choices(field, texts)
    meant: list[Value] = [names.meant(field, part, choices) for part in texts]
    return meant if isinstance(value, list) else meant[0]
