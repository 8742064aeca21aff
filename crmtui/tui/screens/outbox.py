"""Outbox: drafts, what waits and why, and what was done or refused, with what can be done about each."""

import time
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crmtui.model.text import clean
from crmtui.model.write import Op, State
from crmtui.store.drafts import Draft
from crmtui.store.writes import WAITING, Entry
from crmtui.tui import outbox_words
from crmtui.tui.outbox_rows import COLUMNS, Item, OutboxRows
from crmtui.tui.panes import EntryList
from crmtui.tui.screens.base import CommandScreen
from crmtui.tui.screens.review import line
from crmtui.tui.widgets.key_bar import KeyBar
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.record_list import RecordList
from crmtui.tui.widgets.title_bar import TitleBar
from crmtui.workspace.desk import Desk
from crmtui.workspace.wording import Wording

_EMPTY = (
    "Nothing waits, and nothing was written from here yet. What you save without a line waits here"
    " and goes by itself; what was done stands here too, and u takes it back."
)
_MOST = 20
"""Changes that are told of one write."""


class OutboxScreen(CommandScreen[None]):
    """Everything comes from the journal, at no call."""

    NAME = "Outbox"
    IDS: ClassVar[Sequence[str]] = ("try_now", "give_up", "undo", "back", "quit")
    CSS_PATH = "../styles/outbox.tcss"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._rows = OutboxRows(desk)

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Panel(id="outbox"):
            yield EntryList(self._rows, COLUMNS)
            yield Static(Content(_EMPTY), classes="empty")
        with Panel(id="detail"):
            yield Static(id="about")
        yield KeyBar()

    def on_mount(self) -> None:
        """The list has the keys."""
        self.query_one(KeyBar).commands = self.commands[: self.SHOWN]
        self._list.focus()
        self.on_screen_resume()

    def on_screen_resume(self) -> None:
        """Something else may wait by now."""
        self.tui.status.show(self.query_one(TitleBar), self.desk)
        self._rows.forget()
        self._list.reload()
        self._entitle()
        self._tell()

    def on_resize(self) -> None:
        """The width is another."""
        self.call_after_refresh(self._tell)

    @property
    def _list(self) -> RecordList:
        return self.query_one(RecordList)

    @property
    def current(self) -> Item | None:
        """What the cursor is on."""
        return self._rows.item(self._list.cursor)

    # -- what is shown

    def _entitle(self) -> None:
        rows, panel = self._rows, self.query_one("#outbox", Panel)
        parts = [
            f"{rows.drafts} draft{'' if rows.drafts == 1 else 's'}" if rows.drafts else "",
            f"{rows.waiting} waiting" if rows.waiting else "nothing waits",
        ]
        panel.entitle(f"Outbox · {self.desk.account.name}", " · ".join(filter(None, parts)))
        panel.tell("enter opens" if rows.total() else "")
        self.set_class(not rows.total(), "-empty")

    def _tell(self) -> None:
        """The row under the cursor, whole."""
        if self._list.cursor == 1:  # the heading above the first row is seen with it
            self._list.scroll_to(y=0, animate=False)
        item, panel, about = self.current, self.query_one("#detail", Panel), self.query_one("#about", Static)
        if item is None:
            panel.entitle("")
            about.update(Content(""))
            return
        panel.entitle(clean(self._rows.title(item)))
        about.update(self._text_of(item))

    def _text_of(self, item: Item) -> Content:
        return self._draft(item) if isinstance(item, Draft) else self._entry(item)

    def _draft(self, draft: Draft) -> Content:
        count = len(draft.texts)
        words = f"Typed and not sent: {'1 field' if count == 1 else f'{count} fields'}. x discards it."
        wording = Wording(self.desk, draft.ref.kind)
        changes = [
            (wording.title(name), wording.text(name, draft.base.get(name)), wording.text(name, text))
            for name, text in draft.texts.items()
        ]
        return self._about(words, "", changes, new=draft.ref.id.startswith("+"))

    def _entry(self, entry: Entry) -> Content:
        write, now = entry.write, time.time()
        kind = self.desk.account.kind(write.ref.kind)
        what = outbox_words.noun(write, kind, self._rows.title(entry))
        tries = "" if not entry.tries else f", sent {'once' if entry.tries == 1 else f'{entry.tries} times'}"
        state = outbox_words.state(entry, undone=self._rows.is_undone(entry))
        if entry.state in WAITING:
            state = outbox_words.when(entry, now)
        words = f"{what[:1].upper()}{what[1:]}, decided {outbox_words.moment(write.created)}{tries}: {state}."
        changes = [] if write.op in (Op.DELETE, Op.RESTORE) else Wording(self.desk, kind.name).changes(write)
        return self._about(words, entry.why, changes, new=write.op is Op.CREATE)

    def _about(self, words: str, why: str, changes: Sequence[tuple[str, str, str]], *, new: bool) -> Content:
        parts = [Content.styled(clean(words), "$text-value")]
        if why:
            parts.append(Content.styled(clean(why), "$text-label"))
        width = max(40, self.size.width - 6)
        parts += [line(*change, width=width, new_record=new) for change in changes[:_MOST]]
        return Content("\n").join(parts)

    def on_record_list_moved(self, event: RecordList.Moved) -> None:
        """What is under the cursor is told."""
        self._tell()

    # -- what is done

    def why_not(self, id_: str) -> str | None:
        """See `CommandScreen`."""
        item = self.current
        settled = isinstance(item, Entry) and item.state not in WAITING
        if id_ in ("try_now", "give_up", "undo") and item is None:
            return "There is nothing under the cursor."
        if id_ == "try_now" and isinstance(item, Draft):
            return "A draft is not sent by itself: enter opens it."
        if id_ in ("try_now", "give_up") and settled:
            return "That is settled; u undoes what was done."
        if id_ == "undo" and not (isinstance(item, Entry) and item.state is State.DONE):
            return "That was not done, so there is nothing to undo; x gives up what waits."
        if id_ in ("try_now", "undo"):
            return self.tui.writes.why_not(self.desk)
        return None

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Its form, its conflict, its question, or its record."""
        item = self._rows.item(event.index)
        if isinstance(item, Draft):
            self.tui.flows.open_draft(self.desk, item)
        elif item is not None:
            self.tui.writes.open(self.desk, item)

    def do_try_now(self) -> None:
        """Sends what is under the cursor."""
        if isinstance(item := self.current, Entry):
            self.tui.writes.try_now(self.desk, item)

    def do_give_up(self) -> None:
        """Gives it up, or discards the draft."""
        item = self.current
        if isinstance(item, Draft):
            self.tui.writes.discard(self.desk, item, self._rows.title(item))
        elif item is not None:
            self.tui.writes.give_up(self.desk, item)

    def do_undo(self) -> None:
        """Takes back what is under the cursor."""
        if isinstance(item := self.current, Entry):
            self.tui.writes.undo(self.desk, item.write.id)

    def do_back(self) -> None:
        """Back to where it was opened."""
        self.dismiss()

    def do_quit(self) -> None:
        """Leaves."""
        self.tui.exit(0)
