"""Who points at a record: which kinds, through which of their fields, and how they are asked for it."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence

from crmtui.model.bind import All, Any_, Op, Test, Text, Where
from crmtui.model.errors import Forbidden, Invalid, NotFound
from crmtui.model.record import Record, Ref
from crmtui.model.schema import IDS, Field, FieldType, Kind, Related
from crmtui.model.value import canonical
from crmtui.workspace.closed import why_closed
from crmtui.workspace.desk import Desk


def pointing(desk: Desk, kind: Kind) -> Mapping[str, Sequence[Related]]:
    """The ways to a kind by the kinds they come from, in the order of the sidebar; asks nobody."""
    found: dict[str, list[Related]] = {}
    for other in desk.account.adapter.kinds:
        fields = desk.schema(other).fields
        ways = [Related(other, field.name) for field in fields if _points(field, kind)]
        ways += [way for way in kind.related if way.kind == other and way not in ways]
        if ways:
            found[other] = ways
    return found


def _points(field: Field, kind: Kind) -> bool:
    """Whether a field names records of a kind; of users those in charge, and not who last touched it."""
    if field.type is FieldType.USER:
        return field.refers_to == kind.name and not field.read_only
    return field.type is FieldType.REFERENCE and field.refers_to == kind.name


def undecided(desk: Desk, kind: Kind) -> list[str]:
    """The kinds of which only their dictionaries tell whether they point at a kind.

    Any custom table may point anywhere; of the main kinds it is open which have an owner.
    """
    adapter = desk.account.adapter
    open_ = {other for other in adapter.kinds if not adapter.built_in(other).fields}
    if kind.name == adapter.users_kind:
        open_ |= set(adapter.main_kinds) - pointing(desk, kind).keys()
    return [other for other in adapter.kinds if other in open_ and not why_closed(desk.account, other)]


def unlearnt(desk: Desk, kind: Kind) -> list[str]:
    """Those of the undecided kinds whose fields nobody has read yet."""
    return [other for other in undecided(desk, kind) if not desk.fields.is_learnt(other)]


async def learn(desk: Desk, kinds: Iterable[str]) -> None:
    """Asks for the fields of kinds, a call each, once a day."""
    for kind in kinds:
        with contextlib.suppress(Forbidden, NotFound, Invalid):
            await desk.fields.schema(kind)


def pointed(desk: Desk, record: Record) -> list[tuple[Field, Ref]]:
    """The records that one points at itself, by the fields that name them."""
    account, values = desk.account, record.values
    found: list[tuple[Field, Ref]] = []
    for field in desk.schema(record.ref.kind).fields:
        id_ = canonical(field, values.get(field.name))
        if field.type not in IDS or not isinstance(id_, str):
            continue
        kind = field.refers_to or _held_by(desk, record, field) or _told_by_others(desk, record, field)
        if kind in account.adapter.kinds:
            found.append((field, account.ref(kind, id_)))
    return found


def holder_of(desk: Desk, record: Record) -> Ref | None:
    """The record that one hangs on, where its kind says how that is named."""
    holder = desk.account.kind(record.ref.kind).holder
    found = (ref for field, ref in pointed(desk, record) if holder and field.name == holder.field)
    return next(found, None)


def _held_by(desk: Desk, record: Record, field: Field) -> str:
    """The kind of what a record hangs on, by another of its fields."""
    holder = desk.account.kind(record.ref.kind).holder
    if holder is None or holder.field != field.name:
        return ""
    return holder.kinds.get(str(record.values.get(holder.told)), "")


def _told_by_others(desk: Desk, record: Record, field: Field) -> str:
    """The kind that a field points at where other fields of the record tell."""
    for kind in desk.account.adapter.kinds.values():
        for way in kind.related:
            given = all(record.values.get(name) == value for name, value in way.given)
            if (way.kind, way.field) == (record.ref.kind, field.name) and given:
                return kind.name
    return ""


def where_to(ways: Sequence[Related], ref: Ref) -> Where:
    """What the records of one kind that point at this one fulfil, by whichever way."""
    tests = [_where(way, ref) for way in ways]
    return tests[0] if len(tests) == 1 else Any_(tuple(tests))


def _where(way: Related, ref: Ref) -> Where:
    test = Test(way.field, Op.EQ, (Text(ref.id),))
    if not way.given:
        return test
    return All((*(Test(name, Op.EQ, (Text(value),)) for name, value in way.given), test))
