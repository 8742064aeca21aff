"""The rows of the outbox: drafts, what waits, and what was done or refused, the newest first."""

import time
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from crmtui.model.text import clean
from crmtui.model.write import State
from crmtui.store.drafts import Draft
from crmtui.store.writes import WAITING, Entry
from crmtui.tui import outbox_words
from crmtui.tui.widgets.columns import Column, Row
from crmtui.workspace.desk import Desk
from crmtui.workspace.wording import title_of, titled

Item: TypeAlias = Draft | Entry
"""What a row is of."""

COLUMNS = (
    Column("deed", "", 6),
    Column("record", "Record", 18, 3),
    Column("state", "State", 28, 4),
    Column("since", "Since", 11),
)
_PAGE = 64
_PAGES = 8
_HUES = {"done": "success", "refused": "error", "you decide": "warning", "no answer": "warning"}


class Heading(NamedTuple):
    """The name of a group, with the number of its rows."""

    text: str


class OutboxRows:
    """Headings and rows; of the journal only the pages that are looked at are in memory."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._writes = desk.account.writes
        self._pages: dict[int, list[Entry]] = {}
        self._first: list[Item | Heading] = []
        self._settled = 0
        self.drafts = self.waiting = 0
        self.forget()

    def forget(self) -> None:
        """Reads the journal again."""
        drafts, waiting = self._desk.account.drafts.all(), self._writes.waiting()
        self.drafts, self.waiting = len(drafts), len(waiting)
        self._settled = self._writes.count_settled()
        self._pages.clear()
        self._first = []
        groups: Sequence[tuple[str, Sequence[Item]]] = (("Drafts", drafts), ("Waiting", waiting))
        for name, items in groups:
            if items:
                self._first += [Heading(f"{name} {len(items)}"), *items]
        if self._settled:
            self._first.append(Heading(f"Settled {self._settled:,}"))

    def item(self, index: int) -> Item | None:
        """What a row is of; a heading is of nothing."""
        if 0 <= index < len(self._first):
            first = self._first[index]
            return None if isinstance(first, Heading) else first
        page, at = divmod(index - len(self._first), _PAGE)
        if page not in self._pages:
            if len(self._pages) >= _PAGES:
                del self._pages[next(iter(self._pages))]
            self._pages[page] = self._writes.settled(page * _PAGE, _PAGE)
        return self._pages[page][at] if 0 <= at < len(self._pages[page]) else None

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self._first) + self._settled

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        if index < len(self._first) and isinstance(heading := self._first[index], Heading):
            return Row("", ("", f"── {heading.text} ──"), styles=(None, "muted"))
        item = self.item(index)
        return None if item is None else self._draft(item) if isinstance(item, Draft) else self._entry(item)

    def index_of(self, key: str) -> int | None:
        """See `RowSource`: known of what waits, for the rest only grows."""
        found = (
            at for at, one in enumerate(self._first) if not isinstance(one, Heading) and key_of(one) == key
        )
        return next(found, None)

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`: SQLite is asked as they are painted."""

    def title(self, item: Item) -> str:
        """What the record of a row is called."""
        if isinstance(item, Entry):
            return title_of(self._desk, item.write) or self._new(item.write.ref.kind)
        return titled(self._desk, item.ref)

    def is_undone(self, entry: Entry) -> bool:
        """Whether another write took it back."""
        return entry.state is State.DONE and self._writes.undo_of(entry.write.id) is not None

    def _new(self, kind: str) -> str:
        return f"new {self._desk.account.kind(kind).singular}"

    def _draft(self, draft: Draft) -> Row:
        moment = outbox_words.moment(draft.updated_at)
        cells = ("draft", clean(self.title(draft)), "not sent · enter opens it", moment)
        return Row(key_of(draft), cells, styles=(None, None, None, "dim"))

    def _entry(self, entry: Entry) -> Row:
        state = outbox_words.state(entry, undone=self.is_undone(entry))
        words = state
        if entry.state in WAITING and not entry.waits_for_person:
            words = outbox_words.when(entry, time.time())
        cells = (
            outbox_words.deed(entry.write),
            clean(self.title(entry)),
            " · ".join(filter(None, (words, outbox_words.reason(entry.why)))),
            outbox_words.moment(entry.write.created),
        )
        return Row(key_of(entry), cells, styles=(None, None, _HUES.get(state), "dim"))


def key_of(item: Item) -> str:
    """The name of a row."""
    return f"draft {item.ref}" if isinstance(item, Draft) else item.write.id
