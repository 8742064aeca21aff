"""Adds a connection: its token is checked with one call and kept in the keyring, then it is written."""

import asyncio
from pathlib import Path

import msgspec

from crmtui.config import Config, Connection, make_connection, with_connection
from crmtui.crm.registry import make_adapter
from crmtui.model.errors import ConfigError
from crmtui.secrets import store
from crmtui.workspace.opening import open_account, redactor


class Joined(msgspec.Struct, frozen=True):
    """The new configuration; `unkept` says why the token lives for this run only, empty where it is kept."""

    config: Config
    unkept: str = ""


def token_help(crm: str) -> str:
    """Where a person finds the token of a service, in one sentence."""
    connection = make_connection("x", crm=crm, url="https://x.example", user="x")
    return make_adapter(connection).token_help


async def check(connection: Connection, token: str, base: Path | None = None) -> None:
    """One call that only a good token answers; raises what went wrong."""
    account = open_account(connection, tokens={connection.name: token}, base=base)
    try:
        await account.send(account.adapter.check())
    finally:
        await account.close()


async def token_of(connection: Connection, secret: str, base: Path | None = None) -> str:
    """The token that signs calls: what a person gave, or what a password is exchanged for."""
    redactor.register(secret)
    # A password is no token: it signs nothing, and no fingerprint of it is kept.
    account = open_account(connection, tokens={connection.name: ""}, base=base)
    try:
        call = account.adapter.login(secret)
        if call is None:
            return secret
        token: str = await account.send(call)
        redactor.register(token)
        return token
    finally:
        await account.close()


async def join(connection: Connection, token: str) -> Joined:
    """Checks, keeps and writes; a keyring that cannot keep the token is told, and does not undo the rest."""
    token = await token_of(connection, token)
    await check(connection, token)
    unkept = ""
    try:
        await asyncio.to_thread(store, connection.name, token)
    except ConfigError as error:
        unkept = error.message
    return Joined(with_connection(connection), unkept)
