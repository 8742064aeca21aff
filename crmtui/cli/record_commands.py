"""The commands that read and write records, and their options."""

from collections.abc import Sequence

import click

from crmtui.cli.options import chosen_format, dry, formatted, run_work


@click.command("list")
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
    return run_work(lambda: list_records(wish, chosen_format()))


@click.command()
@click.argument("connection", metavar="CONN")
@click.argument("kinds", metavar="[KIND]...", nargs=-1)
def sync(connection: str, kinds: tuple[str, ...]) -> int:
    """Make the mirror equal to the service: what changed since the last time, newest first."""
    from crmtui.cli.mirroring import sync

    return run_work(lambda: sync(connection, kinds))


@click.command()
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
    return run_work(lambda: print_found(connection, text, most, chosen_format()))


@click.command()
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
    return run_work(lambda: show_record(target, chosen_format(), related=related))


@click.command()
@click.argument("target", metavar="CONN/KIND")
@click.argument("assignments", metavar="FIELD=VALUE...", nargs=-1, required=True)
@dry
@formatted
def new(target: str, assignments: tuple[str, ...], dry_run: bool) -> int:
    """Create a record. FIELD=@FILE reads the value from a file, FIELD=@@x is the text @x.

    A document is uploaded: crmtui new CONN/documents file=@FILE parentobject=Account parentid=ID.
    """
    from crmtui.cli.changes import create

    return run_work(lambda: create(target, assignments, chosen_format(), dry_run=dry_run))


@click.command()
@click.argument("target", metavar="CONN/KIND/ID[,ID...]")
@click.argument("assignments", metavar="[FIELD=VALUE]...", nargs=-1)
@dry
@formatted
def edit(target: str, assignments: tuple[str, ...], dry_run: bool) -> int:
    """Change fields of records; without FIELD=VALUE the app opens on the form. FIELD= clears a field."""
    if assignments:
        from crmtui.cli.changes import edit

        return run_work(lambda: edit(target, assignments, chosen_format(), dry_run=dry_run))
    from crmtui.cli.app import open_app
    from crmtui.cli.session import records_of

    refs = records_of(target)
    if len(refs) > 1 or dry_run:
        raise click.UsageError("Without FIELD=VALUE one record's form is opened.")
    return open_app(refs[0], form=True)


@click.command()
@click.argument("target", metavar="CONN/KIND/ID[,ID...]")
@click.option("--yes", is_flag=True, help="Delete for good; without it nothing is deleted.")
@dry
def delete(target: str, yes: bool, dry_run: bool) -> int:
    """Delete records."""
    from crmtui.cli.changes import delete

    return run_work(lambda: delete(target, yes=yes, dry_run=dry_run))


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("target", metavar="CONN/KIND/ID")
@click.argument("words", metavar="+NAME|-NAME...", nargs=-1, type=click.UNPROCESSED)
def tag(target: str, words: tuple[str, ...]) -> int:
    """Add tags to a record (+NAME) and remove them (-NAME); whatever follows the sign is the name."""
    from crmtui.cli.tags import tag

    return run_work(lambda: tag(target, words, chosen_format()))


@click.command()
@click.argument("target", metavar="CONN/KIND/ID")
@click.argument("text", metavar="TEXT")
@dry
@formatted
def note(target: str, text: str, dry_run: bool) -> int:
    """Add a note to a record. TEXT is plain text; -- before it lets it begin with a dash."""
    from crmtui.cli.changes import note

    return run_work(lambda: note(target, text, chosen_format(), dry_run=dry_run))


@click.command()
@click.argument("connection", metavar="CONN")
@formatted
def kinds(connection: str) -> int:
    """List the kinds of records that a connection has, and what can be done with them; no call."""
    from crmtui.cli.fields import print_kinds

    return run_work(lambda: print_kinds(connection, chosen_format()))


@click.command()
@click.argument("target", metavar="CONN/KIND")
@formatted
def fields(target: str) -> int:
    """List the fields of a kind."""
    from crmtui.cli.fields import print_fields

    return run_work(lambda: print_fields(target, chosen_format()))


@click.command()
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
    return run_work(lambda: print_choices(target, field, chosen_format(), add, list_name))


COMMANDS: Sequence[click.Command] = (
    list_,
    sync,
    search,
    show,
    new,
    edit,
    delete,
    tag,
    note,
    kinds,
    fields,
    choices,
)
