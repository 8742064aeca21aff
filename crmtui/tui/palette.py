"""What the palette offers on a screen."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from crmtui.tui.command import keys_of
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.theme import theme_names

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui

Offer = tuple[str, str, Callable[[], Any]]


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
            go = partial(app.switch_account, desk.account.name, kind.name)
            yield f"Go to {kind.label}", f"The {kind.label.lower()} of {desk.account.name}.", go
    for name in app.config.connections:
        yield f"Connect to {name}", "Another account.", partial(app.switch_account, name)
    for name in theme_names():
        yield f"Theme {name}", "Colours, until the app ends.", partial(app.choose_theme, name)
