"""Where the files lie, and how a private one is written."""

import os
import stat
from pathlib import Path

from crmtui.model.errors import ConfigError


def config_dir() -> Path:
    """The folder of `config.yaml`: CRMTUI_CONFIG_DIR, else the platform's own place."""
    if named := os.environ.get("CRMTUI_CONFIG_DIR"):
        return _absolute(named)
    import platformdirs

    return platformdirs.user_config_path("crmtui", appauthor=False)


def data_dir() -> Path:
    """The folder of mirrors, journals and logs: CRMTUI_DATA_DIR, else the platform's own place."""
    if named := os.environ.get("CRMTUI_DATA_DIR"):
        return _absolute(named)
    import platformdirs

    return platformdirs.user_data_path("crmtui", appauthor=False)


def config_file() -> Path:
    """The configuration file, whether it exists or not."""
    return config_dir() / "config.yaml"


def connection_dir(name: str, base: Path | None = None) -> Path:
    """Where one connection's `mirror.db` and `journal.db` lie, below `base` or the data folder."""
    if name != Path(name).name or name in {"", ".", ".."}:
        raise ConfigError(f"{name!r} cannot be a connection's name: its files need a folder of that name.")
    return (base or data_dir()) / "connections" / name


def log_dir() -> Path:
    """The folder of the debug logs."""
    return data_dir() / "logs"


def demo_dir() -> Path:
    """The data folder of `crmtui demo`, apart from the user's own."""
    return data_dir() / "demo"


def sandbox_dir() -> Path:
    """Where the sandbox keeps its records."""
    return data_dir() / "sandbox"


def ensure_private(directory: Path) -> Path:
    """The directory, made with its missing parents and closed to everybody but its owner."""
    try:
        missing = [directory, *directory.parents]
        for parent in reversed(missing):
            if not parent.is_dir():
                parent.mkdir(mode=0o700, exist_ok=True)
        _close(directory)
    except OSError as error:
        raise _sentence("make the folder", Path(error.filename or directory), error) from error
    return directory


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read: whole or not at all, even when the power fails."""
    ensure_private(path.parent)
    scratch = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(scratch, path)
        except BaseException:  # whatever stops it, a ctrl+c too, leaves no half-written file
            scratch.unlink(missing_ok=True)
            raise
        _sync_directory(path.parent)
    except OSError as error:
        raise _sentence("write", path, error) from error


def reason(error: OSError) -> str:
    """The operating system's words for what went wrong, without numbers and paths."""
    return error.strerror or type(error).__name__


def _absolute(named: str) -> Path:
    try:
        return Path(named).expanduser().absolute()
    except (OSError, RuntimeError) as error:
        raise ConfigError(f"There is no folder {named!r}: {error}.") from error


def _close(directory: Path) -> None:
    """Take the rights of others from a folder of ours; a shared one such as /tmp stays as it is."""
    if os.name != "posix":
        return
    state = directory.stat()
    shared = bool(state.st_mode & stat.S_ISVTX) or state.st_uid != os.getuid()
    if state.st_mode & 0o077 and not shared:
        directory.chmod(0o700)


def _sync_directory(directory: Path) -> None:
    """Make a rename outlive a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sentence(deed: str, path: Path, error: OSError) -> ConfigError:
    return ConfigError(
        f"Cannot {deed} {path}: {reason(error)}. Mend that, or name other folders in CRMTUI_CONFIG_DIR"
        " and CRMTUI_DATA_DIR."
    )
