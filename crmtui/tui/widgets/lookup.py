"""An editor that finds a value by what is typed."""

from collections.abc import Sequence

from textual.events import Blur, Focus, Key
from textual.message import Message
from textual.widgets.input import Selection

from crmtui.model.schema import NUMBERS, Choice, FieldType
from crmtui.model.text import clean
from crmtui.tui.widgets.columns import cut
from crmtui.tui.widgets.drop_list import MOST, DropList, Offer
from crmtui.tui.widgets.editors import LineEdit
from crmtui.workspace.forms import Form

_LONGEST = 16
"""Cells of a text that can be added to a list."""


class Lookup(LineEdit):
    """A line that shows a value's label and finds another by what is typed."""

    class Wanted(Message):
        """The field has the focus: its values are of use now."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    class Adding(Message):
        """A text is to become a value of the field's list."""

        def __init__(self, field: str, text: str) -> None:
            super().__init__()
            self.field = field
            self.text = text

    def __init__(self, form: Form, field: str) -> None:
        super().__init__(form, field)
        about = form.field(field)
        self._several = about.type is FieldType.CHOICES or about.naming is not None
        self._found: Sequence[Choice] = ()

    @property
    def list(self) -> DropList:
        """The screen's one list."""
        return self.screen.query_one(DropList)

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
        if self.has_focus and self.is_attached:
            self.unfold()

    def unfold(self) -> None:
        """Opens the list on what is typed, or shows there what has come to be known."""
        self._open(self.sought)

    def _open(self, typed: str) -> None:
        self._found = self.form.candidates(self.field, typed)
        offers = [Offer(choice.label or choice.value) for choice in self._found]
        cursor = 0 if offers else -1
        hint = "" if offers else self._nothing()
        if cost := self.form.lookups.cost_to_add(self.form.field(self.field), typed):
            title = cut(clean(self.form.field(self.field).title), _LONGEST)
            offers.append(Offer(f'+ add "{cut(typed, _LONGEST)}" to the list of {title} ({cost} calls)'))
        self.list.open(self, self.region, offers, typed, hint, cursor=cursor, least=-1 if typed else 0)

    def learn(self) -> None:
        """The values have come to be known: the list shows them, or the label of the value does."""
        if self.is_open:
            self.unfold()
        elif not self.form.fields[self.field].changed:
            self.show(self.form.shown(self.field))
            if self.has_focus:
                self._select()

    def take(self, index: int) -> None:
        """The offer is chosen: a value, or that what is typed is to become one."""
        if index < len(self._found):
            self.put(self._found[index])
        else:
            self.list.close()
            self.post_message(self.Adding(self.field, self.sought))

    def put(self, choice: Choice) -> None:
        """The value stands here."""
        self.list.close()
        if self._several:
            # The values before the last stay as they are written.
            text = "; ".join([*self.value.split(";")[:-1], choice.value]).strip()
            shown = "; ".join(p.strip() for p in [*self.value.split(";")[:-1], choice.label or choice.value])
        else:
            text, shown = choice.value, choice.label or choice.value
        self.show(clean(shown))
        super().edited(text)

    def _nothing(self) -> str:
        field = self.form.field(self.field)
        if field.type is FieldType.REFERENCE:
            return f"no {(field.refers_to or 'record')} of that name here; an id can be typed"
        if field.naming is not None:
            return "no record of that name here; an id can be typed"
        if not self.form.lookups.choices(field):
            return "no list of values is known; type the value"
        if field.type in NUMBERS:
            return "none is called that; a number can be typed"
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
            self._open("")
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
        typed = self.tell()
        self.show(self.form.shown(self.field, typed))
        self._typed = typed
