"""The program: the app without arguments or on a place, a command otherwise."""

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Runs crmtui; the exit code."""
    from crmtui.cli.failure import guarded

    arguments = list(sys.argv[1:] if argv is None else argv)
    return guarded(lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    from crmtui.config import COMMANDS
    from crmtui.model.errors import UsageError
    from crmtui.model.text import mend

    for argument in arguments:
        if mend(argument) != argument:
            raise UsageError(f"The argument {argument!r} is not UTF-8.")
    if arguments and (arguments[0].startswith("-") or arguments[0] in COMMANDS):
        from crmtui.cli.group import run

        return run(arguments)
    from crmtui.cli.app import open_app
    from crmtui.workspace.opening import parse_target

    if len(arguments) > 1:
        raise UsageError(f"{arguments[0]!r} is no command, and a place to open the app at stands alone.")
    return open_app(parse_target(arguments[0]) if arguments else None)


if __name__ == "__main__":
    sys.exit(main())
