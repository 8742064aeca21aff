"""The records that point at one, of several kinds: as they are mirrored, and asked for all at once."""

import asyncio
from collections.abc import Collection

import msgspec

from crmtui.model.errors import CrmError, Forbidden, NotFound
from crmtui.model.match import matches
from crmtui.model.query import Order, Query
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Kind, Related
from crmtui.workspace.closed import why_closed
from crmtui.workspace.desk import Desk
from crmtui.workspace.lists import RecordList
from crmtui.workspace.pointing import learn, pointing, unlearnt, where_to

MOST = 100
"""Records of a kind that are looked at; its list has the others."""


class Group:
    """The records of one kind that point at a record."""

    def __init__(self, desk: Desk, ref: Ref, kind: Kind, ways: list[Related]) -> None:
        self.kind = kind
        self.failure: CrmError | None = None
        """Why it could not be read the last time."""
        self._desk = desk
        self._ways = ways
        self._ref = ref
        order = tuple(Order.parse(text) for text in kind.order)
        self.query = Query(kind.name, where_to(ways, ref), order)
        self.list: RecordList = desk.list(self.query, desk.schema(kind.name).by_name)

    @property
    def closed(self) -> bool:
        """Whether the service refused this kind to the token, within a day."""
        return why_closed(self._desk.account, self.kind.name) is not None

    @property
    def is_read(self) -> bool:
        """Whether it was ever read."""
        return self.list.fetched_at is not None

    @property
    def state(self) -> str:
        """How many there are, or why that is not known."""
        if self.closed:
            return "closed to this token"
        if self.failure is not None:
            return "not here" if isinstance(self.failure, NotFound) else "could not be read"
        if not self.is_read:
            return "not read"
        return "" if self.list.total is None else f"{self.list.total:,}"

    def records(self) -> list[Record]:
        """Those that are mirrored, in the service's order."""
        return [record for _, record in sorted(self.list.rows(0, MOST).items())]

    def beginning(self) -> dict[str, str]:
        """What makes a new record of this kind point at the record."""
        way = self._ways[0]
        return {**dict(way.given), way.field: self._ref.id}

    async def ask(self) -> None:
        """Reads the first of them; a failure is kept, and hides no other group."""
        try:
            await self.list.begin()
        except CrmError as error:
            self.failure = error
        else:
            self.failure = None

    def take(self, record: Record) -> bool:
        """A record was written: whether it is one of these, where it then stands at once."""
        if record.ref.kind != self.kind.name or not self.is_read:
            return False
        if self.list.position(record.ref.id) is not None:
            return True
        schema = self._desk.schema(self.kind.name)
        labelled = msgspec.structs.replace(record, labels=self._desk.labels(schema).of(record))
        if self.query.where is None or not matches(self.query.where, labelled, schema.by_name):
            return False
        self.list.include(record.ref.id)
        return True


class Around:
    """The records of some kinds that point at a record, and with `learns` of those that turn out to."""

    def __init__(self, desk: Desk, ref: Ref, kinds: Collection[str], *, learns: bool = False) -> None:
        self._desk = desk
        self._ref = ref
        self._kind = desk.account.kind(ref.kind)
        self._learns = learns
        self.groups = self._groups(kinds)

    @property
    def _open(self) -> list[Group]:
        return [group for group in self.groups if not group.closed]

    @property
    def _unlearnt(self) -> list[str]:
        return unlearnt(self._desk, self._kind) if self._learns else []

    @property
    def cost(self) -> int:
        """The most calls that asking for all of them takes; kinds closed to the token are passed over.

        It is one a kind, and another for one whose fields must be learnt first.
        """
        return len(self._open) + 2 * len(self._unlearnt)

    @property
    def exact(self) -> bool:
        """Whether it takes just as many calls; what is to be learnt of may prove not to point here."""
        return not self._unlearnt

    @property
    def known(self) -> bool:
        """Whether all that can be read was read."""
        return all(group.is_read for group in self._open) and not self._unlearnt

    async def ask(self) -> CrmError | None:
        """Asks for every kind at once; the first failure that a person can do something about."""
        failed: list[CrmError | None] = []
        if new := self._unlearnt:
            try:
                await learn(self._desk, new)
            except CrmError as error:
                failed.append(error)
            self.groups += self._groups(new)
        groups = self._open
        await asyncio.gather(*(group.ask() for group in groups))
        failed += [group.failure for group in groups]
        return next((each for each in failed if each and not isinstance(each, Forbidden | NotFound)), None)

    def _groups(self, kinds: Collection[str]) -> list[Group]:
        ways = pointing(self._desk, self._kind)
        return [
            Group(self._desk, self._ref, self._desk.account.kind(name), list(found))
            for name, found in ways.items()
            if name in kinds
        ]

    def take(self, record: Record) -> bool:
        """See `Group.take`."""
        return any(group.take(record) for group in self.groups)
