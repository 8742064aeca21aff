"""Form: a record's fields to edit, kept on disk as they are typed, sent only after a review."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import DescendantBlur, DescendantFocus, Event, Key, Paste
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Ref, Value
from crmtui.model.schema import Schema
from crmtui.model.text import clean
from crmtui.store.drafts import Draft
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.screens.saving import Saving
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.editors import Edited, Finished
from crmtui.tui.widgets.form_foot import FormFoot
from crmtui.tui.widgets.form_row import FormRow, heading, read_only
from crmtui.tui.widgets.lookup import Lookup, LookupList
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.desk import Desk
from crmtui.workspace.edits import Saved
from crmtui.workspace.forms import Form

SOON = 0.15
"""Seconds after a key at which the draft is on disk."""


class FormScreen(CommandScreen[Saved | None]):
    """Everything but the choices of a field comes from the mirror, so that typing can begin at once."""

    NAME = "Form"
    IDS: ClassVar[Sequence[str]] = ("send", "discard", "theirs", "back")
    CSS_PATH = "../styles/form.tcss"
    AUTO_FOCUS = ""

    def __init__(
        self,
        desk: Desk,
        ref: Ref,
        schema: Schema,
        record: Record | None,
        draft: Draft | None = None,
        values: Mapping[str, Value] | None = None,
        focus: str | None = None,
    ) -> None:
        """`ref` without an id, or with a draft's `+…`, is a new record; `values` are its to begin with."""
        super().__init__()
        self.desk = desk
        self.form = Form(desk, schema, record, draft, ref=ref, values=values)
        found = self.form.draft.found
        self._first = focus or (found.field if found else "")
        self._early: list[Event] | None = []
        self._timer: Timer | None = None
        self._dirty = False
        self._asked: set[str] = set()
        self._notes: dict[str, str] = {}
        self.saving = Saving(self)

    @property
    def today(self) -> date:
        """The day of the person's calendar, which `today` and `+2w` count from."""
        return date.today()

    # -- the picture

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield Banner()
        with Panel(id="form"), VerticalScroll(id="fields", can_focus=False):
            for title, fields in self.form.groups():
                if title:
                    yield heading(title)
                for each in fields:
                    yield FormRow(self.form, each.field.name)
            if lines := self.form.lines():
                yield heading("Read-only")
                yield read_only(lines)
        yield Static(id="help")
        yield FormFoot()
        yield LookupList()

    def on_mount(self) -> None:
        """The first field, and the keys that were pressed on the way here."""
        self.rows = {row.field: row for row in self.query(FormRow)}
        self._entitle()
        self._tell_foot()
        name = self._first if self._first in self.rows else self.form.first()
        if name:
            editor = self.rows[name].editor
            self.set_focus(editor)
            found = self.form.draft.found
            if found and name == found.field:
                self.call_later(editor.go, found.cursor)
        if self.saving.unsure:
            self.warn(
                "An earlier save of this record is in the outbox, and whether it was done is not known."
                " ctrl+s asks before it sends another."
            )
        self.call_later(self._begin)

    def _begin(self) -> None:
        early, self._early = self._early or [], None
        for event in early:
            (self.focused or self)._forward_event(event)

    def _forward_event(self, event: Event) -> None:
        """Keys pressed while the form is opening wait for it."""
        if self._early is not None and isinstance(event, (Key, Paste)):
            self._early.append(event)
        else:
            super()._forward_event(event)

    def _entitle(self) -> None:
        panel, form = self.query_one("#form", Panel), self.form
        singular = self.desk.account.kind(form.ref.kind).singular
        panel.entitle(f"Edit · {clean(form.record.title)}" if form.record else f"New {singular}")
        draft = form.draft
        moved = [f"{clean(form.field(name).title)} changed since" for name in draft.moved]
        words = [draft.age(), *moved, "ctrl+x discards it"] if draft.found else []
        panel.tell(" · ".join(words), "$warning")

    def _tell_foot(self) -> None:
        self.query_one(FormFoot).tell(self.form, sending=self.saving.under_way)

    def _tell_help(self, name: str) -> None:
        hint = self._notes.get(name) or self.form.hint(name, self.today)
        help_ = self.query_one("#help", Static)
        if help_.content != hint:
            help_.update(Content(hint), layout=False)

    # -- typing

    def on_edited(self, event: Edited) -> None:
        """The form knows it at once, the disk soon."""
        event.stop()
        row = self.rows[event.field]
        had_error = bool(self.form.fields[event.field].error)
        self.form.set(event.field, event.text)
        row.mark()
        if had_error:
            row.tell()
        self._tell_help(event.field)
        self._tell_foot()
        self.keep_soon()

    def on_finished(self, event: Finished) -> None:
        """Enter leads to the next field."""
        event.stop()
        self.focus_next()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Its help, and its place in the draft."""
        name = getattr(event.widget, "field", None)
        if name in self.rows:
            self._tell_help(name)
            if self.form.touched:
                self.keep_soon()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """A text that is no value is told when it is left."""
        name = getattr(event.widget, "field", None)
        if name in self.rows and not self.saving.under_way:
            before = self.form.fields[name].error
            if before != self.form.problem(name, self.today) and self.is_attached:
                self.rows[name].tell()

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """Scrolls by half a page, at once: every line scrolled is a screen sent."""
        super().set_focus(widget, False, from_app_focus)
        if widget is not None and isinstance(widget.parent, FormRow):
            self.call_after_refresh(self._reveal, widget.parent)

    def _reveal(self, row: FormRow) -> None:
        if self.is_attached and not self.can_view_entire(row):
            self.query_one("#fields").scroll_to_center(row, animate=False, force=True)

    async def on_lookup_wanted(self, event: Lookup.Wanted) -> None:
        """A field's values are asked for when they are of use, once."""
        event.stop()
        if event.field not in self._asked:
            self._asked.add(event.field)
            self.run_worker(self._load(event.field), group=f"choices {event.field}", exit_on_error=False)

    async def _load(self, name: str) -> None:
        self._notes.pop(name, None)
        try:
            await self.form.lookups.load(self.form.field(name))
        except CrmError as error:
            self._asked.discard(name)
            self._notes[name] = f"the values could not be loaded; type the value · {clean(error.message)}"
        editor = self.rows[name].editor
        if editor.is_open:
            editor.unfold()
        elif not self.form.fields[name].changed:
            editor.show(self.form.shown(name))
        if editor.has_focus:
            self._tell_help(name)

    def on_screen_resume(self) -> None:
        """The title line is this screen's again."""
        self.tui.watch_account(self.query_one(TitleBar), self.desk)

    # -- the draft

    def keep_soon(self) -> None:
        """Something is to be kept."""
        self._dirty = True
        if self._timer is None:
            self._timer = self.set_timer(SOON, self.flush)

    def flush(self) -> None:
        """What is typed is on disk when this returns."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._dirty:
            self._dirty = False
            focused = self.focused
            name = getattr(focused, "field", "")
            self.form.draft.keep(name, getattr(focused, "place", 0))

    def on_screen_suspend(self) -> None:
        """Another screen comes over this one, or the app stops."""
        self.flush()

    def on_app_blur(self) -> None:
        """The terminal lost the focus."""
        self.flush()

    def on_unmount(self) -> None:
        """The last chance."""
        self.flush()

    # -- commands

    def why_not(self, id_: str) -> str | None:
        """See `CommandScreen`."""
        if self.saving.under_way and id_ in ("send", "discard", "theirs"):
            return "It is being sent."
        if id_ == "discard" and not self.form.touched:
            return "Nothing was changed."
        if id_ == "theirs" and not self.saving.clashing:
            return "Nobody else changed anything here."
        return None

    def do_back(self) -> None:
        """Leaves; what was typed stays as a draft."""
        self.flush()
        self.dismiss(None)

    def do_discard(self) -> None:
        """Everything as it was read, and no draft."""
        self.form.discard()
        self._dirty = True
        self.flush()
        self.show_all()

    def do_theirs(self) -> None:
        """Theirs in the field of the cursor if it is one of those, else in all of them."""
        self.saving.take_theirs(getattr(self.focused, "field", ""))

    def do_send(self) -> None:
        """Looks at it first: here, then on the review."""
        self.saving.begin()

    # -- for the saving

    def warn(self, message: str) -> None:
        """A sentence above the fields; it stays until the next try."""
        self.query_one(Banner).say(message)

    def calm(self) -> None:
        """Nothing is wrong any more."""
        self.query_one(Banner).clear()

    def hold(self, *, sending: bool) -> None:
        """Takes no keys while a save is under way."""
        if self.is_attached:
            self.query_one("#fields").disabled = sending
            self._tell_foot()

    def show_all(self) -> None:
        """Every editor takes over what the form holds."""
        for row in self.rows.values():
            row.show()
        self._entitle()
        self._tell_foot()

    def blame(self, reasons: Mapping[str, str], message: str) -> None:
        """Each reason at its field, what has no field above them all."""
        self.form.blame(reasons)
        for row in self.rows.values():
            row.tell()
        here = [name for name in self.rows if name in reasons]
        rest = [f"{name} {why}" for name, why in reasons.items() if name not in self.rows]
        if rest or not here:
            self.warn("; ".join(rest) or message)
        if here:
            self.set_focus(self.rows[here[0]].editor)

    def settle(self) -> None:
        """It is saved: there is nothing left to keep."""
        self._dirty = False
        self.form.draft.drop()
