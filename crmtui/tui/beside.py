"""The panes beside a record: which one has the focus, and which were ever asked for."""

import asyncio

from textual.app import ComposeResult
from textual.containers import Vertical

from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Ref
from crmtui.tui.panes import Pane
from crmtui.tui.record_panes import panes_of, sources_of
from crmtui.workspace.desk import Desk


class Beside(Vertical):
    """All panes of one record, one above the other."""

    def __init__(self, desk: Desk, ref: Ref) -> None:
        super().__init__(id="side")
        self._desk = desk
        self.panes = panes_of(desk, ref)

    def compose(self) -> ComposeResult:
        yield from self.panes

    @property
    def here(self) -> Pane | None:
        """The pane with the focus; None while the focus is elsewhere."""
        return next((pane for pane in self.panes if pane.rows.has_focus), None)

    def fold(self, narrow: bool) -> None:
        """Where there is little room, the pane with the focus has it."""
        here = self.here
        for pane in self.panes:
            pane.fold(narrow and pane is not here)
        self.set_class(narrow and here is None, "-folded")

    def show(self, record: Record) -> None:
        """Draws what the mirror has beside it."""
        for pane in self.panes:
            pane.show(record)

    def turn(self, ref: Ref) -> None:
        """Stands beside another record of the same kind."""
        for pane, source in zip(self.panes, sources_of(self._desk, ref).values(), strict=True):
            pane.source = source

    def take(self, record: Record) -> bool:
        """A record was written: whether it is shown here."""
        return any(pane.source.take(record) for pane in self.panes)

    async def ask(self) -> CrmError | None:
        """Asks again for what was read before, and for the pane with the focus; the first failure."""
        here = self.here
        wanted = [pane for pane in self.panes if pane.source.known or pane is here]
        known = [pane for pane in wanted if not pane.source.with_record]
        failures = await asyncio.gather(*(pane.source.ask() for pane in known))
        return next((failure for failure in failures if failure), None)
