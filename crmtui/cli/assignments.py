"""`FIELD=VALUE` and `FIELD.ID.MEMBER=VALUE` as a person writes them, turned into the edits of a write."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from crmtui.model.errors import Invalid, UsageError
from crmtui.model.record import Value
from crmtui.model.schema import IDS, NUMBERS, Field, FieldType, Naming, Schema
from crmtui.model.value import parse
from crmtui.model.write import Op
from crmtui.workspace import row_mirror
from crmtui.workspace.desk import Desk
from crmtui.workspace.named_rows import Rows
from crmtui.workspace.rows import NEW, RowEdit
from crmtui.workspace.selection import Names

_NONE = "0"
"""An id that no record has; SpotlerCRM stores it for none."""
_REMOVED = ""
"""Stands for the member of an assignment that names none: `FIELD.ID=`."""


class Assigned(msgspec.Struct, frozen=True):
    """What the assignments of a command mean: the values of fields, and what becomes of rows."""

    edits: Mapping[str, Value]
    rows: Sequence[RowEdit]


class _Told(msgspec.Struct):
    """The texts of fields, and those of the members of rows by (field, id)."""

    fields: dict[str, str] = {}
    rows: dict[tuple[str, str], dict[str, str]] = {}


async def assigned(desk: Desk, schema: Schema, arguments: Sequence[str], today: date) -> Assigned:
    """What the assignments mean; `Invalid` names every field and member whose text means none."""
    told = _told(arguments, schema)
    wrong: dict[str, str] = {}
    edits = await _edits(desk, schema, told.fields, today, "", wrong)
    rows: list[RowEdit] = []
    for (name, id_), texts in told.rows.items():
        field = schema.field(name)
        if _REMOVED in texts:
            rows.append(RowEdit(field, Op.DELETE, id_))
            continue
        members = await _members(desk, schema.kind, field)
        _refuse_unknown(texts, members, f"{name}.{id_}.")
        values: dict[str, Value] = {}
        if field.naming is not None and id_ == NEW:
            values |= _named(desk, field.naming, texts.pop("id", ""), f"{name}.{id_}.", wrong)
        of = f"{name}." if field.embedded else ""
        values |= await _edits(desk, members, texts, today, f"{name}.{id_}.", wrong, of)
        rows.append(RowEdit(field, Op.CREATE if id_ == NEW else Op.EDIT, id_, values))
    if wrong:
        named = "; ".join(f"{name} {reason}" for name, reason in wrong.items())
        raise Invalid(f"Nothing was sent: {named}.", wrong)
    return Assigned(edits, rows)


async def _edits(
    desk: Desk,
    schema: Schema,
    texts: Mapping[str, str],
    today: date,
    prefix: str,
    wrong: dict[str, str],
    of: str = "",
) -> dict[str, Value]:
    """The values that texts mean; `wrong` gets the reason of each that means none.

    `of`: what stands before the name of a member where its choices are asked for.
    """
    names = Names(desk, schema.kind)
    edits: dict[str, Value] = {}
    for name, text in texts.items():
        field = schema.field(name)
        if name == "id" or field.read_only:
            wrong[prefix + name] = "is read-only"
            continue
        if field.type is FieldType.ROWS:
            wrong[name] = (
                f"holds rows; write {name}.ID.MEMBER=VALUE to change one, {name}.{NEW}.MEMBER=VALUE for a"
                f" new one, {name}.ID= to remove one"
            )
            continue
        try:
            asked = msgspec.structs.replace(field, name=of + name)
            edits[name] = await _value(names, asked, _content(field, text), today)
        except ValueError as reason:
            wrong[prefix + name] = str(reason)
    return edits


async def _members(desk: Desk, kind: str, field: Field) -> Schema:
    """What can be written in a row: the fields of the records that the rows are, but not whose they are."""
    if not field.refers_to:
        return Schema(kind, field.fields)
    schema = await desk.fields.schema(field.refers_to)
    link = row_mirror.link(desk.account, field, kind)
    fields = (msgspec.structs.replace(f, read_only=True) if f.name == link else f for f in schema.fields)
    return msgspec.structs.replace(schema, fields=tuple(fields))


def _named(desk: Desk, naming: Naming, who: str, prefix: str, wrong: dict[str, str]) -> Mapping[str, Value]:
    """The record that a new row names, by its id or its name."""
    try:
        id_ = Rows(desk.account, naming, None).id_of(who) if who else None
    except ValueError as reason:
        wrong[f"{prefix}id"] = str(reason)
        return {}
    if id_ is None:
        wrong[f"{prefix}id"] = f'names no record known here: "{who}"; write its id' if who else "is required"
        return {}
    return {"id": id_}


def _told(arguments: Sequence[str], schema: Schema) -> _Told:
    """The texts by what they are for: after the first `=` everything is the value."""
    told = _Told()
    for argument in arguments:
        name, equals, text = argument.partition("=")
        if not equals or not name:
            raise UsageError(f'"{argument}" is no assignment: write FIELD=VALUE, and FIELD= for nothing.')
        field, _, place = name.partition(".")
        if name in schema.by_name or name == "id":
            texts, key = told.fields, name
        elif place and _has_rows(schema.field(field)):
            id_, _, key = place.partition(".")
            texts = told.rows.setdefault((field, id_), {})
            _refuse_half_a_row(name, id_, key, text)
        else:
            raise UsageError(f'There is no field "{name}"{_nearest(name, schema.by_name, schema.kind)}')
        if key in texts:
            raise UsageError(f"{name} is given twice.")
        texts[key] = text
        if _REMOVED in texts and len(texts) > 1:
            raise UsageError(f"{field}.{place.partition('.')[0]} is both removed and changed.")
    return told


def _has_rows(field: Field) -> bool:
    """Whether its rows can be written one by one."""
    return field.type is FieldType.ROWS and bool(field.refers_to or field.naming or field.embedded)


def _refuse_half_a_row(name: str, id_: str, member: str, text: str) -> None:
    if not id_ or (member == _REMOVED and (text or id_ == NEW or name.endswith("."))):
        row = name.rstrip(".")
        raise UsageError(
            f'"{name}={text}" names no member: write {row}.MEMBER=VALUE'
            + ("." if id_ in ("", NEW) else f", and {row}= to remove the row.")
        )


def _refuse_unknown(texts: Mapping[str, str], schema: Schema, prefix: str) -> None:
    for name in texts:
        if name not in schema.by_name and name != "id":
            nearest = _nearest(name, schema.by_name, schema.kind)
            raise UsageError(f'There is no member "{prefix}{name}"{nearest}')


def _nearest(name: str, known: Mapping[str, Field], kind: str) -> str:
    import difflib

    close = difflib.get_close_matches(name, list(known), 1)
    return f': did you mean "{close[0]}"?' if close else f" in {kind}."


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
    if field.type in NUMBERS and field.named and text:
        text = names.meant(field, text, await names.choices(field, [text]))
    value = parse(field, text, today)
    if not field.named or field.type in NUMBERS or value is None:
        return value
    if field.type in IDS and value == _NONE:
        return None
    texts = [str(part) for part in (value if isinstance(value, list) else [value])]
    choices = await names.choices(field, texts)
    meant: list[Value] = [names.meant(field, part, choices) for part in texts]
    return meant if isinstance(value, list) else meant[0]
