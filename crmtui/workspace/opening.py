"""Opens accounts: the configuration's connections with their tokens, which only this and the driver see."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from crmtui.config import Config, Connection, unknown_connection
from crmtui.model.errors import UsageError
from crmtui.model.record import Ref
from crmtui.paths import connection_dir
from crmtui.secrets import TYPED, Redactor, Token, find
from crmtui.workspace.account import Account

redactor = Redactor()
"""Knows every token of this run, for whatever prints what nobody foresaw."""


def parse_target(text: str) -> Ref:
    """`CONN`, `CONN/KIND` or `CONN/KIND/ID` as a ref whose missing parts are empty."""
    parts = text.split("/", 2)
    if not parts[0] or (len(parts) > 1 and not parts[1]) or (len(parts) > 2 and not parts[2]):
        raise UsageError(f"{text!r} is not CONN, CONN/KIND or CONN/KIND/ID.")
    return Ref(*(*parts, "", "")[:3])


def connection_of(config: Config, name: str) -> Connection:
    """The connection of that name."""
    try:
        return config.connections[name]
    except KeyError:
        raise UsageError(unknown_connection(config, name)) from None


def has_journal(name: str, base: Path | None = None) -> bool:
    """Whether an account was ever opened here, so that drafts or writes of it may wait."""
    return (connection_dir(name, base) / "journal.db").exists()


def open_account(
    connection: Connection,
    *,
    ask: Callable[[], str] | None = None,
    tokens: Mapping[str, str] | None = None,
    base: Path | None = None,
    alert_command: Sequence[str] = (),
) -> Account:
    """One account; its token is looked for at the first call, among `tokens` before all else."""

    def token() -> Token:
        given = (tokens or {}).get(connection.name)
        found = Token(given, TYPED) if given is not None else find(connection, ask=ask)
        redactor.register(found.value, *([connection.user] if connection.user else []))
        return found

    return Account(connection, token, base, alert_command=alert_command, redact=redactor.redact)
