"""The end of the app where nobody asked for it: a dropped line, a kill, a mistake of the program."""

import asyncio
import contextlib
import signal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from crmtui.model.errors import CrmError
from crmtui.tui.hangup import watch
from crmtui.workspace.reports import keep

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui


class LastWords(NamedTuple):
    """The exit code, and the sentence that stays on the terminal."""

    code: int
    sentence: str


def catch_signals(app: "CrmTui") -> None:
    """A dropped line and a kill end the app like a quit, with the drafts on disk."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGHUP, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, _end, app, number)
    if not app.is_headless:
        watch(partial(loop.call_soon_threadsafe, _end, app, signal.SIGHUP))


def _end(app: "CrmTui", number: int) -> None:
    for screen in app.screen_stack:
        flush = getattr(screen, "flush", None)
        if flush is not None:
            flush()
    app.exit(return_code=128 + number)


def last_words(error: BaseException) -> LastWords:
    """What an error that ended the app leaves; a mistake of ours leaves a redacted log too."""
    if isinstance(error, CrmError):
        return LastWords(error.exit_code, f"crmtui: {error.message}")
    return LastWords(
        70,
        f"crmtui: a mistake of the program ended it ({type(error).__name__}); {keep(error)}"
        " What you typed is kept.",
    )
