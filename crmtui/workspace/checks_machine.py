"""Checks of the machine: the configuration, the rights of its files, and the keyring."""

import os
import shlex
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from crmtui.config import Connection, load
from crmtui.model.errors import ConfigError
from crmtui.paths import config_dir, config_file, data_dir, reason
from crmtui.secrets.chain import needs_keyring
from crmtui.secrets.keyring import Unavailable, probe
from crmtui.workspace.finding import Check

CONFIGURATION = "configuration"
_MOST_FILES = 10_000
_MOST_NAMED = 3


def machine_checks(connections: Sequence[Connection]) -> list[Check]:
    """The checks that no connection is needed for."""

    async def keyring() -> str:
        return _keyring(connections)

    return [Check(CONFIGURATION, _configuration), Check("rights", _rights), Check("keyring", keyring)]


async def _configuration() -> str:
    path, config = config_file(), load()
    if not path.exists():
        return (
            f"There is no {path} yet; crmtui connect NAME --crm spotler makes it with an account in it,"
            " and crmtui demo needs none."
        )
    if not config.connections:
        return f"{path} names no connection yet; crmtui connect NAME --crm spotler adds one."
    return f"{path} is valid; it names {', '.join(config.connections)}."


async def _rights() -> str:
    """DESIGN section 3: folders 0700, files 0600."""
    if os.name != "posix":
        return "This system keeps the files of one user from the others by itself."
    roots = [path for path in (config_dir(), data_dir()) if path.exists()]
    open_ones = [f"{path} ({problem})" for path in _private() if (problem := _problem(path))]
    if open_ones:
        named = ", ".join(open_ones[:_MOST_NAMED])
        more = f" and {len(open_ones) - _MOST_NAMED} more" if len(open_ones) > _MOST_NAMED else ""
        where = shlex.join(str(path) for path in roots)
        raise ConfigError(f"Not private: {named}{more}. Close them to other users: chmod -R go= {where}")
    if not roots:
        return "There are no files yet."
    return f"{' and '.join(map(str, roots))} are closed to other users."


def _private() -> Iterator[Path]:
    """What must be private: the configuration, and everything in the data folder."""
    for path in (config_dir(), config_file(), data_dir()):
        if path.exists():
            yield path
    seen = 0
    for folder, folders, files in os.walk(data_dir()):
        for name in (*folders, *files):
            seen += 1
            if seen > _MOST_FILES:
                return
            yield Path(folder, name)


def _problem(path: Path) -> str | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None  # it may have gone meanwhile, as a write-ahead log does
    except OSError as error:
        return reason(error)
    if state.st_uid != os.getuid():
        return "another user's"
    mode = stat.S_IMODE(state.st_mode)
    return f"mode {mode:04o}" if mode & 0o077 else None


def _keyring(connections: Sequence[Connection]) -> str:
    """A keyring that nobody needs may be missing."""
    answer = probe()
    if not isinstance(answer, Unavailable):
        return f"The keyring answers ({answer.backend})."
    needed = [connection.name for connection in connections if needs_keyring(connection)]
    instead = "set CRMTUI_TOKEN_NAME, or name a token_command or token_file in the configuration"
    if needed:
        raise ConfigError(
            f"The keyring cannot be used: {answer.reason}. The tokens of {', '.join(needed)} are looked for"
            f" there; unlock or start it, or {instead}."
        )
    end = "no connection needs it" if connections else f"for an account without one, {instead}"
    return f"The keyring cannot be used: {answer.reason}; {end}."
