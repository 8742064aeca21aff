"""An editor that finds a value by what is typed, and the list beneath it."""

from collections.abc import Sequence
from typing import ClassVar, Self

from rich.segment import Segment
from rich.style import Style
from textual.events import Blur, Click, Focus, Key
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets.input import Selection

from crmtui.model.schema import Choice, FieldType
from crmtui.model.text import clean
from crmtui.model.value import fold
from crmtui.tui.widgets.columns import cut, fit
from crmtui.tui.widgets.editors import LineEdit
from crmtui.tui.widgets.painted import Painted
from crmtui.workspace.forms import Form

MOST = 8
"""Lines of the list at once."""
_WIDEST = 48


class LookupList(Widget):
    """The values that a text could mean, over whatever is beneath; one for all lookups of a screen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"lookup-list--{part}" for part in ("item", "cursor", "bar", "match", "cursor-match", "hint")
    }
    DEFAULT_CSS = """
    LookupList {
        layer: lists; position: absolute; display: none; background: $field-focus-bg; color: $text-value;
        & > .lookup-list--item { color: $text-value; background: $field-focus-bg; }
        & > .lookup-list--match { color: $text-value; background: $field-focus-bg; text-style: underline; }
        & > .lookup-list--cursor { color: $cursor-fg; background: $cursor-bg; }
        & > .lookup-list--cursor-match { color: $cursor-fg; background: $cursor-bg; text-style: underline; }
        & > .lookup-list--bar { color: $bar; background: $cursor-bg; }
        & > .lookup-list--hint { color: $text-dim; background: $field-focus-bg; }
    }
    """

    # It paints its lines itself and never scrolls, so nothing follows from this size.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False, repaint=False)

    def __init__(self) -> None:
        super().__init__()
        self._painted = Painted()
        self._choices: Sequence[Choice] = ()
        self._typed = ""
        self._hint = ""
        self._cursor = 0
        self._top = 0
        self.owner: Lookup | None = None

    @property
    def chosen(self) -> Choice | None:
        """The value under the cursor."""
        return self._choices[self._cursor] if 0 <= self._cursor < len(self._choices) else None

    def open(self, owner: "Lookup", choices: Sequence[Choice], typed: str, hint: str) -> None:
        """Shows values beneath an editor, or above it where there is no room."""
        self.owner = owner
        self._choices, self._typed, self._hint = choices, typed, hint
        self._cursor = self._top = 0
        self._place(owner.region)
        self.refresh()

    def close(self) -> None:
        """Gone."""
        self.owner = None
        self.display = False

    def move(self, step: int) -> None:
        """The cursor goes along the values."""
        last = len(self._choices) - 1
        self._cursor = max(-1 if self._typed else 0, min(last, self._cursor + step))
        self._top = max(0, min(max(self._cursor, 0), max(self._top, self._cursor - MOST + 1)))
        self.refresh()

    def _place(self, region: Region) -> None:
        room = self.screen.size
        height = max(1, min(MOST, len(self._choices)))
        width = min(_WIDEST, region.width, room.width - region.x)
        above = region.bottom + height > room.height and region.y >= height
        offset = Offset(region.x, region.y - height if above else region.bottom)
        if (self.size.width, self.size.height) != (width, height) or not self.display:
            self.styles.width, self.styles.height = width, height
            self.display = True
        if self.styles.offset.x.value != offset.x or self.styles.offset.y.value != offset.y:
            self.styles.offset = offset

    # -- painting

    def _line(self, y: int) -> Strip:
        width = self.size.width
        index = self._top + y
        if index >= len(self._choices):
            style = self.get_component_rich_style("lookup-list--hint")
            return Strip([Segment(fit(f"│{self._hint}", width), style)], width)
        choice = self._choices[index]
        at_cursor = index == self._cursor
        plain = self.get_component_rich_style(f"lookup-list--{'cursor' if at_cursor else 'item'}")
        # The edge shows where the list is in themes whose fills are the terminal's own ground.
        bar = self.get_component_rich_style(f"lookup-list--{'bar' if at_cursor else 'hint'}")
        label = cut(clean(choice.label or choice.value), width - 2)
        match = self.get_component_rich_style(f"lookup-list--{'cursor-match' if at_cursor else 'match'}")
        segments = [Segment("▌" if at_cursor else "│", bar), *_underlined(label, self._typed, plain, match)]
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
        """Takes the value of the line."""
        event.stop()
        index = self._top + event.y
        if self.owner is not None and index < len(self._choices):
            self.owner.take(self._choices[index])


class Lookup(LineEdit):
    """A line that shows a value's label and finds another by what is typed."""

    class Wanted(Message):
        """The field has the focus: its values are of use now."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    def __init__(self, form: Form, field: str) -> None:
        super().__init__(form, field)
        self._several = form.field(field).type is FieldType.CHOICES

    @property
    def list(self) -> LookupList:
        """The screen's one list."""
        return self.screen.query_one(LookupList)

    @property
    def is_open(self) -> bool:
        """Whether the list hangs beneath this editor."""
        return self.list.owner is self

    @property
    def sought(self) -> str:
        """The text that a value is looked for by: of several values the last."""
        return self.value.rpartition(";")[2].strip() if self._several else self.value.strip()

    def edited(self, text: str) -> None:
        """The form hears of it, and the list shows what it could mean."""
        super().edited(text)
        if self.has_focus:
            self.unfold()

    def unfold(self) -> None:
        """Opens the list on what is typed, or shows there what has come to be known."""
        found = self.form.candidates(self.field, self.sought)
        self.list.open(self, found, self.sought, self._nothing())

    def learn(self) -> None:
        """The values have come to be known: the list shows them, or the label of the value does."""
        if self.is_open:
            self.unfold()
        elif not self.form.fields[self.field].changed:
            self.show(self.form.shown(self.field))
            if self.has_focus:
                self._select()

    def take(self, choice: Choice) -> None:
        """The value is chosen."""
        self.list.close()
        if self._several:
            # The values before the last stay as they are written.
            text = "; ".join([*self.value.split(";")[:-1], choice.value]).strip()
            shown = "; ".join(p.strip() for p in [*self.value.split(";")[:-1], choice.label or choice.value])
        else:
            text, shown = choice.value, choice.label or choice.value
        super().edited(text)
        self.show(clean(shown))

    def _nothing(self) -> str:
        field = self.form.field(self.field)
        if field.type is FieldType.REFERENCE:
            return f"no {(field.refers_to or 'record')} of that name here; an id can be typed"
        if not self.form.lookups.choices(field):
            return "no list of values is known; type the value"
        return "another word, taken as it is" if field.open else "none is called that"

    def on_key(self, event: Key) -> None:
        """While the list is open its keys are the list's."""
        if self.is_open and event.key in ("down", "up", "enter", "escape", "pagedown", "pageup"):
            steps = {"down": 1, "up": -1, "pagedown": MOST, "pageup": -MOST}
            if event.key in steps:
                self.list.move(steps[event.key])
            elif event.key == "enter" and self.list.chosen is not None:
                self.take(self.list.chosen)
            else:
                self.list.close()
        elif event.key == "down":
            self.list.open(self, self.form.candidates(self.field, ""), "", self._nothing())
        else:
            return
        event.stop()
        event.prevent_default()

    def on_focus(self, event: Focus) -> None:
        """The values are of use now, and what is typed looks for another."""
        if not event.from_app_focus:
            self._select()
        self.post_message(self.Wanted(self.field))

    def _select(self) -> None:
        """What is typed next looks for another value; it does not go on with this one's name."""
        if not self._several:
            self.selection = Selection(0, len(self.value))

    def on_blur(self, event: Blur) -> None:
        """The list goes, and the label of what was typed stands there."""
        if self.is_open:
            self.list.close()
        self.show(self.form.shown(self.field))


def _underlined(label: str, typed: str, plain: Style, match: Style) -> list[Segment]:
    """A label with the typed letters underlined where they stand in it."""
    at = fold(label).find(fold(typed)) if typed else -1
    end = at + len(typed)
    if at < 0 or fold(label[at:end]) != fold(typed):
        return [Segment(label, plain)]
    return [Segment(label[:at], plain), Segment(label[at:end], match), Segment(label[end:], plain)]
