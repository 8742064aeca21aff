"""A frame whose border carries words: title and count above, state and keys below."""

from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.geometry import Region
from textual.strip import Strip

from crmtui.tui.widgets.columns import cut


class Panel(Vertical):
    """A rounded frame, in the accent while the focus is inside."""

    DEFAULT_CSS = """
    Panel {
        border: round $rule;
        background: $ground;
        border-title-color: $text-label;
        border-title-background: $ground;
        border-subtitle-color: $text-dim;
        border-subtitle-background: $ground;
        padding: 0;
    }
    Panel:focus-within { border: round $rule-focus; border-title-color: $accent; }
    """

    def __init__(self, *children: "Vertical", id: str | None = None) -> None:  # noqa: A002
        super().__init__(*children, id=id)
        self._title = ""
        self._count = ""
        self._state = ("", "")
        self._reckoned = 0
        """The room for words that was reckoned with."""

    def entitle(self, title: str, count: str = "") -> None:
        """The title at the left of the upper border, the count at its right."""
        if (title, count) != (self._title, self._count):
            self._title, self._count = title, count
            self._draw()

    def tell(self, state: str, style: str = "$text-dim") -> None:
        """The words at the right of the lower border."""
        if (state, style) != self._state:
            self._state = (state, style)
            self._draw()

    def on_resize(self, event: Resize) -> None:
        """The count keeps to the corner."""
        self._draw()

    def render_lines(self, crop: Region) -> list[Strip]:
        """What is painted fits, even where the new size was not told yet."""
        if self._room != self._reckoned:
            self._draw()
        return super().render_lines(crop)

    def fold(self, folded: bool) -> None:
        """Leaves of the frame its upper border alone, which then says what the lower one would."""
        if folded != self.has_class("-folded"):
            self.set_class(folded, "-folded")
            self._draw()

    @property
    def _room(self) -> int:
        # Corners with a piece of the border beside them, and a blank on either side of a title.
        return max(0, self.outer_size.width - 6)

    def _draw(self) -> None:
        self._reckoned = room = self._room
        if not room:
            return
        words, style = self._state
        folded = self.has_class("-folded")
        told = " · ".join(filter(None, (self._count, words))) if folded else self._count
        count = f" {cut(told, room - 12)}" if told else ""
        title = cut(self._title, room - len(count) - 1)
        text = Content(title)
        if count:
            rule = "─" * max(0, room - text.cell_length - len(count) - 1)
            text = Content.assemble(text, (f" {rule}", "$rule"), (count, "$text-label"))
        # Without corners nothing parts the words from the rule.
        self.border_title = Content.assemble(("─ ", "$rule"), text, " ") if folded else text
        self.border_subtitle = Content.styled(cut(words, room), style)
