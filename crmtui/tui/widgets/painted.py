"""What a widget's lines look like on the terminal, so that only the cells that change are sent again."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from rich.cells import get_character_cell_size
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

Cell = tuple[str, Style | None]


class Painted:
    """The lines of a line-API widget as they were last rendered."""

    def __init__(self) -> None:
        self._lines: dict[int, Strip] = {}

    def keep(self, y: int, strip: Strip) -> Strip:
        """Notes a line that is being painted."""
        self._lines[y] = strip
        return strip

    def forget(self) -> None:
        """The whole widget will have to be painted anew: its style changed."""
        self._lines.clear()

    def changes(self, height: int, line: Callable[[int], Strip]) -> list[Region] | None:
        """Where the lines differ from what was painted; None where that is not known."""
        regions: list[Region] = []
        for y in range(height):
            old = self._lines.get(y)
            if old is None:
                return None
            region = _difference(old, line(y), y)
            if region is not None:
                regions.append(region)
        return regions


if TYPE_CHECKING:
    _Base = Widget
else:
    # A widget takes its styles from the first of its bases that is one, which must be Textual's own.
    _Base = object


class Sparing(_Base):
    """Before a widget of Textual's own among the bases: of its lines only changed cells are sent."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._painted = Painted()
        super().__init__(*args, **options)

    @property
    def painted_height(self) -> int:
        """How many lines there are to compare."""
        return self.content_size.height

    def notify_style_update(self) -> None:
        """Whatever the styles do to the widget, an opacity say, is not in its lines."""
        self._painted.forget()
        super().notify_style_update()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """See `Painted`."""
        return self._painted.keep(y, super().render_line(y))

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """See `Painted`."""
        if repaint and not layout and not recompose and self._is_mounted:
            found = self._painted.changes(self.painted_height, super().render_line)
            if found is not None:
                return super().refresh(*found, repaint=bool(found))
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


def _difference(old: Strip, new: Strip, y: int) -> Region | None:
    """The cells in which two lines differ; the whole line where signs are not one cell wide."""
    if old is new or old == new:
        return None
    before, after = _cells(old), _cells(new)
    width = max(old.cell_length, new.cell_length)
    if before is None or after is None:
        return Region(0, y, width, 1)
    first = next((x for x, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    if first is None:
        shorter = min(len(before), len(after))
        return Region(shorter, y, width - shorter, 1) if len(before) != len(after) else None
    if len(before) != len(after):
        return Region(first, y, width - first, 1)
    last = next(x for x in range(len(before) - 1, -1, -1) if before[x] != after[x])
    return Region(first, y, last - first + 1, 1)


def _cells(strip: Strip) -> list[Cell] | None:
    """The line sign by sign; None where a sign takes another number of cells than one."""
    cells: list[Cell] = []
    for text, style, _ in strip:
        if not text.isascii() and any(get_character_cell_size(char) != 1 for char in text):
            return None
        cells += [(char, style) for char in text]
    return cells
