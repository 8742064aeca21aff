"""One line of a form: the label, its editor, and beneath them what is wrong with it."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.content import Content
from textual.events import DescendantBlur, DescendantFocus
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from crmtui.model.text import clean
from crmtui.tui.widgets.columns import cut, fit
from crmtui.tui.widgets.editor_table import editor_for
from crmtui.tui.widgets.editors import Editor
from crmtui.workspace.forms import Form

Looks = Callable[[str], Style]

LABEL: Final = 24
"""Cells before the editor: the bar of a changed field, the label, a gap."""
_MOST_LINES = 3


class FormRow(Widget):
    """A label and an editor; the label and the message are painted, so that a form is half the widgets."""

    DEFAULT_CSS = "FormRow { height: auto; width: 1fr; background: $ground; }"

    def __init__(self, form: Form, field: str, looks: Looks) -> None:
        """`looks` gives the style of a part of the line: of all rows at once, for styling is what costs."""
        super().__init__()
        self._looks = looks
        self._form = form
        self.field = field
        self.editor: Any = editor_for(form, field)
        self._changed = form.fields[field].changed
        self._focused = False
        self._message: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.editor

    @property
    def typed(self) -> Editor:
        """The editor, as what it can do."""
        editor: Editor = self.editor
        return editor

    @property
    def _differs(self) -> bool:
        return not self._changed and self._form.is_mixed(self.field)

    def show(self) -> None:
        """Takes over the text and the state that the form has for the field."""
        self.typed.show(self._form.shown(self.field))
        self.mark()
        self.tell()

    def tell(self) -> None:
        """What is wrong with the field stands beneath it."""
        each = self._form.fields[self.field]
        width = max(20, self.size.width - LABEL - 1)
        lines = Content(f"✗ {clean(each.error)}").wrap(width) if each.error else []
        message = [line.plain for line in lines[:_MOST_LINES]]
        if len(lines) > _MOST_LINES:
            message[-1] = cut(f"{message[-1]}…", width)
        if message != self._message:
            self._message = message
            self.editor.styles.margin = (0, 0, len(message), LABEL)
            self.refresh(layout=True)

    def mark(self) -> None:
        """The bar at the left tells whether the field is changed."""
        changed = self._form.fields[self.field].changed
        if changed != self._changed:
            self._changed = changed
            self.refresh(Region(0, 0, LABEL if self._form.is_mixed(self.field) else 1, 1))

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The label lights up."""
        self._focused = True
        self.refresh(Region(0, 0, LABEL, 1))

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """The label goes dim again."""
        self._focused = False
        self.refresh(Region(0, 0, LABEL, 1))

    def render_line(self, y: int) -> Strip:
        style = self._looks
        if y == 0:
            field = self._form.field(self.field)
            marks = 2 * (field.required + self._differs)
            label = cut(clean(self._form.fields[self.field].label or field.title), LABEL - 2 - max(1, marks))
            segments = [
                Segment("▌" if self._changed else " ", style("form--bar")),
                Segment(f" {label}", style("form--focus" if self._focused else "form--label")),
                Segment(" *" if field.required else "", style("form--required")),
                Segment(" ≠" if self._differs else "", style("form--label")),
            ]
        else:
            place = y - (self.size.height - len(self._message))
            text = self._message[place] if 0 <= place < len(self._message) else ""
            segments = [Segment(" " * LABEL + text, style("form--error"))]
        return Strip(segments).adjust_cell_length(self.size.width, style("form--label"))


def heading(title: str) -> Static:
    """A rule with a group's name in it."""
    text = Content.assemble(("── ", "$rule"), (title, "$text-label"), (" " + "─" * 300, "$rule"))
    return Static(text, classes="heading")


def read_only(lines: Sequence[tuple[str, str]]) -> Static:
    """What is shown only, a line each."""
    return Static(
        Content("\n").join(
            Content.assemble(
                (fit(f" {clean(label)}", LABEL), "$text-dim"), (f" {cut(clean(text), 300)}", "$text-label")
            )
            for label, text in lines
        ),
        classes="lines",
    )
