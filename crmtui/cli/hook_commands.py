"""`hooks …` and its options."""

from collections.abc import Sequence

import click

from crmtui.cli.options import chosen_format, dry, formatted, run_work


@click.group()
def hooks() -> None:
    """Webhooks: a service posts to an address of yours whenever something changes."""


@hooks.command("list")
@click.argument("connection", metavar="CONN")
@formatted
def list_hooks(connection: str) -> int:
    """List the webhooks; where the service does not tell of them, those that were made from here."""
    from crmtui.cli.hooks import print_hooks

    return run_work(lambda: print_hooks(connection, chosen_format()))


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
    return run_work(
        lambda: create(connection, hook, chosen_format(), secret_stdin=secret_stdin, dry_run=dry_run)
    )


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


COMMANDS: Sequence[click.Command] = (hooks,)
