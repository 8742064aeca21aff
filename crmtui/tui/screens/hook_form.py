"""New webhook: a few lines to fill in; the secret is neither shown nor kept."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label, Static

from crmtui.model.errors import CrmError, Invalid, OutcomeUnknown
from crmtui.model.hook import Hook
from crmtui.model.text import clean
from crmtui.tui.behind import behind
from crmtui.tui.dialog_keys import dialog_keys
from crmtui.tui.screens.confirm import ConfirmScreen
from crmtui.tui.screens.line_screen import LineScreen
from crmtui.tui.screens.review import ReviewScreen
from crmtui.tui.widgets.drop_list import DropList
from crmtui.tui.widgets.panel import Panel
from crmtui.tui.widgets.path_line import TextLine
from crmtui.tui.widgets.pick_line import PickLine
from crmtui.workspace.desk import Desk
from crmtui.workspace.hooks import Hooks

_KEYS = (("ctrl+s", "review"), ("enter", "next"), ("esc", "leave"))


class HookFormScreen(LineScreen[Hook | None]):
    """No draft is kept of it, for a secret is typed here."""

    LAST = "secret"
    NAME = "New webhook"
    IDS: ClassVar[Sequence[str]] = ("send", "leave")
    CSS_PATH = "../styles/hooks.tcss"
    AUTO_FOCUS = "#event"

    def __init__(self, desk: Desk, hooks: Hooks) -> None:
        super().__init__()
        self._modal = True
        self.desk = desk
        self._hooks = hooks
        self._sending = False

    def compose(self) -> ComposeResult:
        service = self._hooks.service
        secret = TextLine(placeholder="signs what is posted; is not shown", id="secret")
        secret.password = True
        lines: Sequence[tuple[str, TextLine]] = (
            (
                "Event",
                PickLine(lambda: service.events, placeholder="what is told of: ↓ shows them", id="event"),
            ),
            ("Address", TextLine("https://", id="url")),
            ("Title", TextLine(placeholder="may stay empty", id="title")),
            ("Content", PickLine(lambda: service.contents, "xml", id="content")),
            ("Only of", PickLine(self._constraints, "all", id="constraint")),
            ("Switched on", PickLine(lambda: ("yes", "no"), "yes", id="active")),
            ("Secret", secret),
        )
        yield DropList()
        with Panel(id="dialog") as panel:
            panel.entitle(f"New webhook · {self.desk.account.name}")
            panel.tell("1 call")
            for label, line in lines:
                yield Horizontal(Label(Content(label), classes="label"), line, classes="row")
            yield Static(id="said")
            yield Static(dialog_keys(_KEYS), id="keys")

    def _constraints(self) -> Sequence[str]:
        return self._hooks.service.constraints(self._text("event")) or ("all",)

    def _text(self, id_: str) -> str:
        value = self.query_one(f"#{id_}", TextLine).value
        # A secret may begin or end with a blank.
        return value if id_ == "secret" else value.strip()

    @property
    def hook(self) -> Hook:
        """What stands in the lines, but for the secret."""
        return Hook(
            event=self._text("event"),
            url=self._text("url"),
            title=self._text("title"),
            content=self._text("content"),
            constraint=self._text("constraint"),
            active=self._text("active") == "yes",
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the last line leads to the review."""
        event.stop()
        self.do_send()

    def step(self, key: str) -> bool:
        """See `LineScreen`; enter in an open list chooses."""
        at = self.focused
        chooses = key == "enter" and isinstance(at, PickLine) and at.is_open
        return not chooses and super().step(key)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong with it is another text now."""
        self._say("")

    def _say(self, words: str) -> None:
        self.query_one("#said", Static).update(Content(clean(f"✗ {words}" if words else "")))

    # -- sending

    def why_not(self, id_: str) -> str | None:
        """See `CommandScreen`."""
        return "It is being sent." if self._sending else None

    def do_send(self) -> None:
        """What would be sent, but for the secret."""
        if self._sending:
            return
        hook, secret = self.hook, self._text("secret")
        try:
            if self._text("active") not in ("yes", "no"):
                raise Invalid("", {"active": "is neither yes nor no"})
            if not secret:
                raise Invalid("", {"secret": "is required: without it nobody can tell who posts"})
            call = self._hooks.planned(hook)
        except Invalid as error:
            self._blame(error)
            return
        except CrmError as error:
            self._say(error.message)
            return
        rows = [
            ("Event", "", hook.event),
            ("Address", "", hook.url),
            ("Title", "", hook.title),
            ("Content", "", hook.content),
            ("Only of", "", hook.constraint),
            ("Switched on", "", "yes" if hook.active else "no"),
            ("Secret", "", "as typed; it is not shown"),
        ]

        def send(yes: bool | None) -> None:
            if yes:
                self._sending = True
                # The write belongs to no screen: it ends when the app does.
                behind(self.app, self._send(hook, secret), "write", exclusive=False)

        self.app.push_screen(ReviewScreen(self.desk, "new webhook", rows, [call], new=True), send)

    def _blame(self, error: Invalid) -> None:
        """The first line that is wrong has the focus, and its reason stands beneath."""
        name, reason = next(iter(error.fields.items()))
        line = self.query_one(f"#{name}", TextLine)
        label = next(label for label in line.parent.query(Label)) if line.parent else None
        self.set_focus(line)
        # An open list would lie on the reason.
        self.query_one(DropList).close()
        self._say(f"{label.content if label else name} {reason}.")

    async def _send(self, hook: Hook, secret: str) -> None:
        self._say("")
        try:
            made = await self._hooks.create(hook, secret)
        except OutcomeUnknown as error:
            self.tui.say(error.message, error=True)
            self._end(None)
        except CrmError as error:
            self._sending = False
            self._say(error.message)
        else:
            self._end(made)

    def _end(self, made: Hook | None) -> None:
        self._sending = False
        if self.is_current:
            self.dismiss(made)

    def do_leave(self) -> None:
        """Leaves; what was typed is asked about, for nothing of it is kept."""
        typed = any(self._text(name) for name in ("event", "title", "secret"))
        if not typed and self._text("url") in ("", "https://"):
            self.dismiss(None)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.dismiss(None)

        question = "Nothing was sent, and nothing of it is kept. Leave all the same?"
        self.app.push_screen(ConfirmScreen("Leave the webhook", question, "leave", "go on"), answered)
