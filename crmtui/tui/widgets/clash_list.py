"""The fields that two people changed, each with what it was, mine and theirs, and what is decided."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crmtui.model.text import clean, clean_lines
from crmtui.tui.format import EMPTY
from crmtui.tui.widgets.columns import fit
from crmtui.workspace.resolution import Resolution, Side

_SIDES = (Side.ORIGINAL, Side.MINE, Side.THEIRS)
_BESIDE = 96
"""Cells from which on the three values stand side by side."""
_NAME = 10
_MOST_LINES = 8


class ClashBlock(Static):
    """One field."""

    DEFAULT_CSS = "ClashBlock { height: auto; margin: 0 0 1 0; }"

    def __init__(self, resolution: Resolution, field: str) -> None:
        super().__init__()
        self.field = field
        self._resolution = resolution
        self.here = False

    def draw(self, width: int) -> None:
        """Shows the field as it is decided on now."""
        self.update(self._content(width))

    def _content(self, width: int) -> Content:
        label = clean(self._resolution.wording.title(self.field))
        if width >= _BESIDE:
            lines = self._beside(label, sides_of(self._resolution), width)
        else:
            typed = self._resolution.side(self.field) is Side.TYPED
            sides = (*_SIDES, Side.TYPED) if typed else _SIDES
            head = Content.styled(label, "bold $accent" if self.here else "bold $text-label")
            lines = [head, *(line for side in sides for line in self._stacked(side, width))]
        bar = Content.styled("▌", "$bar") if self.here else Content(" ")
        return Content("\n").join(bar + " " + line for line in lines)

    def _stacked(self, side: Side, width: int) -> list[Content]:
        style = self._style(side)
        first, *others = self._wrapped(side, width - _NAME - 6)
        head = Content.assemble(
            (f"{self._sign(side)} ", "$accent"), (fit(side, _NAME), "$text-label"), (first, style)
        )
        return [head, *(Content.styled(" " * (_NAME + 2) + line, style) for line in others)]

    def _beside(self, label: str, sides: Sequence[Side], width: int) -> list[Content]:
        name, room = _widths(width, len(sides))
        columns = [self._wrapped(side, room - 4) for side in sides]
        lines = []
        for at in range(max(map(len, columns))):
            style = "bold $accent" if self.here else "bold $text-label"
            line = Content.styled(fit(label if at == 0 else "", name), style)
            for side, column in zip(sides, columns, strict=True):
                sign = self._sign(side) if at == 0 and column[0] else " "
                text = column[at] if at < len(column) else ""
                line += Content.assemble((f"{sign} ", "$accent"), (fit(text, room - 2), self._style(side)))
            lines.append(line)
        return lines

    def _sign(self, side: Side) -> str:
        return "●" if self._resolution.side(self.field) is side else "○"

    def _style(self, side: Side) -> str:
        return "$text-value" if self._resolution.side(self.field) is side else "$text-label"

    def _wrapped(self, side: Side, room: int) -> list[str]:
        if side is Side.TYPED and self._resolution.side(self.field) is not side:
            return [""]
        text = clean_lines(self._resolution.words(self.field, side)) or EMPTY
        lines = [line.plain for line in Content(text).wrap(max(8, room))]
        if len(lines) > _MOST_LINES:
            lines = [*lines[: _MOST_LINES - 1], f"… {len(text):,} characters in all"]
        return lines


class ClashList(VerticalScroll, can_focus=True):
    """The clashing fields with a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "step(1)", "Down", id="clash.down", tooltip="The next field", show=False),
        Binding("up,k", "step(-1)", "Up", id="clash.up", tooltip="The field before", show=False),
    ]

    def __init__(self, resolution: Resolution) -> None:
        super().__init__()
        self._resolution = resolution
        self._at = 0

    def compose(self) -> ComposeResult:
        yield Static(id="heads")
        for name in self._resolution.clashes:
            yield ClashBlock(self._resolution, name)

    @property
    def current(self) -> str:
        """The field under the cursor."""
        return list(self._resolution.clashes)[self._at]

    def draw(self) -> None:
        """Shows all of them as they are decided on now."""
        width = self.content_size.width or self.size.width
        beside = width >= _BESIDE
        heads = self.query_one("#heads", Static)
        heads.display = beside
        if beside:
            sides = sides_of(self._resolution)
            name, room = _widths(width, len(sides))
            words = "".join(fit(f"  {side}", room) for side in sides)
            heads.update(Content.styled(f"  {fit('field', name)}{words}", "bold $text-label"))
        for at, block in enumerate(self.query(ClashBlock)):
            block.here = at == self._at
            block.draw(width)

    def on_resize(self) -> None:
        """The width is another."""
        self.draw()

    def action_step(self, by: int) -> None:
        """To another field."""
        self.go(self._at + by)

    def go(self, at: int) -> None:
        """To the field of that place."""
        blocks = list(self.query(ClashBlock))
        self._at = max(0, min(at, len(blocks) - 1))
        self.draw()
        self.scroll_to_widget(blocks[self._at], animate=False)

    def on_click(self, event: events.Click) -> None:
        """To the field that was clicked."""
        for at, block in enumerate(self.query(ClashBlock)):
            if block.region.contains(event.screen_x, event.screen_y):
                self.go(at)


def sides_of(resolution: Resolution) -> Sequence[Side]:
    """The columns: that of what is typed only where something is."""
    typed = any(resolution.side(name) is Side.TYPED for name in resolution.clashes)
    return (*_SIDES, Side.TYPED) if typed else _SIDES


def _widths(width: int, sides: int) -> tuple[int, int]:
    """Cells of the label and of each value."""
    name = max(16, width // 6)
    return name, (width - name - 4) // sides
