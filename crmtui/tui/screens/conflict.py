"""Conflict: what somebody else changed too, field by field, and what a person decides on each."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from crmtui.model.errors import CrmError, Invalid
from crmtui.model.text import clean
from crmtui.tui.behind import behind
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.widgets.banner import Banner
from crmtui.tui.widgets.clash_list import ClashList
from crmtui.tui.widgets.columns import cut
from crmtui.tui.widgets.drop_list import DropList
from crmtui.tui.widgets.editor_table import editor_for
from crmtui.tui.widgets.editors import Edited, Finished
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.lookup import Lookup
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.desk import Desk
from crmtui.workspace.resolution import Resolution, Side

_LABEL = 24


class ConflictScreen(CommandScreen[bool]):
    """Nothing is sent from here: what is decided goes on to the review."""

    NAME = "Conflict"
    IDS: ClassVar[Sequence[str]] = ("decide", "mine", "theirs", "original", "other", "back")
    CSS_PATH = "../styles/conflict.tcss"
    AUTO_FOCUS = "ClashList"

    def __init__(self, desk: Desk, resolution: Resolution) -> None:
        super().__init__()
        self.desk = desk
        self._resolution = resolution
        self._before = Side.MINE

    def compose(self) -> ComposeResult:
        yield DropList()
        yield TitleBar()
        with Panel(id="conflict") as panel:
            count = len(self._resolution.clashes)
            fields = "1 field" if count == 1 else f"{count} fields"
            panel.entitle(f"Conflict · {clean(self._resolution.theirs.title)}", fields)
            panel.tell("nothing was sent", "$warning")
            yield Banner()
            yield Static(Content(self._words(count)), id="words")
            yield ClashList(self._resolution)
            yield Horizontal(id="editing")
        yield KeyBar()

    def _words(self, count: int) -> str:
        what = "a field that you changed too" if count == 1 else f"{count} fields that you changed too"
        rest = len(self._resolution.write.edits) - count
        others = (
            "" if rest <= 0 else " Your other change stays." if rest == 1 else " Your other changes stay."
        )
        return f"Somebody else changed {what}. Choose what is to stand.{others}"

    def on_mount(self) -> None:
        """Whose record it is, and the keys."""
        self.tui.status.show(self.query_one(TitleBar), self.desk)
        self.query_one(KeyBar).commands = self.commands[: self.SHOWN]

    def on_screen_resume(self) -> None:
        """The title line is this screen's again."""
        self.tui.status.show(self.query_one(TitleBar), self.desk)
        self._list.draw()

    @property
    def _list(self) -> ClashList:
        return self.query_one(ClashList)

    @property
    def _is_typing(self) -> bool:
        return bool(self.query_one("#editing").children)

    # -- deciding

    def why_not(self, id_: str) -> str | None:
        """See `CommandScreen`."""
        if id_ == "other" and self._list.current not in self._resolution.form.fields:
            return "This field cannot be typed; mine, theirs or the original can stand."
        return None

    def do_mine(self) -> None:
        """Mine stands."""
        self._choose(Side.MINE)

    def do_theirs(self) -> None:
        """Theirs stands."""
        self._choose(Side.THEIRS)

    def do_original(self) -> None:
        """What was there before both stands."""
        self._choose(Side.ORIGINAL)

    def _choose(self, side: Side) -> None:
        self._resolution.choose(self._list.current, side)
        self.query_one(Banner).clear()
        self._list.draw()

    def do_decide(self) -> None:
        """On to the review."""
        try:
            self._resolution.decided(date.today())
        except Invalid as error:
            told = "; ".join(f"{self._resolution.wording.title(n)} {why}" for n, why in error.fields.items())
            self.query_one(Banner).say(told)
            return
        self.dismiss(True)

    async def do_back(self) -> None:
        """Out of the editor, else back with nothing decided."""
        if self._is_typing:
            self._resolution.choose(self._list.current, self._before)
            await self._end_typing()
        else:
            self.dismiss(False)

    # -- another value

    async def do_other(self) -> None:
        """The form's own editor, beneath the list."""
        name = self._list.current
        self._before = self._resolution.side(name)
        editor = editor_for(self._resolution.form, name)
        label = cut(clean(self._resolution.wording.title(name)), _LABEL - 2)
        place = self.query_one("#editing", Horizontal)
        await place.mount(Static(Content.styled(label, "$accent"), classes="label"), editor)
        place.add_class("-shown")
        self.query_one(KeyBar).typing = True
        editor.focus()

    def on_edited(self, event: Edited) -> None:
        """It is decided on as it is typed."""
        event.stop()
        self._resolution.type(event.field, event.text)
        self.query_one(Banner).clear()
        self._list.draw()

    async def on_finished(self, event: Finished) -> None:
        """Back to the fields."""
        event.stop()
        await self._end_typing()

    async def _end_typing(self) -> None:
        place = self.query_one("#editing", Horizontal)
        self._list.focus()
        await place.remove_children()
        place.remove_class("-shown")
        self.query_one(KeyBar).typing = False
        self._list.draw()

    def on_lookup_wanted(self, event: Lookup.Wanted) -> None:
        """The values of the field are of use now."""
        event.stop()
        behind(self, self._load(event.field), "choices")

    async def _load(self, name: str) -> None:
        try:
            await self._resolution.form.lookups.load(self._resolution.form.field(name))
        except CrmError as error:
            self.query_one(Banner).say(f"The values could not be loaded; type the value. {error.message}")
        for editor in self.query(Lookup):
            editor.learn()

    def on_lookup_adding(self, event: Lookup.Adding) -> None:
        """A list is added to from the form."""
        event.stop()
        self.tui.say("A value is added to its list in the form: esc leads there.")
