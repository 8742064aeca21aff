"""Values added to a field's lookup list: only those that are new, once, and then the list is read again."""

from collections.abc import Sequence

import msgspec

from crmtui.model.call import Call
from crmtui.model.errors import CrmError, Invalid, OutcomeUnknown, UsageError
from crmtui.model.schema import Choice, Field, FieldType
from crmtui.model.value import check, fold, is_named
from crmtui.workspace.account import Account


class Appended(msgspec.Struct, frozen=True):
    """The values that were sent, and all values of the list as they are now."""

    sent: tuple[str, ...]
    choices: tuple[Choice, ...]

    def choice(self, text: str) -> Choice | None:
        """The value that a text has become."""
        return next((choice for choice in self.choices if is_named(choice, text)), None)


def cost(account: Account, kind: str, field: Field) -> int | None:
    """What adding costs, in calls: the one that adds, and the readings; None where it cannot be had."""
    try:
        adds, reads = _calls(account, kind, field, [""], None)
    except CrmError:
        return None
    before = 0 if account.known.choices(kind, field.name) is not None else reads.cost
    return before + adds.cost + reads.cost


async def append(
    account: Account,
    kind: str,
    field: Field,
    values: Sequence[str],
    list_name: str | None = None,
) -> Appended:
    """Adds those of the values that the list does not have; `list_name` where the dictionary names none."""
    account.refuse_writes()
    values = [value.strip() for value in values]
    _refuse(field, values)
    _, reads = _calls(account, kind, field, values, list_name)
    known = await _as_it_is(account, kind, field, reads)
    new = [value for value in values if not any(is_named(choice, value) for choice in known)]
    # Two that differ in case alone would be two values that nobody can tell apart.
    sent = tuple({fold(value): value for value in reversed(new)}.values())[::-1]
    if not sent:
        return Appended((), known)
    adds, _ = _calls(account, kind, field, sent, list_name)
    # Whatever becomes of it, also if this ends here: the list is read before anything is added again.
    _forget(account, kind, field, list_name)
    try:
        await account.send(adds)
    except OutcomeUnknown as error:
        where = f"crmtui choices {account.name}/{kind} {field.name}"
        raise OutcomeUnknown(
            f"{error.message} Whether anything was added is not known: ask again with {where} to see whether"
            " it is there. Adding again is safe: the list is read first, and what it has is not sent."
        ) from error
    try:
        found: tuple[Choice, ...] = await account.send(reads)
    except CrmError as error:
        error.message = f"The values were added, but the list could not be read again. {error.message}"
        raise
    account.known.keep_choices(kind, field.name, found)
    return Appended(sent, found)


async def _as_it_is(account: Account, kind: str, field: Field, reads: Call) -> tuple[Choice, ...]:
    """The values of the list as read within a day; a list that cannot be read is not added to."""
    known = account.known.choices(kind, field.name)
    if known is None:
        try:
            known = await account.send(reads)
        except CrmError as error:
            error.message = f"Nothing was added, for the list could not be read. {error.message}"
            raise
        account.known.keep_choices(kind, field.name, known)
    return known


def _refuse(field: Field, values: Sequence[str]) -> None:
    """Raises `Invalid` for what could be no value of the field."""
    for value in values:
        reason = (
            "takes no empty value" if not value else check(msgspec.structs.replace(field, open=True), value)
        )
        if not reason and field.type is FieldType.CHOICES and ";" in value:
            reason = f'joins its values by semicolons, so that "{value}" would be several'
        if reason:
            raise Invalid(f"Nothing was sent: {field.name} {reason}.", {field.name: reason})


def _calls(
    account: Account, kind: str, field: Field, values: Sequence[str], list_name: str | None
) -> tuple[Call, Call]:
    """The Call that adds and the one that reads the list; `UsageError` where there is no list."""
    account.refuse_writes()
    reads = account.adapter.choices(kind, field)
    name = list_name or field.lookup
    if reads is None:
        raise UsageError(
            f"{field.name} has no list in {account.adapter.label} to which values could be added."
        )
    if not name:
        raise UsageError(
            f"Which list {field.name} has is not known; if it has one, its name in"
            f" {account.adapter.label} goes with --list NAME."
        )
    adds = account.adapter.add_choices(kind, field, values, name)
    if adds is None:
        raise UsageError(f"{account.adapter.label} lets nobody add values to lists.")
    return adds, reads


def _forget(account: Account, kind: str, field: Field, list_name: str | None) -> None:
    """The values of this field, and of all that share its list, are asked for again when they are of use."""
    name = list_name or field.lookup
    account.known.forget_choices(kind, field.name)
    for other in account.adapter.kinds:
        schema = account.known.schema(other)
        for each in schema.fields if schema else ():
            if each.lookup == name:
                account.known.forget_choices(other, each.name)
