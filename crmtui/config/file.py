"""Reading and writing `config.yaml`."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crmtui.config import cache
from crmtui.config.connection import Config, Connection
from crmtui.model.errors import ConfigError, UsageError
from crmtui.paths import config_file, reason, write_private

if TYPE_CHECKING:
    from crmtui.config.document import Table

# What only a changed file needs is imported where it is used: a usual start finds the cache fresh.


def load(path: Path | None = None) -> Config:
    """The configuration, empty where there is no file; a `ConfigError` names what is wrong in it."""
    path = (path or config_file()).absolute()
    try:
        state = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return Config()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    stamp = cache.stamp(str(path), state)
    if (known := cache.recall(stamp)) is not None:
        return known
    config = read(_text(path), path)[1]
    cache.keep(stamp, config)
    return config


def read(text: str, path: Path) -> tuple["Table", Config]:
    """The document in the text and what it says; `path` is for the message only."""
    from crmtui.config.check import check
    from crmtui.config.document import Fault, parse

    try:
        document = parse(text)
        return document, check(document)
    except Fault as fault:
        end = "" if fault.message.endswith("?") else "."
        raise ConfigError(f"{path}, line {fault.line}: {fault.message}{end}") from fault


def save(config: Config, path: Path | None = None) -> None:
    """Write the configuration; what did not change in it keeps its place, its form and its comments."""
    from crmtui.config.edit import amended, dump, plain

    path = (path or config_file()).absolute()
    text = _text(path) if path.exists() else ""
    document, before = read(text, path)
    new = amended(text, document, before, config)
    if new is None or not _says(new, config, path):
        new = dump(plain(config))
        _, written = read(new, path)
        if written != config:
            raise ConfigError(f"{path} was left as it is: YAML cannot hold the new settings as they are.")
    if new != text or not path.exists():
        # A link, as a dotfile manager makes it, stays a link.
        write_private(path.resolve(), new.encode())


def with_connection(connection: Connection, path: Path | None = None, *, replace: bool = False) -> Config:
    """Add a connection to the file, or put it in place of the one of that name; the new configuration."""
    config = load(path)
    if connection.name in config.connections and not replace:
        raise UsageError(f"There is a connection {connection.name} already; --replace overwrites it.")
    after = msgspec.structs.replace(config, connections=config.connections | {connection.name: connection})
    save(after, path)
    return after


def without_connection(name: str, path: Path | None = None) -> Config:
    """Take a connection out of the file; the new configuration."""
    config = load(path)
    if name not in config.connections:
        raise UsageError(unknown_connection(config, name))
    others = {key: value for key, value in config.connections.items() if key != name}
    after = msgspec.structs.replace(config, connections=others)
    save(after, path)
    return after


def unknown_connection(config: Config, name: str) -> str:
    """The sentence for a connection that is not in the configuration."""
    known = ", ".join(config.connections) or "none yet"
    return f"There is no connection {name!r} (known: {known}); crmtui connect adds one."


def _says(text: str, wanted: Config, path: Path) -> bool:
    try:
        return read(text, path)[1] == wanted
    except ConfigError:
        return False


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(4_000_001)
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {line}: this is not UTF-8; save the file as UTF-8.") from error


def _unreadable(path: Path, error: OSError | ValueError) -> ConfigError:
    said = reason(error) if isinstance(error, OSError) else str(error)
    return ConfigError(
        f"Cannot read {path}: {said}. Mend its rights, or name another folder in CRMTUI_CONFIG_DIR."
    )
