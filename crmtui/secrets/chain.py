"""Where a connection's token is looked for, in order."""

import os
from collections.abc import Callable, Iterable

from crmtui.config import Connection, token_variable
from crmtui.model.errors import AuthFailed, ConfigError
from crmtui.secrets import keyring
from crmtui.secrets.sources import from_command, from_file
from crmtui.secrets.token import Token

COMMAND = "token_command"
FILE = "token_file"
KEYRING = keyring.SOURCE
TYPED = "typed"


def find(connection: Connection, *, ask: Callable[[], str] | None) -> Token:
    """The token: variable, then command or file, then keyring, then asked for; it may take a while.

    A command or file that is named and does not give one is a `ConfigError` and ends the search.
    Without `ask` (or when nothing is typed) the end is `AuthFailed`, saying where it was looked for.
    """
    name = connection.name
    variable = token_variable(name)
    if value := os.environ.get(variable, "").strip():
        return _token(value, variable, name)
    if connection.token_command:
        return _token(from_command(connection), COMMAND, name)
    if connection.token_file:
        return _token(from_file(connection), FILE, name)
    answer = keyring.get([name])
    if isinstance(answer, keyring.Found) and (kept := answer.tokens.get(name)):
        return _token(kept.value.strip(), KEYRING, name)
    if ask is not None and (value := ask().strip()):
        return _token(value, TYPED, name)
    told = "it has no entry" if isinstance(answer, keyring.Found) else answer.reason
    end = "nothing was typed" if ask else "there is no terminal to ask on"
    raise AuthFailed(
        f"There is no token for {name}: {variable} is not set, the configuration names no token_command or"
        f" token_file, the keyring was asked ({told}), and {end}. Set {variable}, or store the token with"
        f" crmtui connect {name} --replace."
    )


def where(connection: Connection) -> str | None:
    """Where the token is, without running commands or asking anybody; None where it is nowhere."""
    return where_all([connection])[connection.name]


def where_all(connections: Iterable[Connection]) -> dict[str, str | None]:
    """`where` of several connections by name, with one question to the keyring at most."""
    found = {connection.name: _named(connection) for connection in connections}
    if missing := [name for name, source in found.items() if source == KEYRING]:
        answer = keyring.get(missing)
        kept = answer.tokens if isinstance(answer, keyring.Found) else {}
        found |= {name: KEYRING if name in kept else None for name in missing}
    return found


def needs_keyring(connection: Connection) -> bool:
    """Whether the search for the token goes as far as the keyring, which is not asked."""
    return _named(connection) == KEYRING


def store(name: str, token: str) -> None:
    """Keep a token in the OS keyring and make sure that it is there; a `ConfigError` says why it is not."""
    answer = keyring.put(name, _token(token.strip(), KEYRING, name).value)
    if isinstance(answer, keyring.Unavailable):
        raise ConfigError(
            f"The token of {name} was not stored: {answer.reason}. Set {token_variable(name)} instead,"
            " or name a token_command or token_file in the configuration."
        )


def forget(name: str) -> str | None:
    """Remove a token from the OS keyring; the reason where the keyring could not be asked."""
    answer = keyring.delete(name)
    return answer.reason if isinstance(answer, keyring.Unavailable) else None


def _named(connection: Connection) -> str | None:
    """The source that the search will end at; `KEYRING` where that must still be asked."""
    variable = token_variable(connection.name)
    if os.environ.get(variable, "").strip():
        return variable
    if connection.token_command:
        return COMMAND
    if connection.token_file:
        try:
            from_file(connection)
        except ConfigError:
            return None
        return FILE
    return KEYRING


def _token(value: str, source: str, name: str) -> Token:
    """The token, once it is certain that it can stand in a header."""
    if not value or not value.isprintable():
        raise ConfigError(
            f"The token of {name} ({source}) is empty or holds control characters; copy it again."
        )
    return Token(value, source)
