"""`outbox …`, `undo`, and their options."""

from collections.abc import Sequence

import click

from crmtui.cli.options import chosen_format, formatted, run_work


@click.group()
def outbox() -> None:
    """What was decided on and is not settled: writes that wait, or were sent and not answered."""


@outbox.command("list")
@click.argument("connection", metavar="[CONN]", required=False)
@formatted
def list_waiting(connection: str | None) -> int:
    """List what waits, the oldest first; no call."""
    from crmtui.cli.outbox import print_waiting

    return print_waiting(connection, chosen_format())


@outbox.command("send")
@click.argument("connection", metavar="[CONN]", required=False)
@click.argument("writes", metavar="[WRITE]...", nargs=-1)
def send_waiting(connection: str | None, writes: tuple[str, ...]) -> int:
    """Find out what became of unanswered writes, and send what was not done.

    A WRITE that is named is sent even where the service cannot tell whether it was done.
    """
    from crmtui.cli.outbox import send

    return run_work(lambda: send(connection, writes))


@outbox.command("drop")
@click.argument("connection", metavar="CONN")
@click.argument("writes", metavar="WRITE...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Give them up for good; without it nothing is dropped.")
def drop_waiting(connection: str, writes: tuple[str, ...], yes: bool) -> int:
    """Give up writes that wait; the log keeps them."""
    from crmtui.cli.outbox import drop

    return run_work(lambda: drop(connection, writes, yes=yes))


@click.command()
@click.argument("connection", metavar="CONN")
@click.argument("write", metavar="[WRITE]", required=False)
@click.option("--list", "listing", is_flag=True, help="List what can be undone, the newest first; no call.")
@formatted
def undo(connection: str, write: str | None, listing: bool) -> int:
    """Take back the last write that was done here, or the WRITE that is named, by another write."""
    from crmtui.cli.outbox import print_undoable, undo

    if listing:
        if write is not None:
            raise click.UsageError("--list names all that can be undone: leave out WRITE.")
        return print_undoable(connection, chosen_format())
    return run_work(lambda: undo(connection, write))


COMMANDS: Sequence[click.Command] = (outbox, undo)
