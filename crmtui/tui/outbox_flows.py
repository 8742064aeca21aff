"""What is done with a write of the outbox or the journal: told of, tried, decided on, given up, undone."""

import time
from typing import TYPE_CHECKING

from crmtui.model.errors import CrmError
from crmtui.model.record import Ref
from crmtui.model.text import clean
from crmtui.model.write import Op, State, Write
from crmtui.store.drafts import Draft
from crmtui.store.writes import WAITING, Entry
from crmtui.tui import outbox_words
from crmtui.tui.behind import behind
from crmtui.workspace.desk import Desk
from crmtui.workspace.form_texts import text_for
from crmtui.workspace.saved import Clashed, Saved
from crmtui.workspace.settling import Doubt
from crmtui.workspace.undoing import Undoing
from crmtui.workspace.wording import Wording, title_of

if TYPE_CHECKING:
    from crmtui.tui.app import CrmTui

_IS_IT, _SEND, _LOOK = range(3)


class OutboxFlows:
    """Each runs in a worker of the app, so that no screen owns it."""

    def __init__(self, app: "CrmTui") -> None:
        self._app = app

    def told(self, desk: Desk, entry: Entry, error: CrmError | None) -> None:
        """The courier did something: it is said, and what is on the screen follows."""
        left = desk.account.writes.get(entry.write.id)
        waits = left is not None and left.state in WAITING
        words = outbox_words.told(
            entry.write, title_of(desk, left.write if left else entry.write), error, waits=waits
        )
        self._app.say(words, error=error is not None)
        self._app.status.online(desk)
        self._app.mirror_changed()

    # -- one that waits

    def open(self, desk: Desk, entry: Entry) -> None:
        """What a person can do about a write next: decide, type again, or look at its record."""
        write = entry.write
        if entry.state in WAITING and entry.waits_for_person:
            self.try_now(desk, entry)
        elif entry.state is State.REFUSED and write.op is not Op.DELETE:
            self._app.flows.open_draft(desk, _draft_of(desk, write))
        elif write.ref.id and desk.record(write.ref):
            self._app.open_record(desk, write.ref, None)
        elif write.op is Op.CREATE and entry.state in WAITING:
            self._app.say(
                f"It is not made yet: {outbox_words.when(entry, time.time())}. r tries now, x gives it up."
            )
        else:
            self._app.say("Its record is gone.")

    def try_now(self, desk: Desk, entry: Entry) -> None:
        """Sends a waiting write; where only a person can tell how, they are asked."""
        behind(self._app, self._try(desk, entry.write), "write", exclusive=False)

    async def _try(self, desk: Desk, write: Write) -> None:
        app, title, insist = self._app, title_of(desk, write), False
        while True:
            try:
                saved = await desk.courier.send(write.id, insist=insist)
            except Clashed as error:
                from crmtui.tui.conflicts import decide

                decided = await decide(app, desk, write, error)
                if decided is None:
                    break
                if write.op is Op.EDIT and not decided.edits:
                    desk.outbox.drop(write.id)
                    app.say(f"Theirs stands in {clean(title)}: nothing was sent.")
                    break
                desk.outbox.resolve(decided)
                write = decided
            except Doubt as error:
                if not await self._settle(desk, write, error):
                    break
                insist = True
            except CrmError as error:
                left = desk.account.writes.get(write.id)
                waits = left is not None and left.state in WAITING
                app.say(
                    error.message if waits else outbox_words.told(write, title, error, waits=False),
                    error=True,
                )
                break
            else:
                app.say(outbox_words.came_of(write.op, title, saved or Saved(None, sent=True)))
                break
        app.mirror_changed()

    async def _settle(self, desk: Desk, write: Write, doubt: Doubt) -> bool:
        """Asks whether a creation was done; whether it is to be sent again."""
        from crmtui.tui.screens.choose import ChooseScreen

        likely = doubt.likely
        name = f"{clean(likely.title)} ({likely.ref.kind}/{likely.ref.id})" if likely else "what is there"
        things = [
            ("It was made", f"{name} is it: nothing more is sent"),
            ("It was not", "send it now · 1 call"),
            ("Look first", f"open {name}"),
        ]
        title = f"Was {clean(title_of(desk, write)) or 'it'} made?"
        answer = await self._app.push_screen_wait(ChooseScreen(title, things[: 3 if likely else 2]))
        if answer == _IS_IT:
            desk.outbox.drop(write.id)
            self._app.say(f"Given up: {name} is what it made.")
        elif answer == _LOOK and likely:
            desk.account.mirror.upsert([likely])
            self._app.open_record(desk, likely.ref, None)
        return answer == _SEND

    # -- giving up

    def give_up(self, desk: Desk, entry: Entry) -> None:
        """Asks, then gives up what waits."""
        behind(self._app, self._give_up(desk, entry), "write", exclusive=False)

    async def _give_up(self, desk: Desk, entry: Entry) -> None:
        write = entry.write
        title = title_of(desk, write)
        what = outbox_words.noun(write, desk.account.kind(write.ref.kind), title)
        doubt = (
            " It was sent once, and whether it was done is not known."
            if entry.state is State.UNKNOWN
            else " It was not sent."
        )
        if await self._sure("Give up", f"Give up {what}?{doubt}", "give it up"):
            await desk.outbox.give_up(write.id)
            self._app.say(f"Given up: {what}.")
            self._app.mirror_changed()

    def discard(self, desk: Desk, draft: Draft, title: str) -> None:
        """Asks, then discards a draft."""
        behind(self._app, self._discard(desk, draft, title), "write", exclusive=False)

    async def _discard(self, desk: Desk, draft: Draft, title: str) -> None:
        question = f"Discard the draft of {clean(title)}? What was typed is gone then."
        if await self._sure("Discard", question, "discard it"):
            desk.account.drafts.drop(draft.ref)
            self._app.mirror_changed()

    async def _sure(self, title: str, question: str, yes: str) -> bool:
        from crmtui.tui.screens.confirm import ConfirmScreen

        sure: bool = await self._app.push_screen_wait(ConfirmScreen(title, question, yes=yes, no="keep it"))
        return sure

    # -- undo

    def undo(self, desk: Desk, id_: str | None = None) -> None:
        """Shows what would take a write back, the account's newest if none is named, and sends it."""
        behind(self._app, self._undo(desk, id_), "write", exclusive=False)

    async def _undo(self, desk: Desk, id_: str | None) -> None:
        undoing = Undoing(desk)
        if id_ is None and (newest := _newest_waiting(desk, undoing)):
            await self._give_up(desk, newest)
            return
        entry = undoing.find(id_)
        intent = undoing.intent(entry)
        kind = desk.account.kind(intent.ref.kind)
        title = title_of(desk, entry.write)
        if not await self._review_undo(desk, entry, intent, undoing.warning(entry)):
            return
        saved = await self._save(desk, intent)
        if saved is None:
            return
        what = outbox_words.noun(entry.write, kind, title)
        if saved.waits:
            self._app.say(outbox_words.came_of(intent.op, title, saved))
        else:
            made = (
                f" It is {kind.singular} {saved.record.ref.id} now."
                if intent.op is Op.CREATE and saved.record
                else ""
            )
            self._app.say(f"Undone: {what}.{made}")
        if intent.op is Op.DELETE and not saved.waits:
            self._app.flows.close(intent.ref)
        self._app.mirror_changed()

    async def _review_undo(self, desk: Desk, entry: Entry, intent: Write, warning: str) -> bool:
        from crmtui.tui.screens.review import ReviewScreen

        kind, title = desk.account.kind(intent.ref.kind), title_of(desk, entry.write)
        schema = desk.schema(kind.name)
        now = desk.shown(intent.ref) if intent.ref.id else None
        calls = desk.edits.calls(intent, now, schema)
        what = outbox_words.noun(entry.write, kind, title)
        note = f"Takes back {what}, {outbox_words.moment(entry.write.created)}."
        if intent.op is Op.DELETE:
            note += f" The {kind.singular} is deleted."
        if intent.op is Op.RESTORE:
            note += f" {desk.account.adapter.label} brings it back with its id."
        review = ReviewScreen(
            desk,
            f"undo · {title}",
            Wording(desk, kind.name).changes(intent),
            calls,
            new=intent.op is Op.CREATE,
            back="back, nothing is undone",
            note=note,
            warning=warning,
        )
        yes: bool = await self._app.push_screen_wait(review)
        return yes

    async def _save(self, desk: Desk, write: Write) -> Saved | None:
        """Saves a write; None where a conflict was left undecided, or in favour of theirs."""
        schema = desk.schema(write.ref.kind)
        while True:
            try:
                return await desk.courier.save(write, schema)
            except Clashed as error:
                from crmtui.tui.conflicts import decide

                decided = await decide(self._app, desk, write, error)
                if decided is None or (write.op is Op.EDIT and not decided.edits):
                    self._app.say("Nothing was sent.")
                    return None
                write = desk.edits.intent(write.op, write.ref, decided.edits, decided.base, write.undoes)

    def why_not(self, desk: Desk) -> str | None:
        """Why nothing can be undone, None if something may be."""
        if desk.account.connection.read_only:
            return f"{desk.account.name} is read-only (read_only: true in the configuration)."
        return None


def _newest_waiting(desk: Desk, undoing: Undoing) -> Entry | None:
    """What waits and was decided on after everything that was done: taking it back is giving it up."""
    waiting = [entry for entry in desk.outbox.waiting() if not entry.held]
    done = undoing.all()[:1]
    if waiting and (not done or waiting[-1].write.created > done[0].write.created):
        return waiting[-1]
    return None


def _draft_of(desk: Desk, write: Write) -> Draft:
    """The text of a refused write."""
    schema = desk.schema(write.ref.kind)
    ref = write.ref if write.ref.id else Ref(write.ref.connection, write.ref.kind, f"+{write.id}")
    texts = {name: text_for(schema.field(name), value) for name, value in write.edits.items()}
    return Draft(ref, texts, write.base, updated_at=write.created)
