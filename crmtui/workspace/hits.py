"""What a search finds in the mirror as it is typed: a list of records of one kind, or of all of them."""

from functools import partial
from typing import NamedTuple

from crmtui.model.record import Record, Ref
from crmtui.store.mirror import Mirror
from crmtui.workspace.account import Account

MOST = 500
"""Hits that are listed; nobody reads more of them, and every letter makes them fewer."""
_FIRST = 100
"""Hits of the present kind that stand before those of all kinds."""


class Counts(NamedTuple):
    """How many records have the words: of the present kind, and of all."""

    here: int
    everywhere: int


class Hits:
    """The records that a search found, the present kind's first. They stay as they were found."""

    def __init__(self, account: Account, kind: str, text: str, refs: list[Ref], counts: Counts) -> None:
        self.kind = kind
        self.text = text
        self.refs = refs
        self.counts = counts
        self._account = account

    def rows(self, first: int, count: int) -> dict[int, Record]:
        """The records at these positions, as the mirror has them now."""
        refs = enumerate(self.refs[first : first + count], first)
        found = ((at, self._account.mirror.get(ref)) for at, ref in refs)
        return {at: record for at, record in found if record is not None}

    def position(self, ref: Ref) -> int | None:
        """Where a record stands among them."""
        return self.refs.index(ref) if ref in self.refs else None

    def sort_out(self) -> None:
        """Leaves out what is not mirrored any more."""
        self.refs = [ref for ref in self.refs if self._account.mirror.get(ref) is not None]


async def hits(account: Account, text: str, kind: str, *, everywhere: bool) -> Hits:
    """Searches on a thread of its own; no call is made. See `store.full_text.find` for what is found."""
    await account.index()
    found, counts = await account.searcher.do(partial(_find, text=text, kind=kind, everywhere=everywhere))
    return Hits(account, kind, text, [Ref(account.name, *each) for each in found], counts)


def _find(mirror: Mirror, text: str, kind: str, everywhere: bool) -> tuple[list[tuple[str, str]], Counts]:
    found = mirror.found(text, kind, _FIRST if everywhere else MOST)
    if everywhere:
        found = list(dict.fromkeys([*found, *mirror.found(text, None, MOST)]))[:MOST]
    return found, Counts(mirror.count_found(text, kind), mirror.count_found(text))
