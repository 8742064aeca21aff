"""Runs a helper program that may hang: with a deadline, a limit on what it says, and a sure end."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import IO

_MOST_SAID = 64 * 1024
_DRAIN = 1.0


class Ended:
    """What a program said and how it ended; without a `repr` of fields, for it may have said a token."""

    __slots__ = ("err", "out", "status")

    def __init__(self, status: int | None, out: str, err: str) -> None:
        self.status = status
        """The exit status, minus the signal; None where the deadline ended it."""
        self.out = out
        self.err = err


def run(
    argv: Sequence[str], deadline: float, said: str | None = None, env: dict[str, str] | None = None
) -> Ended:
    """Run a program without a shell and without our terminal; an OSError if it cannot be started."""
    ends = time.monotonic() + deadline
    # A session of its own keeps it from the terminal, and lets its children be ended with it.
    process = subprocess.Popen(  # noqa: S603 - the user's own words, no shell
        list(argv),
        stdin=subprocess.PIPE if said is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
        start_new_session=True,
    )
    try:
        readers = [_Reader(pipe) for pipe in (process.stdout, process.stderr) if pipe]
        if said is not None and process.stdin:
            threading.Thread(target=_feed, args=(process.stdin, said), daemon=True).start()
        status: int | None
        try:
            status = process.wait(max(0.0, ends - time.monotonic()))
        except subprocess.TimeoutExpired:
            status = None
    finally:
        if process.poll() is None:
            _kill(process)
    # A daemon that the program left behind may hold the pipes open for ever: do not wait for it.
    patience = time.monotonic() + _DRAIN
    out, err = (reader.text(patience - time.monotonic()) for reader in readers)
    return Ended(status, out, err)


class _Reader(threading.Thread):
    """Keeps the beginning of what comes through a pipe and throws the rest away."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self._kept = bytearray()
        self.start()

    def run(self) -> None:
        while chunk := os.read(self._pipe.fileno(), 8192):
            self._kept += chunk[: _MOST_SAID - len(self._kept)]
        self._pipe.close()

    def text(self, patience: float) -> str:
        self.join(max(0.0, patience))
        return bytes(self._kept).decode(errors="replace")


def _feed(pipe: IO[bytes], said: str) -> None:
    try:
        with pipe:
            pipe.write(said.encode())
    except OSError:
        return


def _kill(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except OSError:
            process.kill()
    else:
        process.kill()
    process.wait()
