"""The filter of a list: the line that it or a search is typed into, and what the words come to mean."""

from contextlib import suppress
from typing import TYPE_CHECKING

from textual.containers import Vertical

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
        await self._open("filter", _EXAMPLE, self._pane.filter, self._bar_now)

    async def search(self) -> None:
        """A line for a name."""
        await self._open("search", f"search {self._pane.kind.label.lower()} by name", "")

    async def _open(self, purpose: str, placeholder: str, value: str, bar: FilterBar | None = None) -> None:
        await self.remove_children()
        line = AskLine(placeholder, value, bar)
        line.add_class(purpose)
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

    def on_ask_line_typed(self, event: AskLine.Typed) -> None:
        """A search shows what the mirror has with each letter; it costs no call."""
        line = self.query_one(AskLine)
        if type(event) is AskLine.Typed and line.has_class("search") and event.text.strip():
            self._pane.show_named(event.text.strip())

    async def on_ask_line_entered(self, event: AskLine.Entered) -> None:
        """The service is asked, and the rows get the keys."""
        line, pane, bar = self.query_one(AskLine), self._pane, self._bar_now
        text = event.text.strip()
        if text and line.has_class("search"):
            text = _named(pane.kind, text)
        try:
            where = await bar.where(text)
        except WhereError as error:
            line.wrong(error)
            return
        if text and line.has_class("filter"):
            bar.remember(text)
        await line.remove()
        pane.apply(text, where)
        pane.refresh_rows()
        pane.rows.focus()
        for field in bar.named(text):
            self._learn(field)

    async def on_ask_line_left(self, event: AskLine.Left) -> None:
        """Escape: the list is what it was before."""
        search = self.query_one(AskLine).has_class("search")
        await self.remove_children()
        if search:
            self._pane.show_rows()
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
