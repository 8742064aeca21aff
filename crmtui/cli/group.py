"""The commands and their options: words in, one of the modules beside this one does the work."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from crmtui import __version__
from crmtui.cli.output import Format
from crmtui.cli.session import run as run_work

F = TypeVar("F", bound=Callable[..., Any])
_FORMAT = "crmtui.format"


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


def _keep_format(context: click.Context, _: click.Parameter, word: str | None) -> None:
    # Shared by the contexts of a run: the option may stand before the command's name or after it.
    if word is not None:
        context.meta[_FORMAT] = word


def _format() -> Format:
    return Format.chosen(click.get_current_context().meta.get(_FORMAT))


formatted = click.option(
    "--format",
    type=click.Choice([format_.value for format_ in Format]),
    callback=_keep_format,
    expose_value=False,
    help="How to print; a table on a terminal and jsonl elsewhere unless told.",
)
dry = click.option("--dry-run", is_flag=True, help="Print the requests and their cost, and send no write.")


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Without a command the app opens: crmtui [CONN[/KIND[/ID]]].",
)
@click.version_option(__version__, prog_name="crmtui", message="%(prog)s %(version)s")
@formatted
def crmtui() -> None:
    """Browse and edit CRM records in the terminal."""


@crmtui.command("list")
@click.argument("target", metavar="CONN/KIND")
@click.argument("where", metavar="[WHERE]...", nargs=-1)
@click.option(
    "--order", metavar="FIELD[:desc]", multiple=True, help="Order by this field; the first counts most."
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Give N records at most (100).")
@click.option("--all", "everything", is_flag=True, help="Give all records.")
@click.option("--columns", metavar="a,b", help="Give these fields only.")
@click.option("--offline", is_flag=True, help="Read the mirror and make no call.")
@formatted
def list_(
    target: str,
    where: tuple[str, ...],
    order: tuple[str, ...],
    limit: int | None,
    everything: bool,
    columns: str | None,
    offline: bool,
) -> int:
    """List the records of a kind that fulfil every WHERE, such as type=Customer or "value>=1000"."""
    from crmtui.cli.records import Wish, list_records

    if everything and limit is not None:
        raise click.UsageError("--limit and --all exclude each other.")
    most = None if everything else limit or 100
    wish = Wish(target, where, order, most, columns, offline)
    return run_work(lambda: list_records(wish, _format()))


@crmtui.command()
@click.argument("connection", metavar="CONN")
@click.argument("kinds", metavar="[KIND]...", nargs=-1)
def sync(connection: str, kinds: tuple[str, ...]) -> int:
    """Make the mirror equal to the service: what changed since the last time, newest first."""
    from crmtui.cli.mirroring import sync

    return run_work(lambda: sync(connection, kinds))


@crmtui.command()
@click.argument("connection", metavar="CONN")
@click.argument("text", metavar="TEXT")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Give N records at most (100).")
@click.option("--all", "everything", is_flag=True, help="Give all records.")
@formatted
def search(connection: str, text: str, limit: int | None, everything: bool) -> int:
    """Find the mirrored records, of whichever kind, that have all the words of TEXT; no call."""
    from crmtui.cli.mirroring import print_found

    if everything and limit is not None:
        raise click.UsageError("--limit and --all exclude each other.")
    most = None if everything else limit or 100
    return run_work(lambda: print_found(connection, text, most, _format()))


@crmtui.command()
@click.argument("target", metavar="CONN/KIND/ID")
@click.option("--related", is_flag=True, help="Add the records that point at this one.")
@click.option(
    "--save",
    "place",
    metavar="PATH",
    help="Of a document: save its file instead, in this folder or under this name; - is stdout.",
)
@formatted
def show(target: str, related: bool, place: str | None) -> int:
    """Show one record; of a document, --save PATH downloads the file."""
    from crmtui.cli.records import show_record

    if place is not None:
        from crmtui.cli.documents import save

        if related:
            raise click.UsageError("--related and --save exclude each other.")
        return run_work(lambda: save(target, place))
    return run_work(lambda: show_record(target, _format(), related=related))


@crmtui.command()
@click.argument("target", metavar="CONN/KIND")
@click.argument("assignments", metavar="FIELD=VALUE...", nargs=-1, required=True)
@dry
@formatted
def new(target: str, assignments: tuple[str, ...], dry_run: bool) -> int:
    """Create a record. FIELD=@FILE reads the value from a file, FIELD=@@x is the text @x.

    A document is uploaded: crmtui new CONN/documents file=@FILE parentobject=Account parentid=ID.
    """
    from crmtui.cli.changes import create

    return run_work(lambda: create(target, assignments, _format(), dry_run=dry_run))


@crmtui.command()
@click.argument("target", metavar="CONN/KIND/ID[,ID...]")
@click.argument("assignments", metavar="[FIELD=VALUE]...", nargs=-1)
@dry
@formatted
def edit(target: str, assignments: tuple[str, ...], dry_run: bool) -> int:
    """Change fields of records; without FIELD=VALUE the app opens on the form. FIELD= clears a field."""
    if assignments:
        from crmtui.cli.changes import edit

        return run_work(lambda: edit(target, assignments, _format(), dry_run=dry_run))
    from crmtui.cli.app import open_app
    from crmtui.cli.session import records_of

    refs = records_of(target)
    if len(refs) > 1 or dry_run:
        raise click.UsageError("Without FIELD=VALUE one record's form is opened.")
    return open_app(refs[0], form=True)


@crmtui.command()
@click.argument("target", metavar="CONN/KIND/ID[,ID...]")
@click.option("--yes", is_flag=True, help="Delete for good; without it nothing is deleted.")
@dry
def delete(target: str, yes: bool, dry_run: bool) -> int:
    """Delete records."""
    from crmtui.cli.changes import delete

    return run_work(lambda: delete(target, yes=yes, dry_run=dry_run))


@crmtui.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("target", metavar="CONN/KIND/ID")
@click.argument("words", metavar="+NAME|-NAME...", nargs=-1, type=click.UNPROCESSED)
def tag(target: str, words: tuple[str, ...]) -> int:
    """Add tags to a record (+NAME) and remove them (-NAME); whatever follows the sign is the name."""
    from crmtui.cli.tags import tag

    return run_work(lambda: tag(target, words, _format()))


@crmtui.command()
@click.argument("target", metavar="CONN/KIND/ID")
@click.argument("text", metavar="TEXT")
@dry
@formatted
def note(target: str, text: str, dry_run: bool) -> int:
    """Add a note to a record. TEXT is plain text; -- before it lets it begin with a dash."""
    from crmtui.cli.changes import note

    return run_work(lambda: note(target, text, _format(), dry_run=dry_run))


@crmtui.command()
@click.argument("connection", metavar="CONN")
@formatted
def kinds(connection: str) -> int:
    """List the kinds of records that a connection has, and what can be done with them; no call."""
    from crmtui.cli.fields import print_kinds

    return run_work(lambda: print_kinds(connection, _format()))


@crmtui.command()
@click.argument("target", metavar="CONN/KIND")
@formatted
def fields(target: str) -> int:
    """List the fields of a kind."""
    from crmtui.cli.fields import print_fields

    return run_work(lambda: print_fields(target, _format()))


@crmtui.command()
@click.argument("target", metavar="CONN/KIND")
@click.argument("field", metavar="FIELD")
@click.option("--add", metavar="VALUE", multiple=True, help="Add this value to the field's list first.")
@click.option("--list", "list_name", metavar="NAME", help="The list's name, where the fields do not tell it.")
@formatted
def choices(target: str, field: str, add: tuple[str, ...], list_name: str | None) -> int:
    """List the values that a field can take, and add to them."""
    from crmtui.cli.fields import print_choices

    if list_name is not None and not add:
        raise click.UsageError("--list names the list that --add adds to.")
    return run_work(lambda: print_choices(target, field, _format(), add, list_name))


@crmtui.group()
def hooks() -> None:
    """Webhooks: a service posts to an address of yours whenever something changes."""


@hooks.command("list")
@click.argument("connection", metavar="CONN")
@formatted
def list_hooks(connection: str) -> int:
    """List the webhooks; where the service does not tell of them, those that were made from here."""
    from crmtui.cli.hooks import print_hooks

    return run_work(lambda: print_hooks(connection, _format()))


_secret = click.option("--secret-stdin", is_flag=True, help="Read the secret from standard input.")


@hooks.command("create")
@click.argument("connection", metavar="CONN")
@click.option("--event", required=True, metavar="EVENT", help="What is told of, such as items.update.")
@click.option("--url", required=True, metavar="URL", help="The address that is posted to, https://…")
@click.option("--title", default="", metavar="TEXT", help="What the webhook is called.")
@click.option("--content", default="xml", metavar="FORM", help="xml, json or form (xml).")
@click.option("--constraint", default="all", metavar="SORT", help="Only of these: contact, company … (all).")
@click.option("--inactive", is_flag=True, help="Make it switched off.")
@_secret
@dry
@formatted
def create_hook(
    connection: str,
    event: str,
    url: str,
    title: str,
    content: str,
    constraint: str,
    inactive: bool,
    secret_stdin: bool,
    dry_run: bool,
) -> int:
    """Make a webhook. Its secret, which signs what is posted, is asked for unseen and kept nowhere here."""
    from crmtui.cli.hooks import create
    from crmtui.model.hook import Hook

    hook = Hook(event, url, "", title, content, constraint, not inactive)
    return run_work(lambda: create(connection, hook, _format(), secret_stdin=secret_stdin, dry_run=dry_run))


@hooks.command("delete")
@click.argument("connection", metavar="CONN")
@click.argument("id_", metavar="ID")
@click.option("--yes", is_flag=True, help="Delete it for good; without it nothing is deleted.")
def delete_hook(connection: str, id_: str, yes: bool) -> int:
    """Delete a webhook."""
    from crmtui.cli.hooks import delete

    return run_work(lambda: delete(connection, id_, yes=yes))


@hooks.command("verify")
@click.argument("file", metavar="[FILE]", default="-")
@click.option(
    "--signature", required=True, metavar="HEX", help="The header X-Solve360-Hmac-Sha256, or what it holds."
)
@_secret
def verify_hook(file: str, signature: str, secret_stdin: bool) -> int:
    """Prove that a payload (the raw body, in FILE or on stdin) was signed with the secret; exit 6 if not.

    With --secret-stdin the secret is the first line; a payload on standard input follows it.
    """
    from crmtui.cli.hooks import verify

    return verify(file, signature, secret_stdin=secret_stdin)


@crmtui.group()
def outbox() -> None:
    """What was decided on and is not settled: writes that wait, or were sent and not answered."""


@outbox.command("list")
@click.argument("connection", metavar="[CONN]", required=False)
@formatted
def list_waiting(connection: str | None) -> int:
    """List what waits, the oldest first; no call."""
    from crmtui.cli.outbox import print_waiting

    return print_waiting(connection, _format())


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


@crmtui.command()
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
        return print_undoable(connection, _format())
    return run_work(lambda: undo(connection, write))


@crmtui.command()
@click.argument("connection", metavar="[CONN]", required=False)
@formatted
def quota(connection: str | None) -> int:
    """Say how many calls are used and allowed, as the last answer told; no call."""
    from crmtui.cli.usage import print_quota

    return print_quota(connection, _format())


@crmtui.command()
@click.argument("connection", metavar="[CONN]", required=False)
@click.option("--writes", is_flag=True, help="List the writes and what became of them.")
@formatted
def log(connection: str | None, writes: bool) -> int:
    """List the calls that were made, the newest first."""
    from crmtui.cli.usage import print_calls, print_writes

    return (print_writes if writes else print_calls)(connection, _format())


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

    return run_work(lambda: examine(connection, record, _format()))


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

    return print_connections(_format())


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
