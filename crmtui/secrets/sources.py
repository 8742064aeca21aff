"""The sources of a token that the configuration names: a program that prints it, a file that holds it."""

import os
import stat
from pathlib import Path

from crmtui.config import Connection
from crmtui.model.errors import ConfigError
from crmtui.model.text import clean
from crmtui.paths import config_dir, reason

COMMAND_DEADLINE = 30.0
_LONGEST = 64 * 1024
_LONGEST_SAID = 200


def from_command(connection: Connection) -> str:
    """The first line that `token_command` prints."""
    from crmtui.secrets.process import run

    here = f"token_command of {connection.name} ({clean(connection.token_command[0])})"
    try:
        ended = run(connection.token_command, COMMAND_DEADLINE)
    except (OSError, ValueError) as error:
        said = reason(error) if isinstance(error, OSError) else str(error)
        raise ConfigError(f"{here} cannot be started: {said}. Mend it in the configuration.") from None
    if ended.status is None:
        raise ConfigError(
            f"{here} did not end within {COMMAND_DEADLINE:.0f} seconds and was stopped;"
            " it must not ask anything on the terminal."
        )
    if ended.status != 0:
        raise ConfigError(f"{here} failed with {_status(ended.status)}{_complaint(ended.out, ended.err)}.")
    if not (token := first_line(ended.out)):
        raise ConfigError(f"{here} printed nothing; its first line must be the token.")
    return token


def from_file(connection: Connection) -> str:
    """The first line of `token_file`, which must be the user's own and closed to everybody else."""
    path = _path(connection)
    here = f"token_file of {connection.name} ({path})"
    try:
        # Opened first and judged then, so that what was judged is what is read; a pipe must not block.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    except (OSError, ValueError) as error:
        said = reason(error) if isinstance(error, OSError) else str(error)
        raise ConfigError(f"{here} cannot be read: {said}.") from None
    try:
        if problem := _problem(os.fstat(handle), path):
            raise ConfigError(f"{here} {problem}.")
        content = os.read(handle, _LONGEST)
    except OSError as error:
        raise ConfigError(f"{here} cannot be read: {reason(error)}.") from None
    finally:
        os.close(handle)
    if not (token := first_line(content.decode(errors="replace"))):
        raise ConfigError(f"{here} is empty; its first line must be the token.")
    return token


def first_line(text: str) -> str:
    """The first line that is not blank, without the space around it."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _path(connection: Connection) -> Path:
    named = Path(connection.token_file or "")
    try:
        return config_dir() / named.expanduser()
    except RuntimeError as error:
        raise ConfigError(f"token_file of {connection.name} ({named}): {error}.") from None


def _problem(state: os.stat_result, path: Path) -> str | None:
    if not stat.S_ISREG(state.st_mode):
        return "is no regular file"
    if os.name != "posix":
        return None
    if state.st_uid != os.getuid():
        return "belongs to another user; a token is read from a file of your own only"
    if state.st_mode & 0o077:
        return f"is open to other users (mode {stat.S_IMODE(state.st_mode):04o}); chmod 600 {path}"
    return None


def _status(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit {status}"


def _complaint(out: str, err: str) -> str:
    """The program's last words, without anything that it printed as the token."""
    from crmtui.secrets.redact import Redactor

    redactor = Redactor()
    for line in out.splitlines():
        redactor.register(line.strip())
    lines = [line.strip() for line in err.splitlines() if line.strip()]
    return f": {clean(redactor.redact(lines[-1]))[:_LONGEST_SAID]}" if lines else ""
