"""How many calls may leave at once, and how many a second: one count for all processes of a person."""

import contextlib
import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from crmtui.model.errors import ConfigError
from crmtui.model.pace import Pace
from crmtui.paths import ensure_private

try:
    import fcntl
except ImportError:  # a system without it has no such locks: each process keeps its own count
    fcntl = None  # type: ignore[assignment]

_FORM: Final = struct.Struct("<d")
_MOST_WAIT: Final = 30.0
"""Seconds that a turn can lie ahead; a count that says more was written by another clock."""


class Bucket:
    """The turns of calls to a service, kept in a file; the moment at which the bucket is full again."""

    def __init__(self, path: Path, pace: Pace) -> None:
        self._path = path
        self._every = 1 / pace.per_second
        self._ahead = (pace.burst - 1) * self._every
        self._burst = pace.burst
        self._full_at = 0.0

    def take(self) -> float:
        """Takes the next turn: the seconds until it comes, 0 for now."""
        with self._shared():
            now = time.time()
            full_at = now if not now <= self._full_at <= now + _MOST_WAIT else self._full_at
            self._full_at = full_at + self._every
            return max(0.0, full_at - now - self._ahead)

    @property
    def left(self) -> int:
        """The calls that could leave at this moment."""
        with self._shared(keep=False):
            behind = max(0.0, self._full_at - time.time())
        return max(0, self._burst - round(behind / self._every + 0.499))

    @contextlib.contextmanager
    def _shared(self, *, keep: bool = True) -> Iterator[None]:
        """The count as all processes know it, and what becomes of it; without a file it is this one's."""
        try:
            ensure_private(self._path.parent)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except (OSError, ConfigError):
            yield
            return
        try:
            if fcntl is not None:
                with contextlib.suppress(OSError):
                    fcntl.flock(handle, fcntl.LOCK_EX)
            held = os.pread(handle, _FORM.size, 0)
            if len(held) == _FORM.size:
                (self._full_at,) = _FORM.unpack(held)
            yield
            if keep:
                os.pwrite(handle, _FORM.pack(self._full_at), 0)
        finally:
            os.close(handle)
