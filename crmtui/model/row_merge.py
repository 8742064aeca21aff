"""Rows that are part of their record, changed by two people: merged by their ids, member by member."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from crmtui.model.record import Value
from crmtui.model.schema import Field
from crmtui.model.value import came_back, canonical, id_of, same, same_row

Row: TypeAlias = dict[str, Value]


class Merged(msgspec.Struct, frozen=True):
    """Theirs with my changes on top; `clashes`: the ids of rows in which mine stand over others of theirs."""

    rows: list[Value]
    clashes: tuple[str, ...] = ()


def rows_of(field: Field, value: Value) -> list[Row]:
    """The rows of a value, their ids as text."""
    plain = canonical(field, value)
    return [row for row in plain if isinstance(row, dict)] if isinstance(plain, list) else []


def without_gone_ids(field: Field, rows: Value, now: Value) -> list[Value]:
    """Rows to be had again: those that are there no more are new ones, without the ids that they had."""
    there = {id_of(row) for row in rows_of(field, now)}
    return [
        row if id_of(row) in there else {name: value for name, value in row.items() if name != "id"}
        for row in rows_of(field, rows)
    ]


def merge_rows(field: Field, base: Value, mine: Value, theirs: Value) -> Merged:
    """My added and removed rows and my changed members, on top of the rows as they are now.

    A row of mine with an id that nobody knows any more is a new one: the service gives it another.
    """
    was, wanted, now = (rows_of(field, value) for value in (base, mine, theirs))
    if any(id_of(row) is None for row in (*was, *now)):
        return _whole(field, base, wanted, theirs)
    before, here = _by_id(was), _by_id(now)
    kept = {id_: row for id_, row in _by_id(wanted).items() if id_ in before or id_ in here}
    clashes: list[str] = []
    rows: list[Row] = []
    for id_, row in here.items():
        old = before.get(id_, row)
        if id_ in kept:
            rows.append(_member_by_member(field, id_, old, kept[id_], row, clashes))
        elif id_ not in before:
            rows.append(row)  # theirs, and new
        elif not same_row(field, old, row):
            clashes.append(id_)  # removed by me, changed by them
    new = [row for row in wanted if id_of(row) not in kept]
    for id_, row in kept.items():
        if id_ not in here and not same_row(field, before[id_], row):
            clashes.append(id_)  # changed by me, removed by them
            new.append(row)
    return Merged([*rows, *_added(field, new, before, now)], tuple(clashes))


def _member_by_member(field: Field, id_: str, old: Row, mine: Row, theirs: Row, clashes: list[str]) -> Row:
    """One row that is still there: mine where I changed it, theirs elsewhere."""
    row = dict(theirs)
    for member in field.members:
        was, wanted, now = (each.get(member.name) for each in (old, mine, theirs))
        if same(member, was, wanted) or same(member, wanted, now):
            continue
        if not same(member, was, now) and id_ not in clashes:
            clashes.append(id_)
        row[member.name] = wanted
    return row


def _added(field: Field, new: Sequence[Row], before: Mapping[str, Row], now: Sequence[Row]) -> list[Value]:
    """The rows to be made, but those that are there by now: the write came through, or they made them too."""
    rest = [row for row in now if id_of(row) not in before]
    rows: list[Value] = []
    for row in new:
        at = next((at for at, other in enumerate(rest) if same_row(field, row, other)), None)
        if at is None:
            rows.append({name: value for name, value in row.items() if name != "id"})
        else:
            rest.pop(at)
    return rows


def _whole(field: Field, base: Value, wanted: Sequence[Row], theirs: Value) -> Merged:
    """Rows of which some have no id: changed by both or by one, as a whole."""
    rest = rows_of(field, theirs)
    rows: list[Value] = []
    for row in wanted:
        # What had none has an id by now.
        other = next((each for each in rest if id_of(row) is None and same_row(field, row, each)), None)
        rows.append(other or row)
        if other is not None:
            rest.remove(other)
    return Merged(rows, () if came_back(field, base or [], theirs or []) else ("",))


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    return {id_: row for row in rows if (id_ := id_of(row))}
