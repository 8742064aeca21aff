"""What a list says of itself: how old its rows are, and why there are none."""

from typing import NamedTuple

from crmtui.model.errors import CrmError, Forbidden, NotFound
from crmtui.model.schema import Kind
from crmtui.tui.format import ago

CLOSED = (Forbidden, NotFound)
"""What a service answers of a kind that the plan leaves out."""


class ListState(NamedTuple):
    """A list as it stands: `total` and `read` (seconds since 1970) are None where they are not known.

    `asked`: the service was asked since the list was opened, and answered or failed with `error`.
    `found`: the rows are what the mirror holds, for the list itself was never read. `synced`: they are
    all that the service had at that time. `window`: the period that is listed where the filter names none.
    """

    kind: Kind
    filter: str
    total: int | None
    read: float | None
    asked: bool
    error: CrmError | None
    found: bool
    synced: bool = False
    window: str = ""

    @property
    def title(self) -> str:
        """What the list is of."""
        return " · ".join(filter(None, (self.kind.label, self.window, self.filter)))

    @property
    def figure(self) -> str:
        """How many rows it has."""
        return "" if self.total is None else f"{self.total:,}"

    def age(self, now: float) -> tuple[str, str]:
        """How old the rows are, or what is awaited; and its colour."""
        words = ago(self.read, now)
        if self.error is not None and self.read:
            return f"{'what is here, read ' if self.found else 'as of '}{words}", "$warning"
        if isinstance(self.error, CLOSED):
            words = "switched off"
        elif not self.asked:
            words = f"{'synced' if self.synced else 'read'} {words} · asking …" if self.read else "loading …"
        elif self.read:
            words = f"{'synced' if self.synced else 'read'} {words}"
        return words, "$text-dim"

    @property
    def why_empty(self) -> str:
        """The sentence that stands in the place of rows; nothing where there are some, or may be."""
        nothing = self.error is not None and not self.read
        if not nothing and not (self.total == 0 and self.asked):
            return ""
        if isinstance(self.error, CLOSED):
            return f"{self.kind.label}: {self.error.message} r asks again."
        if nothing:
            return "Nothing of this list is here yet. r asks again."
        label = " in ".join(filter(None, (self.kind.label.lower(), self.window)))
        if self.filter:
            return f"No {label} with {self.filter}. f changes the filter, esc takes it away."
        return f"No {label} yet." + (" n makes one." if self.kind.can.create else "")
