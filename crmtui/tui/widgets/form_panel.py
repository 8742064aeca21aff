"""The frame with all the fields of a form."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget

from crmtui.model.text import clean
from crmtui.tui.widgets.form_row import FormRow, heading, read_only
from crmtui.tui.widgets.panel import Panel
from crmtui.workspace.forms import Form


class FormPanel(Panel, inherit_css=False):
    """A row for each field, under the headings of their groups; what can only be read stands at the end."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"form--{part}" for part in ("label", "focus", "required", "bar", "error")
    }
    # The focus never leaves it. A rule for `:focus-within` would restyle every editor at every tab.
    DEFAULT_CSS = """
    FormPanel {
        layout: vertical; overflow: hidden; width: 1fr; height: 1fr; padding: 0;
        border: round $rule-focus; background: $ground;
        border-title-color: $accent; border-title-background: $ground;
        border-subtitle-color: $text-dim; border-subtitle-background: $ground;
        & > .form--label { color: $text-label; background: $ground; }
        & > .form--focus { color: $accent; background: $ground; }
        & > .form--required { color: $accent; background: $ground; }
        & > .form--bar { color: $bar; background: $ground; }
        & > .form--error { color: $error; background: $ground; }
    }
    """

    def __init__(self, form: Form) -> None:
        super().__init__(id="form")
        self.form = form
        self.rows: dict[str, FormRow] = {}

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="fields", can_focus=False):
            for title, fields in self.form.groups():
                if title:
                    yield heading(title)
                for each in fields:
                    yield self._row(each.name)
            if lines := self.form.lines():
                yield heading("Read-only")
                yield read_only(lines)

    def on_mount(self) -> None:
        """What it is, in the border."""
        self.tell_draft()

    def tell_draft(self) -> None:
        """The record's name, and whether the draft of another time is in the form."""
        form = self.form
        kind = form.desk.account.kind(form.ref.kind)
        self.entitle(f"Edit · {clean(form.record.title)}" if form.record else f"New {kind.singular}")
        moved = [f"{clean(name)} changed since" for name in dict.fromkeys(map(form.label, form.draft.moved))]
        words = [form.draft.age(), *moved, "ctrl+x discards it"] if form.draft.found else []
        self.tell(" · ".join(words), "$warning")

    def _row(self, name: str) -> FormRow:
        row = self.rows[name] = FormRow(self.form, name, self.get_component_rich_style)
        row.display = self.form.is_shown(name)
        return row

    def follow(self) -> None:
        """There are other editors in the form than here: of new rows, of a record of another type."""
        for name in [name for name in self.rows if name not in self.form.fields]:
            self.rows.pop(name).remove()
        for _, fields in self.form.groups():
            before: FormRow | None = None
            for each in fields:
                if (row := self.rows.get(each.name)) is None:
                    row = self._row(each.name)
                    self.query_one("#fields").mount(row, after=before)
                elif row.display != (shown := self.form.is_shown(each.name)):
                    row.display = shown
                before = row

    def show(self) -> None:
        """Every editor takes over what the form holds."""
        self.follow()
        for row in self.rows.values():
            row.show()
        self.tell_draft()

    def blame(self, reasons: Mapping[str, str]) -> tuple[Widget | None, list[str]]:
        """Shows each reason at its field; returns the first bad editor, and what has no field here."""
        placed = self.form.blame(reasons)
        for row in self.rows.values():
            row.tell()
        here = [name for name, row in self.rows.items() if row.display]
        first = next((self.rows[name].editor for name in here if name in placed), None)
        return first, [f"{name} {why}" for name, why in placed.items() if name not in here]

    def reveal(self, row: FormRow) -> None:
        """Scrolls by half a page, at once: every line scrolled is a screen sent."""
        if self.is_attached and not self.screen.can_view_entire(row):
            self.query_one("#fields").scroll_to_center(row, animate=False, force=True)
