"""`doctor`: what crmtui stands on, one finding a line."""

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from crmtui.cli.failure import say
from crmtui.cli.output import Format, Grid, Json, members, print_said
from crmtui.cli.terminal import asker, is_terminal, need_terminal
from crmtui.model.errors import UsageError
from crmtui.tui.term import needs_ascii
from crmtui.workspace.doctor import look
from crmtui.workspace.finding import Check

_COLUMNS = ("check", "ok", "said")
_SMALLEST = (80, 24)


async def examine(name: str | None, record: Path | None, format_: Format) -> int:
    """Prints the findings; the exit code of the first that is not ok."""
    try:
        report = await look(
            name, record, terminal=Check("terminal", _terminal), asker=_asker, begin=_show_progress
        )
    finally:
        _show_progress("")
    said = [{"check": one.check, "ok": one.ok, "said": one.said} for one in report.findings]
    print_said(format_, said, lambda: _wrapped(said) if format_ is Format.TABLE else members(said, _COLUMNS))
    faults = sum(not one.ok for one in report.findings)
    verdict = "all is well" if not faults else f"{faults} of {len(said)} checks found something to mend"
    say(f"{verdict}; this cost {report.cost} API {'call' if report.cost == 1 else 'calls'}.")
    return report.exit_code


def _wrapped(said: Sequence[Json]) -> Grid:
    """The findings for people: a sentence goes on in the next line, for its end says what to do."""
    names = max((len(one["check"]) for one in said), default=0)
    room = shutil.get_terminal_size().columns - names - len("  ok  ") - 2
    rows = []
    for one in said:
        first, *more = textwrap.wrap(one["said"], max(room, 20), break_on_hyphens=False) or [""]
        rows.append((one["check"], "yes" if one["ok"] else "NO", first))
        rows += [("", "", line) for line in more]
    return Grid(_COLUMNS, rows)


def _show_progress(check: str) -> None:
    """Names the check that is under way, on a terminal, and in the end takes the name away."""
    if is_terminal(sys.stderr):
        words = f"crmtui: looking at {check} …" if check else ""
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)


def _asker(name: str) -> Callable[[], str] | None:
    """Asks for a connection's token on a line of its own."""
    ask = asker(name)
    if ask is None:
        return None

    def cleared() -> str:
        _show_progress("")
        return ask()

    return cleared


async def _terminal() -> str:
    """What the app can be shown on."""
    if not is_terminal(sys.stdin, sys.stdout):
        return "There is no terminal here for the app; commands and scripts need none."
    need_terminal("The app")
    size = shutil.get_terminal_size()
    if size.columns < _SMALLEST[0] or size.lines < _SMALLEST[1]:
        raise UsageError(
            f"The terminal has {size.columns}×{size.lines} cells, and the app is made for 80×24 or more;"
            " make the window larger or its letters smaller."
        )
    if needs_ascii():
        raise UsageError(
            "The locale is not UTF-8, so that boxes turn to ASCII and many letters to question marks;"
            " set LANG to one that is, such as C.UTF-8, and let ssh pass it on (SendEnv LANG)."
        )
    words = [os.environ.get("TERM", "no TERM"), f"{size.columns}×{size.lines}", _colours(), "UTF-8"]
    words += [word for variable, word in _BETWEEN if os.environ.get(variable)]
    return f"The terminal is fit for the app: {', '.join(words)}."


_BETWEEN = (("SSH_CONNECTION", "over SSH"), ("TMUX", "in tmux"), ("STY", "in screen"))


def _colours() -> str:
    if os.environ.get("NO_COLOR"):
        return "no colours (NO_COLOR)"
    if re.fullmatch("truecolor|24bit", os.environ.get("COLORTERM", ""), re.IGNORECASE):
        return "16 million colours"
    return "256 colours" if "256color" in os.environ.get("TERM", "") else "16 colours"
