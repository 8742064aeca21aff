"""What is due: the records of all kinds with a deadline, as they are mirrored, and asked for all at once."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from crmtui.model.bind import All, Any_, Day, Op, Test, Text, Truth, Where, field_of
from crmtui.model.dates import holds_time
from crmtui.model.errors import CrmError, Forbidden, NotFound
from crmtui.model.query import Order, Query
from crmtui.model.record import Record, is_empty, member_of
from crmtui.model.schema import Deadline, FieldType, Kind, Schema
from crmtui.model.value import canonical, fold, is_done, text_of
from crmtui.workspace.asking import total_of
from crmtui.workspace.closed import why_closed
from crmtui.workspace.desk import Desk
from crmtui.workspace.lists import RecordList
from crmtui.workspace.mirrored import here_soon
from crmtui.workspace.pointing import holder_of
from crmtui.workspace.unplanned import Unplanned, busy, is_users, kinds_idle, plan_of

AHEAD = 7
"""Days after today of which it is told what is due."""
OVERDUE, TODAY, SOON, UNDATED = "Overdue", "Today", f"In {AHEAD} days", "No date"
WAITING = "Waiting"
"""What is put off until something else happens."""
MOST = 1000
"""Records of a kind that are looked at."""


class Duty(NamedTuple):
    """A record that is due: `at` is its day or its moment on the clock here, empty where it has none.

    `at_once`: the word for what comes before everything else. `text`: what is to be done, where the
    record is what it is to be done for.
    """

    record: Record
    kind: Kind
    at: str
    at_once: str = ""
    text: str = ""


class Agenda:
    """What is due at one account on a day, for all its users; only `ask` makes calls."""

    def __init__(self, desk: Desk, today: date) -> None:
        self.today = today
        self.failure: CrmError | None = None
        """Why a kind could not be read the last time."""
        self._desk = desk
        self._parts = [_Part(desk, kind, today) for kind in kinds_due(desk)]
        self._unplanned = [Unplanned(desk, kind, MOST) for kind in kinds_idle(desk)]
        self._all: list[_Part | Unplanned] = [*self._parts, *self._unplanned]

    @property
    def kinds(self) -> list[Kind]:
        """The kinds that have something due."""
        return [part.kind for part in self._parts]

    @property
    def is_asked(self) -> bool:
        """Whether every kind was asked for on this day."""
        return all(part.is_asked for part in self._all)

    @property
    def is_closed(self) -> bool:
        """Whether the token may see none of the kinds."""
        return all(part.is_closed for part in self._parts)

    @property
    def read_at(self) -> float | None:
        """When the oldest of it was read, UTC seconds; None if nothing ever was."""
        times = [part.read_at for part in self._all if part.read_at is not None]
        return min(times, default=None)

    @property
    def cost(self) -> int:
        """The calls that asking takes."""
        named = self._desk.account.connection.user is not None
        names = sum(1 for part in self._parts if part.wants_names or (part.can_name and not part.is_asked))
        parts = sum(part.cost for part in self._parts) + len(self._unplanned)
        return parts + names + (self._desk.fields.users_cost if named else 0)

    @property
    def me(self) -> str | None:
        """The id of the person among the users, None where nobody knows."""
        name = self._desk.account.connection.user
        users = self._desk.fields.users_now()
        found = (user for user in users if name and fold(name) in (fold(user.mail), fold(user.value)))
        return next((user.value for user in found), None)

    @property
    def left_out(self) -> list[str]:
        """The kinds of which there is more than is looked at, in words."""
        return [
            f"the first {len(part.duties)} {part.kind.label.lower()}" for part in self._parts if part.more
        ]

    async def look(self) -> None:
        """Reads what the mirror has."""
        for part in self._all:
            await part.look()

    async def ask(self) -> None:
        """Asks for every kind; what fails hides no other, and is kept."""
        self.failure = None
        await asyncio.gather(*(self._ask(part) for part in self._all))
        if self.failure is None and self._desk.account.connection.user is not None:
            try:
                await self._desk.fields.users()
            except CrmError as error:
                self.failure = error

    async def _ask(self, part: "_Part | Unplanned") -> None:
        try:
            await part.ask()
        except (Forbidden, NotFound):
            pass  # closed to this token, which is remembered and told elsewhere
        except CrmError as error:
            self.failure = error

    def groups(self, *, mine: bool) -> list[tuple[str, list[Duty]]]:
        """(name, what is in it by its time) of the groups that have something; `mine` alone, if asked for."""
        idle = {one.idle.heading: one for one in self._unplanned}
        names = (OVERDUE, TODAY, SOON, UNDATED, WAITING, *idle)
        groups: dict[str, list[Duty]] = {name: [] for name in names}
        whose = self.me if mine else None
        for part in self._parts:
            for duty in part.duties:
                name = self._group(duty, part.deadline)
                if name and (whose is None or part.is_of(duty.record, whose)):
                    groups[name].append(duty)
        for name, one in idle.items():
            found = one.records if whose is None else [each for each in one.records if one.is_of(each, whose)]
            groups[name] += [Duty(record, one.kind, "") for record in found]
        return [(name, sorted(duties, key=_place)) for name, duties in groups.items() if duties]

    def beyond(self, heading: str) -> str:
        """Of how many a group has the first: ` of 312`, or `+`; empty where it has all."""
        found = next((one for one in self._unplanned if one.idle.heading == heading), None)
        return found.beyond if found else ""

    def _group(self, duty: Duty, deadline: Deadline) -> str:
        if duty.at_once:
            return TODAY
        if deadline.sort and member_of(duty.record.values, deadline.sort) in deadline.apart:
            return WAITING
        if not duty.at:
            return UNDATED if deadline.undated else ""
        day, today = duty.at[:10], self.today.isoformat()
        if day < today:
            return OVERDUE if deadline.late else ""
        if day == today:
            return TODAY
        return SOON if day <= (self.today + timedelta(days=AHEAD)).isoformat() else ""


class _Part:
    """What is due of one kind."""

    def __init__(self, desk: Desk, kind: Kind, today: date) -> None:
        if kind.deadline is None:
            raise ValueError(kind.name)
        self.kind = kind
        self.deadline = kind.deadline
        self.duties: list[Duty] = []
        self.more = False
        self.read_at: float | None = None
        self._desk = desk
        self._today = today
        schema = self._schema
        self._query = Query(kind.name, _where(self.deadline, schema, today), _order(kind, self.deadline))
        self.list: RecordList = desk.list(self._query, schema.by_name)
        self._names = busy(desk, kind.name)

    @property
    def is_closed(self) -> bool:
        """Whether the token may not see the kind."""
        return why_closed(self._desk.account, self.kind.name) is not None

    @property
    def is_asked(self) -> bool:
        """Whether this day's question was answered, or never is."""
        return self.list.fetched_at is not None or self.is_closed

    @property
    def _schema(self) -> Schema:
        return self._desk.schema(self.kind.name)

    async def look(self) -> None:
        """Of this day's question what was answered, else what the mirror has that would be an answer."""
        if self.list.fetched_at is not None:
            listed = [record for _, record in sorted(self.list.rows(0, MOST).items())]
            self.read_at = self.list.fetched_at
            self.more = self.list.total is None or self.list.total > len(listed)
            found = [each for each in listed if not is_done(self.kind, self._schema, each.values)]
            found += await self._since(self.list.fetched_at, {each.ref.id for each in listed})
        else:
            ids = await here_soon(self._desk, self._query, self._schema)
            mirror, account = self._desk.account.mirror, self._desk.account
            found = [
                record for one in ids[:MOST] if (record := mirror.get(account.ref(self.kind.name, one.id)))
            ]
            self.read_at = min((record.fetched_at for record in found), default=None)
            self.more = len(ids) > MOST
        self.duties = [self._duty(record) for record in found]

    async def _since(self, moment: float, known: set[str]) -> list[Record]:
        """What is due of what was made or read after the answer."""
        mirror, ref = self._desk.account.mirror, self._desk.account.ref
        here = await here_soon(self._desk, self._query, self._schema)
        later = (one.id for one in here if one.fetched_at > moment and one.id not in known)
        return [record for id_ in later if (record := mirror.get(ref(self.kind.name, id_)))]

    def _duty(self, record: Record) -> Duty:
        deadline, schema = self.deadline, self._schema
        at_once = dict(deadline.at_once).get(text_of(member_of(record.values, deadline.sort)), "")
        at = "" if at_once else _clock(schema, deadline.by, record)
        moment = _clock(schema, deadline.clock, record) if at and deadline.clock else ""
        return Duty(record, self.kind, moment or at, at_once, plan_of(self._desk, record))

    async def ask(self) -> None:
        """Reads the beginning of it, which of a report is all, then what it hangs on is called."""
        await self.list.begin()
        if not self.kind.can.order:  # what is due stands anywhere in the list
            while await self.list.fill(0, MOST - 1):
                pass
        if self._names is not None:
            await self.look()
            if self.wants_names:
                await self._names.begin()

    @property
    def cost(self) -> int:
        """The calls that reading it takes, as far as is known."""
        if self.kind.can.order or not self.list.sequential:
            return 1
        account, name = self._desk.account, self.kind.name
        rows = max(account.known.fact(total_of(name), int) or 0, account.mirror.count(name))
        return max(1, -(-rows // account.adapter.page_size))

    @property
    def can_name(self) -> bool:
        """Whether one list brings what the records hang on."""
        return self._names is not None

    @property
    def wants_names(self) -> bool:
        """Whether that list is needed, for something is not here."""
        if self._names is None:
            return False
        refs = (holder_of(self._desk, duty.record) for duty in self.duties)
        return any(ref and self._desk.account.mirror.get(ref) is None for ref in refs)

    def is_of(self, record: Record, user: str) -> bool:
        """Whether a record is that user's; of a kind that does not tell, every one is."""
        return is_users(self._schema, self.deadline.whose, record, user)


def kinds_due(desk: Desk) -> list[Kind]:
    """The kinds of an account that have deadlines, those that are closed to the token left out."""
    kinds = (kind for kind in desk.account.adapter.kinds.values() if kind.deadline and kind.can.listed)
    return [kind for kind in kinds if why_closed(desk.account, kind.name) is None]


def _where(deadline: Deadline, schema: Schema, today: date) -> Where:
    """What is not done and may be due; a day more at either end, for clocks differ."""
    last = Day((today + timedelta(days=AHEAD + 1)).isoformat())
    first = Day((today - timedelta(days=1)).isoformat())
    due: Where = (
        Test(deadline.by, Op.LE, (last,)) if deadline.late else Test(deadline.by, Op.BETWEEN, (first, last))
    )
    if deadline.undated:
        undated: Where = Test(deadline.by, Op.EMPTY)
        if deadline.text:
            undated = All((Test(deadline.text, Op.NOT_EMPTY), undated))
        due = Any_((due, undated))
    return All((due, *_open(deadline, schema)))


def _open(deadline: Deadline, schema: Schema) -> Iterator[Where]:
    if deadline.done:
        yield Test(deadline.state, Op.NOT_IN, tuple(map(Text, deadline.done)))
    elif deadline.state and schema.field(deadline.state).type is FieldType.BOOLEAN:
        yield Test(deadline.state, Op.NE, (Truth(True),))


def _order(kind: Kind, deadline: Deadline) -> tuple[Order, ...]:
    """The latest first, if the service can: then it is the oldest of too many that are left out."""
    return (Order(deadline.by, descending=True),) if kind.can.orders_by(deadline.by) else ()


def _clock(schema: Schema, name: str, record: Record) -> str:
    """The day or moment in a field by the clock here; a midnight of the service may stand for a day."""
    field = field_of(schema.by_name, name) or schema.field(name)
    value = canonical(field, member_of(record.values, name))
    if not isinstance(value, str) or is_empty(value):
        return ""
    if not holds_time(value):
        return value[:10]
    try:
        moment = datetime.fromisoformat(value)
        local = moment if moment.tzinfo is None else moment.astimezone()
    except (ValueError, OverflowError):
        return value
    return local.strftime("%Y-%m-%dT%H:%M")


def _place(duty: Duty) -> tuple[bool, str, str]:
    return not duty.at_once, duty.at, fold(duty.record.title)
