"""The end of a token in words."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from crmtui.model.errors import AuthFailed
from crmtui.secrets import COMMAND, FILE, KEYRING, TYPED

_SOON = 30
"""Days before its end from which on a token is warned of."""


def warning(name: str, ends: float | None, help_: str) -> str | None:
    """Says that a connection's token ends within 30 days, or has ended; None where neither is so."""
    now = time.time()
    if ends is None or ends - now > _SOON * 86_400:
        return None
    when = f"ended on {day(ends)}" if ends <= now else f"ends on {day(ends)}, {_ahead(ends, now)}"
    return f"The token of {name} {when}. Make a new one, then crmtui connect {name} --replace. {help_}"


def day(moment: float) -> str:
    """The day of a UTC second on the person's own calendar, `3 Mar 2027`."""
    found = datetime.fromtimestamp(moment)
    return f"{found.day} {found:%b %Y}"


@contextmanager
def naming_end(name: str, ends: float | None, source: str | None) -> Iterator[None]:
    """A refusal of a token says if it has ended, and how another is given; `source` is where it came from."""
    try:
        yield
    except AuthFailed as error:
        if ends is not None and ends <= time.time():
            error.message += f" The token ended on {day(ends)}."
        if error.words:
            error.message += _another(name, source)
        raise


def _another(name: str, source: str | None) -> str:
    """How another token is given, so that it is the one that is found."""
    if source in (None, KEYRING, TYPED):
        return f" Store another with crmtui connect {name} --replace."
    if source in (COMMAND, FILE):
        return f" It came from the connection's {source}, which wins over the keyring: put another there."
    return (
        f" It came from {source}, which wins over the keyring: set {source} to another, or unset it and store"
        f" one with crmtui connect {name} --replace."
    )


def _ahead(ends: float, now: float) -> str:
    days = (datetime.fromtimestamp(ends).date() - datetime.fromtimestamp(now).date()).days
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
