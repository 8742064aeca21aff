"""The parsed configuration kept as JSON, so that a start needs no YAML parser.

It holds what the file says and therefore no token; whatever is odd about it makes it as good as missing.
"""

import os

import msgspec

import crmtui
from crmtui.config.connection import Config
from crmtui.model.errors import ConfigError
from crmtui.paths import data_dir, write_private

Stamp = tuple[str, str, int, int, int, int]
"""Program version, path, mtime, ctime, size, inode: any difference means the file must be read again."""


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stamp: Stamp
    config: Config


def stamp(path: str, state: os.stat_result) -> Stamp:
    """What tells that the file is still the one that was parsed."""
    return (crmtui.__version__, path, state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino)


def recall(wanted: Stamp) -> Config | None:
    """The parsed configuration, if the one that is kept came from exactly this file."""
    try:
        kept = msgspec.json.decode((data_dir() / "cache" / "config.json").read_bytes(), type=_Kept)
    except (OSError, ValueError, RecursionError, ConfigError):
        return None
    return kept.config if kept.stamp == wanted else None


def keep(of: Stamp, config: Config) -> None:
    """Keep it for the next start; a data folder that cannot be written to is no reason to stop."""
    try:
        write_private(data_dir() / "cache" / "config.json", msgspec.json.encode(_Kept(of, config)))
    except ConfigError:
        return
