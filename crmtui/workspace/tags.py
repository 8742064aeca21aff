"""A record's tags: which are to be added and removed, and what it has then."""

from collections.abc import Sequence

import msgspec

from crmtui.model.errors import Invalid, Restricted
from crmtui.model.record import Record, Value
from crmtui.model.schema import Choice, Field, FieldType
from crmtui.model.value import canonical, fold, is_named, resolve, text_of
from crmtui.workspace.desk import Desk


class Change(msgspec.Struct, frozen=True):
    """Values of the tags field to add and to remove."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def of(self, had: Sequence[str]) -> list[Value]:
        """The tags of a record that had these, in their order."""
        kept = [tag for tag in had if tag not in self.removed]
        return [*kept, *(tag for tag in self.added if tag not in had)]


def tags_field(desk: Desk, kind: str) -> Field:
    """The field that holds the tags of a kind; `Restricted` where it has none."""
    of = desk.account.kind(kind)
    if of.can.tags is None:
        raise Restricted(f"{desk.account.adapter.label} has no tags for {of.label.lower()}.")
    return msgspec.structs.replace(desk.schema(kind).field(of.can.tags), type=FieldType.CHOICES)


def tags_of(field: Field, record: Record) -> list[str]:
    """The tags that a record has."""
    held = canonical(field, record.values.get(field.name))
    return [text_of(part) for part in held] if isinstance(held, list) else []


def named(desk: Desk, field: Field, record: Record, choices: Sequence[Choice]) -> list[Choice]:
    """A record's tags with their names, as far as the list or the record tells them."""
    tags = tags_of(field, record)
    labels = record.labels.get(field.name, "").split(";")
    own = dict(zip(tags, labels, strict=True)) if len(labels) == len(tags) else {}
    known = {choice.value: choice.label for choice in choices}
    return [Choice(tag, known.get(tag) or own.get(tag) or tag) for tag in tags]


def to_add(desk: Desk, kind: str, field: Field, name: str, choices: Sequence[Choice]) -> str:
    """The value that a name of a tag to add means; `Invalid` where the service makes none by naming it."""
    try:
        return resolve(field, name, choices)
    except ValueError as reason:
        hint = ""
        if desk.account.adapter.add_choices(kind, field, [name], field.lookup or "") is not None:
            hint = f" crmtui choices {desk.account.name}/{kind} {field.name} --add {_quoted(name)} makes it."
        raise Invalid(f"Nothing was sent: {field.name} {reason}.{hint}", {field.name: str(reason)}) from None


def to_remove(name: str, has: Sequence[Choice]) -> str | None:
    """The tag of a record that a name means; None if it has none such."""
    exact = next((tag.value for tag in has if name in (tag.value, tag.label)), None)
    return exact or next((tag.value for tag in has if is_named(tag, name)), None)


def difference(before: Sequence[str], after: Sequence[str]) -> Change:
    """What was added and removed."""
    return Change(
        tuple(tag for tag in after if tag not in before), tuple(tag for tag in before if tag not in after)
    )


def has_name(choices: Sequence[Choice], name: str) -> bool:
    """Whether one of them is called so."""
    return any(fold(name) == fold(choice.label or choice.value) for choice in choices)


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)
