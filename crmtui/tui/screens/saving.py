"""Saving a form: checked, reviewed, sent once, and what comes of it shown in the form."""

from typing import TYPE_CHECKING

from textual.widget import Widget

from crmtui.model.errors import BadAnswer, CrmError, Invalid
from crmtui.model.text import clean
from crmtui.model.value import shown
from crmtui.model.write import Op, Write
from crmtui.tui.outbox_words import came_of, came_of_all
from crmtui.tui.screens.review import ReviewScreen, short
from crmtui.workspace.saved import Clashed, Saved, SavedAll
from crmtui.workspace.several_form import SeveralForm
from crmtui.workspace.wording import title_of

if TYPE_CHECKING:
    from crmtui.tui.screens.form import FormScreen


class Saving:
    """The way of one form's text to the service."""

    def __init__(self, screen: "FormScreen") -> None:
        self._screen = screen
        self.under_way = False

    def begin(self) -> None:
        """What can be told without the service is told, else the review comes."""
        screen, form, today = self._screen, self._screen.form, self._screen.today
        screen.calm()
        if problems := form.problems(today):
            screen.blame(problems, "")
            return
        write = form.write(today)
        if not write.edits:
            screen.tui.say("Nothing is filled in yet." if form.is_new else "Nothing changed.")
        else:
            self._review(write)

    def _review(self, write: Write) -> None:
        screen, form = self._screen, self._screen.form
        try:
            calls = form.calls(write)
        except CrmError as error:
            screen.warn(error.message)
            return
        kind = screen.desk.account.kind(write.ref.kind)
        title = form.record.title if form.record else f"new {kind.singular}"
        new = write.op is Op.CREATE
        review = ReviewScreen(screen.desk, title, form.changes(write), calls, new=new)

        def follow(yes: bool | None) -> None:
            if yes:
                self._send(write)

        screen.app.push_screen(review, follow)

    def _send(self, write: Write) -> None:
        if self.under_way:
            return
        screen = self._screen
        screen.keeping.hand_over()
        focused = screen.focused
        self.under_way = True
        screen.hold(sending=True)
        # The write belongs to no screen: leaving the form does not cut it off.
        screen.app.run_worker(
            self._save(write, focused),
            group="write",
            description=f"{write.op} {write.ref}",
            exit_on_error=False,
        )

    async def _save(self, write: Write, focused: Widget | None) -> None:
        form = self._screen.form
        try:
            if isinstance(form, SeveralForm):
                self._done_all(form, await self._saved_all(form, write))
                return
            saved = await self._saved(write)
        except CrmError as error:
            self._failed(error, focused)
        except Exception as error:  # a defect of ours must not end in silence, nor take the text along
            self._failed(BadAnswer(f"The save failed here ({type(error).__name__}: {error})."), focused)
        else:
            self._done(write, saved)

    async def _saved_all(self, form: SeveralForm, write: Write) -> SavedAll:
        """What came of the write of each record."""
        writes = form.spread(write)
        came = await self._screen.desk.courier.save_all(writes, form.draft.ref)
        return SavedAll(writes, came, same=len(form.records) - len(writes))

    def _done_all(self, form: SeveralForm, saved: SavedAll) -> None:
        self.under_way = False
        if self._screen.is_attached:
            self._screen.dismiss(saved)
        else:
            self._screen.tui.say(came_of_all(self._screen.desk, saved), error=bool(saved.failed))

    async def _saved(self, write: Write) -> Saved:
        """What came of it, with every conflict decided; `Clashed` where one was left undecided."""
        screen, form = self._screen, self._screen.form
        draft = form.draft.ref
        while True:
            try:
                return await screen.desk.courier.save(write, form.schema, draft)
            except Clashed as error:
                screen.keeping.take_back()
                if not screen.is_attached:
                    raise
                from crmtui.tui.conflicts import decide

                decided = await decide(screen.app, screen.desk, write, error)
                if decided is None:
                    raise
                names = [clash.field for clash in error.clashes]
                theirs = error.theirs
                form.rebase(
                    theirs, {name: decided.edits.get(name, theirs.values.get(name)) for name in names}
                )
                if screen.is_attached:
                    screen.show_all()
                screen.keeping.take_back()
                screen.keeping.hand_over()
                if not decided.edits:
                    form.draft.drop()
                    return Saved(theirs, sent=False)
                write = screen.desk.edits.intent(write.op, write.ref, decided.edits, decided.base)

    def _done(self, write: Write, saved: Saved) -> None:
        screen = self._screen
        self.under_way = False
        for name, value in saved.other.items():
            title = screen.form.schema.field(name).title
            words = shown(screen.form.schema.field(name), value)
            screen.tui.say(f"The service made {short(words)} of {clean(title)}.")
        if screen.is_attached:
            screen.dismiss(saved)
            return
        title = saved.record.title if saved.record else title_of(screen.desk, write)
        screen.tui.say(came_of(write.op, title, saved))

    def _failed(self, error: CrmError, focused: Widget | None) -> None:
        screen = self._screen
        self.under_way = False
        screen.keeping.take_back()
        if not screen.is_attached:
            screen.tui.say(f"{error.message} What you typed is kept; d opens it.", error=True)
            return
        screen.hold(sending=False)
        if focused is not None:
            screen.set_focus(focused)
        if isinstance(error, Clashed):
            screen.warn(f"{error.message} What you typed is kept; ctrl+s asks again.")
        elif isinstance(error, Invalid):
            screen.blame(error.fields, error.message)
        else:
            screen.warn(f"{error.message} What you typed is kept; ctrl+s tries again.")
