"""`connect`, `disconnect` and `connections`: accounts in the configuration, their tokens in the keyring."""

import asyncio
import sys
from collections.abc import Mapping

import msgspec

from crmtui import config, secrets
from crmtui.cli.failure import say
from crmtui.cli.output import Format, members, print_said
from crmtui.cli.terminal import ask_hidden, is_terminal
from crmtui.config import Config, Connection, make_connection, token_variable
from crmtui.crm.registry import make_adapter
from crmtui.model.errors import AuthFailed, ConfigError, UsageError
from crmtui.paths import connection_dir
from crmtui.secrets.chain import KEYRING
from crmtui.workspace.joining import token_of
from crmtui.workspace.opening import connection_of, open_account, redactor
from crmtui.workspace.token_end import warning

_CONNECTION = ("name", "crm", "url", "user", "read_only", "token")


class Given(msgspec.Struct, frozen=True):
    """What `connect` was told of an account; None was not told."""

    name: str
    crm: str | None
    url: str | None
    user: str | None
    format: str | None
    replace: bool


def print_connections(format_: Format) -> int:
    """Prints the connections and where their tokens are found."""
    known = config.load().connections.values()
    tokens = secrets.where_all(known)
    said = [
        {
            "name": connection.name,
            "crm": connection.crm,
            "url": connection.url,
            "user": connection.user,
            "read_only": connection.read_only,
            "token": tokens[connection.name],
        }
        for connection in known
    ]
    print_said(format_, said, lambda: members(said, _CONNECTION))
    return 0


def connect(given: Given, *, token_stdin: bool, check: bool) -> int:
    """Adds a connection once its token is known to be good and kept where it will be found again."""
    before = config.load()
    connection = _connection(given, before)
    adapter = make_adapter(connection)
    elsewhere = _elsewhere(connection)
    token = None
    if token_stdin:
        token = _from_stdin()
    elif elsewhere is None or (elsewhere == KEYRING and is_terminal(sys.stdin, sys.stderr)):
        token = _from_person(connection.name, adapter.token_help)
    if token is not None:
        redactor.register(token, *([connection.user] if connection.user else []))
        token = asyncio.run(token_of(connection, token))
    ends = None if token is None else secrets.expires_at(token)
    if check:
        ends = asyncio.run(_check(connection, {} if token is None else {connection.name: token}))
    kept = token is not None and _keep(connection.name, token, elsewhere)
    try:
        config.with_connection(connection, replace=given.replace)
    except BaseException:  # a token must not outlive a configuration that was not written
        if kept and given.name not in before.connections:
            secrets.forget(connection.name)
        raise
    if not _is_same(before.connections.get(connection.name), connection):
        _drop_mirror(connection.name)
    place = "its token is in the keyring" if kept else f"its token comes from {elsewhere}"
    say(f"{connection.name} is connected to {adapter.label}; {place}.")
    if soon := warning(connection.name, ends, adapter.token_help):
        say(soon)
    return 0


def disconnect(name: str) -> int:
    """Takes a connection out of the configuration and its token out of the keyring."""
    connection_of(config.load(), name)
    config.without_connection(name)
    if reason := secrets.forget(name):
        say(f"The keyring could not be asked whether it holds a token of {name}: {reason}.")
    say(f"{name} is disconnected; its copy and its journal are kept in {connection_dir(name)}.")
    return 0


def _connection(given: Given, before: Config) -> Connection:
    """The connection as it will be; where it replaces one of the same service, what was not told stays."""
    old = before.connections.get(given.name) if given.replace else None
    if given.name in before.connections and not given.replace:
        raise UsageError(f"There is a connection {given.name} already; --replace overwrites it.")
    crm = given.crm or (old.crm if old else None)
    if crm is None:
        raise UsageError("Say which service it is: --crm CRM.")
    others = [name for name in before.connections if name != given.name]
    if old is None or old.crm != crm:
        return make_connection(
            given.name, crm=crm, url=given.url, user=given.user, format=given.format, others=others
        )
    made = make_connection(
        given.name,
        crm=crm,
        url=given.url or old.url,
        user=given.user or old.user,
        format=given.format or old.format,
        others=others,
    )
    return msgspec.structs.replace(old, url=made.url, user=made.user, format=made.format)


def _elsewhere(connection: Connection) -> str | None:
    """Where a token comes from without being asked for; None if from nowhere."""
    named = "token_command" if connection.token_command else "token_file" if connection.token_file else None
    return secrets.where(connection) or named


def _from_stdin() -> str:
    token = "" if sys.stdin is None else next((line.strip() for line in sys.stdin if line.strip()), "")
    if not token:
        raise AuthFailed("There is no token on standard input; nothing was changed.")
    return token


def _from_person(name: str, help_: str) -> str:
    if not is_terminal(sys.stdin, sys.stderr):
        raise AuthFailed(
            f"There is no terminal to ask for the token of {name} on: give it with --token-stdin,"
            f" or set {token_variable(name)}."
        )
    print(help_, file=sys.stderr)
    token = ask_hidden(f"Token of {name} (not shown): ").strip()
    if not token:
        raise AuthFailed("No token was typed; nothing was changed.")
    return token


async def _check(connection: Connection, tokens: Mapping[str, str]) -> float | None:
    """Makes the one call that only a good token answers; when the token ends, in UTC seconds."""
    account = open_account(connection, tokens=tokens)
    try:
        await account.send(account.adapter.check())
        return account.alerts.token_ends
    finally:
        await account.close()


def _keep(name: str, token: str, elsewhere: str | None) -> bool:
    """Stores the token in the keyring; whether it is there. Where it comes from elsewhere it need not be."""
    needed = elsewhere in (None, KEYRING)
    try:
        secrets.store(name, token)
    except ConfigError as error:
        if needed:
            raise
        say(f"{error.message} For now it comes from {elsewhere}.")
        return False
    if not needed:
        say(f"{elsewhere} goes before the keyring, where the token is now too.")
    return True


def _is_same(old: Connection | None, new: Connection) -> bool:
    """Whether a connection still means the same account."""
    return old is not None and (old.crm, old.url, old.user) == (new.crm, new.url, new.user)


def _drop_mirror(name: str) -> None:
    """The copy of another account's records must not pass for this one's."""
    for part in ("mirror.db", "mirror.db-wal", "mirror.db-shm"):
        (connection_dir(name) / part).unlink(missing_ok=True)
