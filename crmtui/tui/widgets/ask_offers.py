"""What can stand in a line that is typed: the list beneath it, and the keys that are the list's."""

from collections.abc import Callable, Sequence
from typing import Protocol

from textual.geometry import Region

from crmtui.model.where import WhereError
from crmtui.tui.widgets.drop_list import MOST, DropList, Offer
from crmtui.workspace.completion import Candidate, Completion

STEPS = {"down": 1, "up": -1, "pagedown": MOST, "pageup": -MOST}
"""The keys that move in the list, and by how many places."""


class Bar(Protocol):
    """What knows what can be typed into the line."""

    @property
    def recent(self) -> Sequence[str]:
        """Texts that were entered before, the newest first."""

    def complete(self, text: str, cursor: int) -> Completion:
        """What can stand at the cursor."""

    async def check(self, text: str) -> WhereError | None:
        """What is wrong with a text."""


class AskOffers:
    """The list of one line: what it shows, and what is taken from it."""

    def __init__(self, take: Callable[[Candidate], None]) -> None:
        """`take` types a candidate."""
        self.list = DropList()
        self._take = take
        self._candidates: Sequence[Candidate] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.list.owner is self

    def open(self, completion: Completion, anchor: Region) -> None:
        """Shows what can stand there; closes where that is nothing."""
        if not completion.candidates:
            self.close()
            return
        self._candidates = completion.candidates
        offers = [Offer(each.label, each.note) for each in completion.candidates]
        self.list.open(self, anchor, offers, completion.typed, cursor=-1, least=-1)

    def open_recent(self, texts: Sequence[str], end: int, anchor: Region) -> None:
        """Shows whole texts; one that is taken replaces what is typed, up to `end`."""
        self._candidates = [Candidate(text, (0, end), text) for text in texts]
        if texts:
            self.list.open(self, anchor, [Offer(text) for text in texts])

    def close(self) -> None:
        """Shows nothing."""
        self.list.close()

    def take(self, index: int) -> None:
        """That candidate is typed."""
        self._take(self._candidates[index])

    def press(self, key: str) -> bool:
        """Whether a key was the open list's; `tab` takes what is first."""
        if not self.is_open:
            return False
        chosen = self.list.chosen
        if key in STEPS:
            self.list.move(STEPS[key])
        elif key == "tab" and chosen is None and self._candidates[0].goes_on:
            self.list.move(1)
        elif key == "tab" or (key == "enter" and chosen is not None):
            self.take(chosen or 0)
        elif key == "escape":
            self.close()
        else:
            return False
        return True
