"""What commands share: the options that several have, and how one is run."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from crmtui.cli.output import Format
from crmtui.cli.session import run as run_work

__all__ = ["chosen_format", "dry", "formatted", "run_work"]
F = TypeVar("F", bound=Callable[..., Any])
_FORMAT = "crmtui.format"


def _keep_format(context: click.Context, _: click.Parameter, word: str | None) -> None:
    # Shared by the contexts of a run: the option may stand before the command's name or after it.
    if word is not None:
        context.meta[_FORMAT] = word


def chosen_format() -> Format:
    """How the command that runs is to print."""
    return Format.chosen(click.get_current_context().meta.get(_FORMAT))


formatted = click.option(
    "--format",
    type=click.Choice([format_.value for format_ in Format]),
    callback=_keep_format,
    expose_value=False,
    help="How to print; a table on a terminal and jsonl elsewhere unless told.",
)
dry = click.option("--dry-run", is_flag=True, help="Print the requests and their cost, and send no write.")
