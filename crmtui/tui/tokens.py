"""Tokens that the person types: asked for on a screen, kept in memory for this run only."""

from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeAlias

from crmtui.workspace.account import unasked
from crmtui.workspace.desk import Desk

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui

_Then: TypeAlias = Callable[[str | None], None] | Callable[[str | None], Awaitable[None]]


class Tokens:
    """The tokens of this run by connection; they come before those of the environment and the keyring."""

    def __init__(self, app: "CrmTui", given: Mapping[str, str]) -> None:
        self._app = app
        self.known = dict(given)

    def find(self, name: str) -> str:
        """Asks for a token that is nowhere; runs on the thread that looks for tokens, which waits here.

        Nobody is asked for what goes on behind the screen.
        """
        if unasked.get():
            return ""
        answer: Future[str] = Future()

        def take(token: str | None) -> None:
            answer.set_result(token or "")

        self._app.call_from_thread(self._ask, name, "No token was found.", take)
        return answer.result()

    def replace(self, desk: Desk) -> None:
        """Asks for another token; what is on the screen asks the service again with it."""
        name = desk.account.name

        async def use(token: str | None) -> None:
            if token:
                self.known[name] = token
                await desk.account.hang_up()
                desk.courier.hurry()
                await self._app.screen.run_action("command('refresh')")

        self._ask(name, "Another token instead of the present one.", use)

    def _ask(self, name: str, why: str, then: _Then) -> None:
        from crmtui.tui.screens.token import TokenScreen

        # Keys that wait for a form must not be withheld from this.
        self._app.keys.drop()
        where = self._app.desks[name].account.adapter.token_help
        self._app.push_screen(TokenScreen(name, f"{why} {where}"), then)
