"""Work behind the screen, in named groups: its errors reach the person, and a bug in it is not hidden."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, cast

from textual.dom import DOMNode

from crmtui.model.errors import CrmError
from crmtui.workspace.reports import keep

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui


def behind(node: DOMNode, work: Coroutine[Any, Any, None], group: str, *, exclusive: bool = True) -> None:
    """Runs work as long as the node lives; `exclusive` ends what runs in the node's group of that name."""
    app = cast("CrmTui", node.app)
    node.run_worker(_guarded(app, work), group=group, exclusive=exclusive, exit_on_error=False)


async def _guarded(app: "CrmTui", work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except CrmError as error:
        app.say(error.message, error=True)
    except Exception as error:  # a bug behind the screen must neither end the app nor go unseen
        app.say(f"A mistake of the program ({type(error).__name__}); {keep(error)}", error=True)
