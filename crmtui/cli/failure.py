"""How a run ends: every error one line on stderr, every end the exit code that the contract names."""

import os
import sys
from collections.abc import Callable

from crmtui.model.errors import CrmError

INTERRUPTED = 130
CRASHED = 70


def guarded(work: Callable[[], int]) -> int:
    """Runs the work; the exit code it returns, or the one of what ended it."""
    try:
        code = work()
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        _silence()
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except CrmError as error:
        say(error.message)
        return error.exit_code
    except Exception as error:
        return _crashed(error)


def say(message: str) -> None:
    """One line on stderr, harmless to a terminal and without any token."""
    from crmtui.model.text import clean
    from crmtui.workspace.opening import redactor

    if sys.stderr is not None:
        print(f"crmtui: {clean(redactor.redact(message))}", file=sys.stderr, flush=True)


def _silence() -> None:
    """Nobody reads any more: what is still buffered must not complain at the interpreter's end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _crashed(error: Exception) -> int:
    """Names the file of the report."""
    from crmtui.workspace.reports import keep

    say(f"Something unforeseen ended crmtui ({type(error).__name__}); {keep(error)}")
    return CRASHED
