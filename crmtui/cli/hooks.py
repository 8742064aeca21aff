"""`hooks`: webhooks listed, made and deleted, and what is posted by them proven."""

import sys
from pathlib import Path

from crmtui.cli.changes import print_calls
from crmtui.cli.failure import say
from crmtui.cli.output import Format, Json, print_said
from crmtui.cli.session import opened
from crmtui.cli.terminal import ask_hidden, is_terminal
from crmtui.model.errors import Invalid, UsageError
from crmtui.model.hook import Hook
from crmtui.paths import reason
from crmtui.workspace.hooks import Hooks

_STDIN = "-"


async def print_hooks(name: str, format_: Format) -> int:
    """Prints the webhooks; one whose creation was not answered goes by the name that deletes it."""
    async with opened(name) as desk:
        listed = await Hooks(desk.account).list()
        for note in listed.notes:
            say(note)
        print_said(format_, [_said(shown.hook, shown.name) for shown in listed.shown])
    return 0


async def create(name: str, hook: Hook, format_: Format, *, secret_stdin: bool, dry_run: bool) -> int:
    """Makes a webhook and prints it as it came back, without its secret."""
    async with opened(name) as desk:
        hooks = Hooks(desk.account)
        planned = hooks.planned(hook)
        if dry_run:
            print_calls(desk, [planned])
            return 0
        secret = _from_stdin() if secret_stdin else _from_person()
        made = await hooks.create(hook, secret)
        print_said(format_, _said(made, made.id))
    return 0


async def delete(name: str, id_: str, *, yes: bool) -> int:
    """Deletes a webhook; prints nothing."""
    if not yes:
        raise UsageError("Nothing was deleted: say --yes to delete the webhook for good.")
    async with opened(name) as desk:
        await Hooks(desk.account).delete(id_)
    return 0


def verify(file: str, signature: str, *, secret_stdin: bool) -> int:
    """Says whether a payload was signed with the secret; no call."""
    from crmtui.crm.solve360.hooks import verify

    # The secret stands before a payload that comes the same way.
    secret = _from_stdin() if secret_stdin else _from_person()
    if problem := verify(secret, _payload(file), signature):
        raise Invalid(problem)
    say("The signature fits: the payload came from who knows the secret, unchanged.")
    return 0


def _said(hook: Hook, id_: str) -> Json:
    return {
        "id": id_,
        "event": hook.event,
        "url": hook.url,
        "title": hook.title,
        "content": hook.content,
        "constraint": hook.constraint,
        "active": hook.active,
    }


def _payload(file: str) -> bytes:
    if file == _STDIN:
        return b"" if sys.stdin is None else sys.stdin.buffer.read()
    try:
        return Path(file).expanduser().read_bytes()
    except OSError as error:
        raise UsageError(f'The payload "{file}" cannot be read: {reason(error)}.') from error


def _from_stdin() -> str:
    line = b"" if sys.stdin is None else sys.stdin.buffer.readline()
    try:
        secret = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise UsageError("The secret on standard input is not UTF-8.") from None
    if not secret:
        raise UsageError("There is no secret on standard input; nothing was done.")
    return secret


def _from_person() -> str:
    if not is_terminal(sys.stdin, sys.stderr):
        raise UsageError("There is no terminal to ask for the secret on: give it with --secret-stdin.")
    if not (secret := ask_hidden("Secret of the webhook (not shown): ")):
        raise UsageError("No secret was typed; nothing was done.")
    return secret
