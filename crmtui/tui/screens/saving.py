"""Saving a form: checked, reviewed, sent once, and what comes of it shown in the form."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.widget import Widget

from crmtui.model.errors import BadAnswer, CrmError, Invalid, OutcomeUnknown
from crmtui.model.text import clean
from crmtui.model.value import text_of
from crmtui.model.write import Op, Write
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.review import ReviewScreen, short
from crmtui.workspace.saved import Clashed, Saved

if TYPE_CHECKING:
    from crmtui.tui.screens.form import FormScreen

_AGAIN = (
    "Whether an earlier save of this record was done is not known. Look at the record first:"
    " sending again may do it twice. Send again?"
)


class Saving:
    """The way of one form's text to the service."""

    def __init__(self, screen: "FormScreen") -> None:
        self._screen = screen
        self.under_way = False
        self.unsure = screen.form.is_waiting()
        """Whether an earlier save may have been done."""
        self.clashing: tuple[str, ...] = ()
        """The fields that somebody else changed too."""

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
        elif self.unsure:
            screen.app.push_screen(ConfirmScreen("Send again", _AGAIN), _if_yes(self._review, write))
        else:
            self._review(write)

    def take_theirs(self, name: str) -> None:
        """Gives up one clashing field, or all of them where the name is none of those."""
        for each in (name,) if name in self.clashing else self.clashing:
            self._screen.form.give_up(each)
            self.clashing = tuple(other for other in self.clashing if other != each)
        if not self.clashing:
            self._screen.calm()
        self._screen.show_all()
        self._screen.keeping.soon()

    def _review(self, write: Write) -> None:
        screen, form = self._screen, self._screen.form
        try:
            calls = screen.desk.edits.calls(write, form.record, form.schema)
        except CrmError as error:
            screen.warn(error.message)
            return
        kind = screen.desk.account.kind(write.ref.kind)
        title = form.record.title if form.record else f"new {kind.singular}"
        new = write.op is Op.CREATE
        review = ReviewScreen(screen.desk, title, form.changes(write), calls, new=new)
        screen.app.push_screen(review, _if_yes(self._send, write))

    def _send(self, write: Write) -> None:
        if self.under_way:
            return
        screen = self._screen
        screen.flush()
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
        screen = self._screen
        try:
            saved = await screen.desk.outbox.save(write, screen.form.schema)
        except CrmError as error:
            self._failed(error, focused)
        except Exception as error:  # a defect of ours must not end in silence, nor take the text along
            self._failed(BadAnswer(f"The save failed here ({type(error).__name__}: {error})."), focused)
        else:
            self._done(saved)

    def _done(self, saved: Saved) -> None:
        screen = self._screen
        self.under_way = False
        screen.keeping.settle()
        for name, value in saved.other.items():
            title = screen.form.schema.field(name).title
            screen.tui.say(f"The service made {short(text_of(value))} of {clean(title)}.")
        if screen.is_attached:
            screen.dismiss(saved)
        elif saved.record is not None:
            screen.tui.say(f"Saved: {clean(saved.record.title)}.")

    def _failed(self, error: CrmError, focused: Widget | None) -> None:
        screen = self._screen
        self.under_way = False
        self.unsure = self.unsure or isinstance(error, OutcomeUnknown)
        if not screen.is_attached:
            screen.tui.say(error.message, error=True)
            return
        screen.hold(sending=False)
        if focused is not None:
            screen.set_focus(focused)
        if isinstance(error, Clashed):
            self._clash(error)
        elif isinstance(error, Invalid):
            screen.blame(error.fields, error.message)
        elif isinstance(error, OutcomeUnknown):
            screen.warn(f"{error.message} Look at the record before you send it again; ctrl+s asks first.")
        else:
            screen.warn(f"{error.message} What you typed is kept; ctrl+s tries again.")

    def _clash(self, error: Clashed) -> None:
        screen = self._screen
        theirs = "; ".join(screen.form.describe(clash) for clash in error.clashes)
        screen.form.rebase(error.theirs)
        self.clashing = tuple(clash.field for clash in error.clashes if clash.field in screen.form.fields)
        screen.warn(f"Somebody else changed {theirs}. ctrl+s sends yours over it, ctrl+t takes theirs.")
        screen.show_all()
        screen.keeping.soon()


def _if_yes(step: Callable[[Write], None], write: Write) -> Callable[[bool | None], None]:
    """Goes on with a write where the answer of a screen is yes."""

    def follow(yes: bool | None) -> None:
        if yes:
            step(write)

    return follow
