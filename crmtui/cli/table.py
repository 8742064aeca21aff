"""A table for people: aligned by the cells that characters take, cut only to fit a terminal, and visibly."""

import shutil
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rich.cells import cell_len, set_cell_size

from crmtui.cli.output import Grid
from crmtui.cli.terminal import is_terminal
from crmtui.model.text import clean
from crmtui.model.value import text_of

_GAP = "  "
_NARROWEST = 4


def as_table(grid: Grid, width: int | None = None) -> str:
    """The lines of a table; `width` is the terminal's if stdout is one, else there is none."""
    if width is None and is_terminal(sys.stdout):
        width = shutil.get_terminal_size().columns
    lines = [[clean(text_of(cell)) for cell in row] for row in (grid.columns, *grid.rows)]
    right = [_is_number([row[at] for row in grid.rows]) for at in range(len(grid.columns))]
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(grid.columns))]
    if width is not None:
        widths = _narrowed(widths, width)
    return "".join(_line(line, widths, right) + "\n" for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = map(_fitted, cells, widths, right)
    return _GAP.join(padded).rstrip()


def _fitted(text: str, width: int, right: bool) -> str:
    room = width - cell_len(text)
    if room < 0:
        return set_cell_size(text, width - 1) + "…"
    return " " * room + text if right else text + " " * room


def _narrowed(widths: list[int], width: int) -> list[int]:
    """The widths with the widest columns made narrower until all fit, but the first, which is the id."""
    over = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    while over > 0:
        at = max(range(1, len(widths)), key=lambda place: widths[place], default=0)
        if not at or widths[at] <= _NARROWEST:
            break
        widths[at] -= 1
        over -= 1
    return widths


def _is_number(cells: Sequence[Any]) -> bool:
    """Whether a column holds numbers and nothing else."""
    held = [cell for cell in cells if cell is not None]
    return bool(held) and all(isinstance(c, int | Decimal) and not isinstance(c, bool) for c in held)
