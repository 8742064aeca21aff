"""A running crmtui, known to others that share its files by the lock it holds for as long as it lives."""

import contextlib
import fcntl
import os
from pathlib import Path


class Instance:
    """This process, as the journal names it; the system lets go of its lock however it ends."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` holds a file for each instance; None where nobody else can share the journal."""
        self._folder = folder
        self._handle: int | None = None
        self._id = ""

    @property
    def id(self) -> str:
        """The name of this instance; it is locked before it is told."""
        if not self._id:
            self._id = os.urandom(6).hex()
            if self._folder is not None:
                self._lock(self._folder)
        return self._id

    def is_other(self, name: str | None) -> bool:
        """Whether that is the name of another instance."""
        return name is not None and name != self._id

    def lives(self, other: str) -> bool:
        """Whether the instance of that name still runs."""
        if other == self._id:
            return True
        if self._folder is None:
            return False
        path = self._folder / other
        try:
            handle = os.open(path, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            path.unlink(missing_ok=True)
            return False
        finally:
            os.close(handle)

    def close(self) -> None:
        """This instance is no more."""
        if self._handle is not None and self._folder is not None:
            with contextlib.suppress(OSError):
                (self._folder / self._id).unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None
        self._id = ""

    def _lock(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        # Locked under another name first: nobody may find it unlocked and take it for dead.
        scratch = folder / f".{self._id}"
        self._handle = os.open(scratch, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        scratch.rename(folder / self._id)
