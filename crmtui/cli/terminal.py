"""The terminal that a command may have: asked on, measured, written progress to."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from crmtui.model.call import Progress, unwatched
from crmtui.model.errors import UsageError
from crmtui.workspace.account import Account
from crmtui.workspace.progress import Steps, amount

_DUMB = frozenset({"dumb", "unknown"})


def is_terminal(*streams: IO[Any] | None) -> bool:
    """Whether all of these are there and are terminals."""
    return all(stream is not None and not stream.closed and stream.isatty() for stream in streams)


def need_terminal(what: str) -> None:
    """Refuses to begin what only a person at a terminal can use."""
    if not is_terminal(sys.stdin, sys.stdout):
        raise UsageError(f"{what} needs a terminal; crmtui --help names the commands that scripts can use.")
    if (kind := os.environ.get("TERM", "").lower()) in _DUMB:
        raise UsageError(
            f"{what} needs a terminal that can place text, and TERM={kind} says this one cannot."
        )


def asker(name: str) -> Callable[[], str] | None:
    """Asks for a connection's token without showing it; None where there is nobody to ask."""
    if not is_terminal(sys.stdin, sys.stderr):
        return None
    return lambda: ask_hidden(f"Token of {name} (not shown, kept for this run only): ")


def ask_hidden(prompt: str) -> str:
    """What a person types, unseen; the terminal shows what is typed again even after ctrl+c."""
    import atexit
    import getpass

    restore = _echo()
    # The question stands on a thread that an interrupt does not end, and which cannot clean up after itself.
    atexit.register(restore)
    try:
        return getpass.getpass(prompt, sys.stderr)
    except EOFError:
        return ""
    finally:
        atexit.unregister(restore)


def _echo() -> Callable[[], None]:
    """Puts the terminal back as it is now."""
    try:
        import termios

        handle = sys.stdin.fileno()
        state = termios.tcgetattr(handle)
    except (ImportError, OSError, ValueError, termios.error):
        return lambda: None
    return lambda: termios.tcsetattr(handle, termios.TCSADRAIN, state)


@contextmanager
def progress(account: Account, what: str) -> Iterator[None]:
    """Counts the calls of a long reading on one line of stderr, if that is a terminal."""
    if not is_terminal(sys.stderr):
        yield
        return
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1
        if calls > 1:
            print(f"\rcrmtui: reading {what}, {calls} calls so far ", end="", file=sys.stderr, flush=True)

    account.on_call = count
    try:
        yield
    finally:
        account.on_call = lambda: None
        if calls > 1:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


@contextmanager
def transfer(verb: str) -> Iterator[Progress]:
    """Tells on one line of stderr how far a file is, if that is a terminal."""
    if not is_terminal(sys.stderr):
        yield unwatched
        return
    steps = Steps()

    def show(done: int, total: int | None) -> None:
        if steps.due(done, total):
            print(f"\r\x1b[Kcrmtui: {verb} {amount(done, total)} ", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
