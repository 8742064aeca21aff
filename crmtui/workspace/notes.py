"""A note on a record: of which kind it is there, and what it begins with."""

from collections.abc import Mapping
from typing import NamedTuple

from crmtui.model.errors import Restricted
from crmtui.model.record import Ref
from crmtui.model.schema import Kind, Related
from crmtui.workspace.account import Account


class Note(NamedTuple):
    """A note to be made: its kind, the values that name the record, and the field of its text."""

    kind: Kind
    values: Mapping[str, str]
    field: str


def why_none(account: Account, kind: Kind) -> str | None:
    """Why records of a kind take no notes; None if they do."""
    if kind.can.notes:
        return None
    return f"{account.adapter.label} keeps no notes on {kind.label.lower()}."


def note_on(account: Account, ref: Ref) -> Note:
    """A note to be made on a record; `Restricted` where there are none."""
    kind = account.kind(ref.kind)
    if reason := why_none(account, kind):
        raise Restricted(f"{reason} Nothing was sent.")
    way = _way(account, kind)
    notes = account.kind(way.kind)
    return Note(notes, {**dict(way.given), way.field: ref.id}, notes.note)


def notes_of(account: Account, kind: Kind) -> Kind:
    """The kind of the notes on records of a kind that has some."""
    return account.kind(_way(account, kind).kind)


def _way(account: Account, kind: Kind) -> Related:
    return next(way for way in kind.related if account.kind(way.kind).note)
