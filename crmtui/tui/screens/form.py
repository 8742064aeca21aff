"""Form: a record's fields to edit, kept on disk as they are typed, sent only after a review."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.events import DescendantBlur, DescendantFocus, Event, Key, Paste
from textual.widget import Widget
from textual.widgets import Static

from crmtui.model.errors import CrmError
from crmtui.model.text import clean
from crmtui.tui.screens.adding import Adding
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.screens.keeping import Keeping
from crmtui.tui.screens.saving import Saving
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.drop_list import DropList
from crmtui.tui.widgets.editors import Edited, Finished
from crmtui.tui.widgets.form_foot import FormFoot
from crmtui.tui.widgets.form_panel import FormPanel
from crmtui.tui.widgets.form_row import FormRow
from crmtui.tui.widgets.lookup import Lookup
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.forms import Form
from crmtui.workspace.saved import Saved, SavedAll


class FormScreen(CommandScreen[Saved | SavedAll | None]):
    """Everything but the choices of a field comes from the mirror, so that typing can begin at once."""

    NAME = "Form"
    IDS: ClassVar[Sequence[str]] = ("send", "discard", "back", "report")
    CSS_PATH = "../styles/form.tcss"
    AUTO_FOCUS = ""

    def __init__(self, form: Form, focus: str | None = None) -> None:
        """`focus`: the field to begin at."""
        super().__init__()
        self.desk = form.desk
        self.form = form
        self.panel = FormPanel(form)
        self.saving = Saving(self)
        self.adding = Adding(self)
        self.keeping = Keeping(self)
        self._focus = focus
        self._early: list[Event] | None = []
        self._asked: set[str] = set()
        self._notes: dict[str, str] = {}
        self._help = ""

    @property
    def today(self) -> date:
        """The day of the person's calendar, which `today` and `+2w` count from."""
        return date.today()

    # -- opening

    def compose(self) -> ComposeResult:
        # First, for what comes and goes at the end moves everything before it in Textual's order.
        yield DropList()
        yield TitleBar()
        yield Banner()
        yield self.panel
        yield Static(id="help")
        yield FormFoot()

    def on_mount(self) -> None:
        """The first field, or that of the draft with the cursor where it was."""
        self.tell_foot()
        found = self.form.draft.found
        name = self._focus or (found.field if found else "")
        row = self.panel.rows.get(self.form.place(name)) or self.panel.rows.get(self.form.first())
        if row is not None:
            self.set_focus(row.editor)
            if found and row.field == found.field:
                self.call_later(row.editor.go, found.cursor)
        self.call_later(self._begin)

    def _begin(self) -> None:
        early, self._early = self._early or [], None
        for event in early:
            if not (isinstance(event, Key) and self.step(event.key)):
                (self.focused or self)._forward_event(event)

    def _forward_event(self, event: Event) -> None:
        """Keys pressed while the form is opening wait for it."""
        if self._early is not None and isinstance(event, (Key, Paste)):
            self._early.append(event)
        else:
            super()._forward_event(event)

    def step(self, key: str) -> bool:
        """Whether a key leads from field to field.

        Textual would have it travel through the field first, which takes the letters behind it meanwhile.
        """
        at_a_field = self.focused is not None and isinstance(self.focused.parent, FormRow)
        if self._early is not None or not at_a_field or key not in ("tab", "shift+tab"):
            return False
        if key == "tab":
            self.focus_next()
        else:
            self.focus_previous()
        return True

    def on_screen_resume(self) -> None:
        """The title line is this screen's again."""
        self.tui.status.show(self.query_one(TitleBar), self.desk)

    # -- typing

    def on_edited(self, event: Edited) -> None:
        """The form knows it at once, the disk soon."""
        event.stop()
        if (row := self.panel.rows.get(event.field)) is None:
            return  # gone with what it belonged to
        self.form.set(event.field, event.text)
        self.panel.follow()
        row.mark()
        row.tell()
        self._tell_help(event.field)
        self.tell_foot()
        self.keeping.soon()

    def on_finished(self, event: Finished) -> None:
        """Enter leads to the next field."""
        event.stop()
        self.focus_next()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Its help, and its place in the draft."""
        if isinstance(event.widget.parent, FormRow):
            self._tell_help(event.widget.parent.field)
            if self.form.touched:
                self.keeping.soon()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """A text that is no value is told when it is left."""
        row = event.widget.parent
        if isinstance(row, FormRow) and row.is_attached and not self.saving.under_way:
            self.form.problem(row.field, self.today)
            row.tell()

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """Brings the field into view, without Textual's animation."""
        super().set_focus(widget, False, from_app_focus)
        if widget is not None and isinstance(widget.parent, FormRow):
            self.call_after_refresh(self.panel.reveal, widget.parent)

    def _tell_help(self, name: str) -> None:
        text = self._notes.get(name) or self.form.hint(name, self.today)
        if text != self._help:
            self._help = text
            self.query_one("#help", Static).update(Content(text), layout=False)

    def tell_foot(self) -> None:
        """What is changed, and what a save costs."""
        self.query_one(FormFoot).tell(self.form, sending=self.saving.under_way)

    # -- the values of a field

    def on_lookup_wanted(self, event: Lookup.Wanted) -> None:
        """They are asked for when they are of use, once."""
        event.stop()
        if event.field not in self._asked:
            self._asked.add(event.field)
            self.run_worker(self._load(event.field), group=f"choices {event.field}", exit_on_error=False)

    def on_lookup_adding(self, event: Lookup.Adding) -> None:
        """A text is to become one of them."""
        event.stop()
        self.adding.begin(event.field, event.text)

    def say_beneath(self, name: str, sentence: str) -> None:
        """What is wrong with a field, or that nothing is."""
        self.form.fields[name].error = sentence
        self.panel.rows[name].tell()

    async def _load(self, name: str) -> None:
        self._notes.pop(name, None)
        try:
            await self.form.lookups.load(self.form.field(name))
        except CrmError as error:
            self._asked.discard(name)
            self._notes[name] = f"the values could not be loaded; type the value · {clean(error.message)}"
        editor = self.panel.rows[name].editor
        editor.learn()
        if editor.has_focus:
            self._tell_help(name)

    # -- the draft

    def flush(self) -> None:
        """What is typed is on disk when this returns, also what no event has told yet."""
        for name, row in self.panel.rows.items():
            text, each = row.typed.tell(), self.form.fields.get(name)
            if text is not None and each is not None and text != each.text:
                self.form.set(name, text)
        self.keeping.now()

    def on_screen_suspend(self) -> None:
        """Another screen comes over this one."""
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
        if self.saving.under_way and id_ in ("send", "discard"):
            return "It is being sent."
        if id_ == "report":
            return self.tui.flows.why_no_report(self.desk)
        if id_ == "discard" and not self.form.touched:
            return "Nothing was changed."
        return None

    def do_back(self) -> None:
        """Leaves; what was typed stays as a draft."""
        self.flush()
        self.dismiss(None)

    def do_discard(self) -> None:
        """Everything as it was read, and no draft."""
        self.form.discard()
        self.show_all()

    def do_send(self) -> None:
        """Looks at it first: here, then on the review."""
        self.flush()
        self.saving.begin()

    def do_report(self) -> None:
        """The report that the vendor's support asks for, to the clipboard."""
        self.tui.copy_report(self.desk)

    # -- what a save shows

    def warn(self, message: str) -> None:
        """A sentence above the fields; it stays until the next try."""
        self.query_one(Banner).say(message)

    def calm(self) -> None:
        """Nothing is wrong any more."""
        self.query_one(Banner).clear()

    def hold(self, *, sending: bool) -> None:
        """Takes no keys while a save is under way."""
        self.panel.disabled = sending
        self.tell_foot()

    def show_all(self) -> None:
        """Every editor takes over what the form holds."""
        self.panel.show()
        self.tell_foot()

    def blame(self, reasons: Mapping[str, str], message: str) -> None:
        """Each reason at its field, what has no field above them all."""
        editor, rest = self.panel.blame(reasons)
        if rest or editor is None:
            self.warn("; ".join(rest) or message)
        if editor is not None:
            # An open list would lie on the reason.
            self.query_one(DropList).close()
            self.set_focus(editor)
