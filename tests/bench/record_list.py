"""A list of 100,000 made-up records in a border, to be driven through a pseudo-terminal.

`python -m tests.bench.record_list [--theme NAME] [--plain] [--hueless] [--svg FILE] [--size 120x36]`
"""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.driver import Driver
from textual.filter import LineFilter

from crmtui.tui.term import AsciiFilter, SafeFilter, needs_ascii
from crmtui.tui.theme import DARK, load_themes, variables
from crmtui.tui.thrifty import thrifty_driver
from crmtui.tui.widgets.record_list import Column, RecordList, Row

COLUMNS = (
    Column("name", "Name", 18, 3, order="asc"),
    Column("type", "Type", 9, 1),
    Column("sector", "Sector", 10, 1),
    Column("value", "Value", 11, 0, "right"),
    Column("owner", "Owner", 9, 1),
    Column("modified", "Modified", 11),
)
NAMES = (
    "Acme Ltd",
    "Acorn & Söhne",
    "株式会社アクメ",
    "Ajax Freight",
    "Alder & Ash",
    "Ålesund Fisk",
    "Amber Works",
)
TYPES = (("Customer", "success"), ("Prospect", None), ("Supplier", "muted"), ("Lapsed", "warning"))
SECTORS = ("Design", "Retail", "Logistics", "—", "Health", "Energy")
OWNERS = ("J. Smith", "M. Weiß", "A. Lee", "P. Okafor")
DATES = ("today 14:05", "Mon", "3 Mar", "2024-03-01")


class Synthetic:
    """Rows made up as they are asked for."""

    def __init__(self, count: int, hues: bool = True) -> None:
        self._count = count
        self._hues = hues

    def total(self) -> int:
        """All of them."""
        return self._count

    def row(self, index: int) -> Row:
        """Always the same row at an index."""
        type_, hue = TYPES[index * 7 % 11 % len(TYPES)]
        sector = SECTORS[index % len(SECTORS)]
        cells = (
            f"{NAMES[index % len(NAMES)]} {index}",
            type_,
            sector,
            f"{index * 7919 % 90000:,}.{index % 100:02}",
            OWNERS[index * 3 % 7 % len(OWNERS)],
            DATES[min(index // 4, 3)],
        )
        styles = (None, hue, "dim" if sector == "—" else None, None, "muted", "muted")
        return Row(str(index), cells, index in (3, 8), styles if self._hues else ())

    def index_of(self, key: str) -> int:
        """Where the row stands."""
        return int(key)

    def visible(self, first: int, last: int) -> None:
        """All rows are there."""


class Bench(App[None]):
    """Nothing but the list, in a pane that draws the border."""

    CSS = """
    Screen { background: $ground; }
    #pane {
        border: round $rule; border-title-color: $text-label; border-subtitle-color: $text-dim;
        background: $ground;
    }
    #pane:focus-within { border: round $rule-focus; border-title-color: $rule-focus; }
    """

    def __init__(
        self, theme: str = DARK, *, thrifty: bool = True, hues: bool = True, rows: int = 100_000
    ) -> None:
        self._thrifty = thrifty
        super().__init__()
        self._rows = rows
        self._hues = hues
        for one in load_themes().themes:
            self.register_theme(one)
        self.theme = theme
        self._nets: list[LineFilter] = [SafeFilter(), *([AsciiFilter()] if needs_ascii() else [])]

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver with the thrifty writer."""
        base = super().get_driver_class()
        return thrifty_driver(base) if self._thrifty else base

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, then the nets."""
        return [*super().get_line_filters(), *self._nets]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """For Textual's own themes."""
        return variables(self.current_theme)

    def compose(self) -> ComposeResult:
        """The list in its pane."""
        pane = Vertical(RecordList(Synthetic(self._rows, self._hues), COLUMNS), id="pane")
        pane.border_title = "Accounts · type=Customer"
        pane.border_subtitle = f"{self._rows:,}"
        yield pane


async def _draw(theme: str, size: tuple[int, int], target: Path) -> None:
    app = Bench(theme)
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "down", "down")
        await pilot.pause()
        target.write_text(app.export_screenshot(), encoding="utf-8")


def main() -> None:
    """Run it, or draw it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--theme", default=DARK)
    parser.add_argument("--plain", action="store_true", help="without the thrifty writer")
    parser.add_argument("--hueless", action="store_true", help="all cells in one colour")
    parser.add_argument("--svg", type=Path)
    parser.add_argument("--size", default="120x36")
    args = parser.parse_args()
    width, _, height = args.size.partition("x")
    if args.svg:
        asyncio.run(_draw(args.theme, (int(width), int(height)), args.svg))
    else:
        Bench(args.theme, thrifty=not args.plain, hues=not args.hueless).run()


if __name__ == "__main__":
    main()
