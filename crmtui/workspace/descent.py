"""A kind read newest first, down to where the last completed sync began; it can be left at any call."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from crmtui.model.dates import moment_of
from crmtui.model.query import Order, Page, Query
from crmtui.model.record import Record
from crmtui.model.schema import Kind
from crmtui.store.marks import MOST_IDS, Mark, Point, Run
from crmtui.workspace.account import Account
from crmtui.workspace.asking import note_total
from crmtui.workspace.closed import first_page
from crmtui.workspace.stretch import Stretch, is_last


class Descent:
    """One kind with a stamp. The marks alone say what is known: rows that were read otherwise end nothing."""

    def __init__(self, account: Account, kind: Kind) -> None:
        self.total: int | None = None
        """The rows of the list, as the newest page says."""
        self.pages = 0
        """Pages read so far."""
        self.rows = 0
        """Rows read so far that no completed sync knew as they are."""
        self.ended = False
        self.cut = False
        """Whether it ended where no position reaches further, and the rest must be read otherwise."""
        self.ordered = True
        """False where the service does not give the newest first: nothing can be concluded from its pages."""
        self._account = account
        self._kind = kind.name
        self._reach = kind.can.reach
        self._query = Query(kind.name, None, (Order(kind.can.stamp or "", descending=True),))
        self._size = account.adapter.page_size
        self._call = account.adapter.list(self._query, {}, self._size).call
        self._list = Stretch(account, self._call, self._size)
        self._mark = account.marks.of(kind.name)
        self.whole = self._mark.done is None and self._mark.run is None
        """Whether it reads the list from end to end."""
        self._older: Run | None = None
        """What an earlier sync left, to go on with once what is new above it was read."""
        self._run: Run | None = None

    @property
    def left(self) -> int:
        """The most rows that are still to be read; 0 where nobody knows."""
        run = self._older or self._run
        if self.ended or run is None or self.total is None:
            return 0
        return max(0, self.total - run.place)

    async def begin(self) -> None:
        """Reads the first page, which mostly is all."""
        page = await first_page(self._account, self._kind, self._call)
        note_total(self._account, self._query, page.total)
        self.pages += 1
        self.total = page.total
        stamps = [moment_of(record.stamp) for record in page.records]
        if not page.records:
            self._end(self._mark.done)
            return
        top = page.records[0].stamp
        self.ordered = top is not None and all(a >= b for a, b in pairwise(stamps))
        if not self.ordered or top is None:
            await self._account.keep(page.records)
            self.ended = True
            return
        self._older = self._mark.run
        self._run = Run(Point(top, ()), Point(top, ()), 0, page.total)
        await self._take(self._run, page, 0)

    async def go_on(self) -> None:
        """Reads one page more."""
        run = self._run
        if run is None:
            return
        place, page = await self._list.at(run.place, lambda record: _is_read(record, run), run.total)
        self.pages += 1
        self.total = page.total if page.total is not None else self.total
        await self._take(run, page, place)

    def close(self) -> None:
        """The rest of one that was cut has been read."""
        if self._run is not None:
            self._end(self._run.top)

    async def _take(self, run: Run, page: Page, place: int) -> None:
        """Mirrors a page and notes how far it leads."""
        new = [record for record in page.records if not _is_read(record, run)]
        await self._account.keep(page.records)
        self.rows += sum(1 for record in new if not self._is_known(record))
        now = self._run = _past(run, new, place + len(page.records), page.total)
        if is_last(page, place) or (not new and now.place == run.place):
            # The end of the list, or of what the service gives of it.
            self._end(now.top)
        elif self._is_down(page.records):
            self._go_below(now)
        elif self._reach is not None and now.place >= self._reach:
            self.cut = self.ended = True
            self._keep(now)
        elif self._older is None:
            self._keep(now)

    def _is_down(self, records: Sequence[Record]) -> bool:
        """Whether a page leads to where everything below was read."""
        goal, sure = (self._older.top, False) if self._older else (self._mark.done, self._mark.sure)
        if goal is None:
            return False
        if any(moment_of(record.stamp) < moment_of(goal.stamp) for record in records):
            return True
        return sure and all(record.stamp == goal.stamp and record.ref.id in goal.ids for record in records)

    def _is_known(self, record: Record) -> bool:
        """Whether the last completed sync had a record as it is."""
        done = self._mark.done
        if done is None:
            return False
        if record.stamp == done.stamp:
            return record.ref.id in done.ids
        return moment_of(record.stamp) < moment_of(done.stamp)

    def _go_below(self, run: Run) -> None:
        """Everything above the goal is read: that is the end, or an older reading is gone on with."""
        older = self._older
        if older is None:
            self._end(run.top)
            return
        grown = 0 if self.total is None or older.total is None else self.total - older.total
        self._older = None
        top = run.top if run.top.stamp != older.top.stamp else run.top.with_first(older.top.ids)
        self._run = Run(top, older.low, max(1, older.place + grown), self.total)
        self._keep(self._run)

    def _keep(self, run: Run) -> None:
        self._mark = msgspec.structs.replace(self._mark, run=run)
        self._account.marks.keep(self._kind, self._mark)

    def _end(self, top: Point | None) -> None:
        """The list is read; the next sync reads down to where this one began."""
        self.ended = True
        before, sure = self._mark.done, False
        if before is not None and top is not None and before.stamp == top.stamp:
            sure = len(before.ids) >= MOST_IDS or set(top.ids) <= set(before.ids)
            top = before.with_first(top.ids)
        mark = Mark(top, sure, None, self._mark.swept, self._mark.excess)
        if mark != self._mark:
            self._account.marks.keep(self._kind, mark)
            self._mark = mark


def _past(run: Run, new: Sequence[Record], place: int, total: int | None) -> Run:
    """A reading that has come past some rows."""
    top = run.top.with_first(record.ref.id for record in new if record.stamp == run.top.stamp)
    low = run.low
    if new:
        stamp = new[-1].stamp
        low = low if low.stamp == stamp else Point(stamp, ())
        low = low.with_last(record.ref.id for record in new if record.stamp == stamp)
    return Run(top, low, place, total)


def _is_read(record: Record, run: Run) -> bool:
    """Whether a reading came past a record."""
    if record.stamp == run.low.stamp:
        return record.ref.id in run.low.ids
    return moment_of(record.stamp) > moment_of(run.low.stamp)
