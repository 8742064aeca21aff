"""Several records as they are now, before they are written: by as few calls as their service lets one ask."""

import contextlib
import time
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import TypeAlias

import msgspec

from crmtui.model.bind import ID, Test, Text
from crmtui.model.bind import Op as In
from crmtui.model.call import Call
from crmtui.model.dates import moment_of
from crmtui.model.errors import CrmError, Forbidden, Invalid, NotFound
from crmtui.model.query import Order, Page, Query
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Schema
from crmtui.model.write import Op, State
from crmtui.store.mirror import Mirror
from crmtui.store.writes import Entry
from crmtui.workspace import hanging
from crmtui.workspace.account import Account
from crmtui.workspace.edits import Edits
from crmtui.workspace.fields import Fields
from crmtui.workspace.reading import read
from crmtui.workspace.several import each

Looked: TypeAlias = Mapping[Ref, "Record | CrmError"]
"""Records as they are now, or why one is not known; one that is not there is to be looked at by itself."""


class Sight(msgspec.Struct, frozen=True):
    """What was seen of a kind by what changed in it, times in UTC seconds.

    What was read `since` a moment is mirrored as it was `at` another, when `stamp` was the newest of all.
    """

    since: float
    at: float
    stamp: str | None


_MOST_PAGES = 3
"""Pages of what changed that are read before the records themselves cost less."""


async def looked_at(account: Account, fields: Fields, edits: Edits, entries: Sequence[Entry]) -> Looked:
    """The records as they are now of waiting edits that were never tried; none where they cannot be read."""
    found: dict[Ref, Record | CrmError] = {}
    writes = [e.write for e in entries if e.state is State.QUEUED and e.write.op is Op.EDIT]
    for kind in {write.ref.kind for write in writes}:
        of_kind = {write.ref: write for write in writes if write.ref.kind == kind}
        names = {name for write in of_kind.values() for name in write.edits}
        with contextlib.suppress(CrmError):  # each says by itself why it cannot be sent
            found |= await Looking(account, edits, fields.now(kind), names).look(list(of_kind))
    return found


class Looking:
    """Looks at records of one kind, of which some fields are to be changed."""

    def __init__(self, account: Account, edits: Edits, schema: Schema, names: Collection[str]) -> None:
        """`names`: the fields that matter."""
        self._account = account
        self._edits = edits
        self._kind = account.kind(schema.kind)
        self._schema = schema
        self._names = names

    async def look(self, refs: Sequence[Ref]) -> Looked:
        """Those records: by one list of them, or by one of what changed since they were read.

        What neither tells is read together where the service takes calls together.
        """
        if len(refs) < 2:
            return {}
        if self._kind.within:
            return await self._with_their_records(refs)
        found: dict[Ref, Record | CrmError] = {}
        try:
            if self._is_listed_by_id:
                found |= await self._by_ids(refs)
            elif self._tells_what_changed:
                found |= await self._by_what_changed(refs)
        except (Invalid, Forbidden, NotFound):  # a service that does not list in this way, or lacks one
            found.clear()
        if self._account.adapter.batch:
            left = [ref for ref in refs if ref not in found]
            found |= zip(left, await each(self._account, left, self._edits.read), strict=True)
        return found

    def calls(self, refs: Sequence[Ref]) -> Sequence[Call]:
        """What looking takes where all is mirrored, and not much has changed since."""
        if len(refs) > 1 and self._is_listed_by_id:
            size = self._at_once
            return [self._list_of(refs[at : at + size]) for at in range(0, len(refs), size)]
        if len(refs) > 1 and self._tells_what_changed:
            return [self._newest_first()]
        looks = [call for ref in refs for call in self._edits.look(ref, self._names)]
        return list({call.target: call for call in looks}.values())

    @property
    def _is_listed_by_id(self) -> bool:
        return "|" in self._kind.can.filter or self._kind.can.several > 1

    @property
    def _at_once(self) -> int:
        """How many records one list of ids brings."""
        return self._kind.can.several or self._account.adapter.page_size

    @property
    def _tells_what_changed(self) -> bool:
        can = self._kind.can
        return self._account.adapter.batch is not None and can.order and can.stamp is not None

    async def _with_their_records(self, refs: Sequence[Ref]) -> Looked:
        """What is read with the record it hangs on: a call for each such record."""
        known = {ref: record for ref in refs if (record := self._account.mirror.get(ref))}
        roots = {ref: hanging.read_with(self._account, record) for ref, record in known.items()}
        asked = list(dict.fromkeys(filter(None, roots.values())))
        read = dict(zip(asked, await each(self._account, asked, self._edits.read), strict=True))
        found: dict[Ref, Record | CrmError] = {}
        for ref, root in roots.items():
            whole = read[root] if root else None
            if isinstance(whole, Record):
                found |= {one.ref: one for one in whole.beneath or () if one.ref == ref}
            elif whole is not None:
                found[ref] = whole
        return found

    async def _by_ids(self, refs: Sequence[Ref]) -> Mapping[Ref, Record]:
        """As lists have them; one that leaves out what matters is not there."""
        found: dict[Ref, Record] = {}
        size = self._at_once
        for first in range(0, len(refs), size):
            some = refs[first : first + size]
            query = self._of_ids(some)
            records = (await read(self._account, query, self._schema.by_name, len(some))).records
            found |= {record.ref: record for record in records if record.values.keys() >= set(self._names)}
        return found

    def _of_ids(self, refs: Sequence[Ref]) -> Query:
        return Query(self._kind.name, Test(ID.name, In.IN, tuple(Text(ref.id) for ref in refs)))

    def _list_of(self, refs: Sequence[Ref]) -> Call:
        return self._account.adapter.list(self._of_ids(refs), self._schema.by_name, len(refs)).call

    def _newest_first(self) -> Call:
        order = (Order(self._kind.can.stamp or "", descending=True),)
        adapter = self._account.adapter
        return adapter.list(Query(self._kind.name, None, order), self._schema.by_name, adapter.page_size).call

    async def _by_what_changed(self, refs: Sequence[Ref]) -> Mapping[Ref, Record]:
        """The mirrored records that have not changed since they were read, and as lists have them the others.

        Whatever changed since the oldest of them was read stands in the list of the newest above all that
        was known then: no clock is compared with another.
        """
        mirror = self._account.mirror
        known = {ref: record for ref in refs if (record := mirror.get(ref)) and record.stamp}
        if len(known) < 2:
            return {}
        last = self._account.known.fact(self._fact, Sight)
        before = min(_as_of(record, last) for record in known.values())
        newest = await self._account.searcher.do(
            partial(Mirror.newest_stamp, kind=self._kind.name, before=before)
        )
        if last and last.at <= before:
            newest = max(newest, last.stamp, key=moment_of)
        at = time.time()
        changed = await self._changed_since(newest)
        if changed is None:
            return {}
        since = min(last.since, before) if last and last.at >= before else before
        top = next((record.stamp for record in changed.values()), None)
        self._account.known.keep_fact(self._fact, Sight(since, at, top))
        found: dict[Ref, Record] = {}
        for ref in refs:
            record = known.get(ref)
            same = ref not in changed or (record is not None and record.stamp == changed[ref].stamp)
            now = mirror.get(ref) if ref in changed else record
            if now is not None and all(self._tells(now, name, same=same) for name in self._names):
                found[ref] = now
        return found

    @property
    def _fact(self) -> str:
        return f"sight {self._kind.name}"

    def _tells(self, record: Record, name: str, *, same: bool) -> bool:
        """Whether a mirrored record tells a field as it is now; `same`: it has not changed since."""
        return self._schema.field(name).listed or (same and name in record.values)

    async def _changed_since(self, stamp: str | None) -> Mapping[Ref, Record] | None:
        """What has this stamp or a later one; None where that is not told, or by too many pages."""
        call = self._newest_first()
        last = moment_of(stamp)
        found: dict[Ref, Record] = {}
        for _ in range(_MOST_PAGES):
            page: Page = await self._account.send(call)
            await self._account.keep(page.records)
            moments = [moment_of(record.stamp) for record in page.records]
            if any(a < b for a, b in pairwise(moments)):
                return None
            found |= {record.ref: record for record in page.records}
            if not moments or moments[-1] < last:
                return found
            following = self._account.adapter.next_page(call, page, len(found))
            if following is None:
                return found
            call = following
        return None


def _as_of(record: Record, last: Sight | None) -> float:
    """When a mirrored record was known to be as it is."""
    read = record.fetched_at
    return last.at if last and last.since <= read <= last.at else read
