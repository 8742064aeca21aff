"""The list that hangs beneath a line that is being typed in: what the text could mean, or become."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple, Protocol, Self

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Offset, Region, Size
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widget import Widget

from crmtui.model.text import clean
from crmtui.model.value import fold
from crmtui.tui.widgets.columns import cut, fit
from crmtui.tui.widgets.painted import Painted

MOST = 8
"""Lines of the list at once."""
_WIDTH, _WIDEST = 48, 64
"""Cells, and those that a long offer may have."""
_LEAST_NOTE = 8
"""Cells below which a note is left out."""


class Offer(NamedTuple):
    """One line: what can be taken, and a word of explanation."""

    text: str
    note: str = ""


class Owner(Protocol):
    """What a list hangs beneath."""

    def take(self, index: int) -> None:
        """The offer of that place is chosen."""


class DropList(Widget):
    """Offers over whatever is beneath; one for all lines of a screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"drop-list--{part}"
        for part in ("item", "cursor", "bar", "match", "cursor-match", "hint", "cursor-hint")
    }
    DEFAULT_CSS = """
    DropList {
        layer: lists; position: absolute; display: none; background: $field-focus-bg; color: $text-value;
        & > .drop-list--item { color: $text-value; background: $field-focus-bg; }
        & > .drop-list--match { color: $text-value; background: $field-focus-bg; text-style: underline; }
        & > .drop-list--cursor { color: $cursor-fg; background: $cursor-bg; }
        & > .drop-list--cursor-match { color: $cursor-fg; background: $cursor-bg; text-style: underline; }
        & > .drop-list--cursor-hint { color: $cursor-fg; background: $cursor-bg; }
        & > .drop-list--bar { color: $bar; background: $cursor-bg; }
        & > .drop-list--hint { color: $text-dim; background: $field-focus-bg; }
    }
    """

    # It paints its lines itself and never scrolls, so nothing follows from this size.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False, repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self._painted = Painted()
        self._offers: Sequence[Offer] = ()
        self._typed = ""
        self._hint = ""
        self._cursor = self._least = 0
        self._top = 0
        self._column = 0
        self.owner: Owner | None = None

    @property
    def chosen(self) -> int | None:
        """The place of the offer under the cursor."""
        return self._cursor if 0 <= self._cursor < len(self._offers) else None

    def open(
        self,
        owner: Owner,
        region: Region,
        offers: Sequence[Offer],
        typed: str = "",
        hint: str = "",
        *,
        cursor: int = 0,
        least: int = 0,
    ) -> None:
        """Shows offers beneath a region of the screen, or above it where there is no room.

        `hint` stands above them. The cursor begins at `cursor`, -1 for none, and goes back to `least`.
        """
        self.owner = owner
        self._offers, self._typed, self._hint = offers, typed, hint
        self._cursor, self._least = cursor, least
        self._top = 0
        self._place(region)
        self.refresh()

    def close(self) -> None:
        """Gone."""
        self.owner = None
        self.display = False

    def move(self, step: int) -> None:
        """The cursor goes along the offers."""
        self._cursor = max(self._least, min(len(self._offers) - 1, self._cursor + step))
        self._top = max(0, min(max(self._cursor, 0), max(self._top, self._cursor - MOST + 1)))
        self.refresh()

    def _place(self, region: Region) -> None:
        room = self.screen.size
        height = max(1, min(MOST, len(self._offers)) + bool(self._hint))
        widest = max((cell_len(offer.text) for offer in self._offers), default=0)
        width = min(max(_WIDTH, min(widest + 2, _WIDEST)), region.width, room.width - region.x)
        self._column = min(widest, width * 3 // 5) if any(offer.note for offer in self._offers) else 0
        above = region.bottom + height > room.height and region.y >= height
        parent = self.parent
        origin = parent.content_region.offset if isinstance(parent, Widget) else Offset(0, 0)
        offset = Offset(region.x, region.y - height if above else region.bottom) - origin
        if (self.size.width, self.size.height) != (width, height) or not self.display:
            self.styles.width, self.styles.height = width, height
            self.display = True
        if self.styles.offset.x.value != offset.x or self.styles.offset.y.value != offset.y:
            self.styles.offset = offset

    # -- painting

    def _line(self, y: int) -> Strip:
        width = self.size.width
        hint = self.get_component_rich_style("drop-list--hint")
        index = self._top + y - bool(self._hint)
        if index < 0 or index >= len(self._offers):
            words = self._hint if index < 0 else ""
            return Strip([Segment(fit(f"│{words}", width), hint)], width)
        offer = self._offers[index]
        at_cursor = index == self._cursor
        plain = self.get_component_rich_style(f"drop-list--{'cursor' if at_cursor else 'item'}")
        # The edge shows where the list is in themes whose fills are the terminal's own ground.
        bar = self.get_component_rich_style("drop-list--bar") if at_cursor else hint
        match = self.get_component_rich_style(f"drop-list--{'cursor-match' if at_cursor else 'match'}")
        room = width - 3 - self._column
        note = cut(clean(offer.note), room - 1) if self._column and room > _LEAST_NOTE else ""
        label = cut(clean(offer.text), self._column if note else width - 2)
        segments = [Segment("▌" if at_cursor else "│", bar), *_underlined(label, self._typed, plain, match)]
        if note:
            dim = self.get_component_rich_style("drop-list--cursor-hint") if at_cursor else hint
            segments.append(Segment(" " * (self._column - cell_len(label) + 2) + note, dim))
        return Strip(segments).adjust_cell_length(width, plain)

    def render_line(self, y: int) -> Strip:
        """See `Painted`."""
        return self._painted.keep(y, self._line(y))

    def notify_style_update(self) -> None:
        """Whatever the styles do to the widget, an opacity say, is not in its lines."""
        self._painted.forget()
        super().notify_style_update()
        self.refresh()

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """See `Painted`."""
        if repaint and not layout and not recompose and self._is_mounted and self.display:
            found = self._painted.changes(self.size.height, self._line)
            if found is not None:
                return super().refresh(*found, repaint=bool(found))
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def on_click(self, event: Click) -> None:
        """Takes the offer of the line."""
        event.stop()
        index = self._top + event.y - bool(self._hint)
        if self.owner is not None and 0 <= index < len(self._offers):
            self.owner.take(index)


def _underlined(label: str, typed: str, plain: Style, match: Style) -> list[Segment]:
    """A label with the typed letters underlined where they stand in it."""
    at = fold(label).find(fold(typed)) if typed else -1
    end = at + len(typed)
    if at < 0 or fold(label[at:end]) != fold(typed):
        return [Segment(label, plain)]
    return [Segment(label[:at], plain), Segment(label[at:end], match), Segment(label[end:], plain)]
