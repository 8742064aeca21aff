"""Records for which nothing is planned, and those for which something is."""

import contextlib
from collections.abc import Mapping
from typing import NamedTuple

from crmtui.model.bind import All, Op, Test, Text, Where
from crmtui.model.errors import CrmError
from crmtui.model.query import Query
from crmtui.model.record import Record, Value, is_empty, member_of
from crmtui.model.schema import Idle, Kind, Schema
from crmtui.model.value import canonical, is_done, text_of
from crmtui.workspace.closed import why_closed
from crmtui.workspace.desk import Desk
from crmtui.workspace.lists import RecordList
from crmtui.workspace.mirrored import all_soon
from crmtui.workspace.pointing import holder_of
from crmtui.workspace.reading import read


class Unplanned:
    """The records of one kind without a plan, as far as the first page of them tells."""

    def __init__(self, desk: Desk, kind: Kind, most: int) -> None:
        if kind.idle is None:
            raise ValueError(kind.name)
        self.kind = kind
        self.idle: Idle = kind.idle
        self.records: list[Record] = []
        self.read_at: float | None = None
        self._desk = desk
        self._most = most
        where = All(tuple(Test(name, Op.EMPTY) for name in self.idle.fields))
        schema = desk.schema(kind.name)
        self._list: RecordList = desk.list(Query(kind.name, where), schema.by_name)

    @property
    def is_closed(self) -> bool:
        """Whether the token may not see the kind."""
        return why_closed(self._desk.account, self.kind.name) is not None

    @property
    def is_asked(self) -> bool:
        """Whether the question was answered, or never is."""
        return self._list.fetched_at is not None or self.is_closed

    @property
    def beyond(self) -> str:
        """Of how many these are the first: ` of 312`, or `+`; empty where they are all."""
        total, first = self._list.total, len(self._first())
        if self._list.fetched_at is None or total == first:
            return ""
        return f" of {total:,}" if total is not None else "+"

    async def look(self) -> None:
        """What was answered last, without those for which something was planned since."""
        self.read_at = self._list.fetched_at
        planned = await self._planned()
        self.records = [
            record
            for record in self._first()
            if record.ref.id not in planned
            and all(is_empty(record.values.get(name)) for name in self.idle.fields)
        ]

    async def ask(self) -> None:
        """Reads the first page."""
        await self._list.begin()

    def is_of(self, record: Record, user: str) -> bool:
        """Whether a record is that user's."""
        return is_users(self._desk.schema(self.kind.name), self.idle.whose, record, user)

    def _first(self) -> list[Record]:
        return [record for _, record in sorted(self._list.rows(0, self._most).items())]

    async def _planned(self) -> set[str]:
        """The ids of records for which something is planned, as the mirror knows."""
        desk, plan = self._desk, self._desk.account.kind(self.idle.plan)
        schema = desk.schema(plan.name)
        return {
            text_of(record.values.get(self.idle.by))
            async for record in all_soon(desk, plan.name)
            if not is_done(plan, schema, record.values)
        }


def kinds_idle(desk: Desk) -> list[Kind]:
    """The kinds for whose records something has to be planned, without those that are closed to the token."""
    kinds = desk.account.adapter.kinds.values()
    return [kind for kind in kinds if kind.idle and why_closed(desk.account, kind.name) is None]


class Plan(NamedTuple):
    """Something to be planned: its kind, and the values that name what it is for."""

    kind: Kind
    values: Mapping[str, Value]


def planned(desk: Desk, record: Record) -> Plan | None:
    """What can be planned for a record, or for what it hangs on; None where nothing is."""
    ref = record.ref if desk.account.kind(record.ref.kind).idle else holder_of(desk, record)
    idle = desk.account.kind(ref.kind).idle if ref else None
    return Plan(desk.account.kind(idle.plan), {idle.by: ref.id}) if ref and idle else None


def plan_of(desk: Desk, record: Record) -> str:
    """What a record tells that is next on it, in words; empty for nothing."""
    deadline = desk.account.kind(record.ref.kind).deadline
    return text_of(member_of(record.values, deadline.text)) if deadline and deadline.text else ""


async def open_plan(desk: Desk, record: Record) -> Record | None:
    """What is planned for a record and not done, by one call; the first of several."""
    idle = desk.account.kind(record.ref.kind).idle
    if idle is None:
        return None
    kind, schema = desk.account.kind(idle.plan), await desk.fields.schema(idle.plan)
    of = Query(kind.name, Test(idle.by, Op.EQ, (Text(record.ref.id),)))
    found = await read(desk.account, of, schema.by_name, None)
    return next((one for one in found.records if not is_done(kind, schema, one.values)), None)


async def tell_again(desk: Desk, plan: Record) -> bool:
    """Reads the record for which something was planned or done, where that itself tells what is next."""
    for kind in kinds_idle(desk):
        if kind.idle and kind.idle.plan == plan.ref.kind and kind.tells_plan:
            ref = desk.account.ref(kind.name, text_of(plan.values.get(kind.idle.by)))
            with contextlib.suppress(CrmError):  # the plan is made all the same
                await desk.read(ref)
                return True
    return False


def busy(desk: Desk, plan: str) -> RecordList | None:
    """The list of those for which something of a kind is planned; None where no service tells."""
    for kind in kinds_idle(desk):
        if kind.idle and kind.idle.plan == plan:
            where: Where = Test(kind.idle.fields[0], Op.NOT_EMPTY)
            return desk.list(Query(kind.name, where), desk.schema(kind.name).by_name)
    return None


def is_users(schema: Schema, whose: str, record: Record, user: str) -> bool:
    """Whether a record is a user's by its field `whose`; of a kind that does not tell, every one is."""
    if not whose:
        return True
    value = canonical(schema.field(whose), record.values.get(whose))
    return user in (map(text_of, value) if isinstance(value, list) else [text_of(value)])
