"""Tags: all there are, those that the record has with a check mark, found by typing."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.widgets import Input, Static

from crmtui.model.errors import CrmError
from crmtui.model.schema import Choice, Field
from crmtui.model.text import clean
from crmtui.model.value import fold
from crmtui.tui.behind import behind
from crmtui.tui.dialog_keys import dialog_keys
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.widgets.columns import Column, Row
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.path_line import TextLine
from crmtui.tui.widgets.record_list import RecordList
from crmtui.workspace.appending import append, cost
from crmtui.workspace.desk import Desk
from crmtui.workspace.tags import has_name

_COLUMNS = (Column("on", "", 2, 0), Column("name", "", 24, 1))
_PAGE = 8


class _Rows:
    """Tags as rows, and one more for a text that is to become one."""

    def __init__(self, tags: Sequence[Choice], chosen: Sequence[str], new: str) -> None:
        self._tags, self._chosen, self._new = tags, chosen, new

    def total(self) -> int | None:
        """See `RowSource`."""
        return len(self._tags) + bool(self._new)

    def row(self, index: int) -> Row | None:
        """See `RowSource`."""
        if index >= len(self._tags):
            return Row("+", ("+", self._new), styles=("muted", "muted"))
        tag = self._tags[index]
        on = tag.value in self._chosen
        return Row(tag.value, ("✓" if on else "", clean(tag.label or tag.value)), styles=("success", None))

    def visible(self, first: int, last: int) -> None:
        """See `RowSource`."""


class TagsScreen(CommandScreen[list[str] | None]):
    """Gives the tags that the record is to have, None where it was left."""

    NAME = "Tags"
    IDS: ClassVar[Sequence[str]] = ("send", "back")
    CSS_PATH = "../styles/tags.tcss"
    AUTO_FOCUS = "TextLine"

    def __init__(
        self,
        desk: Desk,
        kind: str,
        field: Field,
        title: str,
        known: Sequence[Choice],
        chosen: Sequence[str],
    ) -> None:
        """`known` are the record's own tags by name, `chosen` those that have a mark at first."""
        super().__init__()
        self._modal = True
        self.desk = desk
        self._kind, self._field, self._title = kind, field, title
        self._known = list(known)
        self._chosen = list(chosen)
        self._tags: Sequence[Choice] = ()
        self._shown: Sequence[Choice] = ()
        self._new = ""

    def compose(self) -> ComposeResult:
        with Panel(id="dialog") as panel:
            panel.entitle(f"{clean(self._field.title)} · {clean(self._title)}")
            yield TextLine(placeholder="type to find")
            yield RecordList(_Rows((), (), ""), _COLUMNS)
            yield Static(id="said")
            yield Static(self._keys(), id="keys")

    def on_mount(self) -> None:
        """What is known at once, what must be asked for soon."""
        self._take(self.desk.fields.choices_now(self._kind, self._field))
        behind(self, self._load(), "choices")

    def _keys(self) -> Content:
        pairs = (("enter", "check"), ("↑↓", "choose"), ("ctrl+s", "review"), ("esc", "leave"))
        return dialog_keys(pairs)

    async def _load(self) -> None:
        try:
            self._take(await self.desk.fields.choices(self._kind, self._field))
        except CrmError as error:
            self._say(f"The tags could not be loaded. {error.message}")

    def _take(self, choices: Sequence[Choice]) -> None:
        """The list, and the record's own tags that it does not have."""
        values = {choice.value for choice in choices}
        self._tags = [*choices, *(tag for tag in self._known if tag.value not in values)]
        self._find()

    def _find(self) -> None:
        typed = self.query_one(TextLine).value.strip()
        wanted = fold(typed)
        found = [tag for tag in self._tags if wanted in fold(tag.label or tag.value)]
        self._shown = sorted(found, key=lambda tag: not fold(tag.label or tag.value).startswith(wanted))
        self._new = self._offer(typed)
        self._draw()

    def _offer(self, typed: str) -> str:
        """What stands for a text that is no tag yet, where it can become one."""
        if not typed or has_name(self._tags, typed):
            return ""
        if self._field.open:
            return f'add "{clean(typed)}"'
        calls = cost(self.desk.account, self._kind, self._field)
        return "" if calls is None else f'add "{clean(typed)}" to the list of all ({calls} calls)'

    def _draw(self) -> None:
        rows = self.query_one(RecordList)
        rows.set_source(_Rows(self._shown, self._chosen, self._new))
        self.query_one(Panel).tell(f"{len(self._chosen)} chosen")
        self._say("" if self._shown or self._new else "None is called that.")

    def _say(self, words: str) -> None:
        self.query_one("#said", Static).update(Content(clean(words)))

    # -- choosing

    def on_input_changed(self, event: Input.Changed) -> None:
        """The tags that are meant."""
        self._find()

    def on_key(self, event: Key) -> None:
        """The list's keys, while the line is typed in."""
        rows, line = self.query_one(RecordList), self.query_one(TextLine)
        steps = {"down": 1, "up": -1, "pagedown": _PAGE, "pageup": -_PAGE}
        if event.key in steps:
            rows.action_move(steps[event.key])
        elif event.key == "space" and not line.value and line.has_focus:
            self._toggle(rows.cursor)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Checks what is under the cursor."""
        event.stop()
        self._toggle(self.query_one(RecordList).cursor)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Checks what was clicked."""
        self._toggle(event.index)

    def _toggle(self, index: int) -> None:
        typed = self.query_one(TextLine).value.strip()
        if index < len(self._shown):
            self._check(self._shown[index].value)
        elif self._new and self._field.open:
            self._tags = [*self._tags, Choice(typed, typed)]
            self._check(typed)
        elif self._new:
            self._add(typed)

    def _check(self, value: str) -> None:
        if value in self._chosen:
            self._chosen.remove(value)
        else:
            self._chosen.append(value)
        self._draw()

    def _add(self, text: str) -> None:
        """Asks first: the list is everybody's."""
        label = self.desk.account.adapter.label

        def follow(yes: bool | None) -> None:
            if yes:
                # Once sent it belongs to no screen: leaving the dialog does not cut it off.
                behind(self.app, self._added(text), "write", exclusive=False)

        question = (
            f'Add "{text}" to the list of {self._field.title} at {label}? Everybody there will find it.'
        )
        self.app.push_screen(ConfirmScreen("Add a tag", question, yes="add it"), follow)

    async def _added(self, text: str) -> None:
        added = await append(self.desk.account, self._kind, self._field, [text])
        choice = added.choice(text)
        if self.is_attached and choice is not None:
            self._take(added.choices)
            if choice.value not in self._chosen:
                self._check(choice.value)
        self.tui.say(f'Added: "{text}".')

    # -- done

    def do_send(self) -> None:
        """To the review."""
        self.dismiss(self._chosen)

    def do_back(self) -> None:
        """Leaves everything as it is."""
        self.dismiss(None)
