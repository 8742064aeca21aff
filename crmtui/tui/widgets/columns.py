"""Lines of a list: columns, headings, rows, and text that fits a number of cells."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from crmtui.model.text import clean

ELLIPSIS = "…"
GUTTER = 3
"""Cells before the first column: the cursor's bar, the mark, the sign of what waits."""
GAP = 2
MARGIN = 1
"""Cells after the last column."""

_ARROWS = {"asc": "▲", "desc": "▼"}
_FIGURES = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Column(NamedTuple):
    """One column of a list."""

    name: str
    label: str
    width: int
    """The least number of cells."""
    flex: int = 0
    """Its share of the cells that are left over."""
    align: Literal["left", "right"] = "left"
    order: Literal["", "asc", "desc"] = ""
    rank: int = 0
    """Its place among several keys of an order, from 1; 0 where it is the only one."""


class Slot(NamedTuple):
    """Where a column stands on the line; the first slot is the first column's, and so on."""

    x: int
    width: int
    column: Column


def cut(text: str, width: int) -> str:
    """The text in at most so many cells, `…` at its end where something is missing."""
    if width <= 0:
        return ""
    if len(text) <= width and (text.isascii() or cell_len(text) <= width):
        return text
    if text.isascii():
        return text[: width - 1] + ELLIPSIS
    if cell_len(text) <= width:
        return text
    # set_cell_size puts a space for the half of a wide character that does not fit
    return set_cell_size(text, width - 1) + ELLIPSIS


def fit(text: str, width: int, align: str = "left") -> str:
    """The text in exactly so many cells."""
    text = cut(text, width)
    pad = " " * (width - (len(text) if text.isascii() else cell_len(text)))
    return pad + text if align == "right" else text + pad


def heading(column: Column, width: int) -> str:
    """The column's label with the sign of its order, which is never what gets cut."""
    if not column.order:
        return fit(column.label, width, column.align)
    sign = _ARROWS[column.order] + (str(column.rank).translate(_FIGURES) if column.rank else "")
    label = cut(column.label, width - len(sign) - 1)
    return fit(f"{label} {sign}".lstrip(), width, column.align)


def layout(columns: Sequence[Column], width: int) -> tuple[Slot, ...]:
    """The columns that fit into so many cells, the first always, those at the end given up first."""
    room = width - GUTTER - MARGIN
    if not columns or room <= 0:
        return ()
    shown = list(columns)
    while len(shown) > 1 and _least(shown) > room:
        shown.pop()
    spare = room - _least(shown)
    widths = [column.width for column in shown]
    if spare < 0:
        widths = [room]
    else:
        for index, share in enumerate(_shares([column.flex for column in shown], spare)):
            widths[index] += share
    slots: list[Slot] = []
    x = GUTTER
    for column, cells in zip(shown, widths, strict=True):
        slots.append(Slot(x, cells, column))
        x += cells + GAP
    return tuple(slots)


def _least(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)


def _shares(weights: Sequence[int], spare: int) -> list[int]:
    """The spare cells split by weight, none lost to rounding."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    ends = [spare * sum(weights[: index + 1]) // total for index in range(len(weights))]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


class Row(NamedTuple):
    """One line of a list, as plain text."""

    key: str
    cells: tuple[str, ...]
    marked: bool = False
    styles: tuple[str | None, ...] = ()
    """For each cell a word of `HUES`, or None."""
    waits: bool = False
    """Whether the service does not have all of it yet."""
    hits: tuple[tuple[int, int, int], ...] = ()
    """What a search found: the cell, where it begins in its text, and where it ends."""


class Looks(NamedTuple):
    """The styles of a line's parts."""

    text: Style
    bar: Style
    mark: Style
    name: Style
    cell: Style
    hues: dict[str, Style]


HUES = ("success", "warning", "error", "accent", "muted", "dim")
"""The words that give a cell a style of its own."""
BAR = "▌"
MARK = "●"
WAITS = "↑"
HIT = Style(bold=True, underline=True)
"""What a search found stands out by more than a colour."""
NOT_YET = Row("", (ELLIPSIS,), styles=("dim",))
"""Stands for a row that has yet to be fetched."""


def header_strip(slots: Sequence[Slot], width: int, style: Style, ground: Style) -> Strip:
    """The line of headings, in one piece after its gutter."""
    if not slots:
        return Strip.blank(width, ground)
    line = (" " * GAP).join(heading(slot.column, slot.width) for slot in slots)
    return Strip([Segment(" " * GUTTER, ground), Segment(fit(line, width - GUTTER), style)], width)


def row_strip(
    row: Row, slots: Sequence[Slot], width: int, looks: Looks, *, bar: bool = False, cell: int | None = None
) -> Strip:
    """The row as a line of that width; neighbours of one style are one segment, since each costs bytes.

    `bar` is for the row under the cursor, `cell` the column under the second one.
    """
    if not slots:
        return Strip.blank(width, looks.text)
    runs: list[tuple[str, Style]] = []

    def add(text: str, style: Style) -> None:
        if not text:
            return
        if runs and (runs[-1][1] == style or (text.isspace() and _same_ground(runs[-1][1], style))):
            runs[-1] = (runs[-1][0] + text, runs[-1][1])
        else:
            runs.append((text, style))

    add(BAR if bar else " ", looks.bar if bar else looks.text)
    add(MARK if row.marked else " ", looks.mark if row.marked else looks.text)
    add(WAITS if row.waits else " ", looks.mark if row.waits else looks.text)
    for index, slot in enumerate(slots):
        text = fit(clean(row.cells[index]) if index < len(row.cells) else "", slot.width, slot.column.align)
        style = looks.text if index or row is NOT_YET else looks.name
        if (hue := row.styles[index] if index < len(row.styles) else None) and hue in looks.hues:
            style += looks.hues[hue]
        if index == cell:
            style += looks.cell
        # spaces before a number belong to the run they follow: that is one style less to begin with blanks
        start = text.lstrip(" ")
        add(text[: len(text) - len(start)], style)
        for piece, found in _pieces(start, index, row.hits):
            add(piece, style + HIT if found else style)
        if slot is not slots[-1]:
            add(" " * GAP, looks.text)
    add(" " * (width - slots[-1].x - slots[-1].width), looks.text)
    return Strip([Segment(text, style) for text, style in runs], width)


def _pieces(text: str, cell: int, hits: Sequence[tuple[int, int, int]]) -> Iterator[tuple[str, bool]]:
    """A cell's text in pieces, and whether each is one that a search found; a hit may be cut off."""
    done = 0
    for start, end in sorted((start, end) for at, start, end in hits if at == cell):
        if done <= start < end and start < len(text.rstrip()):
            yield text[done:start], False
            yield text[start:end], True
            done = end
    yield text[done:], False


def _same_ground(one: Style, other: Style) -> bool:
    """Whether spaces look the same in both."""
    return one.bgcolor == other.bgcolor and not (
        one.underline or one.reverse or other.underline or other.reverse
    )
