"""Notices that the terminal is gone where no signal tells: a program that writes to nobody must end."""

import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable

_GRACE = 2.0
"""Seconds for a clean end; after them the program is stuck in a write that nobody reads."""
CODE = 128 + getattr(signal, "SIGHUP", 1)


def watch(end: Callable[[], object]) -> None:
    """Calls `end` on a thread of its own once the terminal has hung up; costs nothing until then."""
    if not hasattr(select, "poll") or not sys.stdin or not sys.stdin.isatty():
        return
    # Without events of its own a poll still reports a hang-up, and takes no key from the reader.
    poll = select.poll()
    poll.register(sys.stdin.fileno(), 0)

    def wait() -> None:
        if poll.poll():
            with contextlib.suppress(RuntimeError):  # the loop may have ended already
                end()
            time.sleep(_GRACE)
            os._exit(CODE)

    threading.Thread(target=wait, name="hangup", daemon=True).start()
