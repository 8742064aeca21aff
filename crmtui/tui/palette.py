"""What the palette offers on a screen."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.screen import Screen

from crmtui.model.text import clean
from crmtui.tui.command import keys_of
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.theme import theme_names
from crmtui.tui.widgets.columns import fit

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui

Offer = tuple[str, str, Callable[[], Any]]
_TITLE = 22


class Offers(Provider):
    """The palette's lines: each as `Content`, since Textual would read markup out of a plain text."""

    async def discover(self) -> Hits:
        """All of them, the screen's own commands first."""
        for title, help_, run in self._offers():
            yield DiscoveryHit(_line(title, help_), run, text=title)

    async def search(self, query: str) -> Hits:
        """Those whose title has the letters of the query in that order."""
        matcher = self.matcher(query)
        for title, help_, run in self._offers():
            score, places = matcher.fuzzy_search.match(query, title)
            if score > 0:
                yield Hit(score, _line(title, help_, places), run, text=title)

    def _offers(self) -> Iterator[Offer]:
        return offers(cast("CrmTui", self.app), self.screen)


def _line(title: str, help_: str, places: Sequence[int] = ()) -> Content:
    name = Content(fit(title, _TITLE) if len(title) < _TITLE else f"{title} ")
    for place in places:
        name = name.stylize("$accent underline", place, place + 1)
    return Content.assemble(name.stylize_before("bold"), (clean(help_), "$text-label not bold"))


def offers(app: "CrmTui", screen: Screen[Any]) -> Iterator[Offer]:
    """(title, help, what runs it): the screen's commands, then kinds, connections and themes."""
    if isinstance(screen, CommandScreen):
        for command in screen.commands:
            if command.id == "palette":
                continue
            keys = " ".join(keys_of(command, app.keymap))
            reason = screen.why_not(command.id)
            help_ = f"{command.help} ({keys})" if reason is None else f"Not now: {reason}"
            yield f"{command.word.capitalize()}", help_, partial(screen.action_command, command.id)
    desk = getattr(screen, "desk", None)
    if desk is not None:
        for kind in desk.account.adapter.kinds.values():
            if kind.within:
                continue
            go = partial(app.switch_account, desk.account.name, kind.name)
            yield f"Go to {clean(kind.label)}", f"The {kind.label.lower()} of {desk.account.name}.", go
    for name in app.config.connections:
        yield f"Connect to {name}", "Another account.", partial(app.switch_account, name)
    for name in theme_names():
        yield f"Theme {name}", "Colours, until the app ends.", partial(app.choose_theme, name)
