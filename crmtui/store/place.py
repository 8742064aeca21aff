"""What the place of a file allows: writing it, and sharing memory with other processes."""

import os
from pathlib import Path

_MOUNTS = Path("/proc/self/mounts")
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "coda", "glusterfs", "lustre", "virtiofs"}
)


def is_read_only(path: Path) -> bool:
    """Whether a file, or what it would be made in, cannot be written by this user."""
    if path.exists() and not os.access(path, os.W_OK):
        return True
    folder = next(folder for folder in path.absolute().parents if folder.exists())
    return folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK)


def is_network(path: Path) -> bool:
    """Whether a file lies on another machine, where SQLite's write-ahead log would not be seen by all."""
    try:
        lines = _MOUNTS.read_text("utf-8", "replace").splitlines()
    except OSError:  # a system that does not tell
        return False
    real = os.path.realpath(path)
    best, found = "", ""
    for _, mount, kind, *_ in (line.split(" ") for line in lines):
        # A space stands as \040.
        place = mount.encode().decode("unicode_escape")
        inside = real == place or real.startswith(place.rstrip("/") + "/")
        if inside and len(place) >= len(best):
            best, found = place, kind
    return found in _NETWORK or found.startswith(("fuse.sshfs", "fuse.glusterfs", "fuse.rclone"))
