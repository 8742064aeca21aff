"""`kinds`, `fields` and `choices`: what a service keeps and what can be written into it."""

from collections.abc import Sequence
from typing import Any

import msgspec

from crmtui.cli.failure import say
from crmtui.cli.output import Format, members, print_said
from crmtui.cli.session import kind_of, opened
from crmtui.model.bind import field_of
from crmtui.model.errors import UsageError
from crmtui.model.schema import Choice, Field, Kind
from crmtui.workspace.appending import Appended, append
from crmtui.workspace.asking import total_of

_KIND = ("name", "label", "count", "can")
_FIELD = (
    "name",
    "label",
    "type",
    "required",
    "read_only",
    "max_length",
    "choices",
    "open",
    "refers_to",
)
_CHOICE = ("value", "label")


async def print_kinds(connection: str, format_: Format) -> int:
    """Prints the kinds of a connection without a call."""
    async with opened(connection) as desk:
        account = desk.account
        said = [
            {
                "name": kind.name,
                "label": kind.label,
                "count": account.known.fact(total_of(kind.name), int),
                "can": _can(kind),
            }
            for kind in account.adapter.kinds.values()
        ]
    print_said(format_, said, lambda: members(said, _KIND))
    return 0


async def print_fields(target: str, format_: Format) -> int:
    """Prints the fields of a kind, those of its rows as `FIELD.MEMBER` after it."""
    ref = kind_of(target)
    async with opened(ref.connection) as desk:
        schema = await desk.fields.schema(desk.account.kind(ref.kind).name)
    said: list[dict[str, Any]] = []
    for field in schema.fields:
        said.append(_field(field, field.name))
        said += (_field(member, f"{field.name}.{member.name}") for member in field.fields)
    print_said(format_, said, lambda: members(said, _FIELD))
    return 0


async def print_choices(
    target: str, name: str, format_: Format, add: Sequence[str] = (), list_name: str | None = None
) -> int:
    """Prints the values that a field can take, none where any text is taken; adds some to its list before."""
    ref = kind_of(target)
    async with opened(ref.connection) as desk:
        if add:
            desk.account.refuse_writes()
        schema = await desk.fields.schema(desk.account.kind(ref.kind).name)
        field = field_of(schema.by_name, name)
        if field is None:
            raise UsageError(f'There is no field "{name}" in {ref}; crmtui fields {ref} names them.')
        if schema.field(name.partition(".")[0]).embedded:
            # The members of two fields may have the same name.
            field = msgspec.structs.replace(field, name=name)
        if add:
            added = await append(desk.account, ref.kind, field, add, list_name)
            _say_added(field, add, added)
            choices = added.choices
        else:
            choices = await desk.fields.choices(ref.kind, field)
        said = list(map(_choice, choices))
    print_said(format_, said, lambda: members(said, _CHOICE))
    return 0


def _say_added(field: Field, wanted: Sequence[str], added: Appended) -> None:
    """What was not sent, and what was and is not to be seen."""
    for value in dict.fromkeys(value.strip() for value in wanted):
        if value not in added.sent:
            say(f'"{value}" is in the list of {field.name} already; it was not sent.')
        elif added.choice(value) is None:
            say(f'The service took "{value}", but the list of {field.name} does not have it.')


def _can(kind: Kind) -> dict[str, Any]:
    can = kind.can
    return {
        "create": can.create,
        "edit": can.edit,
        "delete": can.delete,
        "tags": can.tags is not None,
        "notes": can.notes,
        "filter": list(can.filter),
        "order": can.order,
    }


def _field(field: Field, name: str) -> dict[str, Any]:
    choices = None if field.asks and field.choices is None else [*map(_choice, field.choices or ())]
    return {
        "name": name,
        "label": field.title,
        "type": field.type.value,
        "required": field.required,
        "read_only": field.read_only,
        "max_length": field.max_length,
        "choices": choices,
        "open": field.open,
        "refers_to": field.refers_to,
    }


def _choice(choice: Choice) -> dict[str, str]:
    return {"value": choice.value, "label": choice.label}
