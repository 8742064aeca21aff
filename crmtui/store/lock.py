"""A lock between processes, which the system opens when its holder dies."""

import os
from pathlib import Path

from crmtui.model.errors import ConfigError
from crmtui.paths import ensure_private

try:
    import fcntl
except ImportError:  # a system without it has no such locks, and everybody holds them
    fcntl = None  # type: ignore[assignment]


class Lock:
    """A lock on a file that is there for nothing else."""

    def __init__(self, path: Path | None) -> None:
        """`path` None is a lock that nobody else knows of."""
        self._path = path
        self._handle: int | None = None
        self._is_ours = False

    def take(self, *, shared: bool = False) -> bool:
        """Whether the lock is taken, alone or shared; where the system has none, nobody else has it."""
        if self._is_ours and not shared:
            return False
        if not self._take(shared):
            return False
        self._is_ours = not shared
        return True

    def _take(self, shared: bool) -> bool:
        if self._path is None or fcntl is None:
            return True
        try:
            if self._handle is None:
                ensure_private(self._path.parent)
                self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except (OSError, ConfigError):  # a folder that cannot be written, a file system without locks
            return True
        return True

    def leave(self) -> None:
        """Gives the lock back."""
        self._is_ours = False
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)
