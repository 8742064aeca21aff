"""The commands and their options: words in, one of the modules beside this one does the work."""

from collections.abc import Sequence
from pathlib import Path

import click

from crmtui import __version__
from crmtui.cli import hook_commands, outbox_commands, record_commands
from crmtui.cli.options import chosen_format, formatted, run_work


def run(arguments: Sequence[str]) -> int:
    """Runs the command that the arguments name; the exit code."""
    from crmtui.cli.failure import say

    try:
        with crmtui.make_context("crmtui", list(arguments)) as context:
            code = crmtui.invoke(context)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        path = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "crmtui"
        say(f"{error.format_message()} See {path} --help.")
        return 2


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a command the app opens: crmtui [CONN[/KIND[/ID]]].",
)
@click.version_option(__version__, prog_name="crmtui", message="%(prog)s %(version)s")
@formatted
def crmtui() -> None:
    """Browse and edit CRM records in the terminal."""


for _command in (*record_commands.COMMANDS, *hook_commands.COMMANDS, *outbox_commands.COMMANDS):
    crmtui.add_command(_command)


@crmtui.command()
@click.argument("connection", metavar="[CONN]", required=False)
@formatted
def quota(connection: str | None) -> int:
    """Say how many calls are used and allowed, as the last answer told; no call."""
    from crmtui.cli.usage import print_quota

    return print_quota(connection, chosen_format())


@crmtui.command()
@click.argument("connection", metavar="[CONN]", required=False)
@click.option("--writes", is_flag=True, help="List the writes and what became of them.")
@formatted
def log(connection: str | None, writes: bool) -> int:
    """List the calls that were made, the newest first."""
    from crmtui.cli.usage import print_calls, print_writes

    return (print_writes if writes else print_calls)(connection, chosen_format())


@crmtui.command()
@click.argument("connection", metavar="[CONN]", required=False)
@click.option(
    "--record",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Save the exchanges there for the developers: no token, and stand-ins for personal values.",
)
@formatted
def doctor(connection: str | None, record: Path | None) -> int:
    """Look at everything that crmtui stands on, and say how each fault is mended."""
    from crmtui.cli.doctor import examine

    return run_work(lambda: examine(connection, record, chosen_format()))


@crmtui.command()
@click.argument("name")
@click.option(
    "--crm", help="The service: spotler, solve360, capsule, capsule-v1, onepagecrm or onepagecrm-v1."
)
@click.option("--url", help="The service's address, where it has not one for everybody.")
@click.option("--user", help="The user, where the service wants one.")
@click.option(
    "--format", "wire", metavar="FORMAT", help="The format of the service's answers, where it has several."
)
@click.option("--token-stdin", is_flag=True, help="Read the token from standard input.")
@click.option("--no-check", is_flag=True, help="Do not try the token.")
@click.option("--replace", is_flag=True, help="Overwrite the connection of this name, or its token.")
def connect(
    name: str,
    crm: str | None,
    url: str | None,
    user: str | None,
    wire: str | None,
    token_stdin: bool,
    no_check: bool,
    replace: bool,
) -> int:
    """Connect an account: its token is asked for unseen, tried with one call, and kept in the OS keyring."""
    from crmtui.cli.connections import Given, connect

    given = Given(name, crm, url, user, wire, replace)
    return connect(given, token_stdin=token_stdin, check=not no_check)


@crmtui.command()
@click.argument("name")
def disconnect(name: str) -> int:
    """Remove a connection and its token; its local data are kept."""
    from crmtui.cli.connections import disconnect

    return disconnect(name)


@crmtui.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Also drafts and writes that wait in the outbox.")
def forget(name: str, yes: bool) -> int:
    """Wipe the local copy and the journal of a connection."""
    from crmtui.cli.mirroring import forget_connection

    return forget_connection(name, yes=yes)


@crmtui.command()
@formatted
def connections() -> int:
    """List the connections, and where their tokens are found."""
    from crmtui.cli.connections import print_connections

    return print_connections(chosen_format())


_records = click.option(
    "--records", type=click.IntRange(min=0), metavar="N", help="Make N records of each main kind (400)."
)
_fresh = click.option("--fresh", is_flag=True, help="Start over with new data.")


@crmtui.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port of the first service (any free one)."
)
@_records
@click.option("--crm", help="Start this service only.")
@_fresh
def sandbox(port: int, records: int | None, crm: str | None, fresh: bool) -> int:
    """Serve the vendors' services on this machine, with made-up data, until interrupted."""
    from crmtui.cli.server import serve

    return serve(port, records, crm, fresh=fresh)


@crmtui.command()
@_records
@_fresh
def demo(records: int | None, fresh: bool) -> int:
    """Open the app on the sandbox: no account is needed, no configuration touched."""
    from crmtui.cli.server import demonstrate

    return demonstrate(records, fresh=fresh)
