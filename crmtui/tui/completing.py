"""Completing a record, and what is next then: shown, sent one after the other, and told."""

from datetime import date
from typing import TYPE_CHECKING

from crmtui.model.errors import CrmError
from crmtui.model.record import Record, Ref
from crmtui.model.schema import Done, Then
from crmtui.model.text import clean
from crmtui.model.value import is_done
from crmtui.model.write import Op, Write
from crmtui.store.drafts import Draft
from crmtui.tui.outbox_words import came_of
from crmtui.workspace.desk import Desk
from crmtui.workspace.following import following
from crmtui.workspace.form_texts import text_for
from crmtui.workspace.saved import Saved
from crmtui.workspace.unplanned import open_plan, plan_of, tell_again
from crmtui.workspace.wording import Wording

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui


async def complete(app: "CrmTui", desk: Desk, record: Record) -> None:
    """Completes a record, or opens it again."""
    done = desk.account.kind(record.ref.kind).done
    if done and await _Completing(app, desk, record, done).run() and await tell_again(desk, record):
        app.mirror_changed()


async def complete_plan(app: "CrmTui", desk: Desk, record: Record) -> None:
    """Completes what is planned for a record that tells of it; a call finds what that is."""
    if not plan_of(desk, record):
        app.say(f"Nothing is planned for {record.title}.")
    elif (plan := await open_plan(desk, record)) is not None:
        await complete(app, desk, plan)
    else:
        app.say(f"Nothing is planned for {record.title} any more.")
        await desk.read(record.ref)
        app.mirror_changed()


class _Completing:
    """One record that is completed, or opened again."""

    def __init__(self, app: "CrmTui", desk: Desk, record: Record, done: Done) -> None:
        self._app, self._desk, self._record, self._done = app, desk, record, done
        self._schema = desk.schema(record.ref.kind)
        self._was = is_done(desk.account.kind(record.ref.kind), self._schema, record.values)

    async def run(self) -> bool:
        """Asks what is next where that is asked for, shows it all, and saves it; whether it was sent."""
        done, desk = self._done, self._desk
        base = {done.field: self._record.values.get(done.field)}
        edits = {done.field: done.no if self._was else done.yes}
        write = desk.edits.intent(Op.EDIT, self._record.ref, edits, base)
        then = None if self._was else done.then
        after = await self._ask(then) if then else None
        try:
            if not await self._review(write, after):
                return False
            saved = await desk.courier.save(write, self._schema)
        except CrmError as error:
            kept = self._kept(after) if after else ""
            self._app.say(f"{error.message}{kept}", error=True, lasting=bool(after))
            return False
        words = self._words(write, saved)
        if after is None:
            self._app.say(words)
        else:
            await self._go_on(after, words)
        self._app.mirror_changed()
        return not saved.waits

    async def _ask(self, then: Then) -> Write | None:
        from crmtui.tui.screens.following import FollowingScreen

        labels = ("Next action", self._schema.field(then.day).title)

        def made(text: str, day: str) -> Write:
            return following(self._desk, self._record, then, text, day, date.today())

        screen = FollowingScreen(self._record.title, labels, then, made)
        after: Write | None = await self._app.push_screen_wait(screen)
        return after

    async def _review(self, write: Write, after: Write | None) -> bool:
        from crmtui.tui.screens.review import ReviewScreen

        desk, record = self._desk, self._record
        wording = Wording(desk, record.ref.kind)
        states = [wording.text(self._done.field, value) for value in (self._done.no, self._done.yes)]
        old, new = reversed(states) if self._was else states
        changes = [(wording.title(self._done.field), old, new)]
        calls = [*desk.edits.calls(write, record, self._schema)]
        if after is not None:
            changes += [(f"Next: {name}", was, then) for name, was, then in wording.changes(after)]
            calls += desk.edits.calls(after, None, self._schema)
        review = ReviewScreen(desk, record.title, changes, calls, back="leave it")
        yes: bool = await self._app.push_screen_wait(review)
        return yes

    async def _go_on(self, after: Write, words: str) -> None:
        """The next one, whatever became of the first."""
        try:
            saved = await self._desk.courier.save(after, self._schema)
        except CrmError as error:
            kept = self._kept(after)
            self._app.say(
                f"{words} What is next was not made: {error.message}{kept}", error=True, lasting=True
            )
            return
        title = self._desk.account.kind(after.ref.kind).title_of("", after.edits)
        what = came_of(after.op, title, saved) if saved.waits else f"Next: {clean(title)}."
        self._app.say(f"{words} {what}")

    def _words(self, write: Write, saved: Saved) -> str:
        title = self._record.title
        if saved.waits or not saved.sent:
            return came_of(write.op, title, saved)
        return f"{'Opened again' if self._was else 'Completed'}: {clean(title)}."

    def _kept(self, after: Write) -> str:
        """What was typed of the next one is a draft, so that nothing is lost."""
        ref = Ref(after.ref.connection, after.ref.kind, f"+{after.id}")
        entry = self._desk.account.writes.get(after.id)
        if entry is not None and entry in self._desk.outbox.waiting():
            return ""
        if self._desk.account.drafts.get(ref) is None:
            texts = {name: text_for(self._schema.field(name), value) for name, value in after.edits.items()}
            self._desk.account.drafts.keep(Draft(ref, texts, after.base))
        return " What you typed of the next one is kept; d opens it."
