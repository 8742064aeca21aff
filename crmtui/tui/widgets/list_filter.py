"""The filter of a list: the line that it is typed into, and what the words come to mean."""

from contextlib import suppress
from typing import TYPE_CHECKING

from textual.containers import Vertical

from crmtui.model.bind import Where
from crmtui.model.errors import CrmError
from crmtui.model.schema import Field, Kind
from crmtui.model.where import WhereError
from crmtui.tui.behind import behind
from crmtui.tui.widgets.ask_line import AskLine
from crmtui.workspace.filter_bar import FilterBar

if TYPE_CHECKING:
    from crmtui.tui.widgets.list_pane import ListPane

_EXAMPLE = "type=Customer value>1000 (name~acme or phone=)"


class ListFilter(Vertical):
    """Stands above the rows of a pane, and is empty while nothing is typed."""

    DEFAULT_CSS = "ListFilter { height: auto; }"

    def __init__(self, pane: "ListPane") -> None:
        super().__init__()
        self._pane = pane
        self._kind = pane.kind
        self._bar = FilterBar(pane.desk, pane.kind)

    async def ask(self) -> None:
        """A line for a filter."""
        await self.remove_children()
        line = AskLine(_EXAMPLE, self._pane.filter, self._bar_now)
        await self.mount(line)
        line.take_keys()

    async def search(self) -> None:
        """A line for a search."""
        from crmtui.tui.widgets.search_line import SearchLine

        await self.remove_children()
        line = SearchLine(self._pane, self)
        self._pane.begin_search(line.searching)
        await self.mount(line)
        line.take_keys()

    @property
    def _bar_now(self) -> FilterBar:
        """The bar of the kind that the pane shows."""
        if self._kind is not self._pane.kind:
            self._kind = self._pane.kind
            self._bar = FilterBar(self._pane.desk, self._kind)
        return self._bar

    # -- what the line tells

    async def on_ask_line_entered(self, event: AskLine.Entered) -> None:
        """The service is asked, and the rows get the keys."""
        text, bar = event.text.strip(), self._bar_now
        try:
            where = await bar.where(text)
        except WhereError as error:
            self.query_one(AskLine).wrong(error)
            return
        if text:
            bar.remember(text)
        await self._take(text, where)

    async def ask_for(self, text: str) -> None:
        """Filters by a text as if it had been typed."""
        try:
            where = await self._bar_now.where(text)
        except WhereError as error:
            self.app.notify(str(error), severity="error", markup=False)
            return
        await self._take(text, where)

    async def ask_name(self, text: str) -> None:
        """Asks the service for the records with this in their names; without a text for all."""
        kind = self._pane.kind
        if text and not kind.title:
            self.app.notify(f"{kind.label} have no name that the service could be asked for.", markup=False)
            return
        text = _named(kind, text) if text else ""
        await self._take(text, await self._bar_now.where(text))

    async def _take(self, text: str, where: Where | None) -> None:
        await self.remove_children()
        self._pane.apply(text, where)
        self._pane.refresh_rows()
        self._pane.rows.focus()
        for field in self._bar_now.named(text):
            self._learn(field)

    async def on_ask_line_left(self, event: AskLine.Left) -> None:
        """Escape: the list is what it was before."""
        await self.remove_children()
        self._pane.rows.focus()

    def on_ask_line_wanted(self, event: AskLine.Wanted) -> None:
        """A value of the field is being typed."""
        if self._bar_now.lacks(event.field):
            self._learn(event.field)

    # -- values that are not known

    def _learn(self, field: Field) -> None:
        behind(self, self._know(field), f"values of {field.name}")

    async def _know(self, field: Field) -> None:
        """Asks for a field's values, which may give the filter another meaning; without them it stands."""
        bar, pane = self._bar_now, self._pane
        with suppress(CrmError):
            await bar.learn(field)
        if bar is not self._bar_now:
            return
        for line in self.query(AskLine):
            line.learn()
        with suppress(WhereError):
            where = await bar.where(pane.filter)
            if where != pane.where:
                pane.apply(pane.filter, where)
                pane.refresh_rows()


def _named(kind: Kind, text: str) -> str:
    """The filter by which a service is asked for a name."""
    quoted = text.replace('"', '\\"')
    terms = " or ".join(f'{name}~"{quoted}"' for name in kind.title)
    return f"({terms})" if len(kind.title) > 1 else terms
