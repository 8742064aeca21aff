"""The way of a key: to what is opening, to the next field, or to what had the focus when it was pressed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual import events

from crmtui.tui.held_keys import AimedKey, HeldKeys

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui


class KeyWay:
    """Stands between the terminal and Textual's own handling of events."""

    def __init__(self, app: "CrmTui") -> None:
        self._app = app
        self._held = HeldKeys()

    def hold(self) -> None:
        """A screen is opening: what is typed from now on is meant for it."""
        self._held.hold()

    def drop(self) -> None:
        """It does not open after all."""
        self._held.drop()

    def released(self) -> Iterator[events.Event]:
        """It is open: what was typed meanwhile, and what is typed while that is handled."""
        while (event := self._held.next()) is not None:
            if not self._stepped(event):
                yield self._aimed(event)

    def sent(self, event: events.Event) -> events.Event | None:
        """An event as it goes on, None where it goes no further.

        Keys pressed while a form is opening wait for it; escape gives the opening up.
        """
        if self._held.holding and isinstance(event, events.Key) and event.key == "escape":
            self._held.drop()
            self._app.workers.cancel_group(self._app, "form")
            return None
        if self._held.take(event) or self._stepped(event):
            return None
        return self._aimed(event)

    def _stepped(self, event: events.Event) -> bool:
        """Whether a key has led to another field, at once and before the keys behind it."""
        if not isinstance(event, events.Key) or event.is_forwarded or not self._app.screen_stack:
            return False
        step = getattr(self._app.screen, "step", None)
        return step is not None and bool(step(event.key))

    def _aimed(self, event: events.Event) -> events.Event:
        """A key with its target; one that comes back from a widget that lost the focus sets out again."""
        if not isinstance(event, events.Key) or (event.is_forwarded and not isinstance(event, AimedKey)):
            return event
        target = self._app.focused or self._app.screen
        if isinstance(event, AimedKey) and event.target is target:
            return event
        return AimedKey(event.key, event.character, target)
