"""The full-screen app, started from the command line."""

from collections.abc import Callable, Mapping
from pathlib import Path

from crmtui.cli.terminal import need_terminal
from crmtui.config import Config, load
from crmtui.model.record import Ref
from crmtui.workspace.opening import connection_of


def open_app(target: Ref | None = None, *, form: bool = False) -> int:
    """Opens the app on the user's connections, at a place in one of them, or on a record's form."""
    config = load()
    if target is not None:
        connection_of(config, target.connection)
    return run_app(config, target, form=form, demo=_demonstrate)


def run_app(
    config: Config,
    target: Ref | None = None,
    *,
    form: bool = False,
    base: Path | None = None,
    tokens: Mapping[str, str] | None = None,
    demo: Callable[[], int] | None = None,
) -> int:
    """Opens the app; it needs a terminal. `demo` is what its person can ask for instead."""
    need_terminal("crmtui")
    from crmtui.tui.app import run

    return run(config, target, form=form, base=base, tokens=tokens, demo=demo)


def _demonstrate() -> int:
    from crmtui.cli.server import demonstrate

    return demonstrate(None, fresh=False)
